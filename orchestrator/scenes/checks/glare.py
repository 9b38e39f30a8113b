"""Light that hurts: that flashes, flickers in colours, swells too far or too fast, or jumps up out of the dark.

Figures for flashes and their sources: `flashes`. A swell, and a jump out of the dark, are by our own measure: a lamp
fills the view of somebody who lies with half closed eyes, and nobody has measured less (docs/decisions/0035).
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, pairwise, zip_longest
from typing import NamedTuple

from orchestrator.documents.document import KeyPath
from orchestrator.fade import lightness, luminance
from orchestrator.scenes.checks.chromaticity import is_saturated_red
from orchestrator.scenes.checks.flashes import (
    FLASH,
    TOGETHER,
    WINDOW,
    Extreme,
    Turn,
    colour_changes,
    crowded_turns,
    extremes,
    fast_pulses,
    fast_reversals,
    fast_turns,
)
from orchestrator.scenes.checks.lamps import LampCourse, Lit, LitMoment, ShownLight
from orchestrator.scenes.checks.melanopic import LAMP_LUX, ratio
from orchestrator.scenes.checks.remarks import PlacedChapter, Remark, clock, seconds, there
from orchestrator.scenes.planning.courses import Course
from orchestrator.scenes.planning.timeline import is_light
from orchestrator.units import SECOND, Ms
from orchestrator.values import Attribute, Rgb, Temperature, Track

SWELL_POINTS = 10.0
SWELL_PERIOD: Ms = 8 * SECOND
LONGEST_SWELL: Ms = 30 * SECOND
"""What comes back later than a slow breath is no swell."""
LEAST_SWELL = 1.0
"""Points of L* that can be seen to swell."""
DIM = 30.0
"""Eyes that have been in less light than this (L*) are used to the dark."""
JUMP_POINTS = 40.0
JUMP_WITHIN: Ms = 2 * SECOND
COLD_POINTS = 25.0
"""How far light may jump up out of the dark, in L* of a lamp at full: less far where it is cold."""
COLD_KELVIN = 4000.0


def may_flash(tracks: Mapping[Track, Course]) -> bool:
    """Whether a light changes as fast as a flash, or switches twice in two seconds: a quick answer for most scenes."""
    lights = (course for track, course in tracks.items() if is_light(track))
    if any(lasts < WINDOW for course in lights for _, lasts in course.moves()):
        return True
    plugs = (course for track, course in tracks.items() if track.attribute is Attribute.ON)
    switched = sorted(moment for course in plugs for moment in course.starts)
    return any(later - earlier < 2 * WINDOW for earlier, later in pairwise(switched))


def flash_remarks(shown: ShownLight, places: Sequence[PlacedChapter]) -> Iterator[Remark]:
    """Light that flashes: each lamp or plug by itself, all of them together, and colours."""
    turns: list[Turn] = []
    alone = False
    for index, lamp in enumerate(shown.lamps):
        light = shown.of_lamp(index)
        for remark in chain(_flashes(lamp, light, places, turns), _flickers(lamp, light, places)):
            alone = True
            yield remark
    if alone:
        return
    for crowd in crowded_turns(turns):
        span, roles = crowd[-1].at - crowd[0].at, dict.fromkeys(f"`{turn.role}`" for turn in crowd)
        message = (
            f"{' and '.join(roles)} go back and forth {len(crowd)} times within {seconds(span)} between them, "
            f"{clock(crowd[0].at)}; {TOGETHER} in {seconds(WINDOW)} are the most (WCAG 2.3.1, for lamps that "
            "fill the view)"
        )
        yield Remark(there(crowd[0].at, places).path, "flashing", len(crowd) * WINDOW - span, message)
    together = [(frame.at, sum(lit.luminance for lit in frame.lit)) for frame in shown.frames]
    for moment, apart in fast_reversals(extremes(together, FLASH)):
        message = f"the lights together go back and forth within {seconds(apart)}, {_most(moment)}"
        yield Remark(there(moment, places).path, "flashing", WINDOW - apart, message)


def _flashes(
    lamp: LampCourse, light: Sequence[tuple[Ms, Lit]], places: Sequence[PlacedChapter], turns: list[Turn]
) -> Iterator[Remark]:
    """Of one lamp, by its luminance; `turns` gets each of its reversals."""
    found = extremes(((moment, lit.luminance) for moment, lit in light), FLASH)
    turns += (Turn(moment, rises, lamp.role) for moment, rises in fast_turns(found))
    for moment, apart in fast_reversals(found):
        message = f"`{lamp.role}` goes back and forth within {seconds(apart)}, {_most(moment)}"
        yield Remark(there(moment, places).path, "flashing", WINDOW - apart, message)


def _flickers(lamp: LampCourse, light: Sequence[tuple[Ms, Lit]], places: Sequence[PlacedChapter]) -> Iterator[Remark]:
    """Of one lamp, by its colours: pulses of saturated red, and colours that change to and fro at whatever level."""
    red = ((moment, luminance(lit.level) if _is_red(lit) else 0.0) for moment, lit in light)
    pulses = list(fast_pulses(extremes(red, FLASH)))
    changes = colour_changes(light)
    pulses += [
        (one.left, other.came - one.left)
        for one, other in pairwise(changes)
        if (one.is_red or other.is_red) and other.came - one.left < WINDOW
    ]
    for moment, took in pulses:
        message = (
            f"`{lamp.role}` pulses in red within {seconds(took)}, {clock(moment)}; no red pulse may be faster than "
            f"{seconds(WINDOW)} (WCAG 2.3.1: saturated red)"
        )
        yield Remark(there(moment, places).path, "red-pulse", WINDOW - took, message)
    for _, one, other in zip(changes, changes[1:], changes[2:], strict=False):
        if other.left - one.left < WINDOW and not (one.is_red or other.is_red):
            message = (
                f"`{lamp.role}` changes its colour back and forth within {seconds(other.left - one.left)}, "
                f"{clock(one.left)}; once in {seconds(WINDOW)} is the most (0.2 in u'v', as WCAG 2.3.1 has it for red)"
            )
            yield Remark(there(one.left, places).path, "flicker", WINDOW - (other.left - one.left), message)


def _most(moment: Ms) -> str:
    return f"{clock(moment)}; once in {seconds(WINDOW)} is the most (WCAG 2.3.1, for a lamp that fills the view)"


def _is_red(lit: Lit) -> bool:
    return isinstance(lit.colour, Rgb) and is_saturated_red(lit.colour)


# Swells


def swell_remarks(shown: ShownLight, places: Sequence[PlacedChapter]) -> Iterator[Remark]:
    """Light that breathes, in a count or however it is written: how far, and how often."""
    for index in range(len(shown.lamps)):
        turns = extremes(((moment, lit.level) for moment, lit in shown.of_lamp(index)), LEAST_SWELL)
        swells = [_swell(*three) for three in zip(turns, turns[1:], turns[2:], strict=False)]
        swells = [swell for swell in swells if swell.points > 0.0]
        for swell, following in zip_longest(swells, swells[1:]):
            place = there(swell.at - 1, places)
            # Once to and fro is a swell only where it is counted: other light may come for a moment and go.
            is_again = following is not None and following.points > SWELL_POINTS + 1e-6
            if swell.points > SWELL_POINTS + 1e-6 and (place.counted or is_again):
                message = (
                    f"the light swells by {swell.points:.0f} %, {clock(swell.at)}; {SWELL_POINTS:.0f} % is the most "
                    "(our measure: 10 % of luminance is a flash in WCAG 2.3.1)"
                )
                yield Remark(_count(place, "swell"), "wide-swell", swell.points, message)
            if following is not None and (period := following.at - swell.at) < SWELL_PERIOD:
                message = (
                    f"the light swells every {seconds(period)}, {clock(swell.at)}; {seconds(SWELL_PERIOD)} is the "
                    "fastest (our measure)"
                )
                yield Remark(_count(place), "fast-swell", SWELL_PERIOD - period, message)


class Swell(NamedTuple):
    """When light comes to the top of a rise and fall, and how far it went, in points: 0 where that is no swell."""

    at: Ms
    points: float


def _swell(one: Extreme, top: Extreme, other: Extreme) -> Swell:
    points = min(top.value - one.value, top.value - other.value)
    return Swell(top.came, points if other.came - one.left <= LONGEST_SWELL else 0.0)


def _count(place: PlacedChapter, *further: str) -> KeyPath:
    return (*place.path, "count", *further) if place.counted else place.path


# Jumps


def may_jump(tracks: Mapping[Track, Course]) -> bool:
    """Whether lamps come up fast enough, all at once, for a jump; a quick answer for most scenes."""
    courses = [course for track, course in tracks.items() if track.attribute is Attribute.LEVEL]
    fastest = max((_fastest(course) for course in courses), default=0.0)
    return fastest * len(courses) > COLD_POINTS


def _fastest(course: Course) -> float:
    """The most that a level rises in JUMP_WITHIN by one fade after the other."""
    rises = [
        (level - before) * min(1.0, JUMP_WITHIN / max(fade.end - fade.start, 1))
        for fade in course.fades
        if isinstance(level := fade.target, float) and isinstance(before := course.coming_to(fade.start), float)
    ]
    return max(rises, default=0.0) * 2.0


def jump_remarks(shown: ShownLight, places: Sequence[PlacedChapter]) -> Iterator[Remark]:
    """Light that jumps up out of the dark."""
    seen = [(frame.at, _seen(frame, shown), frame) for frame in shown.frames if frame.at >= 0]
    for number, (later, level, frame) in enumerate(seen):
        cold = _cold(frame)
        most = COLD_POINTS if cold else JUMP_POINTS
        for moment, before, _ in reversed(seen[:number]):
            if moment < later - JUMP_WITHIN:
                break
            if before < DIM and level - before > most + 1e-6:
                message = (
                    f"light jumps from {before:.0f} % to {level:.0f} %{cold} {_within(later - moment)}, "
                    f"{clock(moment)}; eyes that are used to the dark bear {most:.0f} % in {seconds(JUMP_WITHIN)} (our "
                    "measure): fade it in"
                )
                yield Remark(there(later, places).path, "jump", level - before, message)


def _seen(frame: LitMoment, shown: ShownLight) -> float:
    """All lights as one: L* of a lamp at full, where brighter lamps count more."""
    light = sum(lit.luminance * lamp.lux / LAMP_LUX for lit, lamp in zip(frame.lit, shown.lamps, strict=True))
    return lightness(min(light, 1.0))


def _cold(frame: LitMoment) -> str:
    """Cold light among what is on, for a sentence: white of COLD_KELVIN or more, and colours that count as much."""
    shown = (lit.colour for lit in frame.lit if lit.level > 0.0 and lit.colour is not None)
    coldest = max(shown, key=ratio, default=None)
    if coldest is None or ratio(coldest) < ratio(Temperature.of_kelvin(COLD_KELVIN)):
        return ""
    return f" of {coldest.kelvin:.0f} K" if isinstance(coldest, Temperature) else f" of {coldest.hex}"


def _within(lasts: Ms) -> str:
    return f"within {seconds(lasts)}" if lasts else "at once"
