"""Fades: functions of time that begin where they are, end where they should, and never jump."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.fade import QUIETEST_DB, Curve, Fade, amplitude, decibel, lightness, luminance, mixed
from orchestrator.values import SILENCE, Playing, Rgb, Temperature
from tests.levels import level

LEVELS = st.floats(0, 100)
CURVES = st.sampled_from(Curve)
MOMENTS = st.integers(0, 600_000)
COLOURS = st.builds(Temperature, st.floats(153, 500)) | st.builds(
    Rgb, st.floats(0, 255), st.floats(0, 255), st.floats(0, 255)
)


@pytest.mark.parametrize(
    ("level", "light"),
    [(0, 0), (8, 0.008856), (10, 0.0113), (25, 0.0442), (50, 0.1842), (75, 0.4828), (100, 1)],
)
def test_lightness_is_that_of_the_cie(level: float, light: float) -> None:
    assert luminance(level) == pytest.approx(light, abs=0.0001)
    assert lightness(luminance(level)) == pytest.approx(level, abs=1e-9)


@given(LEVELS)
def test_lightness_and_luminance_undo_each_other(level: float) -> None:
    assert lightness(luminance(level)) == pytest.approx(level, abs=1e-6)


@given(LEVELS, LEVELS)
def test_more_lightness_is_never_less_light(one: float, other: float) -> None:
    assert (one <= other) == (luminance(one) <= luminance(other)) or one == pytest.approx(other)


@given(st.floats(1, 100))
def test_decibels_and_amplitude_undo_each_other(percent: float) -> None:
    assert amplitude(decibel(percent)) == pytest.approx(percent)
    assert decibel(percent) >= QUIETEST_DB


@given(LEVELS, LEVELS, CURVES, MOMENTS, st.integers(0, 60_000))
def test_a_fade_begins_at_its_origin_and_ends_at_its_target(
    origin: float, target: float, curve: Curve, start: int, lasts: int
) -> None:
    fade = Fade(start, start + lasts, origin, target, curve)
    assert fade.at(start + lasts) == target
    assert fade.at(start + lasts + 1) == target
    assert lasts == 0 or fade.at(start) == origin
    assert lasts == 0 or fade.at(start - 1) == origin


@given(LEVELS, LEVELS, CURVES, st.integers(1, 60_000), st.data())
def test_a_fade_only_ever_goes_one_way(
    origin: float, target: float, curve: Curve, lasts: int, data: st.DataObject
) -> None:
    fade = Fade(0, lasts, origin, target, curve)
    early, late = sorted((data.draw(st.integers(0, lasts)), data.draw(st.integers(0, lasts))))
    before, after = level(fade.at(early)), level(fade.at(late))
    slack = 1.0 if curve is Curve.DECIBEL else 1e-6
    assert (after - before) * (1 if target >= origin else -1) >= -slack


@given(
    LEVELS, LEVELS, st.sampled_from([Curve.LINEAR, Curve.PERCEPTUAL, Curve.EASE]), st.integers(100, 60_000), st.data()
)
def test_a_fade_never_jumps(origin: float, target: float, curve: Curve, lasts: int, data: st.DataObject) -> None:
    fade = Fade(0, lasts, origin, target, curve)
    moment = data.draw(st.integers(0, lasts - 1))
    step = abs(level(fade.at(moment + 1)) - level(fade.at(moment)))
    # L* of light power is steepest in the dark: 903.3 points for all of it.
    steepest = 904 if curve is Curve.LINEAR else 1.5 * abs(target - origin)
    assert step <= steepest / lasts + 1e-6


@given(LEVELS, LEVELS, st.integers(1, 60_000), st.data())
def test_a_perceptual_fade_is_even_to_the_eye(origin: float, target: float, lasts: int, data: st.DataObject) -> None:
    moment = data.draw(st.integers(0, lasts))
    even = origin + (target - origin) * moment / lasts
    assert Fade(0, lasts, origin, target).at(moment) == pytest.approx(even, abs=1e-9)


def test_half_way_of_a_linear_fade_is_half_the_light_and_three_quarters_to_the_eye() -> None:
    assert Fade(0, 1000, 0.0, 100.0, Curve.LINEAR).at(500) == pytest.approx(76.07, abs=0.01)


def test_half_way_of_a_fade_of_music_is_half_the_decibels() -> None:
    assert Fade(0, 1000, 1.0, 100.0, Curve.DECIBEL).at(500) == pytest.approx(10.0)


@given(COLOURS, COLOURS, CURVES, st.floats(0, 1))
def test_between_two_colours_lies_a_colour(
    origin: Temperature | Rgb, target: Temperature | Rgb, curve: Curve, share: float
) -> None:
    between = mixed(origin, target, share, curve)
    if isinstance(between, Temperature):
        assert 152.9 <= between.mired <= 500.1
    else:
        assert isinstance(between, Rgb)
        assert all(-1e-6 <= part <= 255 + 1e-6 for part in (between.red, between.green, between.blue))


def test_whites_mix_in_mired() -> None:
    assert mixed(Temperature(200), Temperature(400), 0.5, Curve.PERCEPTUAL) == Temperature(300)


def test_music_and_switches_change_at_once() -> None:
    assert Fade(0, 1000, SILENCE, Playing(("rain",))).at(0) == Playing(("rain",))
    assert Fade(0, 1000, False, True).at(0) is True


def test_nothing_lies_between_a_level_and_a_colour() -> None:
    with pytest.raises(TypeError, match="nothing lies between"):
        mixed(50.0, Temperature(300), 0.5, Curve.LINEAR)


def test_a_still_value_stands() -> None:
    still = Fade.still(500, 40.0)
    assert [still.at(moment) for moment in (0, 500, 9999)] == [40.0, 40.0, 40.0]
