"""Sources of known sound."""

import numpy as np

from orchestrator.speaker.mixer import Mixer
from orchestrator.speaker.sound import BLOCK, RATE, Samples


class Sine:
    """A sine in both channels, for so many blocks or for ever."""

    def __init__(self, loud: float, pitch: float = 1000.0, blocks: int | None = None) -> None:
        self._loud, self._pitch, self._blocks, self._at = loud, pitch, blocks, 0
        self.is_closed = False

    def read(self) -> Samples | None:
        if self._blocks is not None and self._at >= self._blocks * BLOCK:
            return None
        t = (self._at + np.arange(BLOCK)) / RATE
        self._at += BLOCK
        wave = self._loud * np.sin(2 * np.pi * self._pitch * t)
        return np.stack((wave, wave), axis=1).astype(np.float32)

    def close(self) -> None:
        self.is_closed = True


def mixed(mixer: Mixer, seconds: float) -> Samples:
    return np.concatenate([mixer.mix() for _ in range(round(seconds * RATE / BLOCK))])


def levels(sound: Samples, every: float = 0.02) -> Samples:
    """The effective value in dB, every 20 ms."""
    frames = round(every * RATE)
    parts = sound[: len(sound) // frames * frames, 0].reshape(-1, frames)
    return np.asarray(20 * np.log10(np.sqrt((parts**2).mean(axis=1)) + 1e-9), np.float32)


def steepest(sound: Samples) -> float:
    """The largest step from a sample to the next: a click is one."""
    return float(np.abs(np.diff(sound, axis=0)).max())
