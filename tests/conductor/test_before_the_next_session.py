"""What a session finds: how the devices are by then, and not what the one before has left us believing."""

import json
from typing import Any

import pytest

from orchestrator.devices.messages import Message
from orchestrator.events.device import GivenBack
from orchestrator.values import Attribute
from tests.conductor.wired import Wired

HOME = """
devices:
  lamp: {kind: light, dialect: zigbee2mqtt, topic: a/lamp, base: a}
rooms: {bedroom: {roles: {main: lamp}}}
"""
SCENE = """
scene: low
format: 1
title: Low
roles: {main: {kind: light}}
looks: {low: {main: {brightness: 20%, temperature: 2200K}}}
steps: [{step: one, look: low, fade: 5s, lasts: 20s}]
finish: {look: restore, fade: 5s}
"""
WHITE = {"state": "ON", "brightness": 178, "color_mode": "color_temp", "color_temp": 250}
GREEN = {"state": "ON", "brightness": 178, "color_mode": "xy", "color": {"x": 0.2, "y": 0.65}}


class Lamp:
    """Says what it was told at once, and answers; hangs for as long as it is not `there`."""

    def __init__(self) -> None:
        self.shows: dict[str, Any] = dict(WHITE)
        self.is_there = True

    def __call__(self, message: Message) -> list[Message]:
        if not self.is_there or not message.topic.startswith("a/lamp/"):
            return []
        if message.topic == "a/lamp/set":
            told = {key: value for key, value in json.loads(message.payload).items() if key != "transition"}
            self.put(told)
        return [self.said()]

    def put(self, values: dict[str, Any]) -> None:
        if "color_temp" in values:
            self.shows.pop("color", None)
            values = {**values, "color_mode": "color_temp"}
        elif "color" in values:
            self.shows.pop("color_temp", None)
            values = {**values, "color_mode": "xy"}
        self.shows.update(values)

    def said(self) -> Message:
        return Message("a/lamp", json.dumps(self.shows))


@pytest.fixture
def lamp() -> Lamp:
    return Lamp()


@pytest.fixture
def room(lamp: Lamp) -> Wired:
    return Wired(HOME, lamp)


def played(room: Wired) -> None:
    room.start(SCENE)
    room.finish()


def test_a_lamp_that_heard_nothing_of_a_whole_session_is_not_believed_to_be_where_that_had_put_it(room, lamp):
    lamp.is_there = False
    played(room)
    assert "lamp" not in room.told(GivenBack)[-1].given
    room.until(room.now + 120_000)
    lamp.is_there = True
    before = len(room.payloads("a/lamp/set"))
    played(room)
    assert len(room.payloads("a/lamp/set")) > before, "it was believed to be in the scene's light already"
    assert lamp.shows == WHITE
    assert room.told(GivenBack)[-1].given == ("lamp",)


def test_a_lamp_that_somebody_gave_another_kind_of_colour_gets_that_back(room, lamp):
    room.say(lamp.said())
    played(room)
    room.until(room.now + 60_000)
    lamp.put({"color": GREEN["color"]})
    room.say(lamp.said())
    room.until(room.now + 60_000)
    played(room)
    assert lamp.shows == GREEN


def test_a_hand_soon_after_a_session_at_what_may_be_an_echo_is_asked_for_before_the_next(room, lamp):
    room.say(lamp.said())
    room.start(SCENE)
    while not room.told(GivenBack):
        room.until(room.now + 1000)
    lamp.put({"brightness": 100})
    room.say(lamp.said())
    room.until(room.now + 300_000)
    played(room)
    assert lamp.shows["brightness"] == 100


MUSIC = """
devices:
  one: {kind: player, dialect: relax_speaker, topic: one}
  other: {kind: player, dialect: relax_speaker, topic: other}
rooms: {bedroom: {roles: {music: [one, other]}}}
music: {calm: "http://example.invalid/calm"}
"""
HEARD = """
scene: heard
format: 1
title: Heard
roles: {music: {kind: player}}
steps: [{step: one, music: {play: [calm], volume: 80%, fade: 1s}, lasts: 20s}]
finish: {look: restore, music: {stop: true, fade: 2s}}
"""


def test_a_player_that_was_silent_does_not_get_the_programme_of_another():
    room = Wired(MUSIC)
    room.say(
        Message("one/state", '{"playing": "http://example.invalid/radio", "volume": 0.3, "abilities": []}'),
        Message("other/state", '{"playing": "", "volume": 0.35, "abilities": []}'),
    )
    room.start(HEARD)
    room.finish()
    played = [json.loads(each) for each in room.payloads("other/set")]
    assert {each["uri"] for each in played if each["do"] == "play"} == {"http://example.invalid/calm"}
    radio = [json.loads(each) for each in room.payloads("one/set")]
    assert "http://example.invalid/radio" in {each["uri"] for each in radio if each["do"] == "play"}


class PercentSpeaker:
    """Takes a volume of 0 to 1, and says it in percent."""

    def __init__(self) -> None:
        self.volume, self.loudest = 0.01, 0.0

    def __call__(self, message: Message) -> list[Message]:
        told = json.loads(message.payload) if message.topic == "one/set" else {}
        if told.get("level") is not None:
            self.volume = told["level"]
            self.loudest = max(self.loudest, self.volume)
        return [self.said()]

    def said(self) -> Message:
        state = {"playing": "", "volume": round(self.volume * 100), "abilities": []}
        return Message("one/state", json.dumps(state))


def test_a_speaker_that_turns_out_to_count_otherwise_is_not_given_back_at_full():
    speaker = PercentSpeaker()
    room = Wired(MUSIC.replace("[one, other]", "one"), speaker)
    room.say(speaker.said())
    room.start(HEARD.replace("volume: 80%", "volume: 50%"))
    room.finish()
    assert 0.0 < speaker.loudest <= 0.6, "1 may have been 1 %: nobody is to be shouted at"
    assert "one" in {name for told in room.told(GivenBack) for name in (*told.fallback, *told.unanswered)}


def test_what_is_out_of_range_between_sessions_makes_unknown_what_was_said_before_it():
    room = Wired(MUSIC.replace("[one, other]", "one"))
    room.say(Message("one/state", '{"playing": "", "volume": 1, "abilities": []}'))
    room.say(Message("one/state", '{"playing": "", "volume": 12, "abilities": []}'))
    assert room.conductor.stage.value("one", Attribute.VOLUME, room.now) is None


def test_the_radio_that_was_on_before_comes_back_as_music_comes():
    room = Wired(MUSIC.replace("[one, other]", "one"))
    room.say(Message("one/state", '{"playing": "http://example.invalid/radio", "volume": 0.5, "abilities": []}'))
    room.start(HEARD)
    room.finish()
    told = [(at, json.loads(message.payload)) for at, message in room.sent if message.topic == "one/set"]
    (back,) = [at for at, each in told if each.get("uri") == "http://example.invalid/radio"]
    rising = [each["level"] for at, each in told if each["do"] == "volume" and at >= back]
    assert len(rising) > 5
    assert rising == sorted(rising)
    assert (rising[0] < 0.1, rising[-1]) == (True, 0.5)
