"""A gain on its way to another, without a click."""

import numpy as np

from orchestrator.speaker.sound import BLOCK, RATE, Samples


class Glide:
    """A value that moves in a straight line, by blocks. Seconds are rounded up to whole blocks, one at least."""

    def __init__(self, value: float) -> None:
        self.value = value
        self.target = value
        self._blocks = 0

    def to(self, target: float, seconds: float) -> None:
        """Be at the target after that time, from where it is now."""
        self.target = target
        self._blocks = max(1, round(seconds * RATE / BLOCK))

    def jump(self, value: float) -> None:
        self.value = self.target = value
        self._blocks = 0

    @property
    def is_moving(self) -> bool:
        return self._blocks > 0

    def step(self) -> tuple[float, float]:
        """The value at the beginning and at the end of the next block."""
        before = self.value
        if self._blocks:
            self.value += (self.target - self.value) / self._blocks
            self._blocks -= 1
            if not self._blocks:
                self.value = self.target
        return before, self.value


def line(before: float, after: float) -> Samples | float:
    """A gain for each frame of a block, to multiply it with; a plain number where it stands."""
    if before == after:
        return before
    return np.linspace(before, after, BLOCK, endpoint=False, dtype=np.float32)[:, None]
