"""An Assist satellite as a voice, by the speaker contract of relax (docs/speaker.md)."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, ClassVar

from homeassistant.core import State, callback

from .lent_entity import LentEntity

_ABILITIES = ["say", "done"]


class LentSatellite(LentEntity):
    """Its own pipeline speaks; an announcement is over when the call is. It cannot be cut, and has its own volume."""

    platform: ClassVar[str] = "satellite"
    is_there_when_unknown: ClassVar[bool] = True
    _words: asyncio.Task[None] | None = None

    def announcement(self) -> dict[str, Any] | None:
        return {"topic": self.branch.speaker, "kind": ["voice"]}

    def report(self, state: State) -> str | None:
        del state
        return json.dumps({"playing": "", "abilities": _ABILITIES})

    def _where(self) -> dict[str, Any]:
        return self._carrier()

    @callback
    def told(self, payload: str) -> None:
        order = as_order(payload)
        if order.get("do") == "say" and isinstance(order.get("id"), str) and isinstance(order.get("text"), str):
            self._words = self.hass.async_create_task(self._async_say_words(order), eager_start=True)

    async def _async_say_words(self, order: Mapping[str, Any]) -> None:
        self.say(self.branch.event, {"id": order["id"], "event": "started"})
        data = {"message": order["text"], "preannounce": False}
        is_done = self.state is not None and await self.async_do("assist_satellite.announce", data)
        self.say(self.branch.event, {"id": order["id"], "event": "done" if is_done else "failed"})


def as_order(payload: str) -> dict[str, Any]:
    """A command of the speaker contract; empty for what is none."""
    try:
        order = json.loads(payload)
    except ValueError:
        return {}
    return order if isinstance(order, dict) else {}
