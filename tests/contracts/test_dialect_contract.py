"""What holds for every dialect, whatever it is called: the contract of `devices/dialect.py`, tried on each device of
the payload files, with its twin on the other side where it has one.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.devices.abilities import Kind
from orchestrator.devices.dialects import DIALECTS
from orchestrator.devices.messages import (
    Hush,
    LightReport,
    Message,
    PauseMusic,
    Play,
    PlayerReport,
    Report,
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
from orchestrator.home.device import Device
from orchestrator.home.library import Home, read
from orchestrator.simulator.home import SimulatedHome
from orchestrator.units import Percent, WordsPerMinute
from orchestrator.values import HueSaturation, Rgb, Temperature
from tests.devices import payload_notation


class Subject(NamedTuple):
    """A device of the payload files, in the home of all devices of its file."""

    device: Device
    home: Home
    is_simulated: bool

    def reports(self, commands: Iterable[Message]) -> list[Report]:
        """What its twin says to commands within a second, as its dialect reads it.

        Who listens already hears from the broker as not retained what it keeps as well.
        """
        simulated = SimulatedHome(self.home)
        answers = [answer for command in commands for answer in simulated.receive(command, 0)]
        answers += simulated.advance(1000)
        heard = [answer._replace(retain=False) for answer in answers]
        return [report for answer in heard for report in self.device.dialect.decode(answer)]


def subjects() -> Iterator[Subject]:
    """Whoever adds a dialect writes its payload file, and it is tried here."""
    for dialect, version, content in payload_notation.files():
        written = {"home": "contract", "format": 1, "rooms": {"room": {"roles": {}}}, "devices": content["devices"]}
        home = read(yaml.safe_dump(written), f"{dialect} {version}")
        lacking = {*SimulatedHome(home).unsimulated, *content.get("unsimulated", ())}
        for device in home.devices.values():
            yield Subject(device, home, device.name not in lacking)


def those(has: Callable[[Subject], object]) -> Any:
    """A test for each device that has something."""
    chosen = [each for each in SUBJECTS if has(each)]
    named = [f"{each.device.settings.dialect}-{each.home.source.split()[1]}-{each.device.name}" for each in chosen]
    return pytest.mark.parametrize("subject", chosen, ids=named)


SUBJECTS = list(subjects())
everything = those(lambda subject: True)
twins = those(lambda subject: subject.is_simulated)
lamps = those(lambda subject: subject.is_simulated and (light := subject.device.abilities.light) and light.reports)
plugs = those(lambda subject: subject.is_simulated and (plug := subject.device.abilities.switch) and plug.reports)
players = those(lambda subject: subject.is_simulated and subject.device.abilities.player)
voices = those(lambda subject: subject.is_simulated and (voice := subject.device.abilities.voice) and voice.done)

levels = st.floats(min_value=0.0, max_value=100.0, allow_subnormal=False)
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


def keys(payload: Any) -> Iterator[str]:
    """What the devices of the payload files call things, at any depth."""
    if isinstance(payload, dict):
        yield from payload
        payload = list(payload.values())
    if isinstance(payload, list):
        for each in payload:
            yield from keys(each)


KEYS = sorted(
    {key for _, _, content in payload_notation.files() for key in keys([c["payload"] for c in content["decode"]])}
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner, max_size=5)
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
    assert {subject.device.settings.dialect for subject in SUBJECTS} == set(DIALECTS)


@everything
@given(payload=payloads, retain=st.booleans(), number=st.integers(0, 9))
def test_nothing_that_is_received_is_an_error(subject, payload, retain, number):
    topics = subject.device.dialect.topics or ("nothing/is/heard",)
    for report in subject.device.dialect.decode(Message(topics[number % len(topics)], payload, retain=retain)):
        match report:
            case LightReport(level, _):
                assert level is None or 0 <= level <= 100
            case PlayerReport(_, volume, _):
                assert volume is None or 0 <= volume <= 100


@everything
@settings(max_examples=20)
@given(payload=payloads)
def test_a_message_of_another_device_is_nothing(subject, payload):
    assert list(subject.device.dialect.decode(Message("somewhere/else", payload))) == []


@everything
@given(change=changes)
def test_a_command_is_never_retained_and_costs_what_it_takes(subject, change):
    sent = subject.device.dialect.encode(change)
    assert not any(message.retain for message in sent)
    if sent:
        assert subject.device.dialect.cost(change) >= 1
    assert not any("+" in message.topic or "#" in message.topic for message in sent)


@everything
@given(change=changes)
def test_what_a_device_is_not_it_is_not_told(subject, change):
    kinds = {
        SetLight: Kind.LIGHT, SetSwitch: Kind.SWITCH, SetVolume: Kind.PLAYER, Play: Kind.PLAYER,
        PauseMusic: Kind.PLAYER, ResumeMusic: Kind.PLAYER, StopMusic: Kind.PLAYER, Speak: Kind.VOICE,
        Hush: Kind.VOICE, Sound: Kind.VOICE,
    }  # fmt: skip
    if kinds[type(change)] not in subject.device.kinds:
        assert list(subject.device.dialect.encode(change)) == []


@lamps
@given(level=st.floats(min_value=0.001, max_value=100.0), length=lengths)
def test_a_level_that_is_on_is_never_understood_as_off(subject, level, length):
    seen = lit(subject, SetLight(Percent(level), None, length)).level
    assert seen is not None
    assert seen > 0


@lamps
@given(length=lengths)
def test_off_is_understood_as_off(subject, length):
    assert lit(subject, SetLight(Percent(0.0), None, length)).level == 0.0


@lamps
@given(level=levels, colour=st.none() | whites | rgbs)
def test_a_lamp_reports_what_it_was_told(subject, level, colour):
    """Within half a unit of the level, half a mired, and what four places of chromaticity tell of a colour.

    A lamp that says it in whole degrees and percent tells half as much.
    """
    light = subject.device.abilities.light
    colour = None if colour is None else light.nearest(colour)
    seen = lit(subject, SetLight(Percent(level), colour, 10_000))
    if level == 0:
        assert seen.level == 0.0
    elif light.dimmable:
        assert seen.level == pytest.approx(level, abs=max(50.5 / light.steps, 100 / light.steps - level))
    if isinstance(colour, Temperature) and level > 0:
        assert isinstance(seen.colour, Temperature)
        assert seen.colour.mired == pytest.approx(colour.mired, abs=0.51)
    if isinstance(colour, Rgb) and level > 0 and max(colour.red, colour.green, colour.blue) > 0:
        assert seen.colour is not None
        is_whole = isinstance(seen.colour, HueSaturation) and seen.colour.hue % 1 == seen.colour.saturation % 1 == 0
        assert seen.colour.rgb.parts == pytest.approx(colour.full.parts, abs=4 if is_whole else 2)


@plugs
@pytest.mark.parametrize("on", [True, False])
def test_a_plug_reports_what_it_was_told(subject, on):
    assert SwitchReport(on) in subject.reports(subject.device.dialect.encode(SetSwitch(on)))


@players
@given(level=levels)
def test_a_player_reports_the_volume_that_it_was_told(subject, level):
    """After it was told another one: some say only what changes."""
    another = Percent(90.0 if level < 50 else 10.0)
    told = [SetVolume(volume) for volume in (another, Percent(level))]
    commands = [command for change in told for command in subject.device.dialect.encode(change)]
    report = [report for report in subject.reports(commands) if isinstance(report, PlayerReport)][-1]
    assert report.volume == pytest.approx(level, abs=max(0.51, 1 - level if level else 0))


@voices
def test_a_voice_says_when_it_is_done_and_perhaps_when_it_begins(subject):
    decode, simulated = subject.device.dialect.decode, SimulatedHome(subject.home)
    words = Speak("7", "Breathe in.", "en", Percent(40.0), WordsPerMinute(110.0), 2000)
    commands = subject.device.dialect.encode(words)
    answers = [answer for command in commands for answer in simulated.receive(command, 0)]
    begun = [report for message in answers for report in decode(message)]
    ended = [report for message in simulated.advance(60_000) for report in decode(message)]
    assert begun in ([], [SpeechReport("7", SpeechEvent.STARTED)])
    assert ended == [SpeechReport("7", SpeechEvent.DONE)]


@twins
def test_a_question_has_an_answer(subject):
    simulated = SimulatedHome(subject.home)
    questions = subject.device.dialect.query()
    for question in questions:
        assert simulated.receive(question, 0) == []
    answers = [report for message in simulated.advance(1000) for report in subject.device.dialect.decode(message)]
    assert bool(answers) == bool(questions)


def lit(subject: Subject, change: SetLight) -> LightReport:
    """The last that a lamp says of itself when it was told a change; some say each thing in a message of its own."""
    said = LightReport()
    for report in subject.reports(subject.device.dialect.encode(change)):
        if isinstance(report, LightReport):
            said = said._replace(**{name: value for name, value in report._asdict().items() if value is not None})
    return said


@lamps
@given(changes=st.lists(st.builds(SetLight, st.none() | levels, st.none() | whites | rgbs, lengths), max_size=3))
def test_what_a_change_would_cost_is_asked_without_telling_it(subject, changes):
    """A codec that remembers what its lamp was told would take what it says for an answer to that."""
    family = DIALECTS[subject.device.settings.dialect]
    asked, other = (family.codec(subject.device.name, subject.device.settings) for _ in range(2))
    for change in changes:
        asked.cost(change)
    simulated = SimulatedHome(subject.home)
    said = [message for message in simulated.connected(0) if message.topic in subject.device.dialect.topics]
    assert [asked.decode(message) for message in said] == [other.decode(message) for message in said]
    one = SetLight(Percent(30.0), None, 0)
    assert asked.encode(one) == other.encode(one)
