"""An announcement on its way to a voice: whole, or one sentence at a time with our silences. Moments are real."""

from typing import NamedTuple

from orchestrator.scenes.planning.pacing import sentences, spoken_ms
from orchestrator.scenes.planning.voice_timing import VoiceTiming
from orchestrator.session.outputs import Announce
from orchestrator.session.voice import LIMIT_SLACK
from orchestrator.units import Ms


class Utterance(NamedTuple):
    """What a voice is told to say at once: `id` is what it says of it in its events."""

    id: str
    text: str


class Utterances:
    """Those of one announcement.

    A voice that says done is waited for, one and a half times as long as it should take; the 5 s more that the session
    has for the whole are given to the first sentence that needs them, so that the last is begun before those are over.
    Another voice has the time that it should take. So it is at a speed other than 1, for which `rate` (in thousandths)
    shortens all.
    """

    def __init__(self, announce: Announce, language: str, timing: VoiceTiming, *, says_done: bool, rate: int) -> None:
        self.announce = announce
        self._language = language
        self._timing = timing
        self._rate = rate
        self._waits = says_done and rate == 1000
        self._rest = [announce.text] if timing.gap else sentences(announce.text) or [announce.text]
        self._is_one = len(self._rest) == 1
        self._begun = 0
        self._current: str | None = None
        self._slack = LIMIT_SLACK
        self._due: Ms | None = None

    @property
    def due(self) -> Ms | None:
        """When the next is to be said, whatever was heard of the one before."""
        return self._due

    @property
    def is_whole(self) -> bool:
        """Whether all of it was handed to the voice."""
        return not self._rest

    @property
    def current(self) -> str | None:
        """The id of what is in the air; None in a silence."""
        return self._current

    def next(self, now: Ms) -> Utterance:
        """Begin the next; there has to be one."""
        if self._waits and self._current is not None:
            self._slack = 0
        text = self._rest.pop(0)
        self._begun += 1
        self._current = self.announce.id if self._is_one else f"{self.announce.id}.{self._begun}"
        self._due = now + self._longest(text) if self._rest else None
        return Utterance(self._current, text)

    def cut(self) -> None:
        """Leave out what was not begun."""
        self._rest.clear()
        self._due = None

    def ended(self, name: str, now: Ms) -> bool:
        """Something is over, or failed: whether that was the last of this announcement. The next has its silence."""
        if name != self._current:
            return False
        if self._rest and not self._waits:
            return False
        self._current = None
        if self._rest:
            self._due = now + self.announce.gap
        return not self._rest

    def _longest(self, text: str) -> Ms:
        planned = spoken_ms(text, self._language, self.announce.rate, self.announce.gap, self._timing)
        if self._waits:
            return planned * 3 // 2 + max(self._slack, self.announce.gap)
        return (planned + self.announce.gap) * 1000 // self._rate
