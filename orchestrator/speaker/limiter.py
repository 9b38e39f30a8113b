"""A limiter of true peaks: what a converter makes between the samples is kept below the ceiling as well."""

import numpy as np

from orchestrator.speaker.sound import BLOCK, Samples, factor, silence

CEILING = factor(-1.0)
"""-1 dBTP, as EBU R 128 wants it."""

_RECOVERY = factor(0.4)
"""The most by which the gain rises in a block: 20 dB a second."""

_TAPS = 12
"""Samples that one between them is made of: BS.1770 annex 2 takes twelve, at four times the rate."""

_PHASES = 4


def _between() -> Samples:
    """The filters that give the values at 1/4, 2/4 and 3/4 of the way between two samples: a windowed sinc."""
    places = np.arange(_TAPS) - (_TAPS / 2 - 1)
    rows = []
    for phase in range(1, _PHASES):
        x = places - phase / _PHASES
        rows.append(np.sinc(x) * np.cos(np.pi * x / (_TAPS + 1)) ** 2)
    filters = np.array([row / row.sum() for row in rows], np.float32)
    return filters[:, ::-1]


_FILTERS = _between()


def true_peak(samples: Samples) -> float:
    """The highest absolute value of a stretch of sound, at four times its rate; shape (frames, channels)."""
    peak = float(np.abs(samples).max(initial=0.0))
    if len(samples) < _TAPS:
        return peak
    for channel in samples.T:
        for row in _FILTERS:
            peak = max(peak, float(np.abs(np.convolve(channel, row, "valid")).max()))
    return peak


class Limiter:
    """Blocks come out one block late, so that the gain is down before the peak comes.

    The gain runs straight from edge to edge of blocks, and an edge is as low as both blocks beside it want: it is never
    above what a block bears, and never jumps.
    """

    def __init__(self) -> None:
        self._waiting = silence()
        self._bears = 1.0
        self._edge = 1.0
        self._tail = np.zeros((_TAPS, 2), np.float32)

    def limit(self, block: Samples) -> Samples:
        """The block before, limited."""
        bears = self._borne(block)
        edge = min(1.0, self._edge * _RECOVERY, self._bears, bears)
        out = self._waiting
        if edge < 1.0 or self._edge < 1.0:
            out = out * np.linspace(self._edge, edge, BLOCK, endpoint=False, dtype=np.float32)[:, None]
        self._waiting, self._bears, self._edge = block, bears, edge
        return out

    def _borne(self, block: Samples) -> float:
        whole = np.concatenate((self._tail, block))
        self._tail = block[-_TAPS:]
        # Between samples a peak is twice as high at most in sound that anybody plays: quiet blocks need no filter.
        if float(np.abs(whole).max()) < CEILING / 2:
            return 1.0
        return min(1.0, CEILING / true_peak(whole))
