"""What somebody wants of a room, read from the payload of a command: JSON, or a bare word where it is enough.

Whatever the payload, reading it gives a request or raises `Refused` with a sentence that says what was expected.
"""

from collections.abc import Mapping
from typing import NamedTuple

from orchestrator.conductor.request import Mode
from orchestrator.integrations.incoming import (
    ARGUMENTS,
    MODELS,
    AnyCommand,
    ExtendCommand,
    GiveBackCommand,
    GotoCommand,
    PlainCommand,
    StartCommand,
    VolumeCommand,
)
from orchestrator.integrations.payloads import Vocabulary, understood
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
)

VOCABULARY: Vocabulary[AnyCommand] = Vocabulary(
    MODELS,
    ARGUMENTS,
    'expected a word such as `pause`, or JSON such as {"command": "start", "scene": "foot-massage"}',
)

_PLAIN: dict[str, Command] = {
    "pause": Pause(),
    "resume": Resume(),
    "next": Next(),
    "back": Back(),
    "repeat": Repeat(),
    "skip": Skip(),
    "stop": Stop(),
    "abort": Abort(),
}


class StartScene(NamedTuple):
    """Begin a scene. `mode` None: as the home file says; `rate` is in thousandths."""

    scene: str
    parameters: Mapping[str, bool | float | str]
    language: str | None = None
    mode: Mode | None = None
    trigger: str = "mqtt"
    rate: int = 1000


class Do(NamedTuple):
    """Tell the session something."""

    command: Command


class GiveBack(NamedTuple):
    """Hand a device to the session again."""

    device: str


class Request(NamedTuple):
    """What is wanted. With `step` it is meant for that step only; a request id is answered once."""

    what: StartScene | Do | GiveBack
    request_id: str | None = None
    step: str | None = None

    @property
    def word(self) -> str:
        """The command as people know it: `start`, `goto`, `give_back`."""
        match self.what:
            case StartScene():
                return "start"
            case GiveBack():
                return "give_back"
            case Do(SetVolume()):
                return "volume"
            case Do(command):
                return type(command).__name__.lower()


def read(payload: str, *, retained: bool = False) -> Request:
    """The request that a payload is. Raises Refused: RETAINED, MALFORMED."""
    return _request(understood(payload, VOCABULARY, retained=retained))


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
