"""What a Shelly Gen1 says of itself by and by, what a home file may say of it, and the traps of its twin."""

import json

import pytest
from pydantic import ValidationError

from orchestrator.devices.abilities import ColourMode, FadeBy
from orchestrator.devices.dialects.shelly1 import Shelly1, Shelly1Settings
from orchestrator.devices.messages import (
    ButtonReport,
    LightAbilitiesReport,
    LightReport,
    Message,
    SetLight,
)
from orchestrator.home.library import read
from orchestrator.simulator.home import SimulatedHome
from orchestrator.units import SECOND, Percent
from orchestrator.values import Channels, Temperature

HOME = """
home: shellies
format: 1
devices:
  dimmer: {kind: light, dialect: shelly1, topic: shellies/dimmer}
  bulb: {kind: light, dialect: shelly1, topic: shellies/bulb, component: color:0, colors: [temperature, rgb]}
  strip: {kind: light, dialect: shelly1, topic: shellies/strip, component: color:0}
  button: {kind: button, dialect: shelly1, topic: shellies/ix3, component: input:1}
rooms: {den: {roles: {}}}
"""
BOTH = ColourMode.TEMPERATURE | ColourMode.RGB


def device(**keys):
    entry = {"kind": "light", "dialect": "shelly1", "topic": "shellies/x"} | keys
    return Shelly1("device", Shelly1Settings.model_validate(entry))


def said(topic, retain=False, **payload):
    return Message(f"shellies/x/{topic}", json.dumps(payload), retain=retain)


# What it says


@pytest.mark.parametrize(
    ("component", "model", "colours", "warmest"),
    [
        ("light:0", "SHBDUO-1", ColourMode.TEMPERATURE, 2700),
        ("color:0", "SHCB-1", BOTH, 3000),
        ("color:0", "SHBLB-1", BOTH, 3000),
    ],
)
def test_its_model_says_what_colours_it_has(component, model, colours, warmest):
    codec = device(component=component)
    assert [message.payload for message in codec.query()] == ["announce", "update"]
    (report,) = codec.decode(said("announce", id="x", model=model))
    assert isinstance(report, LightAbilitiesReport)
    assert codec.abilities.light == report.light
    assert (report.light.colours, round(1e6 / report.light.warmest)) == (colours, warmest)
    assert [message.payload for message in codec.query()] == ["update"]


@pytest.mark.parametrize(
    ("component", "model"), [("light:0", "SHDM-2"), ("light:0", "SHVIN-1"), ("color:0", "SHRGBW2")]
)
def test_a_model_as_it_was_taken_for_is_no_news_and_is_not_asked_again(component, model):
    codec = device(component=component)
    assert codec.decode(said("announce", id="x", model=model)) == ()
    assert [message.payload for message in codec.query()] == ["update"]


def test_a_lamp_that_says_a_white_has_whites():
    codec = device()
    news, shown = codec.decode(said("light/0/status", ison=True, brightness=40, temp=3000))
    assert isinstance(news, LightAbilitiesReport)
    assert news.light.colours is ColourMode.TEMPERATURE
    assert shown == LightReport(Percent(40.0), Temperature.of_kelvin(3000))
    assert len(codec.decode(said("light/0/status", ison=True, brightness=40, temp=3000))) == 1


def test_what_the_home_file_says_of_colours_stays():
    codec = device(component="color:0", colors=["temperature"])
    assert codec.decode(said("announce", id="x", model="SHCB-1")) == ()
    assert codec.abilities.light.colours is ColourMode.TEMPERATURE


def test_a_press_is_one_whose_count_is_new():
    codec = device(kind="button", component="input:0")
    presses = [("S", 4), ("S", 4), ("S", 5), ("S", 5), ("", 0), ("L", 1)]
    reports = [codec.decode(said("input_event/0", event=event, event_cnt=count)) for event, count in presses]
    assert reports == [(), (), (ButtonReport("S"),), (), (), (ButtonReport("L"),)]
    assert codec.decode(said("input_event/0", retain=True, event="S", event_cnt=2)) == ()
    assert codec.decode(said("input_event/0", event="S", event_cnt=2)) == ()


# What a home file may say


def test_the_component_says_what_a_light_can():
    assert device().abilities.light.longest_fade == 5 * SECOND
    assert device().abilities.light.segment == 5 * SECOND
    assert device(component="white:3").abilities.light.colours is ColourMode.NONE
    relay = device(component="relay:0").abilities.light
    assert (relay.dimmable, relay.fade, relay.off_fade) == (False, FadeBy.NONE, False)


@pytest.mark.parametrize(
    ("keys", "refusal"),
    [
        ({"component": "roller:0"}, "there is no roller:0 here"),
        ({"component": "input:0"}, "it is `kind: button`"),
        ({"kind": "switch", "component": "light:0"}, "write `component: relay:0`"),
        ({"kind": "button", "component": "relay:0"}, "a button is `component: input:0`"),
        ({"colors": ["rgb"]}, "light:0 has no rgb"),
        ({"component": "white:0", "colors": ["temperature"]}, "white:0 has no temperature"),
    ],
)
def test_what_cannot_be_is_refused(keys, refusal):
    with pytest.raises(ValidationError, match=refusal):
        device(**keys)


# Its twin


class Talk:
    def __init__(self):
        self.home = read(HOME, "shellies.yaml")
        self.simulated = SimulatedHome(self.home)
        self.heard = self.simulated.connected(0)

    def tell(self, name, change, now=0):
        return self.understood(name, self.raw(*self.home.devices[name].dialect.encode(change), now=now))

    def raw(self, *messages, now=0):
        return [answer for message in messages for answer in self.simulated.receive(message, now)]

    def set(self, topic, now=0, **wish):
        return self.raw(Message(f"shellies/{topic}/set", json.dumps(wish)), now=now)

    def understood(self, name, answers):
        return [report for each in answers for report in self.home.devices[name].dialect.decode(each)]

    def level(self, name, now):
        return next(each.level for each in self.simulated.lamps(now) if each.name == name)


def test_a_fade_takes_five_seconds_at_most():
    talk = Talk()
    talk.set("dimmer/light/0", turn="on", brightness=20, transition=60_000)
    assert talk.level("dimmer", 5 * SECOND) == pytest.approx(20)


def test_off_is_said_at_once_while_it_fades_and_the_level_is_kept():
    talk = Talk()
    assert talk.tell("dimmer", SetLight(Percent(0.0), None, 4000)) == [LightReport(Percent(0.0), None, Percent(70.0))]
    assert 0 < talk.level("dimmer", 2 * SECOND) < 70
    assert talk.level("dimmer", 4 * SECOND) == 0


def test_a_brightness_of_nothing_is_refused_and_nothing_is_said_of_it():
    talk = Talk()
    assert talk.set("dimmer/light/0", brightness=0) == []
    assert talk.level("dimmer", SECOND) == 70


def test_a_bulb_that_is_not_told_its_mode_stays_in_its_own():
    """As one was captured: red is sent while it shows white, and it goes on with white."""
    talk = Talk()
    talk.set("bulb/color/0", turn="on", red=255, green=0, blue=0, gain=50)
    assert isinstance(talk.simulated.lamps(9 * SECOND)[1].colour, Temperature)
    talk.tell("bulb", SetLight(Percent(50.0), Channels((255.0, 0.0, 0.0)), 500), now=10 * SECOND)
    shown = talk.simulated.lamps(11 * SECOND)[1].colour
    assert shown is not None
    assert shown.xy == Channels((255.0, 0.0, 0.0)).xy


@pytest.mark.parametrize("colour", [None, Temperature.of_kelvin(4000), Channels((255.0, 0.0, 0.0))])
def test_a_bulb_is_dimmed_whatever_it_shows(colour):
    talk = Talk()
    talk.tell("bulb", SetLight(Percent(60.0), colour, 0))
    (*_, report) = talk.tell("bulb", SetLight(Percent(30.0), None, 0), now=SECOND)
    assert report.level == 30


def test_white_behind_colours_is_given_back_as_it_was_said():
    talk = Talk()
    mixed = Channels((159.0, 159.0, 255.0, 40.0))
    (*_, report) = talk.tell("strip", SetLight(Percent(60.0), mixed, 0))
    assert report.colour == mixed


def test_it_announces_what_it_is():
    talk = Talk()
    talk.raw(*talk.home.devices["strip"].dialect.query())
    announced = [each for each in talk.simulated.advance(SECOND) if each.topic == "shellies/strip/announce"]
    assert [json.loads(each.payload)["model"] for each in announced] == ["SHRGBW2"]


def test_a_button_says_its_last_press_again_when_it_is_back():
    talk = Talk()
    assert talk.understood("button", talk.heard) != [ButtonReport("S")]
    assert ButtonReport("S") in talk.understood("button", talk.simulated.press("button", "S", SECOND))
    talk.simulated.offline("button", 2 * SECOND)
    again = talk.simulated.online("button", 3 * SECOND)
    assert '"S"' in "".join(each.payload for each in again)
    assert ButtonReport("S") not in talk.understood("button", again)
    assert ButtonReport("S") in talk.understood("button", talk.simulated.press("button", "S", 4 * SECOND))
