"""What happens to words: they are said, left out, over."""

from dataclasses import dataclass
from typing import ClassVar

from orchestrator.events.facts import LengthMs


@dataclass(frozen=True, slots=True)
class Announced:
    """Words begin. `id` is that of the announcement; `chapter` is None where they belong to none."""

    kind: ClassVar[str] = "announced"

    id: str
    chapter: str | None
    text: str


@dataclass(frozen=True, slots=True)
class WordsDropped:
    """Words were left out: they would have come so late."""

    kind: ClassVar[str] = "words_dropped"

    id: str
    late: LengthMs


@dataclass(frozen=True, slots=True)
class WordsSpoken:
    """An announcement is over; `done`: to its end. For the trace: it is not published."""

    kind: ClassVar[str] = "spoken"

    id: str
    done: bool
