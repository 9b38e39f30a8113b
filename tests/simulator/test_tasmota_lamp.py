"""What a command does to a Tasmota lamp: xdrv_04_light.ino, command by command."""

import json

import pytest

from orchestrator.devices.messages import LightReport, Message, SetLight, SetSwitch
from orchestrator.home.library import read
from orchestrator.simulator.home import SimulatedHome
from orchestrator.units import Percent
from orchestrator.values import HueSaturation, Temperature

HOME = """
home: simulated
format: 1
devices:
  lamp: {kind: light, dialect: tasmota, topic: lamp}
  fixed: {kind: light, dialect: tasmota, topic: fixed, set_options: [117]}
  kept: {kind: light, dialect: tasmota, topic: kept, set_options: [20, 117]}
  plug: {kind: switch, dialect: tasmota, topic: plug}
  wall: {kind: button, dialect: tasmota, topic: wall}
rooms:
  room: {roles: {main: lamp}}
"""


class Talk:
    """A home of Tasmota devices, all of which have come up; lamps are at 70 %, 4000 K."""

    def __init__(self):
        self.home = read(HOME, "simulated.yaml")
        self.simulated = SimulatedHome(self.home)
        self.now = 0
        self.first = self.simulated.connected(0)

    def backlog(self, name, *commands):
        payload = ";".join(f"NoDelay;{command}" for command in commands)
        return self.send(f"cmnd/{name}/Backlog", payload)

    def send(self, topic, payload):
        return self.simulated.receive(Message(topic, payload), self.now)

    def wait(self, length):
        self.now += length
        return self.simulated.advance(self.now)

    def lamp(self, name):
        return next(lamp for lamp in self.simulated.lamps(self.now) if lamp.name == name)


@pytest.fixture
def talk():
    return Talk()


def said(messages):
    return [(message.topic, json.loads(message.payload)) for message in messages if message.payload.startswith("{")]


def test_it_announces_itself_and_says_its_whole_state_by_itself(talk):
    retained = {message.topic for message in talk.first if message.retain}
    assert {"tele/lamp/LWT", "tele/plug/LWT"} <= retained
    announced = [json.loads(message.payload) for message in talk.first if "discovery" in message.topic]
    assert [(each["t"], each["rl"][0], each["so"]["117"]) for each in announced] == [
        ("lamp", 2, 0), ("fixed", 2, 1), ("kept", 2, 1), ("plug", 1, 0),
    ]  # fmt: skip
    (state,) = [what for topic, what in said(talk.first) if topic == "tele/lamp/STATE"]
    assert (state["POWER"], state["Dimmer"], state["White"], state["CT"]) == ("ON", 70, 70, 250)
    assert state["HSBColor"].endswith(",0")  # no colour shines


def test_a_fade_of_a_fixed_time_takes_that_and_at_most_twenty_seconds(talk):
    talk.backlog("fixed", "Speed2 20", "Dimmer 20")
    talk.wait(5_000)
    assert talk.lamp("fixed").level == 45.0
    talk.wait(5_000)
    assert talk.lamp("fixed").level == 20.0
    talk.backlog("fixed", "Speed2 41", "Dimmer 70")  # out of range: a question
    assert talk.lamp("fixed").level == 70.0


def test_a_fade_without_that_takes_the_part_of_it_that_changes(talk):
    talk.backlog("lamp", "Speed2 40", "Dimmer 20")
    talk.wait(10_000)
    assert talk.lamp("lamp").level == 20.0


def test_fade2_alone_does_nothing_and_a_fade_is_for_once(talk):
    talk.backlog("fixed", "Fade2 1", "Dimmer 20")
    assert talk.lamp("fixed").level == 20.0
    talk.backlog("fixed", "Speed2 10", "Dimmer 50")
    talk.wait(5_000)
    talk.backlog("fixed", "Dimmer 20")
    assert talk.lamp("fixed").level == 20.0


def test_off_with_a_speed_fades_and_the_dimmer_stays(talk):
    messages = talk.backlog("fixed", "Speed2 20", "Power1 OFF")
    assert [(message.topic, message.payload) for message in messages] == [
        ("stat/fixed/RESULT", '{"POWER":"OFF"}'),
        ("stat/fixed/POWER", "OFF"),
    ]
    talk.wait(5_000)
    assert talk.lamp("fixed").level == 35.0
    talk.wait(5_000)
    assert talk.lamp("fixed").level == 0.0
    talk.send("cmnd/fixed/State", "")
    ((_, state),) = said(talk.wait(100))
    assert (state["POWER"], state["Dimmer"]) == ("OFF", 70)


def test_a_hand_at_the_wall_is_said_in_one_word_and_understood(talk):
    dialect = talk.home.devices["lamp"].dialect
    for message in talk.first:
        dialect.decode(message)
    off = talk.simulated.turn("lamp", 0, level=Percent(0.0))
    on = talk.simulated.turn("lamp", 0, level=Percent(70.0))
    assert [what for _, what in said(off + on)] == [{"POWER": "OFF"}, {"POWER": "ON"}]
    assert dialect.decode(on[0]) == (LightReport(Percent(70.0)),)


def test_a_colour_turns_a_lamp_on_that_is_off_unless_setoption20_is_set(talk):
    for name in ("fixed", "kept"):
        talk.backlog(name, "Power1 OFF")
        talk.backlog(name, "CT 400")
    assert talk.lamp("fixed").level == 70.0
    assert talk.lamp("kept").level == 0.0
    talk.backlog("kept", "Dimmer 30")
    assert talk.lamp("kept").level == 0.0
    talk.backlog("kept", "Power1 ON")
    assert (talk.lamp("kept").level, talk.lamp("kept").colour) == (30.0, Temperature(400.0))


def test_a_colour_and_an_off_leave_it_dark_and_the_colour_is_there_when_it_is_turned_on(talk):
    (command,) = talk.home.devices["fixed"].dialect.encode(SetLight(Percent(0.0), Temperature(400.0)))
    talk.simulated.receive(command, 0)
    assert talk.lamp("fixed").level == 0.0
    talk.backlog("fixed", "Power1 ON")
    assert (talk.lamp("fixed").level, talk.lamp("fixed").colour) == (70.0, Temperature(400.0))


def test_a_white_out_of_range_is_a_question(talk):
    talk.backlog("lamp", "CT 600")
    assert talk.lamp("lamp").colour == Temperature(250.0)


def test_colours_are_whole_degrees_and_percent_and_keep_the_dimmer(talk):
    ((_, state),) = said(talk.backlog("lamp", "Color2 255,154,60"))
    assert (state["Dimmer"], state["HSBColor"], state["White"]) == (70, "29,76,70", 0)
    talk.backlog("lamp", "HsbColor1 33", "HsbColor2 88")
    assert talk.lamp("lamp").colour == HueSaturation(33.0, 88.0)


def test_a_dimmer_at_nothing_is_off(talk):
    talk.backlog("lamp", "Dimmer 0")
    assert talk.lamp("lamp").level == 0.0


def test_a_button_says_which_it_was(talk):
    assert [what for _, what in said(talk.simulated.press("wall", "button2_double", 0))] == [
        {"Button2": {"Action": "DOUBLE"}}
    ]


SEVERAL = """
home: several
format: 1
devices:
  left: {kind: light, dialect: tasmota, topic: twins, output: 1, dimmer: Channel1, colors: []}
  right: {kind: light, dialect: tasmota, topic: twins, output: 2, dimmer: Channel2, colors: []}
  plug: {kind: switch, dialect: tasmota, topic: twins, output: 3}
rooms: {den: {roles: {main: left}}}
"""


def test_each_output_of_a_device_does_what_it_is_told_and_no_other_does() -> None:
    home = read(SEVERAL, "several.yaml")
    simulated = SimulatedHome(home)
    announced = [message for message in simulated.connected(0) if message.topic.startswith("tasmota/discovery/")]
    (payload,) = [json.loads(message.payload) for message in announced]
    assert (payload["rl"][:4], payload["so"]["68"], payload["lt_st"]) == ([2, 2, 1, 0], 1, 2)
    for name, change in (("right", SetLight(Percent(20.0), None)), ("plug", SetSwitch(on=True))):
        answers = [each for told in home.devices[name].dialect.encode(change) for each in simulated.receive(told, 0)]
        said = {key for answer in answers for key in json.loads(answer.payload)} if name == "right" else set()
        assert said <= {"POWER2", "Channel2"}
        for other in set(home.devices) - {name}:
            reports = [report for answer in answers for report in home.devices[other].dialect.decode(answer)]
            assert reports == [], other
        assert [report for answer in answers for report in home.devices[name].dialect.decode(answer)]
