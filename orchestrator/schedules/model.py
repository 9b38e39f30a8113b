"""A schedule as a value: when it is due, on which days, what has to be so, and what it starts.

Wall times and a zone are kept, never offsets: what a quarter past ten is, is asked anew for each night.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from enum import StrEnum
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from orchestrator.schedules.calendar import Calendar
from orchestrator.schedules.conditions import Condition
from orchestrator.schedules.days import Days
from orchestrator.units import MINUTE, Ms


class SunEvent(StrEnum):
    """What the sun does in a day. Dawn and dusk are civil: six degrees below the horizon."""

    DAWN = "dawn"
    SUNRISE = "sunrise"
    NOON = "noon"
    SUNSET = "sunset"
    DUSK = "dusk"


class Coordinates(NamedTuple):
    """Degrees north and east."""

    latitude: float
    longitude: float


class AtClock(NamedTuple):
    """A time of day."""

    clock: time


class Cron(NamedTuple):
    """A cron expression of five fields, as cronsim reads it: minute, hour, day of month, month, day of week."""

    expression: str


class Sun(NamedTuple):
    """So long after (below zero: before) what the sun does; never before or after a time of day."""

    event: SunEvent
    place: Coordinates
    offset: Ms = 0
    not_before: time | None = None
    not_after: time | None = None


class Events(NamedTuple):
    """The start of each event of a calendar; those that last whole days have no time, and do not count."""

    calendar: Calendar


When: TypeAlias = AtClock | Cron | Sun | Events


class SceneChoice(NamedTuple):
    """A scene, with what is chosen for it: as written, fit for JSON."""

    scene: str
    parameters: Mapping[str, bool | float | str]


class Announcement(NamedTuple):
    """What the room says so long before. `words` by language, or None for our own."""

    before: Ms
    words: str | Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """When what is started where.

    `lead` is how long before the moment it starts: the length of its scenes, where the moment is their end
    (`is_end`). `jitter` is the most that it starts later, another each day and always the same for one day.
    `catch_up` is how late it may still start when relax was away; 0 for not at all.
    """

    name: str
    room: str
    pieces: tuple[SceneChoice, ...]
    moment: When
    zone: ZoneInfo
    days: Days = field(default_factory=Days)
    is_end: bool = False
    lead: Ms = 0
    jitter: Ms = 0
    conditions: tuple[Condition, ...] = ()
    announcement: Announcement | None = None
    postponed_by: Ms = 15 * MINUTE
    catch_up: Ms = 0
    mode: str | None = None
    title: str | Mapping[str, str] = ""
    """Empty: what the scene is called."""
    out_of_use: str = ""
    """Why it is never due as things are, as a sentence; empty where it is."""

    def lasting(self, length: Ms) -> "Schedule":
        """The same, now that the length of its scenes is known."""
        return replace(self, lead=length) if self.is_end else self

    @property
    def fingerprint(self) -> str:
        """Tells one time table from another: a schedule that was rewritten has missed nothing."""
        return repr((self.moment, self.days, self.is_end, self.jitter, str(self.zone), self.room, self.pieces))


class Passed(NamedTuple):
    """Days on which it would have been due but for something: an exception, a holiday, a sun that does not set."""

    first: date
    last: date
    why: str
