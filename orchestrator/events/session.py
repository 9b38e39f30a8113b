"""What happens to a session as a whole: it begins, waits for its room, is replaced, ends."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class Ending(StrEnum):
    """How a session ended."""

    FINISHED = "finished"
    STOPPED = "stopped"
    ABORTED = "aborted"
    FAILED = "failed"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """A session begins. `rate` is how fast time goes: 1 is as the scene has it."""

    kind: ClassVar[str] = "session_started"

    session: str
    scene: str
    language: str
    rate: float


@dataclass(frozen=True, slots=True)
class SessionResumed:
    """A session that was cut off goes on after a restart."""

    kind: ClassVar[str] = "session_resumed"

    session: str
    scene: str
    language: str
    rate: float


@dataclass(frozen=True, slots=True)
class SessionQueued:
    """A scene waits until the room is free."""

    kind: ClassVar[str] = "session_queued"

    scene: str


@dataclass(frozen=True, slots=True)
class QueueDropped:
    """A scene that waited for the room does not begin; `reason` is a sentence or a part of one."""

    kind: ClassVar[str] = "queue_dropped"

    scene: str
    reason: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """Another session takes the room over."""

    kind: ClassVar[str] = "replaced"

    session: str


@dataclass(frozen=True, slots=True)
class Landing:
    """It ends: the room is being given back, or left in a look."""

    kind: ClassVar[str] = "landing"

    ending: Ending


@dataclass(frozen=True, slots=True)
class Landed:
    """The session is over."""

    kind: ClassVar[str] = "landed"

    session: str
    ending: Ending
