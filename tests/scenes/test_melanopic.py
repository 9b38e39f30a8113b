"""Our melanopic figures are those of spectra: luxpy is the judge. docs/decisions/0035 says which spectra, and why."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.scenes import library
from orchestrator.scenes.checks.dose import most_light
from orchestrator.scenes.checks.lamps import LightRoom
from orchestrator.scenes.checks.melanopic import LAMP_LUX, at_eye, brightness, ratio
from orchestrator.scenes.planning.planner import plan
from orchestrator.scenes.planning.timeline import Timeline
from orchestrator.values import Colour, Rgb, Temperature
from tests.scenes.sketches import HEAD

HERE = Path(__file__).with_name("melanopic")
REFERENCES: dict[str, Any] = json.loads((HERE / "references.json").read_text(encoding="utf-8"))
NEAR = 0.05


def shining(look: str) -> Timeline:
    """A scene of one look."""
    text = HEAD.replace("looks:", f"looks:\n  on: {{{look}}}") + "steps: [{step: a, look: on}]"
    return plan(library.read(text, "sketch.yaml").model)


ONE_LAMP = shining("main: {brightness: 50%, temperature: 2700K}")


def colour_of(what: float | str) -> Colour:
    return Rgb.of_hex(what) if isinstance(what, str) else Temperature.of_kelvin(what)


@pytest.mark.parametrize(("kelvin", "judged"), REFERENCES["whites"].items())
def test_a_white_counts_as_the_judge_has_it(kelvin: str, judged: float) -> None:
    assert ratio(Temperature.of_kelvin(float(kelvin))) == pytest.approx(judged, rel=NEAR)


@pytest.mark.parametrize("name", REFERENCES["colours"])
def test_a_colour_counts_as_the_judge_has_it_and_is_as_bright(name: str) -> None:
    judged = REFERENCES["colours"][name]
    colour = Rgb.of_hex(judged["colour"])
    assert ratio(colour) == pytest.approx(judged["ratio"], rel=NEAR)
    assert brightness(colour) == pytest.approx(judged["luminance"], rel=NEAR)


@pytest.mark.parametrize("name", REFERENCES["mixed"])
def test_lamps_that_shine_together_count_as_the_judge_has_them(name: str) -> None:
    judged = REFERENCES["mixed"][name]
    dose = sum(at_eye(100.0, level, colour_of(what)) for what, level in judged["lamps"])
    assert dose == pytest.approx(100.0 * judged["luminance"] * judged["ratio"], rel=NEAR)


@pytest.mark.parametrize(("name", "kelvin"), [("A", 2856), ("D65", 6504)])
def test_lamps_of_the_commission_count_as_the_white_of_their_temperature(name: str, kelvin: float) -> None:
    assert ratio(Temperature.of_kelvin(kelvin)) == pytest.approx(REFERENCES["illuminants"][name], rel=NEAR)


@pytest.mark.parametrize(
    ("name", "kelvin"), [("LED_B1", 2733), ("LED_B2", 2998), ("LED_B3", 4103), ("LED_B4", 5109), ("LED_B5", 6598)]
)
def test_phosphor_leds_count_a_little_less_than_we_reckon_and_never_more(name: str, kelvin: float) -> None:
    judged = REFERENCES["illuminants"][name]
    assert judged < ratio(Temperature.of_kelvin(kelvin)) < 1.25 * judged


@given(st.floats(1000, 9000), st.floats(0, 2000))
def test_cooler_light_never_counts_less(kelvin: float, more: float) -> None:
    assert ratio(Temperature.of_kelvin(kelvin)) <= ratio(Temperature.of_kelvin(kelvin + more)) + 1e-9


@given(*[st.integers(0, 255)] * 3)
def test_a_colour_is_as_bright_as_white_at_most_and_counts_as_blue_at_most(red: int, green: int, blue: int) -> None:
    colour = Rgb(float(red), float(green), float(blue))
    assert 0.0 <= brightness(colour) <= 1.0 + 1e-9
    assert 0.0 <= ratio(colour) <= ratio(Rgb(0.0, 0.0, 255.0)) + 1e-9


def test_a_lamp_does_not_shrink_because_there_are_more() -> None:
    lit = "{brightness: 50%, temperature: 2700K}"
    assert most_light(shining(f"main: {lit}, glow: {lit}")).lux == pytest.approx(2.0 * most_light(ONE_LAMP).lux)


def test_a_home_that_has_measured_its_lamp_is_believed() -> None:
    measured = most_light(ONE_LAMP, LightRoom(lux={"main": 3.0 * LAMP_LUX}))
    assert measured.lux == pytest.approx(3.0 * most_light(ONE_LAMP).lux)


def test_the_references_are_what_the_judge_says_today() -> None:
    python = os.environ.get("RELAX_LUXPY") or (sys.executable if importlib.util.find_spec("luxpy") else None)
    if python is None:
        pytest.skip("no luxpy here: pip install '.[light]', or RELAX_LUXPY names a Python that has it")
    said = subprocess.run([python, HERE / "record.py", "--print"], check=True, capture_output=True, text=True).stdout
    assert {**json.loads(said), "luxpy": ""} == {**REFERENCES, "luxpy": ""}
