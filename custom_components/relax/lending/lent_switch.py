"""A switch, by two words: relax's dialect `home_assistant`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from homeassistant.core import HomeAssistant, State, callback
from homeassistant.util import dt as dt_util

from .branch import Branch
from .lamp_queue import LampQueue
from .lent_entity import LentAs, LentEntity


class LentSwitch(LentEntity):
    """ON and OFF, both ways."""

    platform: ClassVar[str] = "switch"

    def __init__(
        self, hass: HomeAssistant, lent: LentAs, branch: Branch, presence: tuple[Mapping[str, str], ...]
    ) -> None:
        super().__init__(hass, lent, branch, presence)
        self._queue = LampQueue(hass, self._async_obey, lambda _, new: new)

    def announcement(self) -> dict[str, Any] | None:
        return {"command_topic": self.branch.command}

    def report(self, state: State) -> str | None:
        return state.state.upper() if state.state in ("on", "off") else None

    @callback
    def told(self, payload: str) -> None:
        if payload in ("ON", "OFF"):
            self._queue.put({"state": payload})

    async def _async_obey(self, order: Mapping[str, Any]) -> None:
        began = dt_util.utcnow()
        await self.async_do(f"switch.turn_{order['state'].lower()}", {})
        after = self.state
        if after is not None and after.last_reported >= began:
            self.say_again(self.branch.state)
            self.publish()
