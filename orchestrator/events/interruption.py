"""What breaks in on a session, and when that is over."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Interrupted:
    """An interruption of the home file begins; `do` is what it does: pause, announce, abort."""

    kind: ClassVar[str] = "interrupted"

    name: str
    do: str


@dataclass(frozen=True, slots=True)
class InterruptionOver:
    """It is over."""

    kind: ClassVar[str] = "interruption_over"

    name: str
