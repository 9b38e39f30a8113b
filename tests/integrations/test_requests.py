"""Reading what anybody may publish: a request, or a refusal that says what was expected. Never anything else."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.commands import (
    Abort,
    Back,
    Extend,
    GiveBack,
    Goto,
    MusicVolume,
    Next,
    Pause,
    Repeat,
    Resume,
    SessionCommand,
    Skip,
    Stop,
    Toggle,
)
from orchestrator.conductor.request import Mode
from orchestrator.errors import Reason, Refused
from orchestrator.integrations.incoming import MODELS
from orchestrator.integrations.payloads import request_id_of
from orchestrator.integrations.requests import (
    VOCABULARY,
    Choose,
    Do,
    Request,
    StartScene,
    read,
    read_choice,
)
from orchestrator.units import Percent
from tests.conftest import MANY

PLAIN: dict[str, SessionCommand] = {
    "pause": Pause(),
    "resume": Resume(),
    "next": Next(),
    "back": Back(),
    "repeat": Repeat(),
    "skip": Skip(),
    "stop": Stop(),
    "abort": Abort(),
}


@pytest.mark.parametrize("word", PLAIN)
@pytest.mark.parametrize("written", ["{}", " {}\n", '"{}"', '{{"command": "{}"}}'])
def test_a_plain_command_may_be_a_word_or_an_object(word, written):
    found = read(written.format(word))
    assert found == Request(Do(PLAIN[word]))
    assert isinstance(found.what, Do)
    assert type(found.what.command) is type(PLAIN[word]), "commands without an argument are all equal"


@pytest.mark.parametrize(
    ("payload", "what"),
    [
        ("NEXT", Do(Next())),
        ("extend", Do(Extend(120_000))),
        ("extend 5min", Do(Extend(300_000))),
        ('{"command": "extend", "by": "1:30"}', Do(Extend(90_000))),
        ("goto strokes:left", Do(Goto("strokes:left"))),
        ("volume 30%", Do(MusicVolume(Percent(30.0)))),
        ("give-back ceiling", Do(GiveBack("ceiling"))),
        ("start foot-massage", StartScene("foot-massage", {})),
        ("start", StartScene(None, {})),
        ("toggle", Do(Toggle())),
    ],
)
def test_a_word_and_what_stands_behind_it_are_enough(payload, what):
    assert repr(read(payload).what) == repr(what)


def test_a_start_says_everything():
    parameters: dict[str, bool | float | str] = {
        "feet": "left",
        "bath": False,
        "soak": "5min",
        "rounds": 12,
        "pace": 1.5,
    }
    payload = {
        "command": "start",
        "scene": "foot-massage",
        "parameters": parameters,
        "language": "de",
        "mode": "queued",
        "trigger": "node-red",
        "rate": 2,
        "request_id": "a1",
    }
    assert read(json.dumps(payload)) == Request(
        StartScene("foot-massage", parameters, "de", Mode.QUEUED, "node-red", 2000), "a1"
    )


def test_a_command_may_be_meant_for_one_step_only():
    assert read('{"command": "next", "step": "soak", "request_id": "7"}') == Request(Do(Next()), "7", "soak")
    assert read('{"command": "volume", "level": "5%", "step": "soak"}') == Request(
        Do(MusicVolume(Percent(5.0))), None, "soak"
    )


def test_the_step_of_goto_is_where_to_and_no_condition():
    assert read('{"command": "goto", "step": "soak"}') == Request(Do(Goto("soak")), None, None)


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ("", 'Expected a word such as `pause`, or JSON such as {"command": "start", "scene": "foot-massage"}.'),
        ("{}", "`command` is missing; expected a word"),
        ("nxt", "There is no command `nxt`; did you mean `next`?"),
        ("foot-massage", "There is no command `foot-massage`; known are `abort`,"),
        ("next now", "`next` takes nothing behind it."),
        ('{"command": "goto"}', "`goto` needs `step`."),
        ('{"command": 7}', "`command`: expected a word"),
        ("[1, 2]", "Expected a word such as `pause`"),
        ('{"command": "next", ', "this is neither (EOF while parsing"),
        ('{"command": "volume", "level": 30}', "`level`: expected a percentage; did you mean 30%?"),
        ('{"command": "volume", "level": "130%"}', "`level`: 130% is more than all"),
        ('{"command": "extend", "by": 5}', "`by`: 5 of what? Write the unit: '5s' or '5min'."),
        ('{"command": "next", "request_id": 7}', "`request_id`: expected a text; put quotes around it."),
        ('{"command": "next", "request_id": "' + "x" * 65 + '"}', "`request_id`: this is longer than 64 letters."),
        ('{"command": "next", "stop": "soak"}', "`stop` is no key of `next`; did you mean `step`?"),
        ('{"command": "start", "scene": 7}', "`scene`: expected a text; put quotes around it."),
        ('{"command": "start", "scene": "x", "mode": "que"}', "`mode`: expected `single` or `restart` or `queued`"),
        ('{"command": "start", "scene": "x", "rate": 0}', "`rate`: 0 is too small: expected at least 0.1."),
        ('{"command": "start", "scene": "x", "parameters": {"a": null}}', "`parameters.a`: expected a word, a number"),
        ('{"command": "start", "scene": "x", "parameters": {"a": [[[1]]]}}', "This lies too many levels deep."),
        ('{"command": "start", "scene": "x", "parameters": {"a": 1e999}}', "a number in it that is far too large"),
        ('{"command": "give_back", "device": "the lamp"}', "`device`: expected a name: small letters"),
        ("caf\ufffd", "This is no text in UTF-8."),
        ("x" * 65_537, "This is longer than 64 KiB."),
        ("€" * 22_000, "This is longer than 64 KiB."),
    ],
)
def test_what_is_wrong_is_said(payload, said):
    with pytest.raises(Refused) as refused:
        read(payload)
    assert refused.value.reason is Reason.MALFORMED
    assert said in str(refused.value)


def test_a_retained_command_is_refused_whatever_it_is():
    with pytest.raises(Refused, match="without the retain flag") as refused:
        read("next", retained=True)
    assert refused.value.reason is Reason.RETAINED


@pytest.mark.parametrize(
    ("payload", "request_id"),
    [
        ('{"command": "nxt", "request_id": "a"}', "a"),
        ('{"command": "next", "request_id": ""}', None),
        ('{"command": "next", "request_id": 7}', None),
        ("nxt", None),
        ("{", None),
    ],
)
def test_who_asked_what_cannot_be_understood_is_still_known(payload, request_id):
    assert request_id_of(payload, VOCABULARY) == request_id


names = st.sampled_from(
    ["../../etc/passwd", "/", "..", "~", "#", "+", "a/+/#", "$SYS", "\0", "C:\\x", "strokes:left#2", "x" * 300, ""]
)
plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | names
trees = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8) | names, inner, max_size=4),
    max_leaves=20,
)
keys = st.sampled_from(
    ["scene", "parameters", "language", "mode", "trigger", "rate", "by", "step", "level", "device", "request_id"]
)
commands = st.builds(
    lambda word, rest: {"command": word, **rest},
    st.sampled_from(list(MODELS)) | names,
    st.dictionaries(keys, trees | st.sampled_from(["5min", "30%", "soak", "en", "queued"]), max_size=4),
)
payloads = st.one_of(
    st.binary(max_size=200).map(lambda raw: raw.decode(errors="replace")),
    st.text(max_size=200),
    st.text(st.sampled_from('{}[]":,0123456789eE+-. nulltrfas\\'), max_size=200),
    trees.map(json.dumps),
    commands.map(json.dumps),
    st.integers(1, 40_000).map(lambda depth: "[" * depth),
    st.integers(1, 12_000).map(lambda depth: '{"a":' * depth + "1" + "}" * depth),
    st.integers(1, 60_000).map(lambda digits: '{"command": "start", "scene": "x", "rate": ' + "9" * digits + "}"),
    st.builds("{} {}".format, st.sampled_from(list(MODELS)), st.text(max_size=50) | names),
)


@MANY
@given(payloads)
def test_any_payload_is_a_request_or_is_refused(payload):
    found = outcome(payload)
    if isinstance(found, Request):
        return
    assert found.reason is Reason.MALFORMED
    assert 0 < len(str(found)) < 500
    assert str(found).encode()
    assert len(request_id_of(payload, VOCABULARY) or "") <= 64


def outcome(payload):
    try:
        return read(payload)
    except Refused as refused:
        return refused


@pytest.mark.parametrize(
    "payload",
    [
        "1" * 65_000,
        '{"command": "extend", "by": "' + "1" * 65_000 + '"}',
        '{"command": "volume", "level": "' + "1" * 65_000 + '"}',
        "extend " + "1" * 65_000,
        '{"command": "' + "nex" * 21_000 + '"}',
        '{"command": "next", ' + ",".join(f'"{number:06}": 1' for number in range(5000)) + "}",
        "a" * 65_000 + "!",
        "a" + " " * 65_000 + "b c",
    ],
)
def test_a_payload_that_is_made_to_be_slow_is_not(payload):
    """It takes no longer than to walk through its letters a few times, in time of the processor."""
    began = time.thread_time()
    assert sum(letter.isdigit() for letter in payload) <= len(payload)
    walked = time.thread_time()
    with pytest.raises(Refused):
        read(payload)
    assert time.thread_time() - walked < 50 * (walked - began)


@pytest.mark.parametrize(
    ("payload", "word"),
    [
        *((word, word) for word in PLAIN),
        ("start foot-massage", "start"),
        ("extend 5min", "extend"),
        ("goto strokes", "goto"),
        ("volume 30%", "volume"),
        ("give-back lamp", "give_back"),
    ],
)
def test_a_request_knows_the_word_that_it_was(payload: str, word: str) -> None:
    assert read(payload).word == word


@pytest.mark.parametrize(
    ("payload", "what"),
    [
        ("foot-massage", Choose("foot-massage", {})),
        ('{"scene": "foot-massage"}', Choose("foot-massage", {})),
        ('{"parameters": {"bath": false, "soak": "3min"}}', Choose(None, {"bath": False, "soak": "3min"})),
        ('{"scene": "x", "parameters": {"pace": 1.5}, "request_id": "1"}', Choose("x", {"pace": 1.5})),
    ],
)
def test_a_choice_is_a_scene_or_parameters_or_both(payload, what):
    assert read_choice(payload).what == what
    assert read_choice(payload).word == "choose"


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ("", "Expected the name of a scene, or JSON such as"),
        ("{}", "Expected the name of a scene, or JSON such as"),
        ("[1]", "Expected the name of a scene"),
        ("start foot-massage", "this is neither"),
        ('{"sceen": "x"}', "`sceen` is no key of `choose`; did you mean `scene`?"),
        ('{"parameters": {"a": null}}', "`parameters.a`: expected a word, a number"),
    ],
)
def test_what_is_no_choice_is_said(payload, said):
    with pytest.raises(Refused) as refused:
        read_choice(payload)
    assert refused.value.reason is Reason.MALFORMED
    assert said in str(refused.value)
