"""A lamp's own units, and how fades are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.devices.abilities import DeviceCurve, LightAbilities
from orchestrator.fade import Curve, Fade
from orchestrator.stage.segments import SHORTEST, TOLERANCE, level, segment, units
from orchestrator.stage.want import Want
from orchestrator.units import Percent

curves = st.sampled_from(list(DeviceCurve))


@given(st.floats(0.01, 100), curves, st.integers(1, 1000))
def test_on_is_at_least_one_unit_and_at_most_all(lightness: float, curve: DeviceCurve, steps: int) -> None:
    assert 1 <= units(lightness, LightAbilities(curve=curve, steps=steps)) <= steps


@given(curves)
def test_off_is_nothing_exactly(curve: DeviceCurve) -> None:
    lamp = LightAbilities(curve=curve)
    assert units(0.0, lamp) == 0.0
    assert level(0.0, lamp) == 0.0


@given(st.floats(10, 100), curves, st.floats(0, 20), st.floats(60, 100))
def test_lightness_survives_the_way_there_and_back(
    lightness: float, curve: DeviceCurve, least: float, most: float
) -> None:
    lamp = LightAbilities(curve=curve, least=Percent(least), most=Percent(most))
    assert level(units(lightness, lamp), lamp) == pytest.approx(lightness, abs=0.5)


@given(st.floats(60, 99), st.floats(0, 1), curves, st.sampled_from([100, 254, 1000]))
def test_a_lamp_that_a_person_had_brighter_than_we_use_it_is_given_back_so(
    most: float, share: float, curve: DeviceCurve, steps: int
) -> None:
    lamp = LightAbilities(curve=curve, most=Percent(most), steps=steps)
    was = steps * (most + (100.0 - most) * share) / 100.0
    assert units(level(was, lamp), lamp) == pytest.approx(was)


def test_a_linear_lamp_shows_half_light_with_a_fifth_of_its_units() -> None:
    lamp = LightAbilities(curve=DeviceCurve.LINEAR, steps=1000)
    assert round(units(50.0, lamp)) == 184


@given(
    st.floats(1, 100),
    st.floats(1, 100),
    st.integers(2_000, 600_000),
    st.sampled_from([Curve.LINEAR, Curve.PERCEPTUAL, Curve.EASE]),
    curves,
)
def test_a_segment_never_strays_more_than_two_steps_of_lightness(
    origin: float, target: float, lasts: int, curve: Curve, own: DeviceCurve
) -> None:
    lamp = LightAbilities(curve=own, steps=10_000)
    want = Want(Fade(0, lasts, origin, target, curve))
    now = 0
    while now < lasts:
        start = units(float(want.at(now)), lamp)  # type: ignore[arg-type]
        length = segment(want, now, start, lamp)
        assert 0 < length <= lamp.segment
        end = units(float(want.at(now + length)), lamp)  # type: ignore[arg-type]
        for share in (0.25, 0.5, 0.75):
            shown = level(start + (end - start) * share, lamp)
            planned = float(want.at(now + round(length * share)))  # type: ignore[arg-type]
            assert abs(shown - planned) <= TOLERANCE + 0.5 or length <= SHORTEST
        now += length


def test_a_perceptual_lamp_is_told_ten_seconds_at_a_time() -> None:
    want = Want(Fade(0, 60_000, 80.0, 20.0))
    lamp = LightAbilities()
    assert segment(want, 0, units(80.0, lamp), lamp) == 10_000
    assert segment(want, 55_000, units(25.0, lamp), lamp) == 5_000
