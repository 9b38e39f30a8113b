"""A lamp follows a fade however slow it is: it stands nowhere until the end, and never catches up at once."""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.devices.abilities import ColourMode, DeviceCurve, FadeBy, LightAbilities
from orchestrator.devices.messages import LightReport, SetLight
from orchestrator.fade import Curve, Fade, luminance
from orchestrator.stage.segments import level, units
from orchestrator.stage.staged_light import StagedLight
from orchestrator.stage.want import Want
from orchestrator.units import MINUTE, SECOND, Ms, Percent
from orchestrator.values import Attribute, Temperature
from tests.levels import level as as_level

LEVEL, COLOUR = Attribute.LEVEL, Attribute.COLOUR
SLOW = 15 * MINUTE
"""A fade over all the light in so long goes 1 L* in ten seconds."""


class Told(NamedTuple):
    """One command, and where the lamp was by then."""

    at: Ms
    change: SetLight


def told(lamp: StagedLight, want: Want, late: Ms = 0) -> list[Told]:
    """All that the lamp is told of a want, each time `late` after it was due."""
    lamp.want(LEVEL, want, want.fade.start)
    due: Ms | None = want.fade.start
    commands = []
    while due is not None:
        now = due + late
        while (change := lamp.peek(now)) is not None:
            assert isinstance(change, SetLight)
            lamp.sent(change, now)
            commands.append(Told(now, change))
        due = lamp.due_after(now)
        assert due is None or due > now
    return commands


def shown(commands: list[Told], start: float, steps: int, every: Ms, until: Ms) -> Iterator[tuple[Ms, float]]:
    """In which units a lamp is that goes straight from command to command: an observer's, who knows the wire alone."""
    coming = list(commands)
    origin, target, begun, lasts = start, start, 0, 0
    for now in range(0, until, every):
        while coming and coming[0].at <= now:
            at, change = coming.pop(0)
            share = min((at - begun) / lasts, 1.0) if lasts else 1.0
            origin, begun, lasts = origin + (target - origin) * share, at, change.transition
            assert change.level is not None
            target = change.level / 100.0 * steps
        share = min((now - begun) / lasts, 1.0) if lasts else 1.0
        yield now, origin + (target - origin) * share


def unit_at(here: float, lamp: LightAbilities) -> float:
    """L* of one unit of the lamp, where it is: the first one goes from off."""
    below = max(math.floor(here), 1)
    return max(level(below + 1, lamp) - level(below, lamp), level(below, lamp) - level(below - 1, lamp)) + 0.1


@st.composite
def lamps(draw: st.DrawFn) -> LightAbilities:
    """Steps are as far apart as a home file has them by default, or a bridge lets them be."""
    fade = draw(st.sampled_from([FadeBy.NATIVE, FadeBy.STEPPED]))
    steps, curve = draw(st.sampled_from([100, 254, 255, 1000])), draw(st.sampled_from(list(DeviceCurve)))
    apart = [SECOND // 4, SECOND] if fade is FadeBy.STEPPED else [SECOND, 5 * SECOND, 10 * SECOND]
    least, most = draw(st.sampled_from([(0.0, 100.0), (0.0, 80.0), (10.0, 60.0)]))
    return LightAbilities(
        fade=fade,
        steps=steps,
        curve=curve,
        segment=draw(st.sampled_from(apart)),
        least=Percent(least),
        most=Percent(most),
    )


levels = st.floats(1.0, 100.0)
lengths = st.integers(1, 12).map(lambda part: part * SLOW // 4)
lateness = st.sampled_from([0, 200])
curves = st.sampled_from([Curve.PERCEPTUAL, Curve.LINEAR, Curve.EASE])


def at_rest(abilities: LightAbilities, lightness: float) -> StagedLight:
    lamp = StagedLight(abilities)
    here = round(units(lightness, abilities)) / abilities.steps * 100.0
    lamp.report(LightReport(Percent(here), None), 0, retained=False)
    return lamp


@given(
    lamps(), levels, levels, curves, st.integers(1, 12).map(lambda part: part * SLOW // 4), st.sampled_from([0, 200])
)
def test_a_lamp_is_never_further_from_a_slow_fade_than_two_steps_of_lightness_and_a_unit(
    abilities: LightAbilities, origin: float, target: float, curve: Curve, lasts: Ms, late: Ms
) -> None:
    fade = Fade(0, lasts, origin, target, curve)
    commands = told(at_rest(abilities, origin), Want(fade), late)
    start = float(round(units(origin, abilities)))
    for now, here in shown(commands, start, abilities.steps, 500, lasts + SECOND):
        apart = abs(level(here, abilities) - as_level(fade.at(now)))
        assert apart <= 2.0 + unit_at(here, abilities), f"{apart:.2f} L* at {now} ms"


@given(
    lamps(), levels, levels, curves, st.integers(1, 12).map(lambda part: part * SLOW // 4), st.sampled_from([0, 200])
)
def test_no_step_of_a_slow_fade_is_more_than_fifteen_percent_or_a_unit(
    abilities: LightAbilities, origin: float, target: float, curve: Curve, lasts: Ms, late: Ms
) -> None:
    """But where the fade itself goes further from one step to the next."""
    fade = Fade(0, lasts, origin, target, curve)
    commands = told(at_rest(abilities, origin), Want(fade), late)
    before = round(units(origin, abilities))
    for now, change in commands:
        assert change.level is not None
        here = round(change.level / 100.0 * abilities.steps)
        assert here != before, f"nothing new at {now} ms"
        one, other = sorted(luminance(level(each, abilities)) for each in (before, here))
        since = as_level(fade.at(max(now - abilities.segment - late, 0)))
        planned = abs(units(as_level(fade.at(now)), abilities) - units(since, abilities))
        is_even = abs(here - before) <= 1.0 + planned or other / one <= 1.15
        assert change.transition > 0 or is_even, f"{before} to {here} at {now}"
        before = here


def test_the_default_evening_never_stands_still_for_minutes() -> None:
    """41 to 20 of 254 in ten minutes: a unit every half minute."""
    fade = Fade(0, 10 * MINUTE, 41 / 2.54, 20 / 2.54)
    commands = told(at_rest(LightAbilities(), 41 / 2.54), Want(fade))
    assert len(commands) == 21
    gaps = [after.at - before.at for before, after in pairwise(commands)]
    assert max(gaps) <= 40 * SECOND


@given(st.integers(5, 60), st.floats(153, 500), st.floats(153, 500), st.booleans())
def test_a_slow_fade_of_white_is_never_further_off_than_a_mired_or_two(
    minutes: int, origin: float, target: float, dims: bool
) -> None:
    abilities = LightAbilities(colours=ColourMode.TEMPERATURE)
    lamp = at_rest(abilities, 50.0)
    lamp.report(LightReport(None, Temperature(float(round(origin)))), 0, retained=False)
    white = Fade(0, minutes * MINUTE, Temperature(origin), Temperature(target))
    lamp.want(COLOUR, Want(white), 0)
    if dims:
        lamp.want(LEVEL, Want(Fade(0, minutes * MINUTE, 50.0, 45.0)), 0)
    due: Ms | None = 0
    here = float(round(origin))
    while due is not None:
        planned = white.at(due)
        assert isinstance(planned, Temperature)
        assert abs(planned.mired - here) <= 1.5
        while (change := lamp.peek(due)) is not None:
            assert isinstance(change, SetLight)
            lamp.sent(change, due)
            if isinstance(change.colour, Temperature):
                here = change.colour.mired
        ahead = lamp.due_after(due)
        assert ahead is None or ahead - due <= abilities.segment
        due = ahead
    assert abs(here - target) <= 1.0


@given(st.integers(1000, 6000))
def test_a_lamp_that_is_told_the_end_of_a_fade_too_late_glides_there(late: Ms) -> None:
    """Its bridge was busy: what was to take four seconds is not done at once, and not said twice."""
    commands = told(at_rest(LightAbilities(), 80.0), Want(Fade(0, 4 * SECOND, 80.0, 20.0)), late)
    assert commands[-1].change.transition >= SECOND
    assert len({command.change.level for command in commands}) == len(commands)


def test_what_is_wanted_at_once_is_done_at_once() -> None:
    [only] = told(at_rest(LightAbilities(), 80.0), Want(Fade.still(0, 20.0)))
    assert only.change.transition == 0


def test_a_lamp_that_cannot_fade_goes_to_level_and_colour_at_once() -> None:
    lamp = at_rest(LightAbilities(fade=FadeBy.NONE), 80.0)
    lamp.report(LightReport(None, Temperature(250.0)), 0, retained=False)
    lamp.want(LEVEL, Want(Fade(0, MINUTE, 80.0, 40.0)), 0)
    lamp.want(COLOUR, Want(Fade(0, MINUTE, Temperature(250.0), Temperature(400.0))), 0)
    change = lamp.peek(0)
    assert isinstance(change, SetLight)
    assert change.colour == Temperature(400.0)
    lamp.sent(change, 0)
    assert lamp.due_after(0) is None
