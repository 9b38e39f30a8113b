"""What a lamp or switch is still to be told: one call at a time, and of what waits only what it comes to.

A lamp behind a cloud takes a third of a second a call. Whoever sends it four steps a second must not build a backlog.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from homeassistant.core import HomeAssistant, callback


class LampQueue:
    """Of one entity. `do` is awaited with each order; what comes meanwhile is joined by `join(waiting, new)`."""

    def __init__(
        self,
        hass: HomeAssistant,
        do: Callable[[Mapping[str, Any]], Awaitable[None]],
        join: Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]],
    ) -> None:
        self._hass = hass
        self._do = do
        self._join = join
        self._waiting: Mapping[str, Any] | None = None
        self._is_busy = False

    @callback
    def put(self, order: Mapping[str, Any]) -> None:
        self._waiting = order if self._waiting is None else self._join(self._waiting, order)
        if not self._is_busy:
            self._is_busy = True
            self._hass.async_create_task(self._async_work(), eager_start=True)

    async def _async_work(self) -> None:
        try:
            while self._waiting is not None:
                order, self._waiting = self._waiting, None
                await self._do(order)
        finally:
            self._is_busy = False
