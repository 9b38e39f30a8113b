"""What a session says first that nobody began at a screen: its cautions were not shown, so it says one of them."""

from dataclasses import replace

from orchestrator.conductor.announcement import announcement
from orchestrator.conductor.request import BY_AUTOMATION, BY_SCHEDULE, BY_VOICE, Start
from orchestrator.scenes.planning.timeline import Anchor, Chapter, Cue, Move, Say
from orchestrator.units import SECOND, Ms

UNSHOWN = frozenset({BY_SCHEDULE, BY_VOICE, BY_AUTOMATION})
"""The triggers of what begins where no list was shown."""
AFTER: Ms = 2 * SECOND
"""Time to say no, before the scene's own words."""


def with_first_caution(start: Start) -> Start:
    """The same, which says the first caution that applies, where none was shown and a voice speaks.

    Light and sound begin as they would. Where the scene's first step says it already, nothing is added.
    """
    line = start.timeline
    if not is_untold(start) or not _speaks(start) or not line.chapters:
        return start
    first, *others = line.chapters
    said = announcement(line.cautions[0], line.language, first, timing=start.timing)
    if any(isinstance(cue.what, Say) and cue.what.text == said.text for cue in first.cues):
        return start
    return start._replace(timeline=replace(line, chapters=(_later(first, said), *others)))


def is_untold(start: Start) -> bool:
    """Whether it has cautions that nobody was shown."""
    return start.trigger in UNSHOWN and bool(start.timeline.cautions)


def is_unheard(start: Start) -> bool:
    """Whether nobody was shown its cautions, and no voice can say the first: whoever asked for it has to be told."""
    return is_untold(start) and not _speaks(start)


def _speaks(start: Start) -> bool:
    return start.voice in start.roles


def _later(chapter: Chapter, said: Say) -> Chapter:
    by = said.lasts + AFTER
    cues = (cue if isinstance(cue.what, Move) and cue.at == 0 else cue._replace(at=cue.at + by) for cue in chapter.cues)
    opening = (Cue(0, Anchor.START, said), *cues)
    return chapter._replace(words=chapter.words + by, cues=tuple(sorted(opening, key=lambda cue: cue.at)))
