"""What happens to the service, for the journal: none of it is published."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from orchestrator.events.facts import WrittenAs


@dataclass(frozen=True, slots=True)
class Slept:
    """The machine slept for so many seconds."""

    kind: ClassVar[str] = "slept"

    seconds: Annotated[float, WrittenAs("for")]


@dataclass(frozen=True, slots=True)
class ScheduleStarted:
    """A schedule has started the session; `due` is ISO 8601."""

    kind: ClassVar[str] = "schedule_started"

    schedule: str
    due: str


@dataclass(frozen=True, slots=True)
class SchedulePassed:
    """A schedule was due and did not start: `due` as people read it, `why` with the value of each condition."""

    kind: ClassVar[str] = "schedule_passed"

    schedule: str
    due: str
    result: str
    why: str
