"""Where the home file says nothing of a light's colours, what it announces to Home Assistant rules."""

import json
from typing import Any

import pytest

from orchestrator.devices.messages import Message
from tests.conductor.test_what_the_bridge_says import SCENE
from tests.conductor.wired import Wired

HOME = """
devices:
  lamp: {kind: light, dialect: home_assistant, command_topic: node/lamp/set, state_topic: node/lamp KEYS}
rooms: {bedroom: {roles: {main: lamp}}}
"""
ENTITY = {"~": "node", "cmd_t": "~/lamp/set", "stat_t": "~/lamp", "schema": "json", "min_mirs": 250, "max_mirs": 400}


def told(keys: str, topic: str, payload: dict[str, Any]) -> dict[str, Any]:
    """The first that a light is told which has announced itself."""
    announced = Message(topic, json.dumps(payload), retain=True)
    wired = Wired(HOME.replace("KEYS", keys), retained=[announced])
    wired.say(Message("node/lamp", '{"state": "ON", "brightness": 170}'))
    wired.start(SCENE)
    first: dict[str, Any] = json.loads(wired.payloads("node/lamp/set")[0])
    return first


@pytest.mark.parametrize(
    ("topic", "wrapped"), [("homeassistant/light/x/config", False), ("homeassistant/device/x/config", True)]
)
def test_a_light_is_told_what_it_has_announced(topic: str, *, wrapped: bool) -> None:
    for modes, keys in ((["color_temp"], {"color_temp"}), (["brightness"], set()), (["xy"], {"color"})):
        entity = ENTITY | {"sup_clrm": modes}
        payload = {"~": "node", "cmps": {"lamp": entity, "other": {"p": "sensor"}}} if wrapped else entity
        first = told(", segment: 5s, min: 4%", topic, payload)
        assert {"color", "color_temp"} & first.keys() == keys
        assert first.get("color_temp", 300) <= 400
        assert "r" not in first.get("color", {})


def test_what_the_home_file_says_goes_before_and_nonsense_is_passed_over() -> None:
    topic = "homeassistant/light/x/config"
    written = ", supported_color_modes: [rgb]"
    assert "r" in told(written, topic, ENTITY | {"sup_clrm": ["color_temp"]})["color"]
    for nonsense in (
        {"sup_clrm": ["ultraviolet"]},
        {"sup_clrm": 3},
        {"cmd_t": "other/set", "sup_clrm": ["brightness"]},
    ):
        assert "r" in told("", topic, ENTITY | nonsense)["color"]
