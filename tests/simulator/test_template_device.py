"""Devices behind templates are simulated as far as that can be known."""

import json

import pytest

from orchestrator.devices.messages import LightReport, Message, SetLight, SetSwitch, SwitchReport
from orchestrator.home.library import read
from orchestrator.simulator.home import SimulatedHome
from orchestrator.units import Percent
from orchestrator.values import Temperature

HOME = """
home: templates
format: 1
devices:
  lamp: {kind: light, dialect: template, set: {topic: a/set, payload: "{{ {'state': state, 'brightness': brightness,
    'mired': mired, 'transition': transition} | tojson }}"}, state: {topic: a}, available: {topic: a/online}}
  dimmer: {kind: light, dialect: template, set: {topic: d/set, payload: "{{ brightness or 0 }}"}, state: {topic: d}}
  deaf: {kind: light, dialect: template, set: {topic: x/set, payload: "{{ state }}"},
    state: {topic: x, payload: "{{ value_json.a.b }}"}}
  relay: {kind: switch, dialect: template, set: {topic: r/set, payload: "{{ state | lower }}"}, state: {topic: r}}
  press: {kind: button, dialect: template, state: {topic: p}}
rooms:
  room: {roles: {main: lamp}}
"""


@pytest.fixture
def home():
    return read(HOME, "templates.yaml")


def told(home, simulated, name, change):
    dialect = home.devices[name].dialect
    answers = [answer for command in dialect.encode(change) for answer in simulated.receive(command, 0)]
    return [report for answer in answers for report in dialect.decode(answer)]


def test_json_with_our_names_is_understood_and_said_back(home):
    simulated = SimulatedHome(home)
    change = SetLight(Percent(40.0), Temperature(370.0), 2000)
    assert told(home, simulated, "lamp", change) == [LightReport(Percent(40.0), Temperature(370.0))]
    simulated.advance(2000)
    assert simulated.lamps(2000)[0].level == 40.0


def test_a_number_and_a_word_are_understood(home):
    simulated = SimulatedHome(home)
    assert told(home, simulated, "dimmer", SetLight(Percent(40.0), None)) == [LightReport(Percent(40.0))]
    assert told(home, simulated, "dimmer", SetLight(Percent(0.0), None)) == [LightReport(Percent(0.0))]
    assert told(home, simulated, "relay", SetSwitch(True)) == [SwitchReport(True)]
    assert told(home, simulated, "relay", SetSwitch(False)) == [SwitchReport(False)]


def test_what_its_own_template_could_not_read_is_not_said(home):
    simulated = SimulatedHome(home)
    assert simulated.receive(Message("x/set", "OFF"), 0) == []
    assert next(lamp for lamp in simulated.lamps(0) if lamp.name == "deaf").level == 0.0


def test_it_has_availability_where_the_home_says_so(home):
    hello = {message.topic: message.payload for message in SimulatedHome(home).connected(0)}
    assert hello["a/online"] == "online"
    assert json.loads(hello["a"])["state"] == "ON"


def test_a_button_says_what_was_pressed(home):
    assert SimulatedHome(home).press("press", "double", 0) == [Message("p", "double")]
