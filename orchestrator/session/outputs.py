"""What a session says to the outside: wishes for tracks, words, chimes, and what happened."""

from typing import NamedTuple, TypeAlias

from orchestrator.events.event import SessionEvent
from orchestrator.events.words import WordsDropped
from orchestrator.fade import Fade
from orchestrator.scenes.planning.timeline import Before
from orchestrator.units import Ms, Percent, WordsPerMinute
from orchestrator.values import Track

NO_GAIN = Fade.still(0, 0.0)


class Wish(NamedTuple):
    """What a session wants of a track. Times are real; `gain` is in dB and multiplies a volume.

    With `back` the track goes back to how it was: each device to its own value, of which the fade knows only one.
    With `rises` no device becomes darker than it is. With `stands` light and volume stay as they are, as in a pause:
    each device where it is itself, for those of one role may be on ways of their own.
    """

    track: Track
    fade: Fade
    gain: Fade = NO_GAIN
    back: Before | None = None
    landing: bool = False
    rises: bool = False
    stands: bool = False


class Announce(NamedTuple):
    """Say this. `at` is the real moment when it was due, `lasts` the planned length in running time.

    Without `rises` it is no louder than the words before it. `language`: where it is not the session's.
    """

    at: Ms
    id: str
    text: str
    lasts: Ms
    volume: Percent
    rate: WordsPerMinute
    gap: Ms
    beat: bool
    rises: bool = False
    language: str | None = None


class HushWords(NamedTuple):
    """Stop saying what has this id."""

    id: str


class Ring(NamedTuple):
    """A chime."""

    sound: str


Output: TypeAlias = Wish | Announce | HushWords | Ring | WordsDropped | SessionEvent
