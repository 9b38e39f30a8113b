"""What happens in a step: it begins, waits for the person, stands still, goes on, becomes longer."""

from dataclasses import dataclass
from typing import ClassVar

from orchestrator.events.facts import LengthMs


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A chapter begins: the `number`-th (from 1) of `of`. `chapter` is for machines, `title` for people."""

    kind: ClassVar[str] = "step_started"

    chapter: str
    title: str
    number: int
    of: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """The step waits for the person to say next, `at_most` so long (running time). `title` is for people."""

    kind: ClassVar[str] = "waiting"

    chapter: str
    at_most: LengthMs
    title: str = ""


@dataclass(frozen=True, slots=True)
class Paused:
    """The session stands still."""

    kind: ClassVar[str] = "paused"

    chapter: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """The session goes on after a pause."""

    kind: ClassVar[str] = "resumed"

    chapter: str


@dataclass(frozen=True, slots=True)
class Extended:
    """The step has so much more time."""

    kind: ClassVar[str] = "extended"

    chapter: str
    by: LengthMs
