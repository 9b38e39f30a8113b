"""What a WLED strip does with what comes to its topics: mqtt.cpp, json.cpp and led.cpp."""

import json

import pytest
from pydantic import ValidationError

from orchestrator.devices.abilities import ColourMode, DeviceCurve
from orchestrator.devices.dialects.wled import WledSettings
from orchestrator.devices.messages import KeepLevel, LightReport, Message, SetLight
from orchestrator.home.library import read
from orchestrator.simulator.home import SimulatedHome
from orchestrator.units import Percent
from orchestrator.values import Channels, Colour, Effect, Rgb

HOME = """
home: simulated
format: 1
devices:
  strip: {kind: light, dialect: wled, topic: wled/strip}
  other: {kind: light, dialect: wled, topic: wled/other}
  all: {kind: light, dialect: wled, topic: wled/all, members: [strip, other], reports: false}
rooms:
  room: {roles: {main: strip}}
"""


class Talk:
    """Two strips that came up a while ago: 70 %, in their orange."""

    def __init__(self):
        self.home = read(HOME, "simulated.yaml")
        self.simulated = SimulatedHome(self.home)
        self.first = self.simulated.connected(0)
        self.now = 5_000

    def send(self, payload, topic="wled/strip/api"):
        text = payload if isinstance(payload, str) else json.dumps(payload)
        return self.simulated.receive(Message(topic, text), self.now)

    def tell(self, change):
        (command,) = self.home.devices["strip"].dialect.encode(change)
        return self.simulated.receive(command, self.now)

    def wait(self, length):
        self.now += length
        return self.simulated.advance(self.now)

    def lamp(self, name="strip"):
        return next(lamp for lamp in self.simulated.lamps(self.now) if lamp.name == name)

    def bri(self, name="strip"):
        return round(self.lamp(name).level * 2.55)


@pytest.fixture
def talk():
    return Talk()


def said(messages, topic="wled/strip/g"):
    return [message.payload for message in messages if message.topic == topic]


def test_it_says_how_it_is_when_it_comes_to_the_broker(talk):
    assert said(talk.first, "wled/strip/status") == ["online", "online"]
    assert said(talk.first) == ["178"]
    assert all(message.retain == message.topic.endswith("/status") for message in talk.first)


def test_a_transition_of_656_tenths_wraps_round(talk):
    talk.send({"on": True, "bri": 20, "tt": 656})
    talk.wait(64)
    assert talk.bri() == 20
    talk.send({"on": True, "bri": 200, "tt": 655})
    talk.wait(30_000)
    assert 95 < talk.bri() < 110
    talk.wait(35_500)
    assert talk.bri() == 200


def test_no_transition_for_once_stays_for_what_follows(talk):
    talk.send({"bri": 20, "tt": 0})
    assert talk.bri() == 20
    talk.send({"bri": 200})
    assert talk.bri() == 200
    talk.send({"bri": 20, "tt": 1})
    talk.wait(100)
    talk.send({"bri": 200})
    assert talk.bri() == 20  # its own transition is back


def test_relax_asks_for_none(talk):
    for change in (
        SetLight(Percent(20.0), None),
        SetLight(Percent(0.0), Rgb(255.0, 0.0, 0.0)),
        KeepLevel(Percent(9.0)),
    ):
        (command,) = talk.home.devices["strip"].dialect.encode(change)
        assert json.loads(command.payload)["tt"] == 1


def test_json_on_the_topic_itself_turns_it_on_or_toggles_it(talk):
    talk.send({"bri": 20}, "wled/strip")
    talk.wait(1000)
    assert talk.bri() == 0
    talk.send({"on": False}, "wled/strip")
    talk.wait(1000)
    assert talk.bri() == 178


def test_what_changes_is_said_at_once_and_what_follows_a_second_later(talk):
    assert said(talk.send({"bri": 100, "tt": 50})) == ["100"]
    assert talk.send({"bri": 90, "tt": 50}) == []
    assert talk.send({"bri": 80, "tt": 50}) == []
    assert talk.wait(900) == []
    assert said(talk.wait(100)) == ["80"]
    assert talk.wait(10_000) == []


def test_what_changes_nothing_is_not_said_unless_it_speaks_of_segments(talk):
    assert talk.send({"bri": 178, "tt": 1, "nl": {"on": False}}) == []
    assert said(talk.send({"bri": 178, "tt": 1, "seg": {}})) == ["178"]
    talk.wait(2000)
    assert said(talk.tell(SetLight(Percent(70.0), None))) == ["178"]


def test_each_command_of_ours_is_answered_by_every_version(talk):
    """To 0.15 because of the segments, from 16 because of the nightlight."""
    red = Rgb(255.0, 0.0, 0.0)
    for change in (
        SetLight(Percent(20.0), None),
        SetLight(None, red),
        SetLight(Percent(0.0), red),
        KeepLevel(Percent(9.0)),
    ):
        (command,) = talk.home.devices["strip"].dialect.encode(change)
        assert {"seg", "nl"} <= set(json.loads(command.payload))


def test_off_fades_and_on_goes_back_to_what_it_was(talk):
    assert said(talk.tell(SetLight(Percent(0.0), None, 10_000))) == ["0"]
    talk.wait(5_000)
    assert talk.bri() == 89
    talk.wait(5_000)
    assert talk.bri() == 0
    talk.send({"on": True, "tt": 1})
    talk.wait(100)
    assert talk.bri() == 178


def test_a_colour_and_a_level_are_kept_in_the_dark(talk):
    talk.tell(SetLight(Percent(0.0), None))
    talk.wait(2_000)
    talk.tell(SetLight(None, Rgb(255.0, 0.0, 0.0)))
    talk.wait(2_000)
    assert said(talk.tell(KeepLevel(Percent(20.0)))) == ["0"]
    talk.wait(2_000)
    assert talk.bri() == 0
    talk.send("ON", "wled/strip")
    talk.wait(2_000)
    assert (talk.bri(), talk.lamp().colour) == (51, Rgb(255.0, 0.0, 0.0))


def test_white_that_shines_stands_in_front_without_its_leading_nought(talk):
    for white, shown in ((0, "#FFA000"), (5, "#5FFA000"), (139, "#8BFFA000")):
        talk.wait(2_000)
        heard = talk.send({"tt": 1, "seg": {"col": [[255, 160, 0, white]]}})
        assert said(heard, "wled/strip/c") == [shown]
    (_, message, *_) = heard
    (report,) = talk.home.devices["strip"].dialect.decode(message)
    assert report.colour == Channels((255.0, 160.0, 0.0, 139.0))


def test_a_colour_comes_on_its_own_topic_as_well(talk):
    assert said(talk.send("#00FF00", "wled/strip/col"), "wled/strip/c") == ["#00FF00"]
    talk.wait(2_000)
    assert said(talk.send("16711680", "wled/strip/col"), "wled/strip/c") == ["#FF0000"]
    assert talk.send("red", "wled/strip/col") == []


def test_a_group_topic_reaches_all_and_says_nothing_itself(talk):
    heard = talk.send({"bri": 51, "tt": 1}, "wled/all/api")
    assert said(heard, "wled/strip/g") == said(heard, "wled/other/g") == ["51"]
    assert [message for message in heard if message.topic.startswith("wled/all")] == []


def test_what_a_strip_can_is_what_its_firmware_does(talk):
    light = talk.home.devices["strip"].abilities.light
    assert light is not None
    assert (light.colours, light.curve, light.longest_fade) == (ColourMode.RGB, DeviceCurve.LINEAR, 65_500)
    assert light.colour_with_off
    assert light.colour_while_off  # test_a_colour_and_a_level_are_kept_in_the_dark
    assert light.level_while_off


@pytest.mark.parametrize("ending", ["api", "col", "g", "c", "v", "status"])
def test_a_topic_below_that_of_the_strip_is_refused(ending):
    with pytest.raises(ValidationError, match="is the strip"):
        WledSettings.model_validate({"kind": "light", "dialect": "wled", "topic": f"wled/strip/{ending}"})


def test_an_effect_is_left_alone_by_what_dims_and_comes_back_with_the_colour_that_is_said_with_it() -> None:
    home = read(EFFECT_HOME, "effect.yaml")
    simulated, codec = SimulatedHome(home), home.devices["strip"].dialect
    now, shown = 0, list[Colour]()

    def told(*messages: Message) -> list[str]:
        """What the strip says it is, each time with time for it."""
        nonlocal now
        said = [answer for message in messages for answer in simulated.receive(message, now)]
        now += 5000
        said += simulated.advance(now)
        reports = [each for answer in said for each in codec.decode(answer) if isinstance(each, LightReport)]
        shown.extend(each.colour for each in reports if each.colour is not None)
        return [answer.payload for answer in said if answer.topic.endswith("/v")]

    def effect(said: list[str]) -> str:
        return said[-1].partition("<nl>0</nl>")[2].partition("<wv>")[0]

    person = {"on": True, "bri": 128, "seg": {"fx": 9, "sx": 40, "ix": 200, "pal": 6, "col": [[0, 200, 255]]}}
    rainbow = "<fx>9</fx><sx>40</sx><ix>200</ix><fp>6</fp>"
    assert effect(told(Message("wled/effect/api", json.dumps(person)))) == rainbow
    own = shown[-1]
    assert own == Channels((0.0, 200.0, 255.0), Effect(9, 40, 200, 6))
    assert effect(told(*codec.encode(SetLight(Percent(10.0), None, 1000)))) == rainbow
    assert effect(told(*codec.encode(SetLight(Percent(20.0), Rgb(255.0, 154.0, 60.0), 1000)))).startswith("<fx>0</fx>")
    assert effect(told(*codec.encode(SetLight(Percent(50.0), own, 1000)))) == rainbow
    person["seg"] = {"fx": 0}
    told(Message("wled/effect/api", json.dumps(person)))
    told(*codec.encode(SetLight(Percent(20.0), Rgb(255.0, 154.0, 60.0), 1000)))
    assert effect(told(*codec.encode(SetLight(Percent(50.0), Rgb(0.0, 200.0, 255.0), 1000)))).startswith("<fx>0</fx>")


EFFECT_HOME = """
home: effect
format: 1
devices: {strip: {kind: light, dialect: wled, topic: wled/effect, colors: [rgb]}}
rooms: {den: {roles: {main: strip}}}
"""
