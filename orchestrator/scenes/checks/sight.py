"""Light to see by: while hands work, feet are wet, or somebody walks. The least is docs/decisions/0036's."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

from orchestrator.documents.document import KeyPath
from orchestrator.scenes.checks.lamps import LampCourse
from orchestrator.scenes.checks.remarks import Remark, clock
from orchestrator.scenes.format.model import LandingModel, SceneModel
from orchestrator.scenes.planning.landings import restores
from orchestrator.scenes.planning.planner import Planned
from orchestrator.scenes.planning.timeline import DIMMEST, Chapter, Hands, Say
from orchestrator.units import Ms

WET = frozenset({"bath", "water", "soak", "wash", "clean", "dry", "wipe"})
"""Feet are wet, or slippery, in a step whose id, or whose part's, has one of these words in it."""
WALKING = frozenset({"walk", "walking", "path", "stairs"})
"""The same for feet that walk; a step may also say `walking: true`, or its words may."""
_TOLD_TO_WALK = re.compile(
    r"(?<!not )(?<!you )(?<!never )\b(?:walk|get up|stand up|climb|go (?:to|into|over|back|up|down|out|and))\b"
    r"|\bwhen you(?: are|'re) back\b|\bwenn du (?:wieder )?(?:da|zurück) bist\b"
    r"|\b(?:steht? (?:\w+ )?auf|geht? (?:\w+ )?(?:zu|zum|zur|in|ins|nach|hinauf|hinunter|hinüber|zurück)|lauft?)\b",
    re.IGNORECASE,
)
"""Words that send somebody on their way, in the languages that we know."""

_BUSY, _WET, _WALKING = "hands work", "feet are wet", "somebody walks"


def sight_remarks(scene: SceneModel, plan: Planned, lamps: Sequence[LampCourse]) -> Iterator[Remark]:
    """Where it is too dark for what a person does, or for where the last words send them."""
    timeline, sight = plan.timeline, _Sight(lamps)
    for chapter, start, path in zip(timeline.chapters, timeline.starts, plan.paths, strict=False):
        if (why := needs_light(chapter, path, scene)) is not None:
            yield from sight.too_dark(path, why, start + chapter.words, start + chapter.longest)
    finish, start = timeline.finish, timeline.starts[-1]
    # What the room was before is not known, so only a look can be judged.
    if _sends_away(finish) and not restores(scene.finish):
        yield from sight.too_dark(_look(scene.finish), _WALKING, start + finish.words, timeline.lasts)


def needs_light(chapter: Chapter, path: KeyPath, scene: SceneModel) -> str | None:
    """What a person has to see for: hands are busy or oily, feet are wet, somebody walks. None where for nothing.

    A count is work of the hands too, unless the scene never speaks of `hands`: then people count breaths.
    """
    places = _places(scene, path)
    names = {word for place in places for word in _name(place).split("-")}
    if chapter.walking or not names.isdisjoint(WALKING) or _sends_away(chapter):
        return _WALKING
    if chapter.hands is not Hands.FREE:
        return _BUSY
    if not names.isdisjoint(WET):
        return _WET
    is_work = chapter.counted and getattr(places[-1], "hands", None) is None and _mentions_hands(scene.steps)
    return _BUSY if is_work else None


class _Sight:
    """What light there is to see by. Corners of all lamps are found once for all chapters of a scene."""

    def __init__(self, lamps: Sequence[LampCourse]) -> None:
        self._lamps = lamps
        self._corners = sorted({moment for lamp in lamps for moment, _ in lamp.level.points()})
        self._begun = min((lamp.level.starts[0] for lamp in lamps), default=None)

    def too_dark(self, path: KeyPath, why: str, since: Ms, until: Ms) -> Iterator[Remark]:
        moments = self._moments(since, until)
        if not moments:
            return
        level, moment = min((max(lamp.at(moment).level for lamp in self._lamps), moment) for moment in moments)
        if level < DIMMEST - 1e-6:
            least = f"{DIMMEST:.0f} % is the least (our measure)"
            message = f"only {level:.0f} % of light while {why}, {clock(moment)}; {least}"
            yield Remark(path, "too-dark", DIMMEST - level, message)

    def _moments(self, since: Ms, until: Ms) -> list[Ms]:
        """When light is looked at: the corners between two moments, where a lamp has been touched by then."""
        between = self._corners[bisect_left(self._corners, since) : bisect_right(self._corners, until)]
        begun = self._begun
        return [moment for moment in (since, *between, until) if begun is not None and moment >= begun]


def _sends_away(chapter: Chapter) -> bool:
    return any(isinstance(cue.what, Say) and _tells_to_walk(cue.what.text) for cue in chapter.cues)


@lru_cache(maxsize=1024)
def _tells_to_walk(text: str) -> bool:
    return _TOLD_TO_WALK.search(text) is not None


def _look(landing: LandingModel) -> KeyPath:
    return ("finish", "look") if landing.look is not None else ("finish",)


def _places(scene: SceneModel, path: KeyPath) -> list[object]:
    """The parts and loops that a step is in, and the step."""
    found: list[object] = []
    node: object = scene
    for key in path:
        node = node[key] if isinstance(key, int) else getattr(node, key)  # type: ignore[index]
        if isinstance(key, int):
            found.append(node)
    return found


def _name(place: object) -> str:
    return str(getattr(place, "part", "") or getattr(place, "step", ""))


def _mentions_hands(blocks: Sequence[object]) -> bool:
    return any(getattr(block, "hands", None) or _mentions_hands(getattr(block, "steps", ())) for block in blocks)
