"""In which rooms of a home it is night: there nothing that is paid late makes it brighter."""

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from orchestrator.conductor.preparation import is_night
from orchestrator.home.library import Home
from orchestrator.schedules.model import Coordinates, SunEvent
from orchestrator.schedules.sun import moment_of


def dark_rooms(home: Home, wall: datetime, zone: ZoneInfo) -> frozenset[str]:
    """By the room's own `night`; without one from sunset to sunrise where the home lies; else no night is known."""
    local, place = wall.astimezone(zone), home.model.location
    is_dark = place is not None and _is_sun_down(Coordinates(place.latitude, place.longitude), local, zone)
    return frozenset(
        name
        for name, room in home.model.rooms.items()
        if (is_dark if room.night is None else is_night(room.night, local.time()))
    )


def _is_sun_down(place: Coordinates, local: datetime, zone: ZoneInfo) -> bool:
    """Where it does not rise or does not set that day, the sun says nothing of the night."""
    rises, sets = _sun(place, local.date(), zone)
    return rises is not None and sets is not None and not rises <= local.astimezone(UTC) < sets


@lru_cache(maxsize=8)
def _sun(place: Coordinates, day: date, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    return moment_of(SunEvent.SUNRISE, place, day, zone), moment_of(SunEvent.SUNSET, place, day, zone)
