"""What light does to people: too fast, too red, too dark to see by, too blue to sleep after.

Figures and sources: `flashes` and `melanopic`; hands and wet feet need about L* 20 to be seen.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from orchestrator.documents.document import KeyPath
from orchestrator.fade import Curve, luminance
from orchestrator.scenes.checks.flashes import FLASH, WINDOW, extremes, fast_pulses, fast_reversals, is_saturated_red
from orchestrator.scenes.checks.melanopic import EVENING_LIMIT, FULL_LUX, at_eye
from orchestrator.scenes.checks.remarks import Remark, seconds
from orchestrator.scenes.format.model import SceneModel
from orchestrator.scenes.planning.courses import Course
from orchestrator.scenes.planning.planner import Planned
from orchestrator.scenes.planning.timeline import Chapter, Hands, Move
from orchestrator.units import SECOND, Ms
from orchestrator.values import Attribute, Colour, Rgb, Temperature, Track, Value

DIMMEST = 20.0
"""L* below which hands and feet are hard to see."""
SWELL_POINTS = 10.0
SWELL_PERIOD: Ms = 8 * SECOND
WET = ("bath", "water", "soak", "wash", "clean", "dry", "wipe")
"""Feet are wet, or slippery, in a step whose id, or whose part's, has one of these words in it."""
EVENING = ("evening", "night", "sleep", "bed", "wind-down")
"""A scene is one of the evening when its id has one of these in it."""


class LampCourse(NamedTuple):
    """A light role's way through a timeline."""

    role: str
    level: Course
    colour: Course | None

    def lightness(self, moment: Ms) -> float:
        value = self.level.at(moment)
        return value if isinstance(value, float) else 0.0

    def hue(self, moment: Ms) -> Colour | None:
        value = self.colour.at(moment) if self.colour else None
        return value if isinstance(value, Rgb | Temperature) else None


def light_remarks(scene: SceneModel, plan: Planned, tracks: Mapping[Track, Course]) -> Iterator[Remark]:
    """Everything about light. `tracks` are the courses of the plan's timeline."""
    timeline = plan.timeline
    lamps = [
        LampCourse(track.role, course, tracks.get(Track(track.role, Attribute.COLOUR)))
        for track, course in tracks.items()
        if track.attribute is Attribute.LEVEL
    ]
    paths = (*plan.paths, ("finish",))
    for lamp in lamps:
        yield from _flashes(lamp, timeline.starts, paths)
    for chapter, start, path in zip(timeline.chapters, timeline.starts, plan.paths, strict=False):
        yield from _swells(chapter, path)
        if needs_light(chapter, path, scene) and (moments := _moments(chapter, start, lamps)):
            dim = min((max(lamp.lightness(moment) for lamp in lamps), moment) for moment in moments)
            if dim[0] < DIMMEST:
                message = f"only {dim[0]:.0f} % of light while hands work or feet are wet; {DIMMEST:.0f} % is the least"
                yield Remark(path, "too-dark", DIMMEST - dim[0], message)
    if any(word in scene.scene for word in EVENING):
        yield from _wakeful(lamps, timeline.starts, paths)


def needs_light(chapter: Chapter, path: KeyPath, scene: SceneModel) -> bool:
    """Whether a person has to see: hands are busy or oily, or feet are wet.

    A count is work of the hands too, unless the scene never speaks of `hands`: then people count breaths.
    """
    if chapter.hands is not Hands.FREE:
        return True
    places = _places(scene, path)
    names = {word for place in places for word in _name(place).split("-")}
    if not names.isdisjoint(WET):
        return True
    return chapter.counted and getattr(places[-1], "hands", None) is None and _mentions_hands(scene.steps)


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


def _moments(chapter: Chapter, start: Ms, lamps: Sequence[LampCourse]) -> list[Ms]:
    """When light is looked at in a chapter: its corners, where a lamp has been touched by then."""
    end = start + chapter.longest
    corners = {start + chapter.words, end}
    for lamp in lamps:
        corners |= {moment for moment, _ in lamp.level.points() if start + chapter.words <= moment <= end}
    begun = min((lamp.level.starts[0] for lamp in lamps), default=end + 1)
    return sorted(moment for moment in corners if moment >= begun)


def _flashes(lamp: LampCourse, starts: Sequence[Ms], paths: Sequence[KeyPath]) -> Iterator[Remark]:
    light = [(moment, _luminance(value)) for moment, value in lamp.level.points()]
    for moment, apart in fast_reversals(extremes(light, FLASH)):
        message = f"`{lamp.role}` goes back and forth within {seconds(apart)}; once in {seconds(WINDOW)} is the most"
        yield Remark(_there(moment, starts, paths), "flashing", WINDOW - apart, message)
    red = [(moment, value if _is_red(lamp.hue(moment)) else 0.0) for moment, value in _with_colours(lamp, light)]
    for moment, took in fast_pulses(extremes(red, FLASH)):
        message = f"`{lamp.role}` pulses in red within {seconds(took)}; no red pulse may be that fast"
        yield Remark(_there(moment, starts, paths), "red-pulse", WINDOW - took, message)


def _with_colours(lamp: LampCourse, light: list[tuple[Ms, float]]) -> list[tuple[Ms, float]]:
    """The level's corners, and those of the colour."""
    if lamp.colour is None:
        return light
    also = [(moment, luminance(lamp.lightness(moment))) for moment, _ in lamp.colour.points()]
    return sorted([*light, *also], key=lambda point: point[0])


def _is_red(colour: Colour | None) -> bool:
    return isinstance(colour, Rgb) and is_saturated_red(colour)


def _luminance(value: Value) -> float:
    return luminance(value) if isinstance(value, float) else 0.0


def _swells(chapter: Chapter, path: KeyPath) -> Iterator[Remark]:
    """Breathing light in a count: how far, and how often."""
    levels: dict[Track, tuple[float, Ms | None]] = {}
    for cue in chapter.cues if chapter.counted else ():
        move = cue.what
        if not isinstance(move, Move) or move.track.attribute is not Attribute.LEVEL or move.curve is not Curve.EASE:
            continue
        assert isinstance(move.target, float)
        before, peaked = levels.get(move.track, (move.target, None))
        if move.target > before and peaked is not None and cue.at - peaked < SWELL_PERIOD:
            message = f"the light swells every {seconds(cue.at - peaked)}; {seconds(SWELL_PERIOD)} is the fastest"
            yield Remark((*path, "count"), "fast-swell", SWELL_PERIOD - (cue.at - peaked), message)
        if abs(move.target - before) > SWELL_POINTS:
            message = f"the light swells by {abs(move.target - before):.0f} %; {SWELL_POINTS:.0f} % is the most"
            yield Remark((*path, "count", "swell"), "wide-swell", abs(move.target - before), message)
        levels[move.track] = (move.target, cue.at if move.target > before else peaked)


def _wakeful(lamps: Sequence[LampCourse], starts: Sequence[Ms], paths: Sequence[KeyPath]) -> Iterator[Remark]:
    """Where an evening scene has light that keeps people awake."""
    moments = {
        moment for lamp in lamps for course in (lamp.level, lamp.colour) if course for moment, _ in course.points()
    }
    for moment in sorted(moments):
        shown = {lamp.role: (lamp.lightness(moment), lamp.hue(moment)) for lamp in lamps}
        if (dose := at_eye(shown, len(lamps))) > EVENING_LIMIT:
            message = (
                f"{dose:.0f} lx melanopic at the eye, where all lamps at full give {FULL_LUX:.0f} lx; "
                f"in the evening {EVENING_LIMIT:.0f} is the most: dimmer, or warmer"
            )
            yield Remark(_there(moment, starts, paths), "wakeful", dose, message)


def _there(moment: Ms, starts: Sequence[Ms], paths: Sequence[KeyPath]) -> KeyPath:
    """The place in the scene of a moment of its timeline."""
    return paths[max(place for place, start in enumerate(starts) if start <= moment)]
