"""The schedules as a calendar: when each begins next, with what was left out or put off reckoned in."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final, override

from homeassistant.components.calendar import CalendarEntity, CalendarEvent
from homeassistant.core import HomeAssistant, callback
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
        events = (
            each
            for each in self._events()
            if each.start_datetime_local < end_date and each.end_datetime_local > start_date
        )
        return sorted(events, key=lambda each: each.start_datetime_local)

    def _events(self) -> Iterator[CalendarEvent]:
        for name, schedule in self.client.schedules.items():
            at = schedule.get("next")
            begins = dt_util.parse_datetime(at) if isinstance(at, str) else None
            if begins is not None:
                yield CalendarEvent(
                    start=begins,
                    end=begins + _LASTS,
                    summary=str(schedule.get("title") or name),
                    description=self._scene(schedule),
                    location=str(schedule.get("room") or ""),
                    uid=f"{name}-{at}",
                )

    def _scene(self, schedule: dict[str, Any]) -> str:
        named = schedule.get("scene")
        scene = next((each for each in self.client.scenes if each.get("scene") == named), {"scene": named})
        return title_of(scene, self.hass.config.language)
