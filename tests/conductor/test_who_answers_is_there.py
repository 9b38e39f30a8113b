"""That a device is offline, kept by the broker from some other day, gives way to a device that answers."""

import json

from orchestrator.devices.messages import Message
from orchestrator.events.device import DeviceMissing, DeviceReturned, GivenBack, SnapshotUnknown
from tests.conductor.wired import Wired

HOME = """
devices: {lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}}
rooms: {bedroom: {roles: {main: lamp}}}
"""
SCENE = """
scene: dim
format: 1
title: Dim
roles: {main: {kind: light}}
looks: {low: {main: {brightness: 20%}}}
steps: [{step: a, look: low, fade: 2s, lasts: 5s}]
finish: {look: restore, fade: 4s}
"""
OFFLINE = Message("zigbee2mqtt/lamp/availability", '{"state": "offline"}', retain=True)


class Lamp:
    def __init__(self) -> None:
        self.state: dict[str, object] = {"state": "ON", "brightness": 200}

    def __call__(self, message: Message) -> list[Message]:
        if message.topic == "zigbee2mqtt/lamp/set":
            self.state |= json.loads(message.payload)
        return [Message("zigbee2mqtt/lamp", json.dumps(self.state))] if message.topic.startswith("zigbee2mqtt") else []

    def shows(self) -> object:
        return self.state["brightness"]


def test_a_lamp_that_answers_is_there_whatever_the_broker_kept() -> None:
    lamp = Lamp()
    wired = Wired(HOME, lamp, retained=[OFFLINE])
    wired.start(SCENE)
    wired.until(4000)
    assert lamp.shows() == 51
    wired.finish()
    assert lamp.shows() == 200
    assert wired.told(DeviceMissing) == []
    assert wired.told(DeviceReturned) == []
    assert wired.told(SnapshotUnknown) == []
    assert wired.told(GivenBack) == [GivenBack(("lamp",), (), ())]


def test_a_state_that_is_kept_too_is_no_answer() -> None:
    wired = Wired(HOME, retained=[OFFLINE, Message("zigbee2mqtt/lamp", '{"state":"ON","brightness":200}', retain=True)])
    wired.start(SCENE)
    wired.finish()
    assert wired.told(DeviceMissing) == [DeviceMissing("lamp")]
    assert [message for _, message in wired.sent if message.topic.endswith("/set")] == []


def test_a_bridge_that_says_now_that_a_lamp_is_away_is_believed() -> None:
    """It publishes what it remembers of a lamp that is away, for a group for example."""
    lamp = Lamp()
    wired = Wired(HOME, retained=[OFFLINE])
    wired.say(OFFLINE._replace(retain=False))
    wired.say(Message("zigbee2mqtt/lamp", json.dumps(lamp.state)))
    wired.start(SCENE)
    wired.until(3000)
    assert wired.told(DeviceMissing) == [DeviceMissing("lamp")]


def test_a_lamp_of_which_nobody_knows_how_it_was_does_not_go_out_because_another_one_was_off() -> None:
    home = """
devices:
  off: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/off}
  mute: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/mute}
rooms: {bedroom: {roles: {main: [off, mute]}}}
"""
    wired = Wired(home)
    wired.say(Message("zigbee2mqtt/off", '{"state": "OFF"}'))
    wired.start(SCENE)
    wired.finish()
    assert json.loads(wired.payloads("zigbee2mqtt/off/set")[-1])["state"] == "OFF"
    assert json.loads(wired.payloads("zigbee2mqtt/mute/set")[-1])["brightness"] == 51
