"""What can be heard: blocks of stereo samples, full scale at 1, from sources that are read one block after another."""

from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
"""Samples a second of one channel, in everything that the speaker handles."""

BLOCK = 960
"""Frames of a block: 20 ms. Gains change once a block, in a straight line through it."""

Samples: TypeAlias = NDArray[np.float32]


class SoundSource(Protocol):
    """Something to be heard. It is read from one thread at a time."""

    def read(self) -> Samples | None:
        """The next block, of shape (BLOCK, 2); None when nothing more will come."""

    def close(self) -> None: ...


def silence() -> Samples:
    return np.zeros((BLOCK, 2), np.float32)


def factor(level: float) -> float:
    """The factor of a level in dB."""
    return float(10 ** (level / 20))
