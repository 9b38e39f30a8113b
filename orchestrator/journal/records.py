"""What the journal keeps, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from orchestrator.events.session import Ending
from orchestrator.schedules.outcome import Outcome
from orchestrator.stage.heard import Debt
from orchestrator.units import Ms
from orchestrator.values import Attribute, Track, Value


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """Everything that a session began with: enough to plan it again, whatever has become of the scene's file.

    `scene_text` is the file as it was read, `source` its name; `parameters` are as they were given, fit for JSON;
    `roles` the devices of each role; `rate` is in thousandths; `started_at` has a zone.
    """

    id: str
    room: str
    scene: str
    scene_text: str = field(repr=False)
    source: str
    parameters: Mapping[str, Any]
    language: str
    started_at: datetime
    roles: Mapping[str, tuple[str, ...]]
    voice: str | None = None
    rate: int = 1000
    trigger: str = "cli"
    at_night: bool = False


class Position(NamedTuple):
    """The chapter that a session was in (from 0), and how often it has been resumed since it finished one."""

    number: int
    chapter: str
    paused: bool = False
    resumes: int = 0


class Unfinished(NamedTuple):
    """A session that was cut off: what to plan again from, where it was, and what it had done to the room.

    `position` is None where it had not entered a chapter; `landing` says how it was about to end, if it was.
    """

    record: SessionRecord
    position: Position | None
    snapshot: tuple[tuple[str, Attribute, Value], ...]
    debts: tuple[Debt, ...]
    touched: tuple[Track, ...]
    by_hand: tuple[tuple[str, Attribute], ...]
    landing: Ending | None


class Closed(NamedTuple):
    """A session that is over; `ended_at` has a zone."""

    id: str
    room: str
    scene: str
    ending: Ending
    ended_at: datetime


class LastSeen(NamedTuple):
    """How a room stood when others heard of it last, whatever the journal says: of no use where it is older.

    The session that was on, with its scene; the one that had ended before; and the devices that were still owed.
    `has_begun`: it may have done something to the room, and was not only asking the devices how they are.
    """

    session: str | None
    scene: str | None
    last: Closed | None
    owed: frozenset[str]
    has_begun: bool = True


class RoomChoice(NamedTuple):
    """What a room would start next; `parameters` are those that were chosen, fit for JSON."""

    room: str
    scene: str
    parameters: Mapping[str, Any]


class Heartbeat(NamedTuple):
    """A sign of life. `boot_ms` counts from the start of the machine, sleep included; `wall` has a zone."""

    boot_id: str
    boot_ms: Ms
    wall: datetime


class InProgress(NamedTuple):
    """What a schedule is in the middle of: a session, the number of its scene, and when its first scene was due."""

    session: str
    piece: int
    due: datetime


class ScheduleMark(NamedTuple):
    """What is remembered of a schedule. Moments are in UTC; occasions are times as the schedule has them.

    `until`: every occasion up to then is dealt with. `fingerprint` tells whether it still is the schedule that this was
    remembered of. `skipped`, `postponed` and `announced` are occasions, `postponed_to` a moment.
    """

    fingerprint: str
    until: datetime
    enabled: bool = True
    skipped: datetime | None = None
    postponed: datetime | None = None
    postponed_to: datetime | None = None
    announced: datetime | None = None
    last: Outcome | None = None
    playing: InProgress | None = None
