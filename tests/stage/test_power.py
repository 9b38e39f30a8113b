"""A lamp that was dark for a moment comes back at full: once it is the mains, soon again it is a hand."""

import json
from itertools import pairwise

import pytest

from orchestrator.devices.messages import Message
from orchestrator.fade import Fade
from orchestrator.home.library import read
from orchestrator.stage.heard import TakenByHand
from orchestrator.stage.stage import Stage
from orchestrator.stage.want import Want
from orchestrator.units import SECOND, Ms
from orchestrator.values import Attribute

HOME = """
home: house
format: 1
devices: {lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}}
rooms: {room: {roles: {main: lamp}}}
"""
ANNOUNCED = {"type": "device_announce", "data": {"friendly_name": "lamp", "ieee_address": "0x00158d0001a2b3c4"}}
LOW = 38


class Room:
    """A scene keeps the lamp low."""

    def __init__(self, fade: str = "native") -> None:
        home = HOME.replace("light,", f"light, fade: {fade},")
        self.stage = Stage(read(home, "house.yaml").devices.values(), {})
        self.now: Ms = 0
        self.told: list[dict[str, object]] = []
        self.say("lamp", state="ON", brightness=200, color_temp=300)
        self.stage.wish("lamp", Attribute.LEVEL, Want(Fade.still(0, 15.0)), 0)
        self.until(30 * SECOND)

    def say(self, topic: str, **payload: object) -> None:
        self.stage.receive(Message(f"zigbee2mqtt/{topic}", json.dumps(payload)), self.now)

    def until(self, moment: Ms) -> None:
        """It says what it is told, at once."""
        while (due := self.stage.next_deadline()) is not None and due <= moment:
            self.now = max(due, self.now)
            for message in self.stage.advance(self.now):
                if message.topic.endswith("/set"):
                    self.told.append(json.loads(message.payload))
                    self.say("lamp", **self.told[-1])
        self.now = moment

    def power(self, kind: str) -> None:
        """Off and on at the wall, and it says that it shines at full."""
        if kind == "availability":
            self.say("lamp/availability", state="offline")
            self.until(self.now + 5 * SECOND)
            self.say("lamp/availability", state="online")
        else:
            self.say("bridge/event", **ANNOUNCED)
        self.say("lamp", state="ON", brightness=254, color_temp=300)

    def hands(self) -> list[Attribute]:
        return [each.attribute for each in self.stage.heard() if isinstance(each, TakenByHand)]


def levels_of(room: Room) -> list[int]:
    """What it was told, one after the other."""
    return [int(str(told["brightness"])) for told in room.told if "brightness" in told]


@pytest.mark.parametrize("kind", ["availability", "announced"])
def test_the_first_time_it_glides_to_what_the_room_wants(kind: str) -> None:
    room = Room()
    room.told.clear()
    room.power(kind)
    room.until(room.now + SECOND)
    assert room.told[0]["brightness"] == LOW
    assert room.told[0]["transition"] == 10
    assert room.hands() == []


@pytest.mark.parametrize("kind", ["availability", "announced"])
def test_one_that_fades_in_steps_glides_as_well(kind: str) -> None:
    room = Room("stepped")
    room.told.clear()
    room.power(kind)
    began = room.now
    room.until(began + 5 * SECOND)
    levels = levels_of(room)
    assert all(0 <= before - after <= 30 for before, after in pairwise([254, *levels]))
    assert len(levels) >= 5
    assert abs(levels[-1] - (254 + LOW) / 2) < 30
    room.until(began + 11 * SECOND)
    assert levels_of(room)[-1] == LOW
    assert room.hands() == []


def test_one_that_fades_in_steps_and_does_not_say_how_it_came_back_is_told_what_the_room_wants() -> None:
    room = Room("stepped")
    room.told.clear()
    room.say("lamp/availability", state="offline")
    room.until(room.now + 5 * SECOND)
    room.say("lamp/availability", state="online")
    room.until(room.now + 3 * SECOND)
    assert levels_of(room) == [LOW]


def test_one_that_is_on_its_way_back_goes_from_there_to_what_comes_next() -> None:
    room = Room("stepped")
    room.power("availability")
    room.until(room.now + 5 * SECOND)
    room.told.clear()
    now = room.now
    room.stage.wish("lamp", Attribute.LEVEL, Want(Fade(now, now + 4 * SECOND, 15.0, 30.0)), now)
    room.until(now + 5 * SECOND)
    levels = levels_of(room)
    assert all(0 <= before - after <= 30 for before, after in pairwise([(254 + LOW) // 2, *levels]))
    assert levels[-1] == 76


@pytest.mark.parametrize("kind", ["availability", "announced"])
def test_twice_in_two_minutes_is_how_people_ask_for_light(kind: str) -> None:
    room = Room()
    room.power(kind)
    room.until(room.now + 60 * SECOND)
    room.told.clear()
    room.power(kind)
    assert room.hands() == [Attribute.LEVEL, Attribute.COLOUR]
    room.until(room.now + 60 * SECOND)
    assert room.told == []


@pytest.mark.parametrize("kind", ["availability", "announced"])
def test_after_two_minutes_it_is_the_mains_again(kind: str) -> None:
    room = Room()
    room.power(kind)
    room.until(room.now + 130 * SECOND)
    room.power(kind)
    room.until(room.now + SECOND)
    assert room.hands() == []


def test_a_lamp_that_only_was_out_of_reach_has_not_been_without_power() -> None:
    room = Room()
    for _ in range(3):
        room.say("lamp/availability", state="offline")
        room.until(room.now + 5 * SECOND)
        room.say("lamp/availability", state="online")
        room.say("lamp", state="ON", brightness=LOW, color_temp=300)
        room.until(room.now + 10 * SECOND)
    assert room.hands() == []


def test_what_a_bridge_kept_or_says_of_another_device_is_nothing() -> None:
    room = Room()
    room.told.clear()
    room.stage.receive(Message("zigbee2mqtt/bridge/event", json.dumps(ANNOUNCED), retain=True), room.now)
    room.say("bridge/event", type="device_announce", data={"friendly_name": "other"})
    room.say("bridge/event", type="device_announce", data=[])
    room.until(room.now + SECOND)
    assert room.told == []
