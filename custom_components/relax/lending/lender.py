"""All that is lent: chosen, announced, kept up to date, and taken back."""

import logging
from collections.abc import Mapping
from typing import Any, Final

from homeassistant.components import mqtt
from homeassistant.components.mqtt import ReceiveMessage
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CALLBACK_TYPE, Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.helpers.start import async_at_started
from homeassistant.util import slugify

from ..const import CONF_ADDRESSES, CONF_VOICE
from .branch import Branch
from .choice import lent_entities
from .lent_button import LentButton
from .lent_entity import LentAs, LentEntity
from .lent_light import LentLight
from .lent_satellite import LentSatellite
from .lent_speaker import LentSpeaker
from .lent_switch import LentSwitch

_KINDS: dict[str, type[LentEntity]] = {
    "light": LentLight,
    "switch": LentSwitch,
    "media_player": LentSpeaker,
    "assist_satellite": LentSatellite,
    "event": LentButton,
    "input_button": LentButton,
}
_SETTLES: Final = 1.0
"""Seconds: a change in the registries seldom comes alone."""
_LEAVES: Final = ("config", "state", "status")
_LOGGER = logging.getLogger(__name__)


class Lender:
    """What one entry lends. `changed` is called when that may be something else than before."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any], base: str) -> None:
        self.hass = hass
        self.root = f"{base}/lent"
        self.lent: dict[str, LentEntity] = {}
        """By the id of the entity in the registry."""
        self._entry = entry
        self.changed: CALLBACK_TYPE = lambda: None
        self._is_heard = False
        self._ends: list[CALLBACK_TYPE] = []
        self._untrack: CALLBACK_TYPE | None = None
        self._choosing = Debouncer(hass, _LOGGER, cooldown=_SETTLES, immediate=False, function=self._async_choose)

    async def async_start(self) -> None:
        """Lend what was chosen, and hear commands to it."""
        commands = f"{self.root}/+/+/set"
        self._ends.append(await mqtt.async_subscribe(self.hass, commands, self._on_command))
        self._ends.append(mqtt.async_on_subscribe_done(self.hass, commands, mqtt.DEFAULT_QOS, self._on_subscribed))
        for topic in self._births():
            self._ends.append(await mqtt.async_subscribe(self.hass, topic, self._on_birth))
        self._ends.append(mqtt.async_subscribe_connection_status(self.hass, self._on_connection))
        self._ends.append(self.hass.bus.async_listen(EVENT_HOMEASSISTANT_STOP, self._async_on_stop))
        for kind in (
            er.EVENT_ENTITY_REGISTRY_UPDATED,
            dr.EVENT_DEVICE_REGISTRY_UPDATED,
            ar.EVENT_AREA_REGISTRY_UPDATED,
        ):
            self._ends.append(self.hass.bus.async_listen(kind, self._on_registry))
        await self._async_choose()
        self._ends.append(await mqtt.async_subscribe(self.hass, f"{self.root}/+/+/config", self._on_config))
        self._ends.append(async_at_started(self.hass, self._on_started))

    async def async_stop(self) -> None:
        """Nothing is lent for now: all of it is offline, and known at the broker until it is lent again."""
        self._choosing.async_shutdown()
        self._stop_tracking()
        while self._ends:
            self._ends.pop()()
        for each in self.lent.values():
            await each.async_leave(forget=False)
        self.lent.clear()

    # Which

    async def _async_choose(self) -> None:
        """Compare what is to be lent with what is. Who is called otherwise, or moved, is not offline for that."""
        chosen = lent_entities(self.hass, self._entry.options)
        for id_ in [id_ for id_ in self.lent if id_ not in chosen]:
            await self.lent.pop(id_).async_leave(forget=True)
        for id_, lent in chosen.items():
            if id_ not in self.lent:
                self.lent[id_] = self._made(lent)
            self.lent[id_].lent = lent
            self.lent[id_].is_heard = self._is_heard
        self._track()
        for each in self.lent.values():
            each.publish()
        self.changed()

    def _made(self, lent: LentAs) -> LentEntity:
        kind = _KINDS[lent.entity_id.partition(".")[0]]
        branch = Branch(self.root, self._address(lent, kind.platform))
        if kind is LentSpeaker:
            voice = self._entry.options.get(CONF_VOICE)
            return LentSpeaker(self.hass, lent, branch, self._presence(), voice if isinstance(voice, str) else None)
        return kind(self.hass, lent, branch, self._presence())

    def _address(self, lent: LentAs, platform: str) -> str:
        """The end of the topics by which relax knows it: what it was called when it was first lent."""
        known: Mapping[str, str] = self._entry.data.get(CONF_ADDRESSES, {})
        if lent.id in known:
            return known[lent.id]
        own = f"{platform}/{slugify(lent.entity_id.partition('.')[2]) or lent.id}"
        taken = set(known.values())
        address = next(each for each in (own, *(f"{own}_{number}" for number in range(2, 10_000))) if each not in taken)
        data = {**self._entry.data, CONF_ADDRESSES: {**known, lent.id: address}}
        self.hass.config_entries.async_update_entry(self._entry, data=data)
        return address

    @callback
    def _on_registry(self, _event: Event[Any]) -> None:
        self._choosing.async_schedule_call()

    @callback
    def _on_started(self, _hass: HomeAssistant) -> None:
        """Now all integrations have said what they have: what is a group can be seen."""
        self._choosing.async_schedule_call()

    @callback
    def _on_config(self, message: ReceiveMessage) -> None:
        """What an earlier life has announced, and is lent no longer, is taken away."""
        ours = {each.branch.config for each in self.lent.values()}
        if message.retain and message.payload and message.topic not in ours:
            address = message.topic.removeprefix(f"{self.root}/").removesuffix("/config")
            self.hass.async_create_task(async_clear(self.hass, self.root, address), eager_start=True)

    # How

    def _track(self) -> None:
        self._stop_tracking()
        names = [each.lent.entity_id for each in self.lent.values()]
        if names:
            self._untrack = async_track_state_change_event(self.hass, names, self._on_state)

    def _stop_tracking(self) -> None:
        if self._untrack is not None:
            self._untrack()
            self._untrack = None

    @callback
    def _on_state(self, event: Event[EventStateChangedData]) -> None:
        for each in self.lent.values():
            if each.lent.entity_id == event.data["entity_id"]:
                each.publish(event.data["old_state"])

    @callback
    def _on_command(self, message: ReceiveMessage) -> None:
        """A command that the broker had stored is of another hour."""
        if message.retain or not isinstance(message.payload, str):
            return
        for each in self.lent.values():
            if each.branch.command == message.topic:
                each.told(message.payload)

    # Whether it is there

    def _births(self) -> tuple[str, ...]:
        return tuple(each["topic"] for each in self._presence())

    def _presence(self) -> tuple[Mapping[str, str], ...]:
        """Where the broker says that Home Assistant is gone: its last will, as its MQTT integration has it."""
        for entry in self.hass.config_entries.async_entries(mqtt.DOMAIN):
            will = {**entry.data, **entry.options}.get(mqtt.CONF_WILL_MESSAGE)
            if not isinstance(will, dict) or not isinstance(will.get("topic"), str):
                continue
            birth = {**entry.data, **entry.options}.get(mqtt.CONF_BIRTH_MESSAGE)
            said = birth if isinstance(birth, dict) and birth.get("topic") == will["topic"] else {}
            return (
                {
                    "topic": will["topic"],
                    "payload_available": str(said.get("payload", "online")),
                    "payload_not_available": str(will.get("payload", "offline")),
                },
            )
        return ({"topic": "homeassistant/status", "payload_available": "online", "payload_not_available": "offline"},)

    @callback
    def _on_birth(self, _message: ReceiveMessage) -> None:
        """Home Assistant is there, or was said to be gone: what is there, or is not, says so after that."""
        for each in self.lent.values():
            each.say_again(each.branch.status)
            each.publish()

    @callback
    def _on_connection(self, is_connected: bool) -> None:
        if not is_connected:
            self._is_heard = False
            for each in self.lent.values():
                each.is_heard = False

    @callback
    def _on_subscribed(self) -> None:
        """The broker hands commands over from now on. It may have forgotten everything: all is said again."""
        self._is_heard = True
        for each in self.lent.values():
            each.is_heard = True
            each.publish(again=True)

    async def _async_on_stop(self, _event: Event[Any]) -> None:
        for each in self.lent.values():
            await each.async_leave(forget=False)


async def async_clear(hass: HomeAssistant, root: str, address: str) -> None:
    """Leave nothing of an entity at the broker."""
    for leaf in _LEAVES:
        await mqtt.async_publish(hass, f"{root}/{address}/{leaf}", "", retain=True)
