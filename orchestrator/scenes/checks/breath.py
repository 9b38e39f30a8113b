"""A breath that is held for long, in a scene that warns of nothing.

Held breath raises blood pressure and can make people faint; the exercises that are taught to everybody hold for seven
seconds (4-7-8) or less, four (the box). A longer one needs a caution that people see before they start.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from orchestrator.fade import Curve
from orchestrator.scenes.checks.remarks import Remark, clock, seconds
from orchestrator.scenes.format.model import SceneModel
from orchestrator.scenes.planning.planner import Planned
from orchestrator.scenes.planning.timeline import Chapter, Move, Say, Timeline
from orchestrator.units import SECOND, Ms

LONGEST_HOLD: Ms = 10 * SECOND
"""Without a caution."""

_HOLD = re.compile(
    r"\bhold(?:ing)?\b[^.!?]*\bbreath\b|\bhold (?:it|in)\b|^(?:and )?hold\b[.!]?$"
    r"|\bhalte?t?\b[^.!?]*\b(?:atem|luft)\b|\b(?:atem|luft)\b[^.!?]*\b(?:an)?halten\b|^(?:und )?(?:an)?halten\b[.!]?$",
    re.IGNORECASE,
)
"""Words that ask for it, in the languages that we know."""
_ABOUT_BREATH = re.compile(
    r"breath|hold|dizz|faint|lung|pregnan|atem|atmen|luft|halten|schwind|lunge|schwanger", re.IGNORECASE
)
_KNOWN = frozenset({"en", "de"})


def breath_remarks(scene: SceneModel, plan: Planned) -> Iterator[Remark]:
    """Breaths that are held for longer than LONGEST_HOLD; none where the scene has a caution about it."""
    if _is_warned(scene, plan.timeline):
        return
    timeline = plan.timeline
    for chapter, start, path in zip(timeline.chapters, timeline.starts, plan.paths, strict=False):
        held, at = max((*_told(chapter), *_still(chapter)), key=lambda hold: hold[0], default=(0, 0))
        if held > LONGEST_HOLD:
            message = (
                f"a breath is held for {seconds(held)}, {clock(start + at)}, and no caution speaks of it; without, "
                f"{seconds(LONGEST_HOLD)} is the most (our measure: 4-7-8 holds for 7 s): say who had better not"
            )
            yield Remark((*path, "count") if chapter.counted else path, "held-breath", held, message)


def _is_warned(scene: SceneModel, timeline: Timeline) -> bool:
    """Whether the cautions speak of breath; in a language that we do not know, whether there are any."""
    if timeline.language.partition("-")[0] not in _KNOWN:
        return bool(scene.cautions)
    return any(_ABOUT_BREATH.search(caution) for caution in timeline.cautions)


def _told(chapter: Chapter) -> Iterator[tuple[Ms, Ms]]:
    """How long from words that ask for it to the next, and when. In a count of which not all is said, the least."""
    said = [(cue.at, cue.what) for cue in chapter.cues if isinstance(cue.what, Say)]
    ends = [*(at for at, _ in said[1:]), chapter.length]
    least: dict[str, tuple[Ms, Ms]] = {}
    for (at, say), end in zip(said, ends, strict=False):
        if _HOLD.search(say.text):
            held = end - at - (0 if say.beat else say.lasts)
            least[say.text] = min(least.get(say.text, (held, at)), (held, at))
    yield from least.values()


def _still(chapter: Chapter) -> Iterator[tuple[Ms, Ms]]:
    """Where light or sound swells with the breath, it is held between one swell and the next."""
    swells = sorted(
        (cue.at, cue.at + cue.what.lasts)
        for cue in chapter.cues
        if chapter.counted and isinstance(cue.what, Move) and cue.what.curve is Curve.EASE
    )
    for (_, end), (begin, _) in pairwise(swells):
        yield begin - end, end
