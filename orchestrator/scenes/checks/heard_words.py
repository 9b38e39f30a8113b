"""The words of a plan as they are heard: each announcement with its moment and where the scene has it."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from orchestrator.documents.document import KeyPath
from orchestrator.scenes.planning.pacing import sentences
from orchestrator.scenes.planning.planner import Planned
from orchestrator.scenes.planning.timeline import Anchor, Chapter, Say
from orchestrator.units import Ms


class HeardSay(NamedTuple):
    """An announcement, from the start of the scene. `chapter` is its number; that of the finish is past the last."""

    at: Ms
    say: Say
    chapter: int
    path: KeyPath

    @property
    def end(self) -> Ms:
        return self.at + self.say.lasts

    @property
    def sentences(self) -> tuple[str, ...]:
        return sentences_of(self.say.text)


def heard(plan: Planned, *, answered: bool) -> list[HeardSay]:
    """All announcements in their order, beats of counts left out.

    `answered`: each wait ends as it usually does; else each runs to its limit, with all of its words.
    """
    timeline = plan.timeline.as_usual() if answered else plan.timeline
    found: list[HeardSay] = []
    places = (*plan.paths, ("finish",))
    chapters = (*plan.timeline.chapters, plan.timeline.finish)
    for index, (start, chapter, path) in enumerate(zip(timeline.starts, chapters, places, strict=True)):
        said = sorted(_said(chapter, answered=answered), key=lambda each: each[0])
        found += (HeardSay(start + at, say, index, plan.told.place_of(say.text, path)) for at, say in said)
    return found


@lru_cache(maxsize=4096)
def sentences_of(text: str) -> tuple[str, ...]:
    """The sentences of a text, split once."""
    return tuple(sentences(text))


def _said(chapter: Chapter, *, answered: bool) -> Iterator[tuple[Ms, Say]]:
    yield from ((cue.at, cue.what) for cue in chapter.cues if isinstance(cue.what, Say) and not cue.what.beat)
    if chapter.wait is None:
        return
    wait = chapter.wait
    until = wait.usually if answered else wait.at_most
    for cue in wait.cues:
        at = wait.at_most + cue.at if cue.anchor is Anchor.END else cue.at
        if isinstance(cue.what, Say) and at < until:
            yield chapter.length + at, cue.what
