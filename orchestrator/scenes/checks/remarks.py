"""One thing that a linter noticed in one planned timeline."""

from collections.abc import Sequence
from typing import NamedTuple

from orchestrator.documents.document import KeyPath
from orchestrator.scenes.planning.chapters import PlanningNote
from orchestrator.units import MINUTE, SECOND, Ms


class Remark(NamedTuple):
    """Where, which kind, how bad (more is worse, among those of one kind), and a sentence with the figure."""

    path: KeyPath
    code: str
    figure: float
    message: str


class PlacedChapter(NamedTuple):
    """Where a chapter lies: when it begins, and its place in the file."""

    start: Ms
    path: KeyPath
    counted: bool


def there(moment: Ms, places: Sequence[PlacedChapter]) -> PlacedChapter:
    """The chapter that a moment belongs to: at a boundary the one that begins."""
    return next((place for place in reversed(places) if place.start <= moment), places[0])


def clock(ms: Ms) -> str:
    """A moment for a sentence, from the start of the scene with every wait run to its limit: `at 3:20`."""
    return f"at {ms // MINUTE}:{ms % MINUTE // SECOND:02}"


def seconds(ms: Ms) -> str:
    """A length for a sentence: `0.8 s`, `12 s`."""
    return f"{ms / 1000:.1f}".removesuffix(".0") + " s"


def quoted(text: str) -> str:
    """Words for a sentence, cut where they are many."""
    return f"“{text if len(text) <= 40 else text[:39] + '…'}”"


def of_note(note: PlanningNote) -> Remark:
    """What planning had to bend, as a remark."""
    by = seconds(note.by)
    words = quoted(note.text)
    message = {
        "cue-outside": f"this moment lies {by} outside its step; it comes at the step's edge",
        "late-words": f"{words} begins {by} late: the words before are still being spoken",
        "long-words": f"{words} takes {by} longer than there is; the step becomes longer by that",
        "lost-beat": f"{words} is left out: for {by} more the voice still says what a cue has begun; move that cue",
        "long-beat": f"{words} takes {by} longer than its beat; the next beat would be left out",
    }[note.code]
    return Remark(note.path, note.code, note.by, message)
