"""How the room was: who answers late is waited for, and what is said before we send anything is how it was."""

import json

from orchestrator.commands import Abort, Stop
from orchestrator.devices.messages import Message
from orchestrator.events.device import GivenBack, SnapshotUnknown
from orchestrator.events.step import StepStarted
from tests.conductor.wired import Wired

HOME = """
devices:
  lamp: {kind: light, dialect: zigbee2mqtt, topic: a/lamp, base: a, colors: []}
  glow: {kind: light, dialect: zigbee2mqtt, topic: b/glow, base: b, colors: []}
rooms: {bedroom: {roles: {main: lamp, glow: glow}}}
"""
SCENE = """
scene: low
format: 1
title: Low
roles: {main: {kind: light}, glow: {kind: light, optional: true}}
looks: {low: {main: {brightness: 20%}}, both: {main: {brightness: 20%}, glow: {brightness: 10%}}}
steps:
  - {step: one, look: FIRST, fade: 1s, lasts: 20s}
  - {step: two, look: both, fade: 1s, lasts: 10s}
finish: {look: restore, fade: 1s}
stopped: {look: restore, fade: 1s}
"""
BOTH, LATER = SCENE.replace("FIRST", "both"), SCENE.replace("FIRST", "low")


def state(topic: str, brightness: int) -> Message:
    return Message(topic, json.dumps({"state": "ON", "brightness": brightness}))


class Lamp:
    """Says what it was told at once; what it is asked it answers where it answers."""

    def __init__(self, topic: str, *, answers: bool = True) -> None:
        self.topic, self.brightness, self.answers = topic, 178, answers

    def __call__(self, message: Message) -> list[Message]:
        if message.topic == f"{self.topic}/set":
            self.brightness = int(json.loads(message.payload).get("brightness", self.brightness))
        elif message.topic != f"{self.topic}/get":
            return []
        return [state(self.topic, self.brightness)] if self.answers else []


def first_told(room: Wired, topic: str) -> int:
    return next(at for at, message in room.sent if message.topic == f"{topic}/set")


def test_a_device_that_has_never_answered_is_waited_for_and_the_others_begin_meanwhile():
    lamp, glow = Lamp("a/lamp"), Lamp("b/glow", answers=False)
    room = Wired(HOME, lamp, glow)
    room.start(BOTH)
    room.until(3000)
    assert first_told(room, "a/lamp") == 1000
    assert room.payloads("b/glow/set") == []
    glow.answers = True
    room.say(state("b/glow", 178))
    room.until(3100)
    assert first_told(room, "b/glow") == 3000
    assert json.loads(room.payloads("b/glow/set")[0])["transition"] == 2
    assert not room.told(SnapshotUnknown)
    room.finish()
    assert (lamp.brightness, glow.brightness) == (178, 178)
    assert room.told(GivenBack)[-1].given == ("lamp", "glow")


def test_one_that_never_answers_is_waited_for_once():
    room = Wired(HOME, Lamp("a/lamp"), Lamp("b/glow", answers=False))
    room.start(BOTH)
    room.until(4999)
    assert not room.told(SnapshotUnknown)
    room.until(5000)
    assert first_told(room, "b/glow") == 5000
    assert room.told(SnapshotUnknown) == [SnapshotUnknown("glow", fallback=False, devices=("glow",))]
    room.command(Abort())
    room.finish()
    room.conductor.lost(room.now)
    room.conductor.connected(room.now)
    room.sent.clear()
    began = room.now
    room.start(BOTH)
    room.until(began + 2000)
    assert first_told(room, "b/glow") == began + 1000


def test_of_one_role_only_those_are_named_of_which_nobody_knows():
    room = Wired(
        HOME.replace("{main: lamp, glow: glow}", "{main: [lamp, glow]}"), Lamp("a/lamp"), Lamp("b/glow", answers=False)
    )
    room.start(BOTH)
    room.finish()
    assert room.told(SnapshotUnknown) == [SnapshotUnknown("main", fallback=False, devices=("glow",))]


def test_nothing_is_sent_to_a_device_that_is_still_waited_for_when_the_session_ends():
    room = Wired(HOME, Lamp("a/lamp"), Lamp("b/glow", answers=False))
    room.start(BOTH)
    room.until(2000)
    room.command(Stop())
    room.finish()
    assert room.payloads("b/glow/set") == []
    assert not room.conductor.stage.owes("glow")


def test_what_a_device_says_before_anything_was_sent_to_it_is_how_it_was():
    lamp, glow = Lamp("a/lamp"), Lamp("b/glow", answers=False)
    room = Wired(HOME, lamp, glow)
    room.start(LATER)
    room.until(12_000)
    assert room.told(SnapshotUnknown) == [SnapshotUnknown("glow", fallback=False, devices=("glow",))]
    glow.answers = True
    room.say(state("b/glow", 90))
    glow.brightness = 90
    room.finish()
    assert min(json.loads(each)["brightness"] for each in room.payloads("b/glow/set")) < 40
    assert glow.brightness == 90
    assert "glow" in room.told(GivenBack)[-1].given


def test_what_it_says_goes_before_the_fallback_of_the_home():
    lamp, glow = Lamp("a/lamp"), Lamp("b/glow", answers=False)
    room = Wired(HOME.replace("glow: glow}", "glow: glow}, fallback: {glow: {brightness: 50%}}"), lamp, glow)
    room.start(LATER)
    room.until(12_000)
    glow.answers, glow.brightness = True, 90
    room.say(state("b/glow", 90))
    room.finish()
    assert glow.brightness == 90
    assert room.told(GivenBack)[-1].fallback == ()


def test_at_a_far_broker_the_session_waits_as_much_longer():
    room = Wired(HOME, Lamp("a/lamp"), Lamp("b/glow", answers=False))
    room.conductor.patience.round_trip = 1200
    room.start(BOTH)
    room.until(2199)
    assert not room.told(StepStarted)
    room.until(2200)
    assert room.told(StepStarted)
    room.conductor.patience.round_trip = 60_000
    assert room.conductor.patience.of_all == 5000
