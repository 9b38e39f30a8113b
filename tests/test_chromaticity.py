import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator import chromaticity
from orchestrator.values import HueSaturation, Rgb, Temperature, Xy, same_light

parts = st.floats(min_value=0.0, max_value=255.0)


def test_the_corners_of_srgb_are_where_the_standard_has_them():
    assert chromaticity.xy_of_rgb(255, 0, 0) == pytest.approx((0.6400, 0.3300), abs=1e-4)
    assert chromaticity.xy_of_rgb(0, 255, 0) == pytest.approx((0.3000, 0.6000), abs=1e-4)
    assert chromaticity.xy_of_rgb(0, 0, 255) == pytest.approx((0.1500, 0.0600), abs=1e-4)
    assert chromaticity.xy_of_rgb(255, 255, 255) == pytest.approx((0.3127, 0.3290), abs=1e-4)


@pytest.mark.parametrize(
    ("kelvin", "x", "y"),
    [(1667, 0.5646, 0.4029), (2700, 0.4599, 0.4106), (4000, 0.3805, 0.3768), (6500, 0.3135, 0.3237)],
)
def test_whites_lie_on_the_planckian_locus(kelvin, x, y):
    """Values of the CIE's tables for black bodies."""
    white = Temperature.of_kelvin(kelvin).xy
    assert (white.x, white.y) == pytest.approx((x, y), abs=5e-4)


@given(st.builds(Rgb, *[st.floats(min_value=30.0, max_value=255.0)] * 3))
def test_a_colour_survives_its_chromaticity(colour):
    assert colour.xy.rgb.parts == pytest.approx(colour.full.parts, abs=1.5)


@given(st.builds(Rgb, parts, parts, parts))
def test_a_colour_survives_its_hue(colour):
    if max(colour.parts) > 1:
        assert colour.hue.rgb.parts == pytest.approx(colour.full.parts, abs=0.5)


@given(st.floats(-10, 10), st.floats(-10, 10))
def test_every_chromaticity_is_some_colour_of_a_screen(x, y):
    assert all(0.0 <= part <= 255.5 for part in Xy(x, y).rgb.parts)


def test_a_red_that_no_screen_shows_is_another_red():
    deep, screen = Xy(0.70, 0.30), Rgb(255.0, 0.0, 0.0)
    assert deep.rgb.parts == pytest.approx(screen.parts, abs=1)
    assert not same_light(deep, screen, 0.01)
    assert same_light(HueSaturation(0.0, 100.0), screen, 1e-6)
