"""The voice as one resource: what it says, until when it may, and how the music ducks under it.

Times are running time. A voice that says done has 1.5 times the planned length and 5 s more; another has the planned
length, whose pacing includes slack. Ducking is 12 dB, 0.5 s down and 1.5 s up (figures: Sonorium's defaults).
"""

from collections import deque
from typing import NamedTuple

from orchestrator.fade import Curve, Fade
from orchestrator.scenes.planning.timeline import Say
from orchestrator.values import SECOND, Ms

DUCK_DB = -12.0
DUCK_DOWN: Ms = 500
DUCK_UP: Ms = 1500
LIMIT_SLACK: Ms = 5 * SECOND


class Traits(NamedTuple):
    """What is known of the room's voice. `cast` is False where words are captions only."""

    cast: bool = False
    done: bool = False
    hush: bool = True
    ducks: bool = False


class Speech(NamedTuple):
    """An announcement in the air."""

    id: str
    say: Say
    began: Ms
    limit: Ms


class Voice:
    """What is said now, what is to be said again, and the gain under it."""

    def __init__(self, traits: Traits) -> None:
        self.traits = traits
        self.speech: Speech | None = None
        self.gain = Fade.still(0, 0.0)
        self._encore: deque[tuple[Ms, Say]] = deque()
        self._encore_at: Ms = 0
        self._is_encore = False
        self._asides: deque[Say] = deque()
        self._free_since: Ms = 0
        self._aside: Say | None = None

    @property
    def is_busy(self) -> bool:
        """True while it speaks, is in the middle of saying something again, or has something to say in between."""
        return self.speech is not None or bool(self._encore) or self.has_asides

    @property
    def is_saying_again(self) -> bool:
        """True in the middle of a repetition."""
        return self._is_encore or bool(self._encore)

    @property
    def due(self) -> Ms | None:
        """When it must be over with what it says, or says the next of what it repeats."""
        if self.speech is not None:
            return self.speech.limit
        if self.has_asides:
            return self._free_since
        return self._encore_at if self._encore else None

    def speak(self, name: str, say: Say, moment: Ms) -> None:
        self.speech = Speech(name, say, moment, moment + self.longest(say))

    def longest(self, say: Say) -> Ms:
        """How long words may be in the air."""
        return say.lasts * 3 // 2 + LIMIT_SLACK if self.traits.done else say.lasts

    def carry_on(self, name: str, say: Say, moment: Ms, longest: Ms) -> None:
        """These words are in the air already, for so long at most."""
        self.speech = Speech(name, say, moment, moment + longest)

    def become(self, traits: Traits, moment: Ms) -> None:
        """The voice can do other things than before. One that no longer says done has what was planned."""
        self.traits = traits
        if self.speech is not None and not traits.done:
            limit = max(moment, self.speech.began + self.speech.say.lasts)
            self.speech = self.speech._replace(limit=min(self.speech.limit, limit))

    def fall_silent(self, moment: Ms) -> None:
        """What was said is over; what is to be said again goes on after its pause."""
        self.speech = None
        self._free_since = moment
        self._is_encore = bool(self._encore)
        if self._encore:
            self._encore_at = moment + self._encore[0][0]

    def hush(self) -> None:
        """Nothing is said any more."""
        self.speech = None
        self._is_encore = False
        self._encore.clear()
        self._asides.clear()

    def say_again(self, words: list[tuple[Ms, Say]], moment: Ms) -> None:
        """Each of the words after its pause, counted from the end of the one before."""
        self._encore.extend(words)
        if self.speech is None and self._encore:
            self._encore_at = moment + self._encore[0][0]

    # What comes in between: words that are not the scene's

    @property
    def has_asides(self) -> bool:
        return bool(self._asides)

    @property
    def is_aside(self) -> bool:
        """True while words are in the air that are not the scene's."""
        return self.speech is not None and self.speech.say is self._aside

    def say_aside(self, say: Say, moment: Ms) -> None:
        """Say it as soon as nothing else is said; what waits already, or is just being said, is said once."""
        in_air = self.speech.say.text if self.speech is not None and self.is_aside else None
        if say.text != in_air and all(say.text != other.text for other in self._asides):
            self._asides.append(say)
            self._free_since = moment

    def next_in_line(self, moment: Ms) -> Say | None:
        """What is to be said at this moment besides the scene's own words, if it is time and the voice is free."""
        if self.speech is None and self._asides and self._free_since <= moment:
            self._aside = self._asides.popleft()
            return self._aside
        if self.speech is None and self._encore and self._encore_at <= moment:
            self._is_encore = True
            return self._encore.popleft()[1]
        return None

    @property
    def ducks_music(self) -> bool:
        """Whether we have to lower the music: not for captions, nor under a voice that does it."""
        return self.traits.cast and not self.traits.ducks

    def duck(self, moment: Ms, db: float) -> bool:
        """Bring the gain to `db`; False where it is on its way there already."""
        if self.gain.target == db:
            return False
        present = self.gain.at(moment)
        lasts = DUCK_DOWN if db < 0 else DUCK_UP
        self.gain = Fade(moment, moment + lasts, present, db, Curve.PERCEPTUAL)
        return True
