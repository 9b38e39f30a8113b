"""What a Shelly Gen2 or later says bit by bit, what a home file may say of it, and the traps of its twin."""

import json

import pytest
from pydantic import ValidationError

from orchestrator.devices.abilities import ColourMode, FadeBy
from orchestrator.devices.dialects.shelly2 import Shelly2, Shelly2Settings
from orchestrator.devices.messages import (
    AvailabilityReport,
    LightAbilitiesReport,
    LightReport,
    Message,
    RefusalReport,
    SetLight,
)
from orchestrator.home.library import read
from orchestrator.simulator.home import SimulatedHome
from orchestrator.units import SECOND, Percent
from orchestrator.values import Channels, Rgb, Temperature

HOME = """
home: shellies
format: 1
devices:
  dimmer: {kind: light, dialect: shelly2, topic: shellydimmer}
  strip: {kind: light, dialect: shelly2, topic: shellystrip, component: rgbw:0}
  white: {kind: light, dialect: shelly2, topic: shellystrip, component: cct:0}
rooms: {den: {roles: {}}}
"""


def lamp(**keys):
    return Shelly2("lamp", Shelly2Settings.model_validate({"kind": "light", "dialect": "shelly2", "topic": "s"} | keys))


def notified(component, **status):
    return Message("s/events/rpc", json.dumps({"method": "NotifyStatus", "params": {component: status}}))


def answer(component, id_, **result):
    return Message(f"relax/shelly/s/{component}/rpc", json.dumps({"id": id_, "result": result}))


# What it says


def test_what_is_left_out_is_as_it_was_said_before():
    codec = lamp()
    codec.decode(answer("light:0", 1, output=True, brightness=70))
    assert codec.decode(notified("light:0", brightness=20)) == (LightReport(Percent(20.0)),)
    assert codec.decode(notified("light:0", output=False)) == (LightReport(Percent(0.0), None, Percent(20.0)),)
    assert codec.decode(notified("light:0", output=True)) == (LightReport(Percent(20.0)),)
    assert codec.decode(notified("light:0", apower=3.0)) == ()


def test_a_part_of_what_is_not_known_says_nothing():
    """Else a session would not ask for the rest, and had nothing to give back."""
    assert lamp().decode(notified("light:0", brightness=20)) == ()
    codec = lamp(component="cct:0")
    assert codec.decode(notified("cct:0", output=True, brightness=20)) == ()
    assert codec.decode(notified("cct:0", ct=4000)) == (LightReport(None, Temperature.of_kelvin(4000)),)
    assert codec.decode(notified("cct:0", brightness=30)) == (LightReport(Percent(30.0)),)


def test_an_answer_says_all_that_there_is_to_say():
    codec = lamp(component="rgbw:0")
    assert codec.decode(answer("rgbw:0", 1, output=True, brightness=20)) == (LightReport(Percent(20.0)),)
    assert codec.decode(notified("rgbw:0", output=False)) == (LightReport(Percent(0.0), None, Percent(20.0)),)


@pytest.mark.parametrize("word", [Message("s/online", "false"), Message("s/online", "true", retain=True)])
def test_after_an_absence_of_it_or_of_us_a_command_asks_too_until_all_is_known_again(word):
    """It may have been changed meanwhile; and of a command that changes nothing it would say nothing."""
    codec, change = lamp(), SetLight(Percent(40.0), None, 500)
    assert codec.decode(word) == (AvailabilityReport(word.payload == "true"),)
    assert codec.cost(change) == 1, "at its start a session asks by itself"
    codec.decode(answer("light:0", 1, output=True, brightness=70))
    codec.decode(word)
    assert [json.loads(each.payload)["method"] for each in codec.encode(change)] == ["Light.Set", "Light.GetStatus"]
    assert codec.cost(change) == 2
    assert codec.decode(notified("light:0", brightness=20)) == (LightReport(Percent(20.0)),), "a hand is heard"
    assert codec.cost(change) == 2
    codec.decode(answer("light:0", 1, output=True, brightness=20))
    assert codec.cost(change) == 1


def test_after_an_absence_a_part_is_said_with_the_rest():
    codec = lamp(component="cct:0")
    codec.decode(answer("cct:0", 1, output=True, brightness=70, ct=4000))
    codec.decode(Message("s/online", "true", retain=True))
    white = Temperature.of_kelvin(4000)
    assert codec.decode(notified("cct:0", brightness=20)) == (LightReport(Percent(20.0), white),)
    assert codec.decode(notified("cct:0", apower=3.0)) == ()
    codec.decode(answer("cct:0", 1, output=True, brightness=20, ct=4000))
    assert codec.decode(notified("cct:0", brightness=30)) == (LightReport(Percent(30.0)),)


def test_one_that_says_all_before_it_says_that_it_is_there_is_known():
    codec = lamp()
    full = {"method": "NotifyFullStatus", "params": {"light:0": {"output": True, "brightness": 70}}}
    codec.decode(Message("s/events/rpc", json.dumps(full)))
    codec.decode(Message("s/online", "true"))
    assert codec.decode(notified("light:0", brightness=20)) == (LightReport(Percent(20.0)),)


def test_nonsense_is_not_remembered():
    codec = lamp()
    codec.decode(answer("light:0", 1, output=True, brightness=70))
    codec.decode(notified("light:0", brightness=-5))
    assert codec.decode(notified("light:0", output=True)) == ()


def test_white_that_alone_has_changed_is_said_with_its_colours():
    codec = lamp(component="rgbw:0")
    codec.decode(answer("rgbw:0", 1, output=True, brightness=70, rgb=[255, 0, 10], white=0))
    assert codec.decode(notified("rgbw:0", white=90)) == (LightReport(None, Channels((255.0, 0.0, 10.0, 90.0))),)


def test_a_white_of_a_bulb_that_shows_colours_is_none():
    codec = lamp(component="rgbcct:0")
    codec.decode(answer("rgbcct:0", 1, output=True, brightness=70, mode="rgb", rgb=[255, 0, 0], ct=4000))
    assert codec.decode(notified("rgbcct:0", ct=3000)) == (LightReport(None, Rgb(255.0, 0.0, 0.0)),)
    (shown,) = codec.decode(notified("rgbcct:0", mode="cct"))
    assert round(shown.colour.kelvin) == 3000


def test_it_is_asked_for_its_whites_until_it_has_said_them():
    codec = lamp(component="cct:0")
    assert [json.loads(each.payload)["method"] for each in codec.query()] == ["CCT.GetStatus", "CCT.GetConfig"]
    (report,) = codec.decode(answer("cct:0", 2, id=0, ct_range=[3000, 5000]))
    assert isinstance(report, LightAbilitiesReport)
    assert (round(1e6 / report.light.warmest), round(1e6 / report.light.coolest)) == (3000, 5000)
    assert codec.abilities.light == report.light
    assert [json.loads(each.payload)["method"] for each in codec.query()] == ["CCT.GetStatus"]


def test_what_the_home_file_says_of_whites_goes_before_what_the_lamp_says():
    codec = lamp(component="cct:0", warmest="2200K")
    (report,) = codec.decode(answer("cct:0", 2, id=0, ct_range=[3000, 5000]))
    assert (round(1e6 / report.light.warmest), round(1e6 / report.light.coolest)) == (2200, 5000)


def test_a_range_that_is_none_is_no_range():
    codec = lamp(component="cct:0")
    for ends in ([5000, 5000], [5000], "2700", None, ["a", "b"]):
        codec.decode(answer("cct:0", 2, id=0, ct_range=ends))
        assert round(1e6 / codec.abilities.light.warmest) == 2700


# What a home file may say


def test_the_component_says_what_a_lamp_can():
    assert lamp().abilities.light.colours is ColourMode.NONE
    assert lamp(component="cct:1").abilities.light.colours is ColourMode.TEMPERATURE
    assert lamp(component="rgbcct:0").abilities.light.colours == ColourMode.TEMPERATURE | ColourMode.RGB
    assert lamp(component="rgbcct:0", colors=["temperature"]).abilities.light.colours is ColourMode.TEMPERATURE
    relay = lamp(component="switch:0").abilities.light
    assert (relay.dimmable, relay.fade, relay.off_fade) == (False, FadeBy.NONE, False)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"component": "cover:0"}, "there is no cover:0 here; there are light, cct, rgb"),
        ({"component": "light"}, "expected a component and its number, such as light:0"),
        ({"component": "light:01"}, "expected a component"),
        ({"component": 0}, "expected a component"),
        ({"component": "input:0"}, "it is `kind: button`"),
        ({"kind": "button", "component": "switch:0"}, "a button is `component: input:0`"),
        ({"off_after": "30min"}, "only a switch has `off_after`"),
        ({"colors": ["rgb"]}, "light:0 has no rgb"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_is_refused(keys, said):
    with pytest.raises(ValidationError, match=said):
        lamp(**keys)


# Its twin


class Talk:
    def __init__(self):
        self.home = read(HOME, "shellies.yaml")
        self.simulated = SimulatedHome(self.home)
        self.simulated.connected(0)

    def send(self, name, change, now):
        sent = self.home.devices[name].dialect.encode(change)
        return self.understood(name, [said for each in sent for said in self.simulated.receive(each, now)])

    def raw(self, topic, now=0, **request):
        return self.simulated.receive(Message(f"{topic}/rpc", json.dumps({"id": 3, "src": "me"} | request)), now)

    def understood(self, name, said):
        return [report for each in said for report in self.home.devices[name].dialect.decode(each)]

    def level(self, name, now):
        return next(each.level for each in self.simulated.lamps(now) if each.name == name)


def test_a_lamp_that_fades_says_where_it_goes_and_that_it_is_there():
    talk = Talk()
    assert talk.send("dimmer", SetLight(Percent(20.0), None, 10 * SECOND), 0) == [LightReport(Percent(20.0))]
    talk.simulated.receive(talk.home.devices["dimmer"].dialect.query()[0], 5 * SECOND)
    asked = talk.simulated.advance(6 * SECOND)
    assert 20 < json.loads(asked[0].payload)["result"]["brightness"] < 70
    assert talk.understood("dimmer", asked) == [LightReport(Percent(20.0))]
    assert talk.understood("dimmer", talk.simulated.advance(11 * SECOND)) == [LightReport(Percent(20.0))]
    assert talk.simulated.advance(60 * SECOND) == []


def test_a_hand_in_a_fade_is_said():
    talk = Talk()
    talk.send("dimmer", SetLight(Percent(20.0), None, 10 * SECOND), 0)
    said = talk.simulated.turn("dimmer", 5 * SECOND, level=Percent(90.0))
    assert talk.understood("dimmer", said) == [LightReport(Percent(90.0))]


def test_an_order_that_changes_nothing_is_answered_and_not_told():
    talk = Talk()
    said = talk.raw("shellydimmer", method="Light.Set", params={"id": 0, "on": True, "brightness": 70})
    assert [each.topic for each in said] == ["me/rpc"]


def test_a_fade_without_its_length_takes_that_of_the_settings():
    talk = Talk()
    talk.raw("shellydimmer", method="Light.Set", transition_duration=30, params={"id": 0, "on": True, "brightness": 10})
    assert talk.level("dimmer", 3 * SECOND) == pytest.approx(10)


@pytest.mark.parametrize(
    "params",
    [
        {"brightness": 101, "on": True},
        {"brightness": 20, "transition_duration": 0.2},
        {"brightness": 20, "transition_duration": 10_801},
        {"rgb": [255, 0, 0]},
    ],
)
def test_what_is_no_request_does_nothing_and_is_refused(params):
    talk = Talk()
    talk.send("strip", SetLight(Percent(50.0), None, 500), 0)
    talk.simulated.advance(SECOND)
    (said,) = talk.raw("shellystrip", SECOND, method="RGBW.Set", params={"id": 0} | params)
    assert json.loads(said.payload)["error"]["code"] == -103
    assert talk.level("strip", 60 * SECOND) == pytest.approx(50)


def test_a_refusal_is_said():
    talk = Talk()
    light = talk.home.devices["dimmer"].dialect
    (sent,) = light.encode(SetLight(Percent(20.0), None, 500))
    said = talk.simulated.receive(sent._replace(payload=sent.payload.replace(":20", ":200")), 0)
    assert [type(each) for each in talk.understood("dimmer", said)] == [RefusalReport]


def test_each_component_of_a_device_takes_what_is_meant_for_it():
    talk = Talk()
    talk.send("white", SetLight(Percent(30.0), Temperature.of_kelvin(3000), 500), 0)
    assert talk.level("white", SECOND) == pytest.approx(30)
    assert talk.level("strip", SECOND) == pytest.approx(70)


def test_off_keeps_the_level_that_it_goes_back_to():
    talk = Talk()
    talk.send("dimmer", SetLight(Percent(0.0), None, 4 * SECOND), 0)
    assert talk.understood("dimmer", talk.simulated.advance(5 * SECOND)) == [
        LightReport(Percent(0.0), None, Percent(70.0))
    ]
