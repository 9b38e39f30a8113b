"""What the speaker asks of a voice, and what it gets."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

RATE = 48_000


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words as sound: mono, 48,000 samples a second, full scale at 1."""

    samples: NDArray[np.float32]

    @property
    def seconds(self) -> float:
        return len(self.samples) / RATE


class Voice(Protocol):
    """Makes sound of words. `rate` is words a minute, `gap` the silence between sentences in seconds."""

    name: str

    async def speak(self, text: str, *, language: str, rate: float, gap: float) -> Spoken: ...
