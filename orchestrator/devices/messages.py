"""What goes over the wire, and what it means: commands to devices as changes, what devices say as reports."""

from enum import StrEnum
from typing import NamedTuple, TypeAlias

from orchestrator.devices.abilities import LightAbilities
from orchestrator.units import Ms, Percent, WordsPerMinute
from orchestrator.values import Colour


class Message(NamedTuple):
    """One MQTT message. Commands to devices are never retained; `expiry` is for MQTT 5.

    So are the last two: the topic at which the sender waits for an answer, and what tells it which of its questions
    is answered. Both are None where the broker speaks 3.1.1.
    """

    topic: str
    payload: str
    qos: int = 0
    retain: bool = False
    expiry: Ms | None = None
    reply_to: str | None = None
    correlation: bytes | None = None


# What we want of a device. Percent is of the device's own scale here: casting, limits and curves lie behind us.


class SetLight(NamedTuple):
    """Light. None leaves an attribute alone; level 0 is off, anything above is on and never rounds to off."""

    level: Percent | None
    colour: Colour | None
    transition: Ms = 0


class KeepLevel(NamedTuple):
    """The level that a light which is off goes back to when it is turned on; it stays off."""

    level: Percent


class SetSwitch(NamedTuple):
    on: bool


class Play(NamedTuple):
    """Start the music at an address; it repeats."""

    uri: str


class PauseMusic(NamedTuple):
    pass


class ResumeMusic(NamedTuple):
    pass


class StopMusic(NamedTuple):
    pass


class SetVolume(NamedTuple):
    level: Percent


class Speak(NamedTuple):
    """Say words at a volume, at a rate, with a silence of `gap` between sentences; `more`: others follow after one."""

    id: str
    text: str
    language: str
    volume: Percent
    rate: WordsPerMinute
    gap: Ms
    more: bool = False


class Hush(NamedTuple):
    """Stop saying what has this id."""

    id: str


class Sound(NamedTuple):
    """A chime."""

    sound: str


Change: TypeAlias = (
    SetLight | KeepLevel | SetSwitch | Play | PauseMusic | ResumeMusic | StopMusic | SetVolume | Speak | Hush | Sound
)


# What a device says. None: this message does not tell.


class LightReport(NamedTuple):
    """Level 0 is off; percent of the device's own scale, unrounded. `remembered` is what it goes back to from off."""

    level: Percent | None = None
    colour: Colour | None = None
    remembered: Percent | None = None


class SwitchReport(NamedTuple):
    on: bool


class PlayerReport(NamedTuple):
    """`playing` is the address of what plays, "" for silence; `paused` while it stands still."""

    playing: str | None = None
    volume: Percent | None = None
    paused: bool = False


class SpeechEvent(StrEnum):
    STARTED = "started"
    DONE = "done"
    FAILED = "failed"


class SpeechReport(NamedTuple):
    id: str
    event: SpeechEvent


class AbilitiesReport(NamedTuple):
    """What a voice or player says of itself: `done`, `hush`, `pause` …"""

    abilities: frozenset[str]


class AvailabilityReport(NamedTuple):
    online: bool


class PoweredReport(NamedTuple):
    """It has just come up, or joined its bridge anew: it may have been without power, and is as it likes to be then."""


class ButtonReport(NamedTuple):
    action: str


class OutOfRangeReport(NamedTuple):
    """A value that means nothing: volume 35 where `expected` is 0 to 1. What it was is unknown.

    `what` and `value` are as the device wrote them.
    """

    what: str
    value: str
    expected: str


class RefusalReport(NamedTuple):
    """The bridge has refused a command to the device, or who announced it has taken that back; and why."""

    why: str


class LightAbilitiesReport(NamedTuple):
    """What a lamp can, as its bridge or itself says it, with what the home file says of it."""

    light: LightAbilities


Report: TypeAlias = (
    LightReport
    | SwitchReport
    | PlayerReport
    | SpeechReport
    | AbilitiesReport
    | AvailabilityReport
    | PoweredReport
    | ButtonReport
    | OutOfRangeReport
    | RefusalReport
    | LightAbilitiesReport
)
