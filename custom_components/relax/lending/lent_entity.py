"""An entity that is lent: what is said of it, and what it is told."""

import asyncio
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from homeassistant.components import mqtt
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import Context, HomeAssistant, State, callback
from homeassistant.exceptions import HomeAssistantError

from .branch import Branch

_NO_STATES = (STATE_UNAVAILABLE, STATE_UNKNOWN)


@dataclass(frozen=True, slots=True)
class LentAs:
    """What Home Assistant knows of an entity beside its state: `id` is its id in the registry."""

    entity_id: str
    id: str
    title: str
    area: str | None
    device: Mapping[str, Any]


class LentEntity(ABC):
    """One entity. What is told is worked off in order of arrival; who is slow gets the last word only."""

    platform: ClassVar[str]
    """The level of the topic that says what it is."""
    is_there_when_unknown: ClassVar[bool] = False
    """An event that never happened has no state, and is there."""

    def __init__(
        self, hass: HomeAssistant, lent: LentAs, branch: Branch, presence: tuple[Mapping[str, str], ...]
    ) -> None:
        self.hass = hass
        self.lent = lent
        self.branch = branch
        self.is_heard = False
        """Commands to it are listened for: before that nobody is to send any, and it is away."""
        self.refusal: str | None = None
        """The sentence of Home Assistant to what it was told last; None where it was done."""
        self._presence = presence
        self._said: dict[str, str] = {}
        """What was published and retained, by topic."""

    @property
    def state(self) -> State | None:
        """As it is now; None where there is nothing real: not there, not known, or only remembered from before.

        Of what never says how it is (`assumed_state`) nothing is known at first, and it is there.
        """
        state = self.hass.states.get(self.lent.entity_id)
        if state is None or state.attributes.get("restored") is True:
            return None
        if state.state == STATE_UNKNOWN and (
            self.is_there_when_unknown or state.attributes.get("assumed_state") is True
        ):
            return state
        return None if state.state in _NO_STATES else state

    @abstractmethod
    def announcement(self) -> dict[str, Any] | None:
        """What it is, in the keys of Home Assistant's discovery; None while that is not known."""

    @abstractmethod
    def told(self, payload: str) -> None:
        """Take a command. It may be anything; nothing raises."""

    def report(self, state: State) -> str | None:
        """What is retained of how it is; None for what has no state."""
        del state
        return None

    def changed(self, before: State | None, now: State) -> None:
        """What happened, beside how it is now."""
        del before, now

    # Out

    @callback
    def publish(self, before: State | None = None, *, again: bool = False) -> None:
        """Say what and how it is, as far as that is news; `again`: in any case. First how, then that it is there."""
        state = self.state
        if again:
            self._said.clear()
        if state is not None:
            if (config := self.announcement()) is not None:
                self.keep(self.branch.config, {**config, **self._about()})
            if (report := self.report(state)) is not None:
                self.keep(self.branch.state, report)
            self.changed(before, state)
        self.keep(self.branch.status, "online" if state is not None and self.is_heard else "offline")

    @callback
    def say_again(self, topic: str) -> None:
        """The next `keep` of this topic is said even where it is no news."""
        self._said.pop(topic, None)

    async def async_leave(self, *, forget: bool) -> None:
        """It is lent no longer; `forget`: nor will it be, so that nothing is left of it at the broker."""
        await self._async_say(self.branch.status, "offline")
        if forget:
            for topic in (self.branch.config, self.branch.state, self.branch.status):
                await self._async_say(topic, "")
        self._said.clear()

    @callback
    def keep(self, topic: str, payload: str | Mapping[str, Any]) -> None:
        """Publish, retained, what is not there already."""
        text = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False)
        if self._said.get(topic) != text:
            self._said[topic] = text
            self.hass.async_create_task(self._async_say(topic, text), eager_start=True)

    @callback
    def say(self, topic: str, payload: Mapping[str, Any]) -> None:
        """Publish something that is over as soon as it is said."""
        text = json.dumps(payload, ensure_ascii=False)
        self.hass.async_create_task(self._async_say(topic, text, retain=False), eager_start=True)

    async def _async_say(self, topic: str, payload: str, *, retain: bool = True) -> None:
        """A broker that is away hears all of it when it is back."""
        try:
            await mqtt.async_publish(self.hass, topic, payload, retain=retain)
        except HomeAssistantError:
            self._said.pop(topic, None)

    def _about(self) -> dict[str, Any]:
        device = dict(self.lent.device)
        if self.lent.area is not None:
            device["suggested_area"] = self.lent.area
        return {"name": self.lent.title, "unique_id": self.lent.id, "device": device, **self._where()}

    def _where(self) -> dict[str, Any]:
        """Whether it is there: it says so itself, and Home Assistant says when it is gone as a whole."""
        return {
            "state_topic": self.branch.state,
            "availability": [{"topic": self.branch.status}, *self._presence],
            "availability_mode": "latest",
        }

    def _carrier(self) -> dict[str, Any]:
        """For the speaker contract, which has one word for it: where it is said that Home Assistant is gone."""
        gone = next((each["topic"] for each in self._presence if each["payload_not_available"] == "offline"), None)
        return {"availability_topic": gone} if gone is not None else {}

    # In

    async def async_do(self, action: str, data: Mapping[str, Any]) -> bool:
        """Call an action of Home Assistant on this entity; whether it was done."""
        domain, name = action.split(".")
        target = {"entity_id": self.lent.entity_id, **data}
        try:
            await self.hass.services.async_call(domain, name, target, blocking=True, context=Context())
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - an integration of anybody's may raise anything, and relax goes on
            self.refusal = str(error) or type(error).__name__
            return False
        self.refusal = None
        return True
