"""Whether a schedule begins something in the evening: after sunset, on any day of a year."""

from datetime import datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from orchestrator.schedules.model import Coordinates, Schedule, SunEvent
from orchestrator.schedules.recurrence import next_fire
from orchestrator.schedules.sun import moment_of

EVENING, MORNING = time(20), time(5)
"""Between these it is dark enough for an evening where nobody says where the home is, or the sun does not set."""
_MONTHS = 12
_MONTH = timedelta(days=30)
_DAY = timedelta(days=1)
_QUARTERS = 4


def first_evening(schedule: Schedule, place: Coordinates | None, since: datetime) -> datetime | None:
    """The first time that lies between sunset and sunrise, of those that a day in each month of the year has.

    The year goes from `since` on. Of such a day each quarter is looked at, at its first time.
    """
    for month, quarter in product(range(_MONTHS), range(_QUARTERS)):
        at = next_fire(schedule, since + month * _MONTH + quarter * _DAY / _QUARTERS).at
        if at is not None and is_dark(at, place, schedule.zone):
            return at
    return None


def is_dark(moment: datetime, place: Coordinates | None, zone: ZoneInfo) -> bool:
    """Whether the sun is down, by the place; else by the clock of the zone."""
    wall = moment.astimezone(zone)
    if place is not None:
        rises, sets = (moment_of(event, place, wall.date(), zone) for event in (SunEvent.SUNRISE, SunEvent.SUNSET))
        if rises is not None and sets is not None:
            return moment < rises or moment >= sets
    return wall.time() >= EVENING or wall.time() < MORNING
