"""How a session stands, and what it says to the outside: wishes for tracks, words, and what happened."""

from enum import StrEnum
from typing import NamedTuple, TypeAlias

from orchestrator.events.event import SessionEvent
from orchestrator.events.session import Ending
from orchestrator.fade import Fade
from orchestrator.scenes.planning.timeline import Before, Hands, Say
from orchestrator.session.voice import Traits
from orchestrator.values import Ms, Percent, Track, WordsPerMinute


class Status(StrEnum):
    """What a room's session does."""

    IDLE = "idle"
    STARTING = "starting"
    RUNNING = "running"
    HOLDING = "holding"
    PAUSED = "paused"
    LANDING = "landing"


class HoldFor(StrEnum):
    """What the playhead stands for."""

    SPEECH = "speech"
    PERSON = "person"


class Hold(NamedTuple):
    """The playhead stands, at the latest until a moment (real)."""

    reason: HoldFor
    until: Ms


NO_GAIN = Fade.still(0, 0.0)


class Wish(NamedTuple):
    """What a session wants of a track. Times are real; `gain` is in dB and multiplies a volume.

    With `back` the track goes back to how it was: each device to its own value, of which the fade knows only one.
    With `rises` no device becomes darker than it is.
    """

    track: Track
    fade: Fade
    gain: Fade = NO_GAIN
    back: Before | None = None
    landing: bool = False
    rises: bool = False


class Announce(NamedTuple):
    """Say this. `at` is the real moment when it was due, `lasts` the planned length in running time."""

    at: Ms
    id: str
    text: str
    lasts: Ms
    volume: Percent
    rate: WordsPerMinute
    gap: Ms
    beat: bool


class HushWords(NamedTuple):
    """Stop saying what has this id."""

    id: str


class Ring(NamedTuple):
    """A chime."""

    sound: str


Output: TypeAlias = Wish | Announce | HushWords | Ring | SessionEvent


class View(NamedTuple):
    """A session as somebody who looks at it sees it. Lengths are running time; `until` of a hold is real."""

    status: Status
    scene: str
    chapter: str
    title: str
    number: int
    of: int
    position: Ms
    remaining: Ms
    hold: Hold | None
    hands: Hands
    rate: float
    ending: Ending | None


class Recovery(NamedTuple):
    """Where a session that was cut off goes on: a chapter (from 0), what was touched, and what to say first.

    With `ending` it does not go on, but lands as `lost`.
    """

    number: int
    touched: tuple[Track, ...]
    words: Say | None = None
    ending: Ending | None = None


# What the outside says to a session.


class Spoken(NamedTuple):
    """An announcement has ended: done, failed, or its voice is gone (`id` None: whatever it says)."""

    id: str | None
    done: bool = True


class VolumeByHand(NamedTuple):
    """A person turned the volume: percent of the room's comfortable level."""

    track: Track
    level: Percent


class VoiceIs(NamedTuple):
    """What the voice can has changed: it is away, or back. Words in the air take what was planned, at most."""

    traits: Traits


RoomReport: TypeAlias = Spoken | VolumeByHand | VoiceIs
