"""The voice as one resource: what it says, what it is to say next, until when it may, and how the music ducks under it.

Moments are running time. A voice that says done has 1.5 times the planned length and 5 s more; another has the planned
length, whose pacing includes slack. Ducking is 12 dB, 0.5 s down and 1.5 s up (figures: Sonorium's defaults).
"""

from collections import deque
from enum import Enum, auto
from typing import NamedTuple

from orchestrator.events.words import Announced, WordsDropped
from orchestrator.fade import Curve, Fade
from orchestrator.scenes.planning.timeline import Say
from orchestrator.session.outputs import Announce, HushWords
from orchestrator.units import SECOND, Ms

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


class Source(Enum):
    """Why something is said."""

    SCENE = auto()
    """A cue says it."""
    REPETITION = auto()
    """The scene's words once more."""
    QUEUE = auto()
    """Words that are not the scene's: an answer, what an interruption has to say."""


class Speech(NamedTuple):
    """An announcement in the air."""

    id: str
    say: Say
    source: Source
    began: Ms
    limit: Ms
    rises: bool = False
    """Whether it may be louder than the words before it: not after a pause, and not where it is not the scene's."""

    def outputs(self, at: Ms, chapter: str) -> tuple[Announce, Announced]:
        """What makes it heard, and that it is; `at` is real."""
        say = self.say
        announce = Announce(
            at, self.id, say.text, say.lasts, say.volume, say.rate, say.gap, say.beat, self.rises, say.language
        )
        return announce, Announced(self.id, chapter, say.text)


class Voice:
    """One session's voice: one announcement in the air, queued ones, a repetition, and the gain of the music.

    Its announcements are called `name` and a number. Queued ones are not the scene's; they go before what is to be said
    again, and that before the scene's cues.
    """

    def __init__(self, name: str, traits: Traits) -> None:
        self._name = name
        self._traits = traits
        self._count = 0
        self._speech: Speech | None = None
        self._gain = Fade.still(0, 0.0)
        self._queue: deque[Say] = deque()
        self._repetition: deque[tuple[Ms, Say]] = deque()
        self._repetition_due: Ms = 0
        self._free_since: Ms = 0
        self._is_anew = False
        self._dropped: list[tuple[str, Ms]] = []

    # How it stands

    @property
    def traits(self) -> Traits:
        return self._traits

    @property
    def speech(self) -> Speech | None:
        """What is in the air."""
        return self._speech

    @property
    def gain(self) -> Fade:
        """What the music's volume is multiplied with, in dB."""
        return self._gain

    @property
    def is_busy(self) -> bool:
        """True while it speaks, or has something to say besides the scene's cues."""
        return self._speech is not None or bool(self._repetition) or bool(self._queue)

    @property
    def free_since(self) -> Ms:
        """Since when nothing is in the air."""
        return self._free_since

    @property
    def has_queued(self) -> bool:
        return bool(self._queue)

    @property
    def says_queued(self) -> bool:
        """Whether the words in the air are not the scene's."""
        return self._speech is not None and self._speech.source is Source.QUEUE

    @property
    def due(self) -> Ms | None:
        """When it must be over with what it says, or says the next; None exactly while it is not busy."""
        if self._speech is not None:
            return self._speech.limit
        if self._queue:
            return self._free_since
        return self._repetition_due if self._repetition else None

    def cut_words(self, words: list[tuple[Ms, Say]]) -> list[tuple[Ms, Say]] | None:
        """What has to be said anew if `hush` cuts the scene's words now, each after its pause; None where it cuts none.

        `words` are the step's, which a repetition begins again; a beat of a count is not said again.
        """
        speech = self._speech
        if not self._traits.hush:
            return None
        if self._repetition or (speech is not None and speech.source is Source.REPETITION):
            return words
        if speech is None or speech.source is Source.QUEUE:
            return None
        return [] if speech.say.beat else [(0, speech.say)]

    # Words begin

    def say(self, say: Say, moment: Ms, source: Source = Source.SCENE) -> Speech:
        """Begin to say something; nothing else may be in the air."""
        self._count += 1
        longest = say.lasts * 3 // 2 + LIMIT_SLACK if self._traits.done else say.lasts
        is_scenes = source is not Source.QUEUE
        rises = is_scenes and not self._is_anew
        self._is_anew = self._is_anew and not is_scenes
        self._speech = Speech(f"{self._name}-{self._count}", say, source, moment, moment + longest, rises)
        return self._speech

    def say_next(self, moment: Ms) -> Speech | None:
        """Begin what is queued or to be said again, if it is time and nothing is in the air."""
        if self._speech is not None:
            return None
        if self._queue and self._free_since <= moment:
            return self.say(self._queue.popleft(), moment, Source.QUEUE)
        if self._repetition and self._repetition_due <= moment:
            return self.say(self._repetition.popleft()[1], moment, Source.REPETITION)
        return None

    def queue(self, say: Say, moment: Ms) -> None:
        """Say it as soon as nothing is in the air; what waits already, or is just being said, is said once."""
        in_air = self._speech.say.text if self._speech is not None and self.says_queued else None
        if say.text != in_air and all(say.text != other.text for other in self._queue):
            self._queue.append(say)
            self._free_since = moment

    def begin_anew(self) -> None:
        """It has been silent for a while: the scene's next words are no louder than its last."""
        self._is_anew = True

    def repeat(self, words: list[tuple[Ms, Say]], moment: Ms) -> None:
        """Say each of the words after its pause, counted from the end of the one before."""
        self._repetition.extend(words)
        if self._speech is None and self._repetition:
            self._repetition_due = moment + self._repetition[0][0]

    def carry_on(self, speech: Speech, moment: Ms, longest: Ms) -> None:
        """These words are in the air already, for so long at most."""
        self._speech = speech._replace(began=moment, limit=moment + longest)

    def drop(self, moment: Ms) -> None:
        """Leave out a beat, for it is busy; by how much that would have been late is known once it is free."""
        self._count += 1
        self._dropped.append((f"{self._name}-{self._count}", moment))

    def dropped(self, moment: Ms) -> list[WordsDropped]:
        """The beats that it has left out until it was free, each once."""
        dropped, self._dropped = self._dropped, []
        return [WordsDropped(name, moment - due) for name, due in dropped]

    # Words are over

    def is_overdue(self, moment: Ms) -> bool:
        """Whether what is in the air counts as said."""
        return self._speech is not None and self._speech.limit <= moment

    def end(self, moment: Ms) -> None:
        """What was in the air is over; what is to be said again goes on after its pause."""
        self._speech = None
        self._free_since = moment
        if self._repetition:
            self._repetition_due = moment + self._repetition[0][0]

    def hand_over(self, moment: Ms) -> Speech | None:
        """Leave what is in the air to somebody else, who minds until when it is."""
        speech = self._speech
        self.end(moment)
        return speech

    def hush(self, moment: Ms) -> list[HushWords]:
        """Cut what is in the air and to be said again; what is queued stays. A voice that cannot be hushed goes on."""
        speech = self._speech
        if speech is not None and not self._traits.hush:
            return []
        self._repetition.clear()
        self.end(moment)
        return [HushWords(speech.id)] if speech is not None else []

    def silence(self, moment: Ms) -> list[HushWords]:
        """The same, and nothing that is queued is said any more."""
        if self._speech is None or self._traits.hush:
            self._queue.clear()
        return self.hush(moment)

    def become(self, traits: Traits, moment: Ms) -> None:
        """The voice can do other things than before. One that no longer says done has what was planned."""
        self._traits = traits
        if self._speech is not None and not traits.done:
            limit = max(moment, self._speech.began + self._speech.say.lasts)
            self._speech = self._speech._replace(limit=min(self._speech.limit, limit))

    # The music under it

    def lower_music(self, moment: Ms, *, is_heard: bool = True) -> bool:
        """Duck the music under words: not for captions, nor under a voice that does it. True where the gain changed.

        Music that is not heard yet need not go down: where it comes in under words, it only rises.
        """
        lasts = DUCK_DOWN if is_heard else 0
        return self._traits.cast and not self._traits.ducks and self._fade_gain(moment, DUCK_DB, lasts)

    def raise_music(self, moment: Ms) -> bool:
        """Bring the music back, unless there is something to say. True where the gain changed."""
        return not self.is_busy and self._fade_gain(moment, 0.0, DUCK_UP)

    def leave_music(self, moment: Ms) -> None:
        """A volume that a person sets counts as it is, under words and as they end: nothing may jump after it."""
        self._gain = Fade.still(moment, 0.0)

    def _fade_gain(self, moment: Ms, db: float, lasts: Ms) -> bool:
        if self._gain.target == db:
            return False
        self._gain = Fade(moment, moment + lasts, self._gain.at(moment), db, Curve.PERCEPTUAL)
        return True
