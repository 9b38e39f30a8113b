"""What somebody wants of a room, read from the payload of a command: JSON, or a bare word where it is enough.

Whatever the payload, reading it gives a request or raises `Refused` with a sentence that says what was expected.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

from pydantic import ValidationError
from pydantic_core import from_json

from orchestrator.conductor.request import Mode
from orchestrator.errors import Reason, Refused
from orchestrator.integrations.incoming import (
    ARGUMENTS,
    LONGEST_TEXT,
    MODELS,
    AnyCommand,
    ChooseCommand,
    CommandModel,
    ExtendCommand,
    GiveBackCommand,
    GotoCommand,
    PlainCommand,
    StartCommand,
    VolumeCommand,
)
from orchestrator.scenes.faults import near, sentence, unknown_key
from orchestrator.session.commands import (
    Abort,
    Back,
    Command,
    Extend,
    Goto,
    Next,
    Pause,
    Repeat,
    Resume,
    SetVolume,
    Skip,
    Stop,
    Toggle,
)

LARGEST_PAYLOAD = 64 * 1024
"""Bytes."""
_DEEPEST = 3
_MOST_ENTRIES = 100
_LARGEST_NUMBER = 1e15
_FAULTS_SAID = 3
_EXAMPLE = 'expected a word such as `pause`, or JSON such as {"command": "start", "scene": "foot-massage"}'
_CHOICE = 'expected the name of a scene, or JSON such as {"scene": "foot-massage"} or {"parameters": {"bath": false}}'
_BARE = re.compile(r"([A-Za-z_-]+)(?:\s+(\S+))?")
_NAME = "expected a name: small letters, digits, `-` and `_`"

_NAMED = ("device", "trigger")

_PLAIN: dict[str, Command] = {
    "pause": Pause(),
    "resume": Resume(),
    "toggle": Toggle(),
    "next": Next(),
    "back": Back(),
    "repeat": Repeat(),
    "skip": Skip(),
    "stop": Stop(),
    "abort": Abort(),
}


class StartScene(NamedTuple):
    """Begin a scene. `scene` None: what was chosen for the room, with what is given here on top of what was chosen.

    `mode` None: as the home file says; `rate` is in thousandths.
    """

    scene: str | None
    parameters: Mapping[str, bool | float | str]
    language: str | None = None
    mode: Mode | None = None
    trigger: str = "mqtt"
    rate: int = 1000


class Choose(NamedTuple):
    """Choose what the room starts next. `scene` None: the one that is chosen already."""

    scene: str | None
    parameters: Mapping[str, bool | float | str]


class Do(NamedTuple):
    """Tell the session something."""

    command: Command


class GiveBack(NamedTuple):
    """Hand a device to the session again."""

    device: str


class Request(NamedTuple):
    """What is wanted. With `step` it is meant for that step only; a request id is answered once."""

    what: StartScene | Choose | Do | GiveBack
    request_id: str | None = None
    step: str | None = None

    @property
    def word(self) -> str:
        """The command as people know it: `start`, `goto`, `give_back`."""
        match self.what:
            case StartScene():
                return "start"
            case Choose():
                return "choose"
            case GiveBack():
                return "give_back"
            case Do(SetVolume()):
                return "volume"
            case Do(command):
                return type(command).__name__.lower()


_Data: TypeAlias = dict[str, Any]


def read(payload: str, *, retained: bool = False) -> Request:
    """The request that a payload is. Raises Refused: RETAINED, MALFORMED."""
    _refuse_retained(retained=retained)
    data = _data(payload)
    word = data.get("command")
    if not isinstance(word, str):
        raise _malformed(f"`command` is missing; {_EXAMPLE}" if word is None else f"`command`: {_EXAMPLE}")
    if word not in MODELS:
        raise _malformed(f"there is no command `{word[:40]}`{near(word[:40], MODELS)}")
    try:
        return _request(MODELS[word].model_validate(data))
    except ValidationError as error:
        raise _malformed(_explained(error, word, MODELS[word])) from None


def read_choice(payload: str, *, retained: bool = False) -> Request:
    """The choice that a payload is. Raises Refused: RETAINED, MALFORMED."""
    _refuse_retained(retained=retained)
    data = _choice(payload)
    try:
        choice = ChooseCommand.model_validate(data)
    except ValidationError as error:
        raise _malformed(_explained(error, "choose", ChooseCommand)) from None
    if choice.scene is None and not choice.parameters:
        raise _malformed(_CHOICE)
    return Request(Choose(choice.scene, choice.parameters), choice.request_id)


def _refuse_retained(*, retained: bool) -> None:
    if retained:
        raise Refused(
            Reason.RETAINED,
            "A retained command is not obeyed: it would come again at every start.",
            "Publish it without the retain flag.",
        )


def request_id_of(payload: str) -> str | None:
    """The request id of a payload that was refused, so that the one who waits for the answer finds it."""
    try:
        found = _data(payload).get("request_id")
    except Refused:
        return None
    return found if isinstance(found, str) and 0 < len(found) <= 64 else None


def _request(command: AnyCommand) -> Request:
    match command:
        case StartCommand():
            what = StartScene(
                command.scene,
                command.parameters,
                command.language,
                command.mode,
                command.trigger,
                round(command.rate * 1000),
            )
            return Request(what, command.request_id)
        case GotoCommand():
            return Request(Do(Goto(command.step)), command.request_id)
        case PlainCommand():
            return Request(Do(_PLAIN[command.command]), command.request_id, command.step)
        case ExtendCommand():
            return Request(Do(Extend(command.by)), command.request_id, command.step)
        case VolumeCommand():
            return Request(Do(SetVolume(command.level)), command.request_id, command.step)
        case GiveBackCommand():
            return Request(GiveBack(command.device), command.request_id, command.step)


# From text to plain values


def _data(payload: str) -> _Data:
    """The JSON object of a command, or what stands for a bare word. Raises Refused; what it returns is small."""
    text = _text(payload)
    if bare := _BARE.fullmatch(text):
        return _bare(*bare.groups())
    value = _value(text, _EXAMPLE)
    if isinstance(value, str) and (bare := _BARE.fullmatch(value.strip())):
        return _bare(*bare.groups())
    return _object(value, _EXAMPLE)


def _choice(payload: str) -> _Data:
    """The JSON object of a choice; a bare word is a scene. Raises Refused; what it returns is small."""
    text = _text(payload)
    if (bare := _BARE.fullmatch(text)) and bare[2] is None:
        return {"scene": text}
    return _object(_value(text, _CHOICE), _CHOICE)


def _text(payload: str) -> str:
    """Raises Refused for what is too long to be read, or no text."""
    if len(payload) > LARGEST_PAYLOAD or len(payload.encode(errors="replace")) > LARGEST_PAYLOAD:
        raise _malformed(f"this is longer than {LARGEST_PAYLOAD // 1024} KiB")
    text = payload.strip()
    if "\ufffd" in text:
        raise _malformed("this is no text in UTF-8")
    return text


def _value(text: str, example: str) -> object:
    try:
        return from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise _malformed(f"{example}; this is neither ({_clipped(str(error), 80)})" if text else example) from None


def _object(value: object, example: str) -> _Data:
    if not isinstance(value, dict):
        raise _malformed(example)
    _bound(value, _DEEPEST)
    return value


def _bare(word: str, argument: str | None) -> _Data:
    """`next`, `NEXT`, `extend 5min` or `give-back lamp` as the object that says the same. Raises Refused."""
    command = word.casefold().replace("-", "_")
    data: _Data = {"command": command if command in MODELS else word}
    if argument is not None:
        if command not in ARGUMENTS:
            raise _malformed(f"`{_clipped(word, 40)}` takes nothing behind it" if command in MODELS else _EXAMPLE)
        data[ARGUMENTS[command]] = argument
    _bound(data, _DEEPEST)
    return data


def _bound(value: object, depth: int) -> None:
    """Make sure that what follows is quick, whatever it is. Raises Refused."""
    match value:
        case dict() | list():
            if depth == 0:
                raise _malformed("this lies too many levels deep")
            if len(value) > _MOST_ENTRIES:
                raise _malformed(f"these are more than {_MOST_ENTRIES} entries")
            for part in [*value, *value.values()] if isinstance(value, dict) else value:
                _bound(part, depth - 1)
        case str():
            if len(value) > LONGEST_TEXT:
                raise _malformed(f"{_clipped(value, 30)!r} is longer than {LONGEST_TEXT} letters")
        case int() | float():
            if not abs(value) <= _LARGEST_NUMBER:  # not a number is not either
                raise _malformed("there is a number in it that is far too large")
        case _:
            pass


# Sentences


def _explained(error: ValidationError, word: str, model: type[CommandModel]) -> str:
    """The first few faults of a command, each with the key that it is about."""
    said = []
    for detail in error.errors(include_url=False)[:_FAULTS_SAID]:
        place = ".".join(str(part) for part in detail["loc"] if part != "[key]")
        if detail["type"] == "extra_forbidden":
            said.append(unknown_key(str(detail["loc"][-1]), model, f"`{word}`"))
        elif detail["type"] == "missing":
            said.append(f"`{word}` needs `{place}`")
        elif detail["type"] == "string_pattern_mismatch" and place in _NAMED:
            said.append(f"`{place}`: {_NAME}")
        else:
            said.append(f"`{place}`: {sentence(detail)}")
    return "; ".join(said)


def _malformed(message: str) -> Refused:
    text = _clipped(message, 400)
    return Refused(Reason.MALFORMED, f"{text[0].upper()}{text[1:]}{'' if text.endswith('?') else '.'}")


def _clipped(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]}…"
