"""A foot massage on lamps, a switch, two players and a voice that only a real Home Assistant knows.

Home Assistant's own states judge: what was played, that all is given back, also where it was killed in the middle, and
that a lamp which somebody took stays theirs. RELAX_HOME_ASSISTANT names the folder that `.ci/run` uses as well.
RELAX_BRIDGE_SCENES=0 plays the first two minutes at speed 1, too.
"""

import os
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Mosquitto
from tests.far_end.real_zigbee.service import Service
from tests.far_end.rehearsed_home import (
    LIGHTS,
    MAIN,
    MUSIC,
    OF_THIS_INSTALLATION,
    PACKAGE,
    SCENT,
    SECOND,
    STAND_INS,
    Watcher,
    begin,
    played_on,
    reaches,
)
from tests.system.home_assistant import HomeAssistant, found

pytestmark = [pytest.mark.timeout(1800), pytest.mark.broker]

SCENE, SPEED = "foot-massage", 20.0
SHORT: dict[str, Any] = {"rate": 40.0, "parameters": {"feet": "left", "bath": False}}
"""A massage for tests in which something happens in the middle."""
IN_MIDDLE = "strokes:left"
BEFORE: dict[str, dict[str, Any]] = {
    "ceiling": {"brightness": 90, "color_temp_kelvin": 4000},
    "cloud": {"brightness": 60, "color_temp_kelvin": 3000},
    "strip": {"brightness": 70, "rgb_color": [255, 120, 0], "effect": "candle"},
    "white": {"white": 80},
}


@pytest.fixture
def ha(mosquitto: Mosquitto) -> Iterator[HomeAssistant]:
    with found() as home:
        home.put("custom_components/rehearsed", STAND_INS)
        home.put("packages/rehearsed.yaml", PACKAGE)
        home.start(mosquitto.port)
        yield home


@pytest.fixture
def watcher(ha: HomeAssistant) -> Iterator[Watcher]:
    with Watcher(ha) as somebody:
        for name, wanted in BEFORE.items():
            somebody.wait_for(LIGHTS[name], "on")
            somebody.call("light.turn_on", LIGHTS[name], **wanted)
        for entity in (MUSIC, SECOND, SCENT):
            somebody.wait_for(entity, lambda now: now["state"] != "unavailable")
        yield somebody


@pytest.fixture
def service(ha: HomeAssistant, watcher: Watcher, mosquitto: Mosquitto, tmp_path: Path) -> Iterator[Service]:
    with played_on(ha, mosquitto.port, tmp_path) as service:
        yield service


def begin_massage(service: Service, **given: Any) -> None:
    begin(service, SCENE, **given)


def differences(before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """What is otherwise than before; a level may be off by one of 255, a volume by one of a hundred, a white by 1 %."""
    found = {}
    for entity, was in before.items():
        for key, value in was.items():
            now = after[entity][key]
            is_same = value == now
            if key in ("brightness", "color_temp_kelvin", "volume_level") and value is not None and now is not None:
                is_same = abs(value - now) <= {"brightness": 1, "volume_level": 0.011}.get(key, 0.01 * value)
            elif key == "rgb_color" and value is not None and now is not None:
                is_same = all(abs(a - b) <= 4 for a, b in zip(value, now, strict=True))
            if not is_same:
                found[f"{entity} {key}"] = f"{value} -> {now}"
    return found


def settled(service: Service, watcher: Watcher, wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """What is not as it is to be, once there was time for it: what is told late counts as well."""
    service.is_given_back()
    for _ in range(300):
        if not differences(wanted, watcher.shown()):
            break
        threading.Event().wait(0.1)
    return differences(wanted, watcher.shown())


def after(before: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """A massage leaves light to walk by in the main lamps; all else as it was."""
    stays = {"brightness": 92, "color_mode": "color_temp", "color_temp_kelvin": 2500, "rgb_color": None}
    return {
        entity: {**was, **stays} if entity in [LIGHTS[name] for name in MAIN] else was for entity, was in before.items()
    }


def test_a_foot_massage_is_played_and_all_is_given_back(ha: HomeAssistant, service: Service, watcher: Watcher) -> None:
    before = watcher.shown()
    begin_massage(service, rate=SPEED)
    service.is_given_back()
    assert not settled(service, watcher, after(before))
    assert not service.told("device_refused")
    assert not service.told("device_missing")
    assert service.state["last"]["ending"] == "finished"
    ceiling = [each["attributes"].get("brightness") for each in watcher.changes(LIGHTS["ceiling"])]
    assert any(each is not None and abs(each - 56) <= 2 for each in ceiling), "22 % for the rest"
    assert any(each["state"] == "playing" for each in watcher.changes(MUSIC))
    assert any(each["state"] == "on" for each in watcher.changes(SCENT))
    assert len(watcher.client.calls("tts.speak")) > 20
    assert watcher.client.attribute(LIGHTS["cloud"], "at_once") == 1
    assert "candle" not in [each["attributes"].get("effect") for each in watcher.changes(LIGHTS["strip"])[1:-1]]
    assert not [each for each in ha.complaints("") if not any(word in each for word in OF_THIS_INSTALLATION)]


def test_home_assistant_is_killed_in_the_middle(ha: HomeAssistant, service: Service, watcher: Watcher) -> None:
    """Its lamps come up fully lit, as they do without power: that is nobody's hand."""
    before = watcher.shown()
    begin_massage(service, **SHORT)
    reaches(service, IN_MIDDLE)
    watcher.look_away()
    ha.kill()
    service.until(lambda: len(service.told("device_missing")) >= len(LIGHTS), "its lamps are missing")
    ha.start(mosquitto_port(ha), fresh=False)
    watcher.look()
    service.is_given_back()
    wanted = {entity: was for entity, was in after(before).items() if entity != LIGHTS["strip"]}
    assert not settled(service, watcher, wanted)
    strip = watcher.shown()[LIGHTS["strip"]]
    assert strip["brightness"] == pytest.approx(70, abs=1)
    assert not service.told("overridden"), "what it forgot is nobody's hand"
    assert not service.state["overridden"]


def mosquitto_port(ha: HomeAssistant) -> int:
    return ha._mqtt_port


def test_relax_is_killed_in_the_middle_and_goes_on(service: Service, watcher: Watcher) -> None:
    """An effect is forgotten, and a voice that is no player of the room has no debt (decisions 64, 65)."""
    before = watcher.shown()
    begin_massage(service, **SHORT)
    reaches(service, IN_MIDDLE)
    service.kill()
    service.start()
    wanted = {entity: {**was, "effect": None} for entity, was in after(before).items() if entity != SECOND}
    wanted[LIGHTS["strip"]] = {**wanted[LIGHTS["strip"]], "effect": "off"}
    assert not settled(service, watcher, wanted)
    assert service.told("session_resumed")
    assert not service.told("overridden")
    assert not service.told("device_refused")


def test_a_lamp_that_somebody_takes_is_theirs(service: Service, watcher: Watcher) -> None:
    before = watcher.shown()
    begin_massage(service, **SHORT)
    reaches(service, IN_MIDDLE)
    watcher.call("light.turn_on", LIGHTS["white"], hs_color=[240, 90], brightness=200)
    wanted = {entity: was for entity, was in after(before).items() if entity != LIGHTS["white"]}
    service.until(lambda: service.state["overridden"], "it is a person's")
    assert not settled(service, watcher, wanted)
    assert watcher.shown()[LIGHTS["white"]]["brightness"] == 200


@pytest.mark.skipif(os.environ.get("RELAX_BRIDGE_SCENES") != "0", reason="takes four minutes: RELAX_BRIDGE_SCENES=0")
def test_two_minutes_in_real_time_and_stopped(service: Service, watcher: Watcher) -> None:
    before = watcher.shown()
    begin_massage(service)
    threading.Event().wait(120.0)
    told = {name: len(watcher.changes(entity)) for name, entity in LIGHTS.items()}
    print(f"In two minutes: {told} changes of lamps, {len(watcher.client.calls('tts.speak'))} sentences.")
    service.tell("stop")
    assert not settled(service, watcher, before)
    assert not service.told("device_refused")
    assert watcher.client.attribute(LIGHTS["cloud"], "at_once") == 1
