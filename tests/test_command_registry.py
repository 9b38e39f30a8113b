"""The table of commands: what comes through each door is what it says, and each door has its texts in each language."""

import json
import re
from contextlib import nullcontext
from pathlib import Path
from typing import get_args

import pytest

from orchestrator.cli.app import app
from orchestrator.cli.follow.local_session import LocalSession
from orchestrator.cli.play import key_bindings
from orchestrator.commands import (
    COMMANDS,
    ArgumentKind,
    ButtonDoor,
    CliDoor,
    CommandSpec,
    Extend,
    HomeAssistantDoor,
    KeyDoor,
    MqttDoor,
    OneTouch,
    Pause,
    PlannedWord,
    RoomCommand,
    SessionCommand,
    Skip,
    Stop,
    VoiceDoor,
    through,
    word_of,
)
from orchestrator.conductor.buttons import command_of
from orchestrator.documents import document
from orchestrator.documents.notation import duration
from orchestrator.errors import Refused
from orchestrator.home.model import ButtonCommand
from orchestrator.integrations.home_assistant import AnnouncedRoom, Topics
from orchestrator.integrations.home_assistant.components import controls
from orchestrator.integrations.incoming import MODELS, Question
from orchestrator.integrations.intents import NAMES
from orchestrator.integrations.requests import Do, read
from orchestrator.session import state
from orchestrator.session.session import Session
from tests.session.test_commands import TIMELINE
from tests.session.timelines import BEFORE

ROOT = Path(__file__).parents[1]
HERMES = "docs/integrations/hermes"
LANGUAGES = {
    path.stem: document.read(path.read_text(encoding="utf-8"), path.name).data
    for path in sorted((ROOT / "orchestrator/languages").glob("*.yaml"))
}
"""What the program says, by language."""
UNDERSTOOD = sorted(path.suffixes[0][1:] for path in (ROOT / HERMES).glob("sentences.*.ini"))
"""The languages in which a satellite can be spoken with."""
WRITTEN = {
    ArgumentKind.DURATION: "5min",
    ArgumentKind.PERCENT: "30%",
    ArgumentKind.STEP: "rest",
    ArgumentKind.DEVICE: "lamp",
}


def given(kind):
    return [pytest.param(spec, door, id=spec.word) for spec, door in through(kind)]


# The table


def test_each_command_stands_once():
    made = [spec.command for spec in COMMANDS]
    assert len(set(made)) == len(made)
    for names in (
        [spec.word for spec in COMMANDS],
        [key for _, door in through(KeyDoor) for key in door.keys],
        [intent for _, door in through(VoiceDoor) for intent in door.intents],
    ):
        assert len(set(names)) == len(names)


def test_everything_that_a_person_can_tell_a_room_is_in_the_table():
    one_touch = {spec.given(door) for spec in COMMANDS for door in spec.doors if isinstance(door, OneTouch)}
    assert {spec.command for spec in COMMANDS} | one_touch == set(get_args(RoomCommand))


@pytest.mark.parametrize("spec", COMMANDS, ids=lambda spec: spec.word)
def test_the_argument_of_a_command_is_the_field_of_its_value(spec):
    assert spec.command._fields == ((spec.argument.key,) if spec.argument else ())
    if spec.argument and spec.argument.default:
        is_length = spec.argument.kind is ArgumentKind.DURATION
        default = duration(spec.argument.default) if is_length else spec.argument.default
        assert default == getattr(spec.command(), spec.argument.key)


@pytest.mark.parametrize("spec", COMMANDS, ids=lambda spec: spec.word)
def test_a_door_of_one_touch_needs_no_argument(spec):
    for door in spec.doors:
        if isinstance(door, OneTouch):
            assert spec.given(door)() is not None
        if isinstance(door, VoiceDoor):
            assert spec.argument is None or spec.argument.kind is ArgumentKind.DURATION, "intents have no other slot"


@pytest.mark.parametrize("command", get_args(SessionCommand), ids=lambda command: command.__name__)
def test_a_session_knows_every_command(command):
    spec = next((spec for spec in COMMANDS if spec.command is command), None)
    argument = {ArgumentKind.DURATION: 1000, ArgumentKind.PERCENT: 30.0, ArgumentKind.STEP: "rest"}
    one = Session("s", TIMELINE, BEFORE, 0)
    told = command(argument[spec.argument.kind]) if spec and spec.argument else command()
    with pytest.raises(Refused, match="no part that can be skipped") if command is Skip else nullcontext():
        one.handle(told, 1000)
    assert one.state in state.COMMANDS[command][state.State.PLAYING]


@pytest.mark.parametrize("command", get_args(SessionCommand), ids=lambda command: command.__name__)
def test_what_every_command_does_is_tried(command):
    tried = (ROOT / "tests/session/test_commands.py").read_text(encoding="utf-8")
    assert f"{command.__name__}(" in tried, "tests/session/test_commands.py does not try it"


# The doors


def done(payload: str) -> RoomCommand:
    """The command that a payload is."""
    what = read(payload).what
    assert isinstance(what, Do)
    return what.command


@pytest.mark.parametrize(("spec", "_door"), given(MqttDoor))
def test_through_mqtt(spec, _door):
    argument = f" {WRITTEN[spec.argument.kind]}" if spec.argument else ""
    assert type(done(f"{spec.word}{argument}")) is spec.command
    assert read(f"{spec.word}{argument}").word == spec.word


def test_nothing_else_comes_through_mqtt():
    assert list(MODELS) == [*dict.fromkeys(MODELS)]
    assert set(MODELS) == {spec.word for spec, _ in through(MqttDoor)} | {"start", *Question}


@pytest.mark.parametrize(("spec", "door"), given(CliDoor))
def test_through_the_command_line(spec, door):
    group, name = door.below or (None, spec.word.replace("_", "-"))
    place = next((each.typer_instance for each in app.registered_groups if each.name == group), app)
    assert place is not None
    command = next(each for each in place.registered_commands if each.name == name)
    assert command.callback.__doc__ == spec.about


@pytest.mark.parametrize(("spec", "door"), given(ButtonDoor))
def test_through_a_button(spec, door):
    assert type(command_of(spec.word)) is spec.given(door)


def test_what_is_said_to_what_is_announced_may_be_a_button_as_well():
    assert set(get_args(ButtonCommand)) == {spec.word for spec, _ in through(ButtonDoor)} | set(PlannedWord)
    assert command_of("later") is command_of("now") is None


class Pressed(LocalSession):
    """Somebody who plays a session, and what they told it."""

    def __init__(self) -> None:
        self.told: list[type[RoomCommand]] = []

    def command(self, command: RoomCommand) -> None:
        self.told.append(type(command))

    def interrupt(self) -> None:
        self.told.append(Stop)


@pytest.mark.parametrize(("spec", "door"), given(KeyDoor))
def test_through_a_key(spec, door):
    playing = Pressed()
    for key in door.keys:
        key_bindings.press(key, playing)
        key_bindings.press(key.upper(), playing)
    assert playing.told == [spec.given(door)] * 2 * len(door.keys)


def test_the_keys_are_shown_in_one_line():
    today = ["space pause", "n next", "b back", "r repeat", "+ 2 min more", "s skip", "q stop"]
    assert [part for part in key_bindings.KEYS.split(" · ") if part in today] == today
    playing = Pressed()
    key_bindings.press("x", playing)
    assert playing.told == []


@pytest.mark.parametrize(("spec", "door"), given(VoiceDoor))
def test_through_a_voice(spec, door):
    assert [NAMES[intent] for intent in door.intents] == [spec.word] * len(door.intents)


@pytest.mark.parametrize(("spec", "door"), given(HomeAssistantDoor))
def test_through_home_assistant(spec, door):
    component = controls(AnnouncedRoom("den", "Den", "en"), Topics("relax", "homeassistant"))[spec.word]
    assert (component["platform"], component["icon"]) == ("button", door.icon)
    assert type(done(component["payload_press"])) is spec.given(door)


def test_an_argument_that_may_be_left_out_is_said_to_home_assistant():
    component = controls(AnnouncedRoom("den", "Den", "en"), Topics("relax", "homeassistant"))["extend"]
    assert json.loads(component["payload_press"]) == {"command": "extend", "by": "2min"}
    assert read("extend").what == Do(Extend())


def test_people_know_what_a_door_gives_by_its_own_word_else_by_that_of_the_door():
    given = {door.gives for spec in COMMANDS for door in spec.doors if isinstance(door, OneTouch) and door.gives}
    assert {command.__name__: word_of(command()) for command in given} == {"Toggle": "toggle", "Proceed": "next"}


# The texts of the doors


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def section(name: str, begin: str, end: str) -> str:
    return text_of(name).split(begin, 1)[1].split(end, 1)[0]


def lacking(spec: CommandSpec) -> list[str]:
    """What is still to be written for a command to come through its doors, each with its file."""
    missing = []
    for door in spec.doors:
        match door:
            case MqttDoor():
                if f"\n| `{spec.word}` |" not in section("docs/interface.md", "\n## Commands\n", "\n## "):
                    missing.append("docs/interface.md: a row of the table of commands")
            case ButtonDoor():
                if f"\n| `{spec.word}` |" not in section("docs/home.md", "\n**Buttons.**", "<!-- end -->"):
                    missing.append("docs/home.md: a word for buttons (make docs)")
            case VoiceDoor():
                missing += [
                    f"{HERMES}/README.md: a row for {intent} (make docs)"
                    for intent in door.intents
                    if f"`{intent}`" not in text_of(f"{HERMES}/README.md")
                ]
                missing += [
                    f"{HERMES}/sentences.{language}.ini: sentences for {door.intents[0]}"
                    for language in UNDERSTOOD
                    if f"\n[{door.intents[0]}]\n" not in text_of(f"{HERMES}/sentences.{language}.ini")
                ]
                missing += [
                    f"orchestrator/languages/{language}.yaml: done: {spec.word}"
                    for language, words in LANGUAGES.items()
                    if door.is_answered and spec.word not in words["done"]
                ]
            case HomeAssistantDoor():
                missing += [
                    f"orchestrator/languages/{language}.yaml: home_assistant: {spec.word}"
                    for language, words in LANGUAGES.items()
                    if spec.word not in words["home_assistant"]
                ]
    if spec.planned and not re.search(rf"\n\| \*{spec.planned}\* \|.*`{spec.word}`", text_of("docs/schedules.md")):
        missing.append(f"docs/schedules.md: a word for *{spec.planned}*")
    return missing


@pytest.mark.parametrize("spec", COMMANDS, ids=lambda spec: spec.word)
def test_every_door_has_its_texts(spec):
    missing = lacking(spec)
    assert not missing, "\n".join(["still to be written:", *missing])


def test_what_a_new_command_lacks_is_named_with_its_file():
    doors = (
        MqttDoor(),
        CliDoor(),
        ButtonDoor(),
        KeyDoor("d"),
        VoiceDoor(("RelaxDance",), is_answered=True),
        HomeAssistantDoor("mdi:music"),
    )
    assert lacking(CommandSpec("dance", Pause, "Dance.", doors, planned=PlannedWord.LATER)) == [
        "docs/interface.md: a row of the table of commands",
        "docs/home.md: a word for buttons (make docs)",
        "docs/integrations/hermes/README.md: a row for RelaxDance (make docs)",
        *(f"docs/integrations/hermes/sentences.{language}.ini: sentences for RelaxDance" for language in UNDERSTOOD),
        *(f"orchestrator/languages/{language}.yaml: done: dance" for language in LANGUAGES),
        *(f"orchestrator/languages/{language}.yaml: home_assistant: dance" for language in LANGUAGES),
        "docs/schedules.md: a word for *later*",
    ]


def test_whoever_is_understood_is_answered_in_their_language():
    assert {"en", "de"} <= set(UNDERSTOOD) <= LANGUAGES.keys()
