"""What a device says that means nothing is no value: it is unknown, said once, and never given back."""

import json

import pytest

from orchestrator.commands import Stop
from orchestrator.devices.messages import LightReport, Message, OutOfRangeReport, PlayerReport
from orchestrator.events.device import OutOfRange
from orchestrator.home.library import read
from tests.conductor.wired import HEAD, Wired

SPEAKER = """
devices:
  sp: {kind: [player, voice], dialect: relax_speaker, topic: sp}
rooms:
  bedroom: {roles: {music: sp, voice: sp}}
music: {calm: "http://x/calm.mp3"}
"""
MUSIC = """
scene: mus
format: 1
title: Mus
roles: {music: {kind: player}}
steps:
  - {step: a, music: {play: calm, volume: 50%, fade: 2s}, lasts: 4s}
finish: {music: {stop: true, fade: 2s}}
"""


def levels(wired: Wired) -> list[float]:
    said = [json.loads(payload) for payload in wired.payloads("sp/set")]
    return [each["level"] for each in said if each["do"] == "volume"]


def test_a_volume_in_percent_is_unknown_and_said_once_and_nothing_is_ever_at_full() -> None:
    wired = Wired(SPEAKER, retained=[Message("sp/state", '{"playing": null, "volume": 35}', retain=True)])
    wired.start(MUSIC)
    wired.until(3000)
    wired.say(Message("sp/state", '{"playing": "http://x/calm.mp3", "volume": 36}'))
    wired.command(Stop())
    wired.finish()
    assert wired.told(OutOfRange) == [OutOfRange("sp", "volume", "35", "0 to 1")]
    assert max(levels(wired)) <= 0.6
    assert levels(wired)[-1] == 0.4


def test_what_is_said_rightly_before_the_start_is_not_held_against_the_device() -> None:
    wired = Wired(SPEAKER)
    wired.say(Message("sp/state", '{"volume": 35}'), Message("sp/state", '{"playing": null, "volume": 0.35}'))
    wired.start(MUSIC)
    wired.finish()
    assert wired.told(OutOfRange) == []
    assert levels(wired)[-1] == 0.35


DEVICES = """
devices:
  zigbee: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/zigbee}
  json: {kind: light, dialect: home_assistant, command_topic: j/set, state_topic: j}
  kelvin: {kind: light, dialect: home_assistant, command_topic: k/set, state_topic: k, color_temp_kelvin: true}
  own:
    kind: light
    dialect: template
    set: {topic: o/set, payload: "{{ [brightness, mired, rgb] }}"}
    state: {topic: o}
  dimmer: {kind: light, dialect: template, set: {topic: d/set, payload: "{{ brightness }}"}, state: {topic: d}}
  radio:
    kind: player
    dialect: template
    set: {topic: r/set, payload: "{{ [do, volume, uri] }}"}
    state: {topic: r}
    volume_scale: 30
  sp: {kind: player, dialect: relax_speaker, topic: sp}
rooms: {bedroom: {roles: {}}}
"""
HOME = read(HEAD + DEVICES, "house.yaml")


@pytest.mark.parametrize(
    ("device", "payload", "what"),
    [
        ("zigbee", {"brightness": 300}, "brightness"),
        ("zigbee", {"brightness": -1}, "brightness"),
        ("zigbee", {"brightness": "bright"}, "brightness"),
        ("zigbee", {"color_mode": "color_temp", "color_temp": 65535}, "color_temp"),
        ("zigbee", {"color_mode": "color_temp", "color_temp": -3}, "color_temp"),
        ("zigbee", {"color_mode": "color_temp", "color_temp": 0}, "color_temp"),
        ("zigbee", {"color_mode": "color_temp", "color_temp": 0, "color": {"x": 0.4, "y": 0.4}}, "color_temp"),
        ("zigbee", {"color_temp": 0}, "color_temp"),
        ("zigbee", {"color_mode": "xy", "color": {"x": 1.7, "y": 0.3}}, "color x"),
        ("zigbee", {"color_mode": "xy", "color": {"x": 0.9, "y": 0.9}}, "color x + y"),
        ("zigbee", {"color_mode": "hs", "color": {"hue": 400, "saturation": 20}}, "color hue"),
        ("zigbee", {"color_mode": "hs", "color": {"hue": 40, "saturation": 254}}, "color saturation"),
        ("json", {"state": "ON", "brightness": 256}, "brightness"),
        ("json", {"color_mode": "color_temp", "color_temp": 2700}, "color_temp"),
        ("json", {"color_mode": "color_temp", "color_temp": 0}, "color_temp"),
        ("json", {"color_temp": 0}, "color_temp"),
        ("json", {"color_mode": "rgb", "color": {"r": 300, "g": 0, "b": 0}}, "color r"),
        ("json", {"color_mode": "rgbw", "color": {"r": 3, "g": 0, "b": 0, "w": 999}}, "color w"),
        ("kelvin", {"color_mode": "color_temp", "color_temp": 370}, "color_temp"),
        ("own", {"state": "on", "brightness": 101}, "brightness"),
        ("kelvin", {"color_mode": "color_temp", "color_temp": 0}, "color_temp"),
        ("own", {"mired": 5}, "mired"),
        ("own", {"mired": 0}, "mired"),
        ("own", {"color_mode": "color_temp", "kelvin": 0, "rgb": [0, 0, 0]}, "kelvin"),
        ("own", {"kelvin": 100}, "kelvin"),
        ("own", {"rgb": [0, 0, 256]}, "color b"),
        ("dimmer", 101, "brightness"),
        ("dimmer", -1, "brightness"),
        ("radio", {"volume": 31}, "volume"),
        ("sp", {"volume": 1.01}, "volume"),
        ("sp", {"volume": True}, "volume"),
    ],
)
def test_a_number_outside_of_its_range_is_no_value(device: str, payload: object, what: str) -> None:
    dialect = HOME.devices[device].dialect
    topic = "sp/state" if device == "sp" else dialect.topics[0]
    reports = dialect.decode(Message(topic, json.dumps(payload)))
    assert [report.what for report in reports if isinstance(report, OutOfRangeReport)] == [what]
    for report in reports:
        assert not isinstance(report, LightReport) or report == LightReport()
        assert not isinstance(report, PlayerReport) or report.volume is None


@pytest.mark.parametrize(
    ("device", "payload"),
    [
        ("zigbee", {"brightness": None, "color_temp": None, "color": None}),
        ("zigbee", {"color_mode": "xy", "color_temp": 0, "color": {"x": 0, "y": 0}}),
        ("zigbee", {"color_mode": "hs", "color_temp": None, "color": {"x": 0, "y": 0}}),
        ("json", {"color_mode": "xy", "color_temp": 0}),
        ("own", {"color_mode": "hs", "mired": 0}),
        ("json", {"brightness": 0, "color_temp": 0, "color": {"r": 0, "g": 0, "b": 0}}),
        ("own", {"mired": 0, "kelvin": 0, "rgb": [0, 0, 0]}),
        ("sp", {"volume": None}),
    ],
)
def test_a_mark_is_no_value_and_no_fault(device: str, payload: object) -> None:
    dialect = HOME.devices[device].dialect
    topic = "sp/state" if device == "sp" else dialect.topics[0]
    assert list(dialect.decode(Message(topic, json.dumps(payload)))) == []
