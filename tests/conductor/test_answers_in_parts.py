"""A bridge reads a lamp's level, then whether it is on, then its colour, and says what it knows after each."""

import json
from typing import Any

import pytest

from orchestrator.devices.messages import Message
from orchestrator.events.device import GivenBack
from tests.conductor.wired import Wired

HOME = """
devices: {lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp KEYS}}
rooms: {bedroom: {roles: {main: lamp}}}
"""
SCENE = """
scene: amber
format: 1
title: Amber
roles: {main: {kind: light}}
looks: {amber: {main: {brightness: 20%, temperature: 2200K}}}
steps: [{step: a, look: amber, fade: 2s, lasts: 5s}]
finish: {look: restore, fade: 4s}
"""
PARTS: tuple[dict[str, Any], ...] = (
    {"state": None, "brightness": 170},
    {"state": "ON", "brightness": 170},
    {"state": "ON", "brightness": 170, "color_mode": "color_temp", "color_temp": 250, "color": {"x": 0.38, "y": 0.38}},
)
FEATURES = [{"name": name} for name in ("state", "brightness", "color_temp", "color_xy")]
LISTED = [{"friendly_name": "lamp", "definition": {"exposes": [{"type": "light", "features": FEATURES}]}}]


def asked(keys: str = "") -> Wired:
    """A lamp of which nobody knows anything is asked as its session begins, and has not answered yet."""
    retained = Message("zigbee2mqtt/bridge/devices", json.dumps(LISTED), retain=True)
    wired = Wired(HOME.replace("KEYS", keys), retained=[retained])
    wired.start(SCENE)
    return wired


def told(wired: Wired) -> list[dict[str, Any]]:
    return [json.loads(payload) for payload in wired.payloads("zigbee2mqtt/lamp/set")]


def say(wired: Wired, *parts: dict[str, Any]) -> None:
    for part in parts:
        wired.say(Message("zigbee2mqtt/lamp", json.dumps(part)))


def test_a_session_begins_once_a_lamp_has_said_its_colour_as_well() -> None:
    wired = asked()
    say(wired, *PARTS[:2])
    wired.until(300)
    assert told(wired) == []
    say(wired, PARTS[2])
    assert told(wired)


def test_a_lamp_that_never_says_its_colour_is_waited_for_no_longer_than_any() -> None:
    wired = asked()
    say(wired, *PARTS[:2])
    wired.until(1_100)
    assert told(wired)


def test_a_lamp_whose_colour_nobody_touches_need_not_say_it() -> None:
    wired = asked(", colors: []")
    say(wired, *PARTS[:2])
    assert told(wired)


@pytest.mark.parametrize("late", [0, 40, 800])
def test_its_colour_is_given_back_however_late_it_said_it(late: int) -> None:
    wired = asked()
    say(wired, *PARTS[:2])
    wired.until(late)
    say(wired, PARTS[2])
    wired.until(6_000)
    wired.finish()
    assert told(wired)[-1]["color_temp"] == 250
    assert not [each for each in wired.told(GivenBack) if each.colour]
