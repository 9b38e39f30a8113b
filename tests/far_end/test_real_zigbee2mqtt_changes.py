"""What changes at a real Zigbee2MQTT while a session is on is noticed, and said with the name of the lamp."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Mosquitto
from tests.far_end.real_zigbee import lamps, radio_log
from tests.far_end.real_zigbee.bridge import Bridge
from tests.far_end.real_zigbee.service import HANGS, ROOM, Service

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def bridge(mosquitto: Mosquitto, tmp_path: Path) -> Iterator[Bridge]:
    folder = os.environ.get("RELAX_ZIGBEE2MQTT")
    if folder is None:
        pytest.skip("no Zigbee2MQTT: install it as .ci/run does, and set RELAX_ZIGBEE2MQTT to its folder")
    with Bridge(tmp_path, Path(folder), mosquitto.port) as bridge:
        yield bridge


def home(**topics: str) -> dict[str, Any]:
    devices = {
        name: {"kind": "light", "dialect": "zigbee2mqtt", "topic": f"zigbee2mqtt/{topic}"}
        for name, topic in topics.items()
    }
    return {"home": "real", "format": 1, "devices": devices, "rooms": {ROOM: {"roles": {"main": list(devices)}}}}


def said(service: Service, kind: str, device: str) -> list[dict[str, Any]]:
    return [each["details"] for each in service.told(kind) if device in each["details"].values()]


def test_what_a_real_bridge_refuses_is_said_with_the_name_of_the_lamp(
    bridge: Bridge, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    with Service(tmp_path, home(globe="warm globe", ghost="no such lamp"), mosquitto.port) as service:
        service.tell("start", scene="box-breathing")
        service.until(lambda: said(service, "device_refused", "ghost"), "the lamp that is not there is named")
        assert "'no such lamp' is unknown" in said(service, "device_refused", "ghost")[0]["why"]
        assert not said(service, "device_refused", "globe")
        service.tell("abort")


def test_a_lamp_that_is_renamed_at_a_real_bridge_is_missing_until_it_has_its_name_again(
    bridge: Bridge, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    with Service(tmp_path, home(globe="warm globe", hall="hall"), mosquitto.port) as service:
        service.tell("start", scene="box-breathing")
        rename(service, "hall", "corridor")
        service.until(lambda: said(service, "device_missing", "hall"), "it is missing")
        assert "'corridor'" in said(service, "device_refused", "hall")[0]["why"]
        rename(service, "corridor", "hall")
        service.until(lambda: said(service, "device_returned", "hall"), "it is back")
        assert not said(service, "device_missing", "globe")
        service.tell("abort")
    assert not [line for line in bridge.complaints if line.startswith("error")]


def rename(service: Service, before: str, after: str) -> None:
    service.publish("zigbee2mqtt/bridge/request/device/rename", json.dumps({"from": before, "to": after}))


def test_the_whole_of_two_lamps_is_the_first_of_them_and_is_given_back(
    bridge: Bridge, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    first, second = "two dimmers/l1", "two dimmers/l2"
    with Service(tmp_path, home(dimmers="two dimmers"), mosquitto.port) as service:
        before = radio_log.shown(bridge.entries())
        service.tell("start", scene="box-breathing", rate=20)
        service.is_given_back()
    told = [entry["lamp"] for entry in bridge.entries() if "lamp" in entry and radio_log.is_command(entry)]
    assert set(told) == {first}
    after = radio_log.shown(bridge.entries())
    assert not radio_log.left_otherwise({name: before[name] for name in (first, second)}, after)
    assert not [line for line in bridge.complaints if line.startswith("error")]


def test_all_lamps_of_a_real_bridge_are_asked_no_faster_than_it_takes_it(
    bridge: Bridge, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    """Nobody has heard of any of them: each is asked in turn, and none is unknown in the end."""
    names = {name: name.replace("/", "_").replace(" ", "_") for name in lamps.NAMES if name != "plug"}
    with Service(tmp_path, home(**{word: name for name, word in names.items()}), mosquitto.port) as service:
        earlier = bridge.entries()
        before = radio_log.shown(earlier)
        service.tell("start", scene="box-breathing")
        hangs_at = time.monotonic() + HANGS
        while told(bridge) != set(names):
            assert time.monotonic() < hangs_at, f"never told anything: {set(names) - told(bridge)}"
            time.sleep(0.1)
        service.tell("abort")
        service.is_given_back()
        time.sleep(1.0)
        unknown = service.told("snapshot_unknown")
    entries = bridge.entries()[len(earlier) :]
    assert {entry["lamp"] for entry in entries if entry.get("command") == "read"}
    assert not unknown
    asked = [entry for entry in entries if entry.get("command") == "read"]
    assert radio_log.most_asked_and_told(asked, 2.9) <= 4 * radio_log.A_SECOND
    assert radio_log.most_at_once(entries) <= radio_log.IN_THE_WINDOW
    assert not radio_log.left_otherwise({name: before[name] for name in names}, radio_log.shown(entries))


def told(bridge: Bridge) -> set[str]:
    """The lamps that were told anything."""
    return {entry["lamp"] for entry in bridge.entries() if "lamp" in entry and radio_log.is_command(entry)}
