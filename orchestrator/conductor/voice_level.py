"""How loud a session's voice speaks: a low greeting, then up step by step to its level, and down as the scene says.

A decibel is 20 log10 of a ratio of volumes in percent, as if percent were amplitude (docs/decisions/0031).
"""

import math

from orchestrator.conductor.room_scale import RoomScale
from orchestrator.fade import amplitude
from orchestrator.units import Percent

LOUDER_DB = 1.0
"""From one announcement to the next, at most: about the least that ears tell apart."""


class VoiceLevel:
    """What the voice is told, in whole percent of its device: the step of every voice that we know of."""

    def __init__(self, scale: RoomScale) -> None:
        self._scale = scale
        self._last: int | None = None

    def of(self, volume: Percent, *, rises: bool) -> Percent:
        """The device volume of the next words, which a scene wants so loud; without `rises` no louder than before."""
        if self._last is None:
            level = self._scale.greeting(volume)
        else:
            level = min(self._scale.speech(volume), Percent(float(self._most(self._last, rises=rises))))
        self._last = _whole(level, self._scale.loudest)
        return Percent(float(self._last))

    @staticmethod
    def _most(last: int, *, rises: bool) -> int:
        return max(math.floor(last * amplitude(LOUDER_DB) / 100.0), last + 1) if rises else last


def _whole(level: float, loudest: float) -> int:
    """Rounded, but never above the limit; what is to be heard is never silent."""
    return max(min(round(level), math.floor(loudest)), 1) if level > 0.0 else 0
