"""`relax devices test` tries each lamp of a real Zigbee2MQTT: it is confirmed, not refused, never brighter, given back.

What lamps show is read from the simulated radio, never from topics. Four are tried at a time.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Mosquitto
from tests.far_end.real_zigbee import lamps, radio_log
from tests.far_end.real_zigbee.bridge import Bridge
from tests.far_end.real_zigbee.service import ROOM, ROOT

pytestmark = pytest.mark.timeout(900)

NAMES = {name: name.replace("/", "_").replace(" ", "_") for name in lamps.NAMES}
COMES_UP_TO = 64
"""A lamp that was off comes up to 25 %."""


@pytest.fixture
def bridge(mosquitto: Mosquitto, tmp_path: Path) -> Iterator[Bridge]:
    folder = os.environ.get("RELAX_ZIGBEE2MQTT")
    if folder is None:
        pytest.skip("no Zigbee2MQTT: install it as .ci/run does, and set RELAX_ZIGBEE2MQTT to its folder")
    with Bridge(tmp_path, Path(folder), mosquitto.port) as bridge:
        yield bridge


def home(port: int) -> dict[str, Any]:
    devices = {
        own: {"kind": "light", "dialect": "zigbee2mqtt", "topic": f"zigbee2mqtt/{name}"} for name, own in NAMES.items()
    }
    devices["plug"]["kind"] = "switch"
    rooms = {ROOM: {"roles": {"main": "hall"}}}
    return {"home": "real", "format": 1, "broker": {"port": port}, "devices": devices, "rooms": rooms}


def tried(folder: Path, device: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "orchestrator", "devices", "test", device, "--json", "--home", "home.yaml"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (device, done.stderr, done.stdout)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_every_lamp_of_a_real_bridge_confirms_what_it_is_told_and_is_as_before(
    bridge: Bridge, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    (tmp_path / "home.yaml").write_text(json.dumps(home(mosquitto.port)))
    before = radio_log.shown(bridge.entries())
    with ThreadPoolExecutor(4) as people:
        told = dict(zip(NAMES, people.map(lambda own: tried(tmp_path, own), NAMES.values()), strict=True))
    entries = bridge.entries()
    assert not [line for line in bridge.complaints if line.startswith("error")]
    assert not radio_log.refused(entries)
    assert {name: each["given_back"] for name, each in told.items() if each["given_back"] is not True} == {}
    assert radio_log.left_otherwise(before, radio_log.shown(entries)) == []
    assert {name: each["sets"] for name, each in told.items() if each["sets"]} == {}
    unconfirmed = {
        name: [each["about"] for each in one["tried"] if each["answer"] != "confirmed"] for name, one in told.items()
    }
    assert {name: abouts for name, abouts in unconfirmed.items() if abouts} == {}
    assert {name for name, each in told.items() if "fade" not in {one["what"] for one in each["tried"]}} <= {"plug"}
    assert brighter(entries, before) == []


def brighter(entries: list[dict[str, Any]], before: radio_log.Shown) -> list[str]:
    """Which lamps shone brighter than they may at any moment."""
    most = {name: was["level"] + 1 if was["on"] else COMES_UP_TO for name, was in before.items() if "level" in was}
    return [
        f"{name}: {state['level']} of {most[name]}"
        for entry in entries
        for name, state in entry.get("shows", {}).items()
        if name in most and state["on"] and state["level"] > most[name]
    ]
