"""How long a voice really takes: what it is told to say is timed until it says that it is done. Moments are real."""

from typing import NamedTuple

from orchestrator.scenes.planning.voice_timing import SpeechSample
from orchestrator.units import Ms


class _Timed(NamedTuple):
    words: Ms
    silences: Ms
    begun: Ms


class SpeechMeter:
    """Of one voice. Only words count that it began to say in silence, and that it has said to their end."""

    def __init__(self) -> None:
        self._in_air: dict[str, _Timed | None] = {}
        self._samples: list[SpeechSample] = []

    def told(self, name: str, words: Ms, silences: Ms, now: Ms) -> None:
        """It was told to say something, planned to take so long; a voice that is not done yet may take it up later."""
        self._in_air[name] = None if self._in_air else _Timed(words, silences, now)

    def hushed(self, name: str) -> None:
        """It was told to stop: whatever it says of it is no measure."""
        if name in self._in_air:
            self._in_air[name] = None

    def ended(self, name: str, now: Ms, *, done: bool) -> None:
        """It says that something is over. It speaks in order: nothing that it was told before is in the air."""
        if name not in self._in_air:
            return
        timed = self._in_air[name]
        if done and timed is not None:
            self._samples.append(SpeechSample(timed.words, now - timed.begun - timed.silences))
        told = list(self._in_air)
        self._in_air = {later: self._in_air[later] for later in told[told.index(name) + 1 :]}

    def clear(self) -> None:
        """It is away, or the broker is: nobody knows what becomes of what it was told."""
        self._in_air.clear()

    def take(self) -> list[SpeechSample]:
        """What was measured since the last call."""
        samples, self._samples = self._samples, []
        return samples
