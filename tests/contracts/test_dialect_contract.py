"""What holds for every dialect, whatever it is called: the contract of `devices/dialect.py`, with a simulated device
on the other side where there is one.
"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.devices import chromaticity
from orchestrator.devices.abilities import Kind
from orchestrator.devices.dialects import DIALECTS
from orchestrator.devices.messages import (
    Hush,
    LightReport,
    Message,
    PauseMusic,
    Play,
    PlayerReport,
    ResumeMusic,
    SetLight,
    SetSwitch,
    SetVolume,
    Sound,
    Speak,
    SpeechEvent,
    SpeechReport,
    StopMusic,
    SwitchReport,
)
from orchestrator.home.library import read
from orchestrator.simulator.home import SimulatedHome
from orchestrator.values import Percent, Rgb, Temperature, WordsPerMinute

HOME = """
home: contract
format: 1
devices:
  zigbee_lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/house/lamp}
  zigbee_plug: {kind: switch, dialect: zigbee2mqtt, topic: zigbee2mqtt/plug}
  zigbee_remote: {kind: button, dialect: zigbee2mqtt, topic: zigbee2mqtt/remote}
  esphome: {kind: light, dialect: home_assistant, command_topic: a/set, state_topic: a, availability_topic: a/status}
  kelvin: {kind: light, dialect: home_assistant, command_topic: k/set, state_topic: k, color_temp_kelvin: true,
    brightness_scale: 100, supported_color_modes: [color_temp, xy]}
  hue: {kind: light, dialect: home_assistant, command_topic: h/set, state_topic: h, supported_color_modes: [hs]}
  stepped: {kind: light, dialect: home_assistant, command_topic: s/set, state_topic: s, transition: false}
  switch: {kind: switch, dialect: home_assistant, command_topic: w/set, state_topic: w}
  event: {kind: button, dialect: home_assistant, state_topic: e}
  speaker: {kind: [player, voice], dialect: relax_speaker, topic: speakers/den}
  satellite: {kind: voice, dialect: hermes, site: den}
  words: {kind: light, dialect: template, set: {topic: t/set, payload: "{{ {'state': state, 'brightness': brightness,
    'mired': mired, 'rgb': rgb if mired is none else none, 'transition': transition} | tojson }}"}, state: {topic: t}}
  relay: {kind: switch, dialect: template, set: {topic: r/set, payload: "{{ state }}"}, state: {topic: r},
    available: {topic: r/online}}
  script: {kind: [player, voice], dialect: template, set: {topic: x/set, payload: "{{ do }} {{ uri }} {{ text }}"},
    state: {topic: x}, done: {topic: x/done}}
rooms: {room: {roles: {main: zigbee_lamp}}}
"""
home = read(HOME, "contract.yaml")
everything = pytest.mark.parametrize("device", home.devices.values(), ids=lambda device: device.name)
lamps = pytest.mark.parametrize(
    "device", [each for each in home.devices.values() if each.abilities.light], ids=lambda device: device.name
)

levels = st.floats(min_value=0.0, max_value=100.0)
whites = st.floats(min_value=153.0, max_value=454.0).map(Temperature)
rgbs = st.builds(Rgb, *[st.integers(0, 255).map(float)] * 3)
lengths = st.integers(0, 8_000_000)
changes = st.one_of(
    st.builds(SetLight, st.none() | levels, st.none() | whites | rgbs, lengths),
    st.builds(SetSwitch, st.booleans()),
    st.builds(SetVolume, levels),
    st.builds(Play, st.text(max_size=40)),
    st.builds(
        Speak, st.text(), st.text(max_size=99), st.just("de"), levels, st.floats(60, 220).map(WordsPerMinute), lengths
    ),
    st.builds(Hush, st.text()),
    st.builds(Sound, st.text()),
    st.sampled_from([PauseMusic(), ResumeMusic(), StopMusic()]),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["state", "brightness", "color", "color_temp", "color_mode", "x", "y", "h", "s", "r", "g"])
            | st.sampled_from(
                [
                    "hue",
                    "saturation",
                    "b",
                    "volume",
                    "playing",
                    "abilities",
                    "id",
                    "event",
                    "action",
                    "siteId",
                    "context",
                ]
            )
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)
payloads = (
    st.binary(max_size=60).map(lambda raw: raw.decode("utf-8", errors="surrogateescape"))
    | anything.map(json.dumps)
    | st.text(max_size=20)
    | st.sampled_from(
        ["ON", "OFF", "online", '{"state"', "[" * 5000, '{"a":' * 5000, "1e999", "NaN", '{"brightness":NaN}']
    )
)


def test_the_contract_is_tried_on_every_dialect():
    assert {device.settings.dialect for device in home.devices.values()} == set(DIALECTS)


@everything
@given(payload=payloads, retain=st.booleans(), number=st.integers(0, 9))
def test_nothing_that_is_received_is_an_error(device, payload, retain, number):
    topics = device.dialect.topics
    for report in device.dialect.decode(Message(topics[number % len(topics)], payload, retain=retain)):
        match report:
            case LightReport(level, _):
                assert level is None or 0 <= level <= 100
            case PlayerReport(_, volume, _):
                assert volume is None or 0 <= volume <= 100


@everything
@given(payload=payloads)
def test_a_message_of_another_device_is_nothing(device, payload):
    assert list(device.dialect.decode(Message("somewhere/else", payload))) == []


@everything
@given(change=changes)
def test_a_command_is_never_retained_and_costs_what_it_takes(device, change):
    sent = device.dialect.encode(change)
    assert not any(message.retain for message in sent)
    if sent:
        assert device.dialect.cost(change) >= 1
    assert not any("+" in message.topic or "#" in message.topic for message in sent)


@everything
@given(change=changes)
def test_what_a_device_is_not_it_is_not_told(device, change):
    kinds = {
        SetLight: Kind.LIGHT, SetSwitch: Kind.SWITCH, SetVolume: Kind.PLAYER, Play: Kind.PLAYER,
        PauseMusic: Kind.PLAYER, ResumeMusic: Kind.PLAYER, StopMusic: Kind.PLAYER, Speak: Kind.VOICE,
        Hush: Kind.VOICE, Sound: Kind.VOICE,
    }  # fmt: skip
    if kinds[type(change)] not in device.kinds:
        assert list(device.dialect.encode(change)) == []


@lamps
@given(level=st.floats(min_value=0.001, max_value=100.0), length=lengths)
def test_a_level_that_is_on_is_never_sent_as_off(device, level, length):
    for message in device.dialect.encode(SetLight(Percent(level), None, length)):
        wish = json.loads(message.payload)
        assert wish["state"] == "ON"
        assert wish["brightness"] >= 1


@lamps
@given(length=lengths)
def test_off_is_an_explicit_off(device, length):
    (message,) = device.dialect.encode(SetLight(Percent(0.0), None, length))
    assert json.loads(message.payload)["state"] == "OFF"


@lamps
@given(level=levels, colour=st.none() | whites | rgbs)
def test_a_lamp_reports_what_it_was_told(device, level, colour):
    """Within half a unit of the level, half a mired, and what four places of chromaticity tell of a colour."""
    light = device.abilities.light
    colour = None if colour is None else light.nearest(colour)
    wish = SetLight(Percent(level), colour, 10_000)
    reports = _reports(device, device.dialect.encode(wish))
    seen = [report for report in reports if isinstance(report, LightReport)][-1]
    if level == 0:
        assert seen.level == 0
    else:
        assert seen.level == pytest.approx(level, abs=max(50.5 / light.steps, 100 / light.steps - level))
    if isinstance(colour, Temperature) and level > 0:
        assert isinstance(seen.colour, Temperature)
        tolerance = 2.0 if device.name == "kelvin" else 0.51
        assert seen.colour.mired == pytest.approx(colour.mired, abs=tolerance)
    if isinstance(colour, Rgb) and level > 0 and max(colour.red, colour.green, colour.blue) > 0:
        assert isinstance(seen.colour, Rgb)
        wanted = chromaticity.full(colour)
        told, shown = ((each.red, each.green, each.blue) for each in (wanted, seen.colour))
        assert shown == pytest.approx(told, abs=2)


def test_a_plug_reports_what_it_was_told():
    for device in home.devices.values():
        if device.abilities.switch is not None:
            for on in (True, False):
                assert SwitchReport(on) in _reports(device, device.dialect.encode(SetSwitch(on)))


@given(level=levels)
def test_a_player_reports_the_volume_that_it_was_told(level):
    device = home.devices["speaker"]
    (report, _) = _reports(device, device.dialect.encode(SetVolume(Percent(level))))
    assert report.volume == pytest.approx(level, abs=max(0.51, 1 - level if level else 0))


@pytest.mark.parametrize(("name", "begins"), [("speaker", True), ("satellite", False)])
def test_a_voice_says_when_it_begins_and_when_it_is_done(name, begins):
    device, simulated = home.devices[name], SimulatedHome(home)
    words = Speak("7", "Breathe in.", "en", Percent(40.0), WordsPerMinute(110.0), 2000)
    (command,) = device.dialect.encode(words)
    begun = [report for message in simulated.receive(command, 0) for report in device.dialect.decode(message)]
    ended = [report for message in simulated.advance(60_000) for report in device.dialect.decode(message)]
    assert begun == ([SpeechReport("7", SpeechEvent.STARTED)] if begins else [])
    assert ended == [SpeechReport("7", SpeechEvent.DONE)]


@everything
def test_a_question_has_an_answer(device):
    simulated = SimulatedHome(home)
    questions = device.dialect.query()
    for question in questions:
        assert simulated.receive(question, 0) == []
    answers = [report for message in simulated.advance(1000) for report in device.dialect.decode(message)]
    assert bool(answers) == bool(questions)


def _reports(device, commands):
    simulated = SimulatedHome(home)
    answers = [answer for command in commands for answer in simulated.receive(command, 0)]
    return [report for answer in answers for report in device.dialect.decode(answer)]
