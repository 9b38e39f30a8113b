"""Where a command leads on a timeline. Pure; chapters are meant by their number from 0."""

from orchestrator.errors import Reason, Refused
from orchestrator.scenes.planning.timeline import Chapter, Move
from orchestrator.units import Ms
from orchestrator.values import Attribute

ABORT_FADE: Ms = 500
"""Lights never change faster: user-needs 3.1, our limit for room light."""


def named(step: str, chapters: tuple[Chapter, ...], here: int) -> int:
    """The chapter meant by a step: the next of that name, else the last before. Raises Refused where there is none."""
    matches = [
        index for index, chapter in enumerate(chapters) if step in (chapter.id, chapter.id.split("#")[0].split(":")[0])
    ]
    if not matches:
        known = ", ".join(dict.fromkeys(chapter.id for chapter in chapters))
        raise Refused(Reason.UNKNOWN_STEP, f"No step {step!r} in this session.", f"There are: {known}.")
    return next((index for index in matches if index > here), matches[-1])


def after_part(chapters: tuple[Chapter, ...], here: int) -> int:
    """The first chapter after the part that one is in, or how many there are. Raises Refused where it is in none."""
    part = chapters[here].part
    if part is None:
        raise Refused(Reason.NOT_NOW, "This step is in no part that can be skipped.", "Say next to leave the step.")
    return next((index for index in range(here, len(chapters)) if chapters[index].part != part), len(chapters))


def at_once(landing: Chapter) -> Chapter:
    """A landing without words in which everything happens now, lights as fast as they may."""
    cues = []
    for cue in landing.cues:
        if isinstance(cue.what, Move):
            lasts = min(cue.what.lasts, ABORT_FADE) if cue.what.track.attribute is Attribute.LEVEL else 0
            cues.append(cue._replace(at=0, what=cue.what._replace(lasts=lasts)))
    return landing._replace(words=0, lasts=ABORT_FADE, wait=None, cues=tuple(cues))
