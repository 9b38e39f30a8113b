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
    """What the voice is told, in whole steps of its device: the first words low, no others much louder than before."""

    def __init__(self, scale: RoomScale) -> None:
        self._scale = scale
        self._last: int | None = None

    def of(self, volume: Percent, *, rises: bool, steps: int) -> Percent:
        """The device volume of the next words, which a scene wants so loud; without `rises` no louder than before."""
        scale, last = self._scale, self._last
        level = scale.greeting(volume) if last is None else scale.speech(volume)
        wanted, loudest = level / 100.0 * steps, math.floor(scale.loudest / 100.0 * steps)
        most = loudest if last is None else min(_most(last, rises=rises), loudest)
        # What is to be heard is never silent.
        self._last = max(min(round(wanted), most), 1) if wanted > 0.0 else 0
        return Percent(self._last * 100.0 / steps)


def _most(last: int, *, rises: bool) -> int:
    return max(math.floor(last * amplitude(LOUDER_DB) / 100.0), last + 1) if rises else last
