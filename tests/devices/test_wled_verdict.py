"""Our WLED before python-wled, Home Assistant's library: what a strip is told, and how it is read."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from orchestrator.devices.dialects.wled import Wled, WledSettings
from orchestrator.devices.messages import LightReport, Message, SetLight
from orchestrator.units import Percent
from orchestrator.values import Channels, Rgb, Temperature

FOLDER = Path(__file__).parent / "verdicts"
VERDICT = json.loads((FOLDER / "python-wled-1.1.1.json").read_text())
QUESTIONS = json.loads((FOLDER / "wled-questions.json").read_text())
RED, MIXED = Rgb(255.0, 153.0, 60.0), Channels((255.0, 0.0, 0.0, 139.0))
WISHES = (
    ("master", {"on": True, "brightness": 51, "transition": 100}, SetLight(Percent(20.0), None, 10_000)),
    ("master", {"on": True, "brightness": 51, "transition": 3000}, SetLight(Percent(20.0), None, 300_000)),
    ("master", {"on": True, "brightness": 1, "transition": 1}, SetLight(Percent(0.1), None, 0)),
    ("master", {"on": False, "transition": 50}, SetLight(Percent(0.0), None, 5_000)),
    (
        "segment",
        {"segment": 0, "color_primary": [255, 153, 60], "effect": 0, "transition": 20},
        SetLight(None, RED, 2_000),
    ),
    (
        "segment",
        {"segment": 0, "color_primary": [255, 0, 0, 139], "effect": 0, "transition": 20},
        SetLight(None, MIXED, 2_000),
    ),
    (
        "segment",
        {"segment": 0, "color_primary": [0, 0, 0, 255], "cct": 2700, "effect": 0, "transition": 1},
        SetLight(None, Temperature.of_kelvin(2700), 0),
    ),
    ("nightlight", {"on": False}, SetLight(Percent(20.0), None, 0)),
)


def strip(**entry):
    return Wled("strip", WledSettings.model_validate({"kind": "light", "dialect": "wled", "topic": "wled/x"} | entry))


def test_python_wled_was_asked_about_what_relax_sends():
    assert QUESTIONS["wishes"] == [[method, options] for method, options, _ in WISHES]


@pytest.mark.parametrize("number", range(len(WISHES)))
def test_a_wish_becomes_what_python_wled_sends(number):
    """It names one segment; ours are those that are selected."""
    (command,) = strip(colors=["temperature", "rgb"]).encode(WISHES[number][2])
    ours, theirs = json.loads(command.payload), VERDICT["asked"][number]
    if "seg" in theirs:
        (theirs["seg"],) = ({key: value for key, value in each.items() if key != "id"} for each in theirs["seg"])
        assert ours["seg"] == theirs["seg"]
    assert {key: value for key, value in theirs.items() if key != "seg"}.items() <= ours.items()


@pytest.mark.parametrize("name", QUESTIONS["states"])
def test_a_strip_is_read_over_mqtt_as_python_wled_reads_it(name):
    """What it publishes of such a state is as mqtt.cpp writes it."""
    seen = VERDICT["read"][name]
    red, green, blue, white = [*seen["colour"], 0][:4]
    bri = seen["brightness"] if seen["on"] else 0
    said = [
        Message("wled/x/g", f"{bri}"),
        Message("wled/x/c", f"#{white << 24 | red << 16 | green << 8 | blue:06X}"),
    ]
    level, shown = (report for message in said for report in strip().decode(message))
    assert isinstance(level, LightReport)
    assert isinstance(shown, LightReport)
    assert level.level == pytest.approx(bri * 100 / 255)
    assert isinstance(shown.colour, Rgb | Channels)
    assert [*shown.colour.parts, 0.0][:4] == [red, green, blue, white]


def test_python_wled_says_the_same_today():
    """RELAX_PYTHON_WLED names a Python that has wled; without one the verdict that was recorded stands."""
    python = os.environ.get("RELAX_PYTHON_WLED")
    if not python:
        pytest.skip("no python-wled: pip install wled in a venv elsewhere and set RELAX_PYTHON_WLED to its python")
    questions = (FOLDER / "wled-questions.json").read_text()
    done = subprocess.run(
        [python, str(FOLDER / "python_wled.py")], input=questions, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == json.loads((FOLDER / "python-wled-1.1.1.json").read_text())
