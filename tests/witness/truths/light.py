"""Every lamp is as the plan says, at every second, and never jumps."""

import math
from collections.abc import Iterator

from tests.witness.case import Case, Finding
from tests.witness.disturbances import RETURNS
from tests.witness.lamps import Lamp
from tests.witness.wanted import Colour, Fade, Track

GRID = 0.5
LEVEL = 2.0
"""L* that a lamp may be off, besides one unit of its own."""
MIRED = 15.0
COLOUR = 0.01
"""Distance in u'v'."""
STEP = 0.15
"""Of luminance, in half a second, more than the plan."""
CATCHING_UP = 1.15
"""A lamp that its bridge makes late goes a little faster than the plan until it is there."""
HEEDS = 0.5
"""Seconds of what excuses a lamp that do not count where it has not heard yet: a bridge takes it within a second."""
SEGMENT = 10.0
"""Seconds that one command of a fade takes at most: in the first a lamp with a `min` gets there from the dark."""
FAINT = 5.0
"""Percent of a level that is about a lamp's least."""
WAY_BACK = 0.25
"""Of its whole way a lamp that has returned goes so much at most in half a second: it glides, and does not leap."""
ROUNDING = 0.02
"""What the plan is looked at too seldom to see."""


def judge(case: Case) -> Iterator[Finding]:
    for lamp in case.lamps:
        if lamp.before.get("mute"):
            continue
        yield from _level(case, lamp)
        if not lamp.fades_by_nobody:
            yield from _steps(case, lamp)
        yield from _colour(case, lamp)
        if lamp_refusals := getattr(lamp, "refused", []):
            yield case.finding(
                "light: refused", 0.0, lamp.name, "what it can", f"its bridge refused {', '.join(set(lamp_refusals))}"
            )


def _level(case: Case, lamp: Lamp) -> Iterator[Finding]:
    track = case.track(lamp.name, "level")
    if track is None:
        return
    late = case.late(lamp)
    first, last = int(track.first / GRID) + 1, int(_until(case, track) / GRID)
    back = math.ceil(late / GRID)
    wanted = [_wanted(case, lamp, track, index * GRID) for index in range(max(first - back, 0), last + 2)]
    offset = max(first - back, 0)
    stretch = _Stretch(case, "light: level", lamp.name)
    for index in range(first, last + 1):
        t = index * GRID
        window = wanted[max(index - back - offset, 0) : index + 2 - offset]
        known = [each for each in window if each is not None]
        if len(known) < len(window):
            continue
        units = lamp.level.at(t)
        seen = lamp.looks(units)
        unit = lamp.looks(min(units + 1.0, lamp.units)) - lamp.looks(max(min(units, lamp.units - 1.0), 0.0))
        known += _unheeded(case, lamp, track, t, late)
        low, high = min(known), max(known)
        if (
            lamp.least
            and low <= lamp.looks(lamp.wanted(0.1)) + LEVEL
            and track.look_at(case.playhead.clock.running(t)).target == 0.0
        ):
            low = 0.0  # on its way out it may go below its `min`
        elif lamp.least and _comes_up(case, track, t, late) and high <= lamp.looks(lamp.wanted(FAINT)) + LEVEL:
            low = 0.0  # and as it comes up softly from being off
        off = max(low - seen, seen - high) - LEVEL - unit
        if off > 0.0:
            stretch.add(t, off, f"{_range(low, high)} L*", f"{seen:.1f} L* ({units:.0f} of {lamp.units})")
        elif found := stretch.ended():
            yield found
    if found := stretch.ended():
        yield found


def _unheeded(case: Case, lamp: Lamp, track: Track, t: float, late: float) -> list[float]:
    """Where it would be if it had not yet heard what a person said a moment ago: its bridge may be that late.

    One that goes too far into a pause goes back in as long again.
    """
    if lamp.fades_by_nobody:
        return []
    late -= HEEDS
    clock, levels = case.playhead.clock, []
    for said in clock.commands:
        if not 0.0 <= t - said.t <= (2.0 * late if said.word == "pause" else late):
            continue
        heard = clock.running(said.t) - 1e-3
        fade = track.fade_at(heard)
        moments = (heard + GRID * step for step in range(math.ceil(min(t - said.t, late) / GRID) + 1))
        values = (fade.at(moment) for moment in moments) if fade is not None else ()
        levels += [lamp.looks(lamp.wanted(value)) for value in values if value is not None]
    return levels


def _comes_up(case: Case, track: Track, t: float, late: float) -> bool:
    """Whether it is in the first seconds of a fade that begins in the dark."""
    moment = case.playhead.clock.running(t)
    fade = track.look_at(moment)
    return fade.origin == 0.0 and moment <= fade.start + SEGMENT + late


def _wanted(case: Case, lamp: Lamp, track: Track, t: float) -> float | None:
    if case.is_restless(lamp, "level", t):
        return None
    moment = case.playhead.clock.running(t)
    level = track.at(moment)
    fade = track.fade_at(moment)
    if fade is not None and lamp.fades_by_nobody:
        if track.look_at(moment).end > moment:
            return None  # it goes to where it is wanted in the end, at once; light on its way is no light to compare
        level = fade.target
    return None if level is None else lamp.looks(lamp.wanted(level))


def _until(case: Case, track: Track) -> float:
    """Until when a lamp is judged: a landing that protects the eyes goes on when the session is over."""
    if case.aborted < float("inf"):
        return case.aborted
    if case.ending == "lost" and case.landing is not None and case.recording.cast.get("at_night"):
        return case.landing.wall  # what is lost at night waits for the morning
    return min(case.landed, case.seconds)


def largest_step(case: Case, lamp: Lamp) -> tuple[float, float, float, float]:
    """The largest change of luminance at once: its share, units before and after, and when. For whoever prints it."""
    largest = (0.0, 0.0, 0.0, 0.0)
    for t in lamp.level.moments:
        before, after = lamp.level.just_before(t), lamp.level.at(t)
        if abs(after - before) <= 1.01:
            continue
        share = _share(lamp.light(before), lamp.light(after))
        if share > largest[0]:
            largest = share, before, after, t
    return largest


def _steps(case: Case, lamp: Lamp) -> Iterator[Finding]:
    track = case.track(lamp.name, "level")
    late = case.late(lamp)
    stretch = _Stretch(case, "light: step", lamp.name)
    for line in lamp.level.lines[1:]:
        moments = [line.start - 1e-6]
        if line.end - line.start > GRID:
            moments += [line.start + GRID * n for n in range(int((line.end - line.start) / GRID))]
        for t in moments:
            if t >= case.aborted - 0.1:
                return
            before, after = lamp.level.at(t), lamp.level.at(t + GRID - 2e-6)
            if abs(after - before) <= (
                1.01 if t < line.start else 1.6
            ):  # on the way it is a whole number of units, too
                continue
            share = _share(lamp.light(before), lamp.light(after))
            if case.is_restless(lamp, "level", t + GRID):
                # It was somebody's, or comes back to where the room is.
                if share > STEP and _leaps_back(case, lamp, t, late):
                    wanted = f"to be where the room is in {RETURNS:.0f} s, now that it is back"
                    stretch.add(t, share, wanted, f"{before:.0f} to {after:.0f} of {lamp.units} in half a second")
                continue
            if share <= STEP or (track is not None and after < before and _leaves_its_least(case, lamp, track, t)):
                continue
            end = t + GRID + case.recording.slack
            planned = _planned(case, lamp, track, t - late, end) if track is not None else 0.0
            if share > STEP + planned * max(CATCHING_UP, case.hurry(lamp)) + ROUNDING:
                wanted = f"at most {100 * (STEP + planned):.0f} % of its light in half a second"
                stretch.add(t, share, wanted, f"{100 * share:.0f} % ({before:.0f} to {after:.0f} of {lamp.units})")
    if found := stretch.ended():
        yield found


def _leaps_back(case: Case, lamp: Lamp, t: float, late: float) -> bool:
    """Whether it has just returned, and goes to where the room is as nobody wants to see it."""
    if not lamp.says_it_is_back or any(abs(hand.t - t) < GRID for hand in case.disturbances.hands):
        return False
    for _, back in case.disturbances.absences(lamp.name):
        if back - 0.01 <= t <= back + RETURNS + late:
            seconds = int(RETURNS + late) + 1
            levels = [lamp.level.just_before(back), *(lamp.level.at(back + GRID * n) for n in range(2 * seconds))]
            step = abs(lamp.level.at(t + GRID - 2e-6) - lamp.level.at(t))
            return step > WAY_BACK * (max(levels) - min(levels)) + 1.6
    return False


def _leaves_its_least(case: Case, lamp: Lamp, track: Track, t: float) -> bool:
    """Whether it goes out from its `min`: softly, which is better than the plan, that lets it fall at the end."""
    is_going_out = track.look_at(case.playhead.clock.running(t)).target == 0.0
    return bool(lamp.least) and is_going_out and lamp.level.at(t) <= lamp.wanted(0.1) + 1.0


def _planned(case: Case, lamp: Lamp, track: Track, start: float, end: float) -> float:
    """The most that the plan changes in any half second of a stretch; all of it where nobody knows whence."""
    most, t = 0.0, start
    while t < end:
        one, other = _wanted(case, lamp, track, t), _wanted(case, lamp, track, t + GRID)
        if one is None or other is None:
            return 1.0
        most = max(most, _share(lamp.light(_units(lamp, one)), lamp.light(_units(lamp, other))))
        t += GRID / 2
    return most


def _units(lamp: Lamp, looks: float) -> float:
    """The units that look like this, whatever `min` and `max`."""
    from tests.witness.colorimetry import luminance

    share = {"linear": luminance(looks), "squared": math.sqrt(luminance(looks))}.get(lamp.curve, looks / 100.0)
    return lamp.units * share


def _colour(case: Case, lamp: Lamp) -> Iterator[Finding]:
    track = case.track(lamp.name, "colour")
    if track is None or not (lamp.whites or lamp.colours):
        return
    late = case.late(lamp)
    stretch = _Stretch(case, "light: colour", lamp.name)
    t = float(int(track.first) + 1)
    while t < _until(case, track):
        clock = case.playhead.clock
        fade = track.fade_at(clock.running(t))
        at_rest = fade is not None and clock.running(t) > fade.end + late + 2.0
        is_free = not lamp.one_attribute and not lamp.fades_by_nobody
        lit = lamp.level.at(t) > 1.5 and lamp.level.at(max(t - late - 1.0, 0.0)) > 1.5
        off = None
        is_restless = case.is_restless(lamp, "colour", t)
        if (
            lit
            and not is_restless
            and (at_rest or (is_free and fade is not None and _is_lit_throughout(case, lamp, fade)))
        ):
            window = [track.at(clock.running(t - back * GRID)) for back in range(-1, math.ceil(late / GRID) + 1)]
            off = _off(lamp, [each for each in window if each is not None], t) if None not in window else None
        if off is not None:
            stretch.add(t, *off)
        elif found := stretch.ended():
            yield found
        t += 1.0
    if found := stretch.ended():
        yield found


def _is_lit_throughout(case: Case, lamp: Lamp, fade: Fade) -> bool:
    """Whether the lamp was on as a fade began and will be at its end: in the dark a colour needs no way."""
    level = case.track(lamp.name, "level")
    if level is None or not level.before:
        return (
            level is not None
            and level.before is not None
            and fade.start > level.first + 0.01
            and bool(level.at(fade.end))
        )
    return bool(level.at(fade.start)) and bool(level.at(fade.end))


def _off(lamp: Lamp, wanted: list[Colour], t: float) -> tuple[float, str, str] | None:
    """How far the colour is off, if it is: figure, wanted, seen."""
    seen = lamp.colour.at(t)
    if all(each.mired is not None for each in wanted):
        if not lamp.whites:
            return None
        mired = [min(max(each.mired or 0.0, lamp.coolest), lamp.warmest) for each in wanted]
        if seen.mired is None:
            return 99.0, f"white of {mired[0]:.0f} mired", "a colour"
        off = max(min(mired) - seen.mired, seen.mired - max(mired))
        return (off, f"{_range(min(mired), max(mired))} mired", f"{seen.mired:.0f} mired") if off > MIRED else None
    if not lamp.colours or any(each.mired is not None for each in wanted):
        return None
    off = min(seen.distance(each.chromaticity) for each in wanted)
    aim = wanted[0].chromaticity
    if off <= COLOUR:
        return None
    return off, f"u'v' ({aim.u:.3f}, {aim.v:.3f})", f"({seen.u:.3f}, {seen.v:.3f}), {off:.3f} away"


class _Stretch:
    """Seconds in a row in which a truth does not hold make one finding: the worst of them, and how long."""

    def __init__(self, case: Case, truth: str, device: str) -> None:
        self._case, self._truth, self._device = case, truth, device
        self._worst: tuple[float, float, str, str] | None = None
        self._count = 0

    def add(self, t: float, figure: float, wanted: str, seen: str) -> None:
        self._count += 1
        if self._worst is None or figure > self._worst[1]:
            self._worst = t, figure, wanted, seen

    def ended(self) -> Finding | None:
        if self._worst is None:
            return None
        t, _, wanted, seen = self._worst
        more = f", {self._count} times" if self._count > 1 else ""
        self._worst, self._count = None, 0
        return self._case.finding(self._truth, t, self._device, wanted, f"{seen}{more}")


def _share(one: float, other: float) -> float:
    most = max(one, other)
    return abs(one - other) / most if most > 0.0 else 0.0


def _range(low: float, high: float) -> str:
    return f"{low:.1f}" if high - low < 0.1 else f"{low:.1f} to {high:.1f}"
