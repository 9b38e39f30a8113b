"""A soft bell, for steps that begin without words."""

import numpy as np

from orchestrator.speaker.sound import RATE, Samples

_SECONDS = 3.0
_PARTIALS = ((1.0, 1.0, 0.9), (2.0, 0.35, 0.6), (2.99, 0.18, 0.35), (4.1, 0.08, 0.2))
"""Of a struck bell: pitch, loudness, and the seconds in which each falls to a third."""


def chime(pitch: float = 523.25) -> Samples:
    """Mono, -12 dB at its loudest; it begins in 10 ms and ends in silence."""
    t = np.arange(int(_SECONDS * RATE)) / RATE
    sound = sum(loud * np.exp(-t / tail) * np.sin(2 * np.pi * pitch * part * t) for part, loud, tail in _PARTIALS)
    sound = sound * np.minimum(1.0, t / 0.01) * np.minimum(1.0, (_SECONDS - t) / 0.5)
    return np.asarray(0.25 * sound / np.abs(sound).max(), np.float32)
