"""What was played, day by day and week by week."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from orchestrator.events.session import Ending
from orchestrator.journal.queries import wall
from orchestrator.journal.reader import Readable
from orchestrator.units import MINUTE, Ms

DAY_ENDS_AT = timedelta(hours=4)
"""Who falls asleep at half past one did so in the evening."""


class Played(NamedTuple):
    """A session. `minutes` are those it was on, pauses and the giving back with them, the time that relax was away not.

    `ending` is None while it is on; `started_at` is in the zone that was asked for.
    """

    session: str
    day: date
    started_at: datetime
    room: str
    scene: str
    trigger: str
    ending: Ending | None
    minutes: int


class Week(NamedTuple):
    """A week from its Monday; part sessions count with the minutes that they lasted."""

    monday: date
    sessions: int
    minutes: int


class History(NamedTuple):
    """Sessions, oldest first, and the weeks in which there were any."""

    played: tuple[Played, ...]
    weeks: tuple[Week, ...]


def history(journal: Readable, zone: tzinfo, *, since: date | None = None, room: str | None = None) -> History:
    """The sessions from a day on, in all rooms or in one. A day ends at 04:00 of the zone. Raises JournalError."""
    rows = journal.read(
        "SELECT id, started_at, room, scene, trigger, ending, lasted FROM sessions"
        " WHERE ? IN ('', room) ORDER BY started_at, id",
        (room or "",),
    )
    told = [
        (Played(name, day, local, where, scene, trigger, Ending(ending) if ending else None, _minutes(lasted)), lasted)
        for name, started, where, scene, trigger, ending, lasted in rows
        for local in (wall(started).astimezone(zone),)
        for day in (day_of(local),)
        if since is None or day >= since
    ]
    return History(tuple(played for played, _ in told), tuple(_weeks(told)))


def day_of(local: datetime) -> date:
    """The day that a local moment belongs to, by the clock on the wall."""
    return (local.replace(tzinfo=None) - DAY_ENDS_AT).date()


def _weeks(told: Iterable[tuple[Played, Ms]]) -> list[Week]:
    lengths: defaultdict[date, list[Ms]] = defaultdict(list)
    for played, lasted in told:
        lengths[played.day - timedelta(days=played.day.weekday())].append(lasted)
    return [Week(monday, len(each), _minutes(sum(each))) for monday, each in sorted(lengths.items())]


def _minutes(lasted: Ms) -> int:
    return round(lasted / MINUTE)
