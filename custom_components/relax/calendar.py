"""The schedules as a calendar: when each begins, with what was left out or put off reckoned in.

When it begins next relax says by itself. What comes after that it is asked for, in the stretch that somebody looks at.
"""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final, override

from homeassistant.components.calendar import CalendarEntity, CalendarEvent
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from . import RelaxConfigEntry
from .client import RelaxClient
from .entity import RelaxEntity
from .scene_titles import title_of

PARALLEL_UPDATES = 0

_LASTS: Final = timedelta(minutes=30)
"""How long an entry is drawn: how long a session will take is known when it begins."""


async def async_setup_entry(
    hass: HomeAssistant, entry: RelaxConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """One for the home, as soon as there is a schedule."""
    client = entry.runtime_data.client
    is_there = False

    @callback
    def heard() -> None:
        nonlocal is_there
        if client.schedules and not is_there:
            is_there = True
            async_add_entities([ScheduleCalendar(hass, client)])

    entry.async_on_unload(client.listen(heard))
    heard()


class ScheduleCalendar(RelaxEntity, CalendarEntity):
    """It shows; what changes schedules is the home file, or their switches and buttons."""

    def __init__(self, hass: HomeAssistant, client: RelaxClient) -> None:
        super().__init__(hass, client, "schedules")

    @override
    def about(self) -> object:
        return tuple(
            (name, each.get("next"), each.get("title")) for name, each in sorted(self.client.schedules.items())
        )

    @property
    @override
    def event(self) -> CalendarEvent | None:
        now = dt_util.utcnow()
        coming = (each for each in self._events() if each.end_datetime_local > now)
        return min(coming, key=lambda each: each.start_datetime_local, default=None)

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        del hass
        names = list(self.client.schedules)
        times = await asyncio.gather(*(self._async_times(name, start_date - _LASTS, end_date) for name in names))
        events = [self._event(name, each) for name, found in zip(names, times, strict=True) for each in found]
        inside = (each for each in events if each.end_datetime_local > start_date)
        return sorted(inside, key=lambda each: each.start_datetime_local)

    async def _async_times(self, name: str, start: datetime, end: datetime) -> list[datetime]:
        """Those in between; only the next one, where relax does not answer."""
        coming = self._next(name)
        if coming is None or coming >= end:
            return []
        try:
            return await self.client.async_times(name, start, end)
        except HomeAssistantError:
            return [coming] if coming >= start else []

    def _events(self) -> Iterator[CalendarEvent]:
        """The next of each."""
        for name in self.client.schedules:
            if (begins := self._next(name)) is not None:
                yield self._event(name, begins)

    def _next(self, name: str) -> datetime | None:
        at = self.client.schedules.get(name, {}).get("next")
        return dt_util.parse_datetime(at) if isinstance(at, str) else None

    def _event(self, name: str, begins: datetime) -> CalendarEvent:
        schedule = self.client.schedules.get(name, {})
        return CalendarEvent(
            start=begins,
            end=begins + _LASTS,
            summary=str(schedule.get("title") or name),
            description=self._scene(schedule),
            location=str(schedule.get("room") or ""),
            uid=f"{name}-{begins.isoformat()}",
        )

    def _scene(self, schedule: dict[str, Any]) -> str:
        named = schedule.get("scene")
        scene = next((each for each in self.client.scenes if each.get("scene") == named), {"scene": named})
        return title_of(scene, self.hass.config.language)
