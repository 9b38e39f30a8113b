"""How a time of a schedule went."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class ScheduleResult(StrEnum):
    """How a time of a schedule went."""

    STARTED = "started"
    UNMET = "unmet"
    """A condition was not met."""
    REFUSED = "refused"
    """The room was busy, or the scene cannot be played there."""
    SKIPPED = "skipped"
    """Somebody said to leave it out."""
    MISSED = "missed"
    """relax was not there."""


class Outcome(NamedTuple):
    """How the last time of a schedule went: when it was due, the result, why not, and the session that it started."""

    due: datetime
    result: ScheduleResult
    why: str = ""
    session: str | None = None
