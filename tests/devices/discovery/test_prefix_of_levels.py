"""Who is told of below `home/discovery`, or has `home/attic/zigbee` as its base, is found, and heard, too."""

import json

import pytest

from orchestrator.devices.announcement import PREFIX
from orchestrator.devices.discovery.parsing import matches
from orchestrator.devices.discovery.survey import Survey
from orchestrator.devices.messages import LightAbilitiesReport, Message
from orchestrator.home.library import read
from tests.devices.discovery.homes import SOURCE, content, names, recorded

TOLD_BELOW = "home/discovery"
PREFIXES = (TOLD_BELOW, "our/home/discovery")
BASES = ("home/zigbee2mqtt", "home/attic/zigbee")
ANNOUNCED = [
    name
    for name in names()
    if any(each["topic"].startswith(f"{PREFIX}/") for each in content(name).get("messages", []))
]


def moved(message: Message, below: str = TOLD_BELOW) -> Message:
    head, slash, rest = message.topic.partition("/")
    return message._replace(topic=f"{below}/{rest}") if head == PREFIX and slash else message


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("name", ANNOUNCED)
def test_what_is_announced_below_a_prefix_of_several_levels_is_found_as_below_one(name: str, prefix: str) -> None:
    plain, below = recorded(name), recorded(name)
    below.said = [moved(message, prefix) for message in below.said]
    one, two = plain.surveyed(), below.surveyed()
    assert [device.entry for device in two.found()] == [device.entry for device in one.found()]
    assert [device.title for device in two.found()] == [device.title for device in one.found()]
    assert [left.title for left in two.left_out()] == [left.title for left in one.left_out()]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_the_prefix_is_told_for_the_home_file(prefix: str) -> None:
    entity = {"name": "lamp", "unique_id": "x", "schema": "json", "command_topic": "lamp/set", "state_topic": "lamp"}
    survey = Survey(SOURCE)
    survey.hear(Message(f"{prefix}/light/lamp/config", json.dumps(entity), retain=True))
    assert survey.home_keys == {"home_assistant": {"prefix": prefix}}


@pytest.mark.parametrize("prefix", PREFIXES)
def test_the_filters_of_discovery_take_what_is_announced_there(prefix: str) -> None:
    there = [(message, moved(message, prefix)) for name in ANNOUNCED for message in recorded(name).said]
    said = [below for message, below in there if below != message]
    heard = Survey(SOURCE)
    config = [
        message
        for message in said
        if message.topic.removeprefix(f"{prefix}/").split("/")[0] in ("light", "switch", "event", "device")
    ]
    assert config
    for message in config:
        assert any(matches(each, message.topic) for each in heard.topics), message.topic


@pytest.mark.parametrize("platform", ["light", "device"])
def test_at_run_time_a_lamp_hears_what_is_announced_of_it_there(platform: str) -> None:
    keys = {"command_topic": "lamp/set", "state_topic": "lamp", "schema": "json", "max_mireds": 370}
    keys |= {"brightness": True, "supported_color_modes": ["color_temp"]}
    told = keys if platform == "light" else {"components": {"a": {"platform": "light", **keys}}}
    lines = [
        "home: h",
        "format: 1",
        f"home_assistant: {{prefix: {TOLD_BELOW}}}",
        "devices: {lamp: {kind: light, dialect: home_assistant, command_topic: lamp/set, state_topic: lamp}}",
        "rooms: {den: {roles: {main: lamp}}}",
    ]
    codec = read("\n".join(lines), "h.yaml").devices["lamp"].dialect
    said = codec.decode(Message(f"{TOLD_BELOW}/{platform}/x/config", json.dumps(told), retain=True))
    (light,) = [each.light for each in said if isinstance(each, LightAbilitiesReport)]
    assert light.warmest == 370


def test_a_lamp_of_zigbee2mqtt_of_which_only_home_assistant_is_told_has_the_base_of_its_bridge() -> None:
    entity = {
        "name": None,
        "unique_id": "0x1_light_zigbee2mqtt",
        "schema": "json",
        "command_topic": "home/zigbee2mqtt/bedroom/left/set",
        "state_topic": "home/zigbee2mqtt/bedroom/left",
        "availability": [{"topic": "home/zigbee2mqtt/bridge/state", "value_template": "{{ value_json.state }}"}],
        "supported_color_modes": ["brightness"],
        "device": {"identifiers": ["zigbee2mqtt_0x1"], "name": "bedroom/left"},
    }
    survey = Survey(SOURCE)
    survey.hear(Message(f"{TOLD_BELOW}/light/0x1/light/config", json.dumps(entity), retain=True))
    (device,) = survey.found()
    assert device.entry["topic"] == "home/zigbee2mqtt/bedroom/left"
    assert device.entry["base"] == "home/zigbee2mqtt"


@pytest.mark.parametrize("base", BASES)
def test_a_bridge_whose_base_has_several_levels_is_found_and_heard(base: str) -> None:
    lamp = {
        "friendly_name": "left",
        "ieee_address": "0x1",
        "supported": True,
        "interview_completed": True,
        "definition": {
            "vendor": "any",
            "options": [{"name": "transition"}],
            "exposes": [{"type": "light", "features": [{"name": "state"}, {"name": "brightness"}]}],
        },
    }
    said = [
        Message(f"{base}/bridge/state", '{"state": "online"}', retain=True),
        Message(f"{base}/bridge/devices", json.dumps([lamp]), retain=True),
    ]
    survey = Survey(SOURCE)
    for message in said:
        assert any(matches(each, message.topic) for each in survey.topics), message.topic
        survey.hear(message)
    (device,) = survey.found()
    assert (device.entry["topic"], device.entry["base"]) == (f"{base}/left", base)


def test_a_shelly_and_a_speaker_below_several_levels_are_found() -> None:
    prefix, survey = "our/home/dimmer", Survey(SOURCE)
    spoken = {"src": "shellydimmerg3-aabbccddeeff", "dst": f"{prefix}/events", "method": "NotifyStatus"}
    said = [
        Message(f"{prefix}/online", "true", retain=True),
        Message(f"{prefix}/events/rpc", json.dumps({**spoken, "params": {"light:0": {}}})),
        Message("our/home/speaker/state", '{"abilities": ["play", "say"], "volume": 20}', retain=True),
    ]
    for message in said:
        assert any(matches(each, message.topic) for each in survey.topics), message.topic
        survey.hear(message)
    assert f"{prefix}/rpc" in {question.topic for question in survey.probes()}
    assert "our/home/speaker" in {device.entry.get("topic") for device in survey.found()}
