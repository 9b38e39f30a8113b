"""The same lamp announced by several is one, in its native dialect; two that only look alike are two."""

import json
from typing import Any

from orchestrator.devices.discovery.survey import Survey
from orchestrator.devices.messages import Message
from tests.devices.discovery.homes import SOURCE, RecordedHome, recorded


def together(*names: str) -> Survey:
    """The homes of several files at one broker."""
    homes = [recorded(name) for name in names]
    return RecordedHome(
        [message for home in homes for message in home.said],
        {question: answer for home in homes for question, answer in home.answers.items()},
    ).surveyed()


def entries(survey: Survey) -> list[dict[str, Any]]:
    return [dict(device.entry) for device in survey.found()]


def test_what_zigbee2mqtt_tells_home_assistant_adds_nothing() -> None:
    alone = recorded("zigbee2mqtt/real-2.14.1-simulated-lamps").surveyed()
    both = together("home_assistant/zigbee2mqtt-2.14.1-duplicates", "zigbee2mqtt/real-2.14.1-simulated-lamps")
    assert entries(both) == entries(alone)
    left = next(device for device in both.found() if device.title == "bedside left")
    assert left.announced_by == (
        "zigbee2mqtt/bridge/devices",
        "homeassistant/light/0x00fa4e0000000010/light/config",
    )


def test_what_the_bridge_does_not_interview_is_not_taken_from_elsewhere() -> None:
    devices = [{"friendly_name": "desk", "ieee_address": "0x01", "type": "Router", "interview_completed": False}]
    survey = Survey(SOURCE)
    for message in recorded("home_assistant/zigbee2mqtt-2.14.1-duplicates").said:
        survey.hear(message)
    survey.hear(Message("zigbee2mqtt/bridge/devices", json.dumps(devices), retain=True))
    assert survey.found() == ()
    assert [each.title for each in survey.left_out()] == ["desk"]


def test_a_shelly_is_one_by_its_own_word_and_by_a_script() -> None:
    survey = together("shelly/shelly-duo-bulb-gen3", "home_assistant/shelly-shelly-duo-bulb-gen3")
    (bulb,) = survey.found()
    assert bulb.entry["component"] == "cct:0"
    assert bulb.is_native
    assert len(bulb.announced_by) == 2


def test_a_relay_that_a_script_calls_a_light_stays_a_switch() -> None:
    survey = together("home_assistant/shelly-shelly-1-gen4", "shelly/shelly-1-gen4")
    assert [device.entry["kind"] for device in survey.found()] == ["switch", "button"]


def test_home_assistant_adds_the_room_that_a_device_is_in() -> None:
    survey = recorded("zigbee2mqtt/real-2.14.1-simulated-lamps").surveyed()
    config = {
        "cmd_t": "zigbee2mqtt/desk/set",
        "schema": "json",
        "dev": {"ids": ["zigbee2mqtt_0x00fa4e0000000016"], "sa": "Study", "name": "desk"},
    }
    survey.hear(Message("homeassistant/light/0x00fa4e0000000016/light/config", json.dumps(config), retain=True))
    assert next(device.area for device in survey.found() if device.title == "desk") == "Study"


def test_two_bridges_have_two_lamps_of_one_name() -> None:
    lamp = {
        "friendly_name": "lamp",
        "ieee_address": "0x01",
        "type": "Router",
        "supported": True,
        "definition": {"exposes": [{"type": "light", "features": [{"name": "brightness"}]}]},
    }
    survey = Survey(SOURCE)
    for base in ("zigbee2mqtt", "attic/zigbee"):
        survey.hear(Message(f"{base}/bridge/devices", json.dumps([lamp]), retain=True))
    assert [each["topic"] for each in entries(survey)] == ["zigbee2mqtt/lamp", "attic/zigbee/lamp"]
    assert [each.get("base") for each in entries(survey)] == [None, "attic/zigbee"]


def test_an_entity_that_was_deleted_is_not_there() -> None:
    survey = recorded("home_assistant/blled-abbreviated").surveyed()
    survey.hear(Message("homeassistant/light/blled_host1_light/config", "", retain=True))
    assert survey.found() == ()


def test_all_homes_at_one_broker_have_no_device_twice() -> None:
    survey = together(
        "zigbee2mqtt/real-2.14.1-simulated-lamps",
        "home_assistant/zigbee2mqtt-2.14.1-duplicates",
        "home_assistant/dali2mqtt",
        "home_assistant/wled-old-discovery",
        "tasmota/h801-rgbcct-11.0",
        "shelly/gen1-park-of-22",
        "shelly/shelly-duo-bulb-gen3",
        "home_assistant/shelly-shelly-duo-bulb-gen3",
        "wled/rgbw",
        "homie/5-made-dimmer",
        "sonos2mqtt/era300-discovery",
        "hermes/rhasspy-2.5-probe",
    )
    found = survey.found()
    keys = [key for device in found for key in device.keys]
    assert len(keys) == len(set(keys))
    assert len(found) == 14 + 1 + 1 + 1 + 22 + 1 + 1 + 1 + 1 + 2


def test_what_relax_says_of_its_own_rooms_is_no_device() -> None:
    survey = Survey(SOURCE)
    room: dict[str, Any] = {
        "device": {"identifiers": ["relax_den"], "manufacturer": "relax", "name": "Den"},
        "origin": {"name": "relax"},
        "components": {
            "step": {"platform": "event", "state_topic": "relax/rooms/den/event", "event_types": ["step"]},
            "lights": {"platform": "switch", "command_topic": "relax/rooms/den/command"},
        },
    }
    survey.hear(Message("homeassistant/device/relax_den/config", json.dumps(room), retain=True))
    assert entries(survey) == []
    others = {**room, "device": {"manufacturer": "somebody"}, "origin": {"name": "another"}}
    survey.hear(Message("homeassistant/device/other/config", json.dumps(others), retain=True))
    assert [entry["kind"] for entry in entries(survey)] == ["button"], "nobody gives commands to our rooms in its name"
    elsewhere = json.dumps(others).replace("relax/rooms", "another/rooms")
    survey.hear(Message("homeassistant/device/elsewhere/config", elsewhere, retain=True))
    assert len(entries(survey)) == 3
