"""What the speaker asks of a voice, and what it gets."""

from dataclasses import dataclass
from typing import Protocol

from orchestrator.speaker.sound import RATE, Samples


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words as sound: mono, of shape (samples,), RATE of them a second, full scale at 1."""

    samples: Samples

    @property
    def seconds(self) -> float:
        return len(self.samples) / RATE


class Voice(Protocol):
    """Makes sound of words. `rate` is words a minute, `gap` the silence between sentences in seconds."""

    name: str

    async def speak(self, text: str, *, language: str, rate: float, gap: float) -> Spoken: ...
