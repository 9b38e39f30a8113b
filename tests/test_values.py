"""Colours and temperatures: what they look like and which is near."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.values import Rgb, Temperature


@given(st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}"))
def test_a_colour_reads_back_as_it_was_written(text: str) -> None:
    assert Rgb.of_hex(text).hex == text


@pytest.mark.parametrize("text", ["#fff", "ff9a3c0", "#gggggg", ""])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"colour|invalid"):
        Rgb.of_hex(text)


@given(st.floats(1000, 10_000))
def test_kelvin_and_mired_undo_each_other(kelvin: float) -> None:
    assert Temperature.of_kelvin(kelvin).kelvin == pytest.approx(kelvin)


@given(st.floats(1000, 12_000))
def test_a_white_is_a_colour_of_a_screen(kelvin: float) -> None:
    rgb = Temperature.of_kelvin(kelvin).rgb
    assert all(0 <= part <= 255 for part in (rgb.red, rgb.green, rgb.blue))


@given(st.floats(1500, 6000), st.floats(100, 2000))
def test_warmer_white_has_less_blue(kelvin: float, more: float) -> None:
    warm, cool = Temperature.of_kelvin(kelvin).rgb, Temperature.of_kelvin(kelvin + more).rgb
    assert warm.blue / warm.red <= cool.blue / cool.red


@pytest.mark.parametrize(
    ("colour", "least", "most"), [("#ff9a3c", 1900, 2500), ("#ffffff", 6000, 6600), ("#ff6a10", 1900, 2100)]
)
def test_the_nearest_white_of_a_colour_is_as_warm(colour: str, least: int, most: int) -> None:
    assert least <= Rgb.of_hex(colour).nearest_temperature.kelvin <= most
