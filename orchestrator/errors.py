"""Every error that relax raises on purpose.

    RelaxError                  exit 1
    ├── UsageError              exit 2   wrong words on the command line
    │   ├── UnknownScene
    │   ├── UnknownRoom
    │   └── BadParameter
    ├── FileError               exit 2   a file with faults, each with its place
    │   ├── SceneError
    │   ├── HomeError
    │   └── LanguageError
    ├── BrokerError             exit 3
    │   ├── BrokerUnreachable            trying again makes sense
    │   └── BrokerRefused                trying again makes no sense until somebody changes something
    ├── WyomingError            exit 1   a satellite or a text-to-speech server is away, or says no
    ├── HomeAssistantError      exit 1   Home Assistant is away, or says no
    │   └── HomeAssistantRefused         trying again makes no sense until somebody changes something
    ├── HomeTaken               exit 4   another relax drives this home
    ├── JournalError            exit 1   the journal belongs to somebody else: a newer relax, another daemon
    └── Refused                 exit 4   the house said no: room busy, not now

An error says what it was about and what to do next. Its class decides the exit code and whether a retry makes sense.
Things that merely did not happen (a missed cue, a skipped device) are values, not errors.
"""

from enum import StrEnum
from typing import ClassVar, NamedTuple


class RelaxError(Exception):
    """Something that relax can explain. `str()` is one line for a person; `hint` is what to do next, or empty.

    `device` names the device of the home that a command was about, where it was about one.
    """

    exit_code: ClassVar[int] = 1
    retryable: ClassVar[bool] = False

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.device: str | None = None

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UsageError(RelaxError):
    """The command was understood, but what it names does not exist or does not fit."""

    exit_code = 2


class UnknownScene(UsageError):
    """No scene of that name in the catalogue, and no file either."""


class UnknownRoom(UsageError):
    """The home has no such room."""


class BadParameter(UsageError):
    """A parameter that the scene does not have, or a value that it does not take."""


class Fault(NamedTuple):
    """One fault in a file. Line and column count from 1; 0 where the file as a whole is meant."""

    source: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        place = f"{self.source}:{self.line}:{self.column}" if self.line else self.source
        return f"{place}: {self.message}"


class FileError(RelaxError):
    """A file with faults: all of them at once, in the order of their places."""

    exit_code = 2

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class SceneError(FileError):
    """A scene file that cannot be used."""


class HomeError(FileError):
    """A home file that cannot be used."""


class LanguageError(FileError):
    """A file of a language that cannot be used."""


class BrokerError(RelaxError):
    """No use of the broker is possible."""

    exit_code = 3


class BrokerUnreachable(BrokerError):
    """Nobody answers at the broker's address, or the connection broke."""

    retryable = True


class BrokerRefused(BrokerError):
    """The broker answers and says no: credentials, certificate, protocol."""


class WyomingError(RelaxError):
    """A Wyoming satellite or text-to-speech server cannot be spoken with, or cannot do what it was asked.

    `cause` is the same where the same is wrong, in whatever words it shows: a server that is silent is so in several.
    """

    retryable = True

    def __init__(self, message: str, hint: str = "", cause: str = "") -> None:
        super().__init__(message, hint)
        self.cause = cause or message


class HomeAssistantError(RelaxError):
    """Home Assistant cannot be spoken with over its WebSocket API, or does not do what it was asked."""

    retryable = True


class HomeAssistantRefused(HomeAssistantError):
    """It answers and says no: the token, its version, or it is another program."""

    retryable = False


class HomeTaken(RelaxError):
    """Another relax drives this home: two would fight over its devices."""

    exit_code = 4


class JournalError(RelaxError):
    """A journal that must not be touched, or is not there to be read. One that only cannot be written is no error."""


class Reason(StrEnum):
    """Why a command was refused: the closed list that stands in replies (docs/interface.md says what to do about each).

    `retained`: a command that the broker had stored; `reply_topic`: the reply is wanted where none may go;
    `broken_file`: the scene's file has faults; `failed`: the fault is ours or the machine's.
    """

    ROOM_BUSY = "room_busy"
    DEVICE_BUSY = "device_busy"
    ROLE_MISSING = "role_missing"
    MOVED_ON = "moved_on"
    NOT_NOW = "not_now"
    UNKNOWN_SCENE = "unknown_scene"
    UNKNOWN_STEP = "unknown_step"
    UNKNOWN_ROOM = "unknown_room"
    UNKNOWN_DEVICE = "unknown_device"
    UNKNOWN_SCHEDULE = "unknown_schedule"
    BAD_PARAMETER = "bad_parameter"
    MALFORMED = "malformed"
    RETAINED = "retained"
    REPLY_TOPIC = "reply_topic"
    BROKEN_FILE = "broken_file"
    FAILED = "failed"


class Refused(RelaxError):
    """A command that changes nothing, with the reason as a word for machines and a sentence for people."""

    exit_code = 4

    def __init__(self, reason: Reason, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.reason = reason
