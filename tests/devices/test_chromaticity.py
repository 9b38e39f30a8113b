import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.devices import chromaticity
from orchestrator.devices.wire import share, units
from orchestrator.units import Percent
from orchestrator.values import Rgb

parts = st.floats(min_value=0.0, max_value=255.0)


def test_the_corners_of_srgb_are_where_the_standard_has_them():
    assert chromaticity.xy(Rgb(255, 0, 0)) == pytest.approx((0.6400, 0.3300), abs=1e-4)
    assert chromaticity.xy(Rgb(0, 255, 0)) == pytest.approx((0.3000, 0.6000), abs=1e-4)
    assert chromaticity.xy(Rgb(0, 0, 255)) == pytest.approx((0.1500, 0.0600), abs=1e-4)
    assert chromaticity.xy(Rgb(255, 255, 255)) == pytest.approx((0.3127, 0.3290), abs=1e-4)


@given(st.builds(Rgb, *[st.floats(min_value=30.0, max_value=255.0)] * 3))
def test_a_colour_survives_its_chromaticity(colour):
    seen = chromaticity.of_xy(*chromaticity.xy(colour))
    wanted = chromaticity.full(colour)
    for part, other in zip((seen.red, seen.green, seen.blue), (wanted.red, wanted.green, wanted.blue), strict=True):
        assert part == pytest.approx(other, abs=1.5)


@given(st.builds(Rgb, parts, parts, parts))
def test_a_colour_survives_its_hue(colour):
    seen, wanted = chromaticity.of_hue(*chromaticity.hue(colour)), chromaticity.full(colour)
    if max(colour.red, colour.green, colour.blue) > 1:
        assert (seen.red, seen.green, seen.blue) == pytest.approx((wanted.red, wanted.green, wanted.blue), abs=0.5)


@given(st.floats(-10, 10), st.floats(-10, 10))
def test_every_chromaticity_is_some_colour(x, y):
    colour = chromaticity.of_xy(x, y)
    assert all(0.0 <= part <= 255.5 for part in (colour.red, colour.green, colour.blue))


@given(st.floats(min_value=1e-9, max_value=100.0), st.integers(1, 65_535))
def test_what_is_on_is_at_least_one_unit(percent, scale):
    assert 1 <= units(Percent(percent), scale) <= scale


@given(st.integers(1, 65_535).flatmap(lambda scale: st.tuples(st.integers(0, scale), st.just(scale))))
def test_units_survive_percent(pair):
    amount, scale = pair
    assert units(share(amount, scale), scale) == amount
