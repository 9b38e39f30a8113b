"""A real Zigbee2MQTT plays whole sessions on its lamps: nothing is refused, each is given back, no frame too many.

What lamps show is read from the simulated radio, never from topics. RELAX_ZIGBEE2MQTT names the folder where `.ci/run`
installs the bridge; RELAX_BRIDGE_SCENES says how many of the scenes are played (0: all, and each at speed 1 as well).
"""

import json
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Mosquitto
from tests.far_end.real_zigbee import lamps, radio_log
from tests.far_end.real_zigbee.bridge import Bridge
from tests.far_end.real_zigbee.radio_log import Shown
from tests.far_end.real_zigbee.service import ROOM, ROOT, Service

pytestmark = pytest.mark.timeout(1800)


def has_light(scene: Path) -> bool:
    return any("light" in role["kind"] for role in yaml.load(scene.read_text(), yaml.BaseLoader)["roles"].values())


SCENES = sorted(
    (path.stem for path in (ROOT / "scenes").glob("*.yaml") if "." not in path.stem and has_light(path)),
    key=lambda scene: (scene != "foot-rescue", scene),
)
"""Those that have a part for lamps. One that is short comes first, then by their names."""
MANY = int(os.environ.get("RELAX_BRIDGE_SCENES", "1"))
TWO_MINUTES = 120.0
STAYS = 3.0
"""Seconds for which lamps are still looked at once all is over."""
COLOURFUL = ("gradient strip", "led strip", "rgb only")
"""The glow."""


@pytest.fixture
def installed() -> Path:
    folder = os.environ.get("RELAX_ZIGBEE2MQTT")
    if folder is None:
        pytest.skip("no Zigbee2MQTT: install it as .ci/run does, and set RELAX_ZIGBEE2MQTT to its folder")
    return Path(folder)


@pytest.fixture
def bridge(installed: Path, mosquitto: Mosquitto, tmp_path: Path) -> Iterator[Bridge]:
    with Bridge(tmp_path, installed, mosquitto.port) as bridge:
        yield bridge


def home() -> dict[str, Any]:
    """Only what its devices are called: all else the bridge says, also of which lamps the group is."""
    topics = {name: f"zigbee2mqtt/{name}" for name in [*lamps.NAMES, lamps.GROUP]}
    names = {name: name.replace("/", "_").replace(" ", "_") for name in topics}
    devices: dict[str, dict[str, Any]] = {
        names[name]: {"kind": "light", "dialect": "zigbee2mqtt", "topic": topic} for name, topic in topics.items()
    }
    devices["plug"]["kind"] = "switch"
    members = [names[name] for name in lamps.IN_THE_GROUP]
    glow = [names[name] for name in COLOURFUL]
    roles = {"main": [name for name in devices if name not in {"plug", *members, *glow}], "glow": glow, "scent": "plug"}
    return {"home": "real", "format": 1, "devices": devices, "rooms": {ROOM: {"roles": roles}}}


def played() -> list[Any]:
    """Which scene at which speed."""
    whole = [pytest.param(scene, 20.0, id=f"{scene} at speed 20") for scene in SCENES[: MANY or None]]
    begun = [pytest.param(scene, 1.0, id=f"{scene} for two minutes") for scene in SCENES if MANY == 0]
    return [*whole, *begun]


def wanted(before: Shown, scene: str, way: str) -> dict[str, Mapping[str, int]]:
    """How each lamp is to be at the end of a scene: as before, or as that leaves it."""
    text = yaml.load((ROOT / "scenes" / f"{scene}.yaml").read_text(), yaml.BaseLoader)
    end = text[way]
    look, plugs = text["looks"].get(end["look"], {}), end.get("switch", {})
    cap = level_of(end["at_most"]) if way == "finish" and "at_most" in end else 254  # a stop's is over after a minute
    found: dict[str, Mapping[str, int]] = {}
    for name, was in before.items():
        role = "scent" if name == "plug" else "glow" if name in COLOURFUL else "main"
        if role in plugs:
            found[name] = {"on": int(plugs[role] == "on")}
        elif name == "plug":
            found[name] = {"on": was["on"]}
        elif role in look:
            found[name] = as_in(look[role], name)
        else:
            found[name] = {**was, "level": min(was["level"], cap)}
    return found


def level_of(brightness: str) -> int:
    return round(float(brightness.rstrip("%")) * 2.54)


def as_in(part: Any, name: str) -> dict[str, int]:
    """A look of a scene as a lamp shows it."""
    if part == "off":
        return {"on": 0}
    shown = {"on": 1, "level": level_of(part["brightness"])}
    if (whites := lamps.whites(name)) is None:
        return shown
    mired = round(1e6 / float(part["temperature"].rstrip("K")))
    return {**shown, "mode": lamps.WHITE, "mired": min(max(mired, whites[0]), whites[1])}


@pytest.mark.parametrize(("scene", "rate"), played())
def test_a_session_on_a_real_bridge_leaves_every_lamp_as_it_was(
    scene: str, rate: float, bridge: Bridge, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    is_stopped = rate == 1.0
    with Service(tmp_path, home(), mosquitto.port) as service:
        before = radio_log.shown(bridge.entries())
        assert set(before) == set(lamps.NAMES)
        service.tell("start", scene=scene, rate=rate)
        if is_stopped:
            time.sleep(TWO_MINUTES)
            service.tell("stop")
        service.is_given_back()
        time.sleep(STAYS)
        refused = service.told("device_refused")
    entries = bridge.entries()
    print(json.dumps(radio_log.figures(entries)))
    after = radio_log.shown(entries)
    assert not [line for line in bridge.complaints if line.startswith("error")]
    assert not refused
    assert not radio_log.refused(entries)
    assert not radio_log.left_otherwise(wanted(before, scene, "stopped" if is_stopped else "finish"), after)
    assert radio_log.most_at_once(entries) <= radio_log.IN_THE_WINDOW
    assert radio_log.most_at_once(entries, 8.9, groups=True) <= radio_log.GROUPS_IN_9_SECONDS
    assert not radio_log.jumps_in_fades(entries)
