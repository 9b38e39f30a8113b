"""One thing that a linter noticed in one planned timeline."""

from typing import NamedTuple

from orchestrator.documents.document import KeyPath
from orchestrator.scenes.planning.chapters import PlanningNote
from orchestrator.units import Ms


class Remark(NamedTuple):
    """Where, which kind, how bad (more is worse, among those of one kind), and a sentence with the figure."""

    path: KeyPath
    code: str
    figure: float
    message: str


def seconds(ms: Ms) -> str:
    """A length for a sentence: `0.8 s`, `12 s`."""
    return f"{ms / 1000:.1f}".removesuffix(".0") + " s"


def of_note(note: PlanningNote) -> Remark:
    """What planning had to bend, as a remark."""
    by = seconds(note.by)
    words = f"“{note.text if len(note.text) <= 40 else note.text[:39] + '…'}”"
    message = {
        "cue-outside": f"this moment lies {by} outside its step; it comes at the step's edge",
        "late-words": f"{words} begins {by} late: the words before are still being spoken",
        "long-words": f"{words} takes {by} longer than there is; the step becomes longer by that",
        "lost-beat": f"{words} is left out: for {by} more the voice still says what a cue has begun; move that cue",
        "long-beat": f"{words} takes {by} longer than its beat; the next beat would be left out",
    }[note.code]
    return Remark(note.path, note.code, note.by, message)
