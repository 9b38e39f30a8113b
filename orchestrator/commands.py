"""The commands that people can give to a room: each stands once, with its word, its value, its argument and its doors.

No behaviour: where a session accepts a command is in `session/state.py`, what it does in `session/session.py`. The
doors make what they need of this table; the texts that each of them shows or says are checked against it by
`tests/test_command_registry.py`.
"""

from collections.abc import Callable
from enum import Enum, StrEnum, auto
from typing import NamedTuple, TypeAlias, TypeVar

from orchestrator.units import MINUTE, Ms, Percent

# Values


class Pause(NamedTuple):
    """Stand still: fades, words, limits; music pauses."""


class Resume(NamedTuple):
    """Go on from where it stands; words that were cut are said again from their start."""


class Toggle(NamedTuple):
    """Pause, or go on where it is paused: for whoever has one button for both."""


class Next(NamedTuple):
    """To the next step."""


class Proceed(NamedTuple):
    """To the next step, or on in the step where it is paused: for whoever cannot see which of them it is."""


class Back(NamedTuple):
    """To the step before."""


class Repeat(NamedTuple):
    """Say the step's words again. Moves nothing."""


class Extend(NamedTuple):
    """Give the step so much more time."""

    by: Ms = 2 * MINUTE


class Skip(NamedTuple):
    """Leave the whole part, where the scene lets it."""


class Stop(NamedTuple):
    """Land the room."""


class Abort(NamedTuple):
    """Land the room at once and without words."""


class Goto(NamedTuple):
    """To a step, by its id or the part of it before `:` or `#`."""

    step: str


class MusicVolume(NamedTuple):
    """The music's level for the rest of the session, in percent of the room's comfortable level (100 may be passed)."""

    level: Percent


class GiveBack(NamedTuple):
    """Hand a device that a person took by hand to the session again."""

    device: str


EVERYTHING = "all"
"""In place of a device: all of the room."""


class PayOwed(NamedTuple):
    """Give back again, slowly, what sessions that are over still owe the room's devices, or one of them."""

    device: str = EVERYTHING


class DropOwed(NamedTuple):
    """Owe it no more: the devices, or one of them, stay as they are."""

    device: str = EVERYTHING


SessionCommand: TypeAlias = (
    Pause | Resume | Toggle | Next | Proceed | Back | Repeat | Extend | Skip | Stop | Abort | Goto | MusicVolume
)
"""What a person can tell a session."""
OwedCommand: TypeAlias = PayOwed | DropOwed
"""What a person can tell a room of what is still to be given back, also where nothing is on."""
RoomCommand: TypeAlias = SessionCommand | GiveBack | OwedCommand
"""What a person can tell a room."""


class PlannedWord(StrEnum):
    """A word for what has been announced in a room and has not begun: not today, not yet, at once."""

    SKIP = "skip"
    LATER = "later"
    NOW = "now"


# Arguments


class ArgumentKind(Enum):
    """How an argument is written, and so how it is read."""

    DURATION = auto()
    PERCENT = auto()
    STEP = auto()
    DEVICE = auto()


class Argument(NamedTuple):
    """What stands behind the word of a command. `key`: in JSON, and the field of the value.

    `default`: what it is where nobody says it, as people write it, and the same as the value's own. None: it is needed.
    """

    key: str
    kind: ArgumentKind
    about: str
    default: str | None = None
    examples: tuple[str, ...] = ()


# Doors


class MqttDoor(NamedTuple):
    """On the command topic of a room, as JSON or as a bare word."""


class CliDoor(NamedTuple):
    """As a command of `relax`; with `below`, as a word of that one: `relax owed pay`."""

    below: tuple[str, str] | None = None


class ButtonDoor(NamedTuple):
    """As a word of the home file, for a button or an event. `gives`: another command than the word's own."""

    gives: Callable[[], SessionCommand] | None = None


class KeyDoor(NamedTuple):
    """On the keyboard beside a session that plays in a terminal: any of `keys`; the first is shown, with `label`.

    `label`: the word unless it is said; `gives`: another command than the word's own.
    """

    keys: str
    label: str = ""
    gives: Callable[[], SessionCommand] | None = None


class VoiceDoor(NamedTuple):
    """As what is said to a satellite: Hermes intents. `gives`: another command than the word's own.

    `is_answered`: a voice says that it was done. Without, what the session does is heard.
    """

    intents: tuple[str, ...]
    is_answered: bool = False
    gives: Callable[[], SessionCommand] | None = None


class HomeAssistantDoor(NamedTuple):
    """As a button entity of the room's device. `gives`: another command than the word's own."""

    icon: str
    gives: Callable[[], SessionCommand] | None = None


OneTouch: TypeAlias = ButtonDoor | KeyDoor | VoiceDoor | HomeAssistantDoor
"""Doors through which comes no argument that has to be said."""
Door: TypeAlias = MqttDoor | CliDoor | OneTouch
D = TypeVar("D", MqttDoor, CliDoor, ButtonDoor, KeyDoor, VoiceDoor, HomeAssistantDoor)


# The table


class CommandSpec(NamedTuple):
    """A command: `about` is its one line of help.

    `planned`: what the word means where nothing is on and a session has been announced.
    """

    word: str
    command: Callable[..., RoomCommand]
    about: str
    doors: tuple[Door, ...]
    argument: Argument | None = None
    planned: PlannedWord | None = None

    def given(self, door: OneTouch) -> Callable[..., RoomCommand]:
        """What makes the command that comes through a door."""
        return door.gives or self.command


COMMANDS = (
    CommandSpec(
        "pause",
        Pause,
        "Pause: fades stand still, the music is silent, words wait.",
        (
            MqttDoor(),
            CliDoor(),
            ButtonDoor(Toggle),
            KeyDoor(" ", gives=Toggle),
            VoiceDoor(("RelaxPause",), is_answered=True),
            HomeAssistantDoor("mdi:play-pause", Toggle),
        ),
        planned=PlannedWord.LATER,
    ),
    CommandSpec(
        "resume",
        Resume,
        "Go on after a pause.",
        (MqttDoor(), CliDoor(), ButtonDoor(), VoiceDoor(("RelaxResume", "RelaxGoOn"), is_answered=True)),
        planned=PlannedWord.NOW,
    ),
    CommandSpec("toggle", Toggle, "Pause, or go on where it is paused.", (MqttDoor(),)),
    CommandSpec(
        "next",
        Next,
        "On to the next step.",
        (
            MqttDoor(),
            CliDoor(),
            ButtonDoor(),
            KeyDoor("n"),
            VoiceDoor(("RelaxNext",), gives=Proceed),
            HomeAssistantDoor("mdi:skip-next"),
        ),
        planned=PlannedWord.NOW,
    ),
    CommandSpec(
        "back",
        Back,
        "Back to the step before.",
        (
            MqttDoor(),
            CliDoor(),
            ButtonDoor(),
            KeyDoor("b"),
            VoiceDoor(("RelaxBack",)),
            HomeAssistantDoor("mdi:skip-previous"),
        ),
    ),
    CommandSpec(
        "repeat",
        Repeat,
        "Say the step's words again; nothing else moves.",
        (
            MqttDoor(),
            CliDoor(),
            ButtonDoor(),
            KeyDoor("r"),
            VoiceDoor(("RelaxRepeat",)),
            HomeAssistantDoor("mdi:replay"),
        ),
    ),
    CommandSpec(
        "extend",
        Extend,
        "More time for the step that is on.",
        (
            MqttDoor(),
            CliDoor(),
            ButtonDoor(),
            KeyDoor("+=", "2 min more"),  # on most keyboards = is + without Shift
            VoiceDoor(("RelaxExtend",), is_answered=True),
            HomeAssistantDoor("mdi:timer-plus-outline"),
        ),
        Argument("by", ArgumentKind.DURATION, "How much longer, such as 2min or 90s.", default="2min"),
        planned=PlannedWord.LATER,
    ),
    CommandSpec(
        "skip",
        Skip,
        "Leave the whole part, where that may be skipped.",
        (MqttDoor(), CliDoor(), ButtonDoor(), KeyDoor("s"), VoiceDoor(("RelaxSkip",))),
        planned=PlannedWord.SKIP,
    ),
    CommandSpec(
        "stop",
        Stop,
        "End the session gently and give the room back.",
        (
            MqttDoor(),
            CliDoor(),
            ButtonDoor(),
            KeyDoor("q"),
            VoiceDoor(("RelaxStop",), is_answered=True),
            HomeAssistantDoor("mdi:stop"),
        ),
        planned=PlannedWord.SKIP,
    ),
    CommandSpec(
        "abort",
        Abort,
        "End it at once, without words, and give the room back.",
        (MqttDoor(), CliDoor(), ButtonDoor()),
        planned=PlannedWord.SKIP,
    ),
    CommandSpec(
        "goto",
        Goto,
        "Go to a step.",
        (MqttDoor(), CliDoor()),
        Argument(
            "step", ArgumentKind.STEP, "The step, as `relax plan` names it.", examples=("strokes", "strokes:left")
        ),
    ),
    CommandSpec(
        "volume",
        MusicVolume,
        "Set the music's volume for the rest of the session.",
        (MqttDoor(), CliDoor()),
        Argument("level", ArgumentKind.PERCENT, "Percent of what is comfortable in the room, such as 30%."),
    ),
    CommandSpec(
        "give_back",
        GiveBack,
        "Hand a device that was set by hand to the session again.",
        (MqttDoor(), CliDoor()),
        Argument("device", ArgumentKind.DEVICE, "A device of the home file."),
    ),
    CommandSpec(
        "pay_owed",
        PayOwed,
        "Give back again, slowly, what is still owed.",
        (MqttDoor(), CliDoor(("owed", "pay"))),
        Argument("device", ArgumentKind.DEVICE, "A device of the home file; else all.", default=EVERYTHING),
    ),
    CommandSpec(
        "drop_owed",
        DropOwed,
        "Leave as it is what is still owed.",
        (MqttDoor(), CliDoor(("owed", "drop"))),
        Argument("device", ArgumentKind.DEVICE, "A device of the home file; else all.", default=EVERYTHING),
    ),
)
BY_WORD = {spec.word: spec for spec in COMMANDS}

_WORDS: dict[object, str] = {
    **{spec.given(door): spec.word for spec in COMMANDS for door in spec.doors if isinstance(door, OneTouch)},
    **{spec.command: spec.word for spec in COMMANDS},
}


def through(kind: type[D]) -> list[tuple[CommandSpec, D]]:
    """The commands that come through a kind of door, in order."""
    return [(spec, door) for spec in COMMANDS for door in spec.doors if isinstance(door, kind)]


def word_of(command: RoomCommand) -> str:
    """What people call a command: its own word, else that of the door which gives it."""
    return _WORDS[type(command)]
