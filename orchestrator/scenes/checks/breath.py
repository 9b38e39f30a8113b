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
    # English: with the breath named, then by what must not happen, then a sentence that is nothing but the word.
    r"\b(?:hold|holding|retain|retaining)\b.*\bbreath\b|\bhold (?:it|in)\b"
    r"|\bkeep(?:ing)?\b.*\b(?:air|breath|it)\b.*\b(?:in|inside)$|\bkeep\b.*\blungs\b"
    r"|\b(?:do not|don['’]t|never|stop|without|no) breath(?:e|ing)(?: in| out| yet| now| at all| any more| anymore)?$"
    r"|^(?:(?:and|now|then|just|please|gently)\b,? ?)*hold(?: here| there| now| on| still)?$"
    # German, in the same order.
    r"|\b(?:an)?halte?t?\b.*\b(?:atem|luft)\b|\b(?:atem|luft)\b.*\b(?:an)?(?:zu)?halten\b"
    r"|\b(?:behalte?t?|lass|lasst)\b.*\b(?:atem|luft)\b.*\b(?:drin|drinnen|innen|in dir)$"
    r"|\b(?:atem|luft)\b.*\b(?:drin|drinnen)? ?(?:behalten|drinlassen)$"
    r"|\batmet? (?:jetzt |noch |nun )?nicht(?: ein| aus| mehr| weiter)?$"
    r"|\b(?:nicht|ohne)\b(?: mehr| weiter| zu)* (?:ein|aus|weiter)?(?:zu)?atmen$"
    r"|^(?:(?:und|jetzt|nun|dann|bitte)\b,? ?)*(?:an)?halten?(?: an)?$",
    re.IGNORECASE,
)
"""Sentences that ask for it, in the languages that we know."""
_SENTENCE = re.compile(r"[^.!?;:…]+")
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
    ends = [*(at for at, _ in said[1:]), chapter.usual]
    least: dict[str, tuple[Ms, Ms]] = {}
    for (at, say), end in zip(said, ends, strict=False):
        if _asks_to_hold(say.text):
            held = end - at - (0 if say.beat else say.lasts)
            least[say.text] = min(least.get(say.text, (held, at)), (held, at))
    yield from least.values()


def _asks_to_hold(text: str) -> bool:
    return any(_HOLD.search(sentence.strip()) for sentence in _SENTENCE.findall(text))


def _still(chapter: Chapter) -> Iterator[tuple[Ms, Ms]]:
    """Where light or sound swells with the breath, it is held between one swell and the next."""
    swells = sorted(
        (cue.at, cue.at + cue.what.lasts)
        for cue in chapter.cues
        if chapter.counted and isinstance(cue.what, Move) and cue.what.curve is Curve.EASE
    )
    for (_, end), (begin, _) in pairwise(swells):
        yield begin - end, end
