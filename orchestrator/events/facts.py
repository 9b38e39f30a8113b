"""How the facts of an event are written: under which key, in which unit."""

from enum import Enum, auto
from typing import Annotated, NamedTuple, TypeAlias

from orchestrator.units import Ms


class Form(Enum):
    """How a fact is written where that is not simply its value."""

    LENGTH = auto()
    """Milliseconds inside the house and in the journal, seconds in what is published."""
    NAMES = auto()
    """Names in a row: `ceiling, strip`."""
    LEVELS = auto()
    """Names with levels in percent, where they are known: `ceiling 30, strip`."""


class WrittenAs(NamedTuple):
    """A fact that is written under another key than its name."""

    name: str


LengthMs: TypeAlias = Annotated[Ms, Form.LENGTH]
JoinedNames: TypeAlias = Annotated[tuple[str, ...], Form.NAMES]
NamesWithLevels: TypeAlias = Annotated[tuple[tuple[str, int | None], ...], Form.LEVELS]
Fact: TypeAlias = str | int | float | bool | None
"""What a fact may be where it is written: all that JSON has, but for lists and objects."""
