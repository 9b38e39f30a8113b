"""How long a voice takes: whether it follows the rate and the silences that it is asked for, and what was learnt of it.

Two figures are learnt from what it has said: how many times as long as planned it takes for words, and what comes on
top each time that it is made to speak (its network, its engine, the silence at the end of a recording).
"""

from collections.abc import Sequence
from itertools import combinations
from statistics import fmean, median
from typing import NamedTuple

from orchestrator.units import SECOND, Ms, WordsPerMinute

OWN_RATE = WordsPerMinute(150.0)
"""What a voice that follows no rate is taken to speak at, until it has been heard: what speech engines come with."""
LEAST, MOST = 0.4, 2.5
"""No voice is taken to be quicker or slower than this, whatever was measured."""
LONGEST_LATENCY: Ms = 5 * SECOND
ENOUGH = 8
"""Fewer measurements than this say nothing of a voice."""
KEPT = 240
"""So many of the newest count, a long session or two short ones: a voice that was exchanged is known anew after it."""
_APART: Ms = SECOND
"""Two measurements whose words differ by less do not tell how much longer long words take."""
_OUTLIER = 3.0
"""Farther from the others than this many times their median distance, or than a second, and it does not count."""


class SpeechSample(NamedTuple):
    """One time that a voice spoke: what its words were planned to take, and took, without silences that we ask for."""

    words: Ms
    lasted: Ms


class VoiceTiming(NamedTuple):
    """What is known of a voice. By default it does as it is told, and takes what pacing plans.

    `rate`, `gap`: it follows the rate, and keeps the silences between sentences, that it is asked for; without `gap` it
    is given one sentence at a time. `factor` is of the words, `latency` is added each time that it is made to speak;
    None: what pacing adds.
    """

    rate: bool = True
    gap: bool = True
    factor: float = 1.0
    latency: Ms | None = None


AS_PLANNED = VoiceTiming()


def learnt(samples: Sequence[SpeechSample], timing: VoiceTiming) -> VoiceTiming:
    """A voice with what its samples tell; as it was where they are too few.

    The factor is the median of the slopes between all pairs (Theil and Sen), so that a quarter of the samples may be
    nonsense; where all words are of about one length it is the median of the shares, and there is no latency. What is
    added is then the mean of the rest without its outliers, so that a whole session takes what is reckoned.
    """
    samples = samples[-KEPT:]
    if len(samples) < ENOUGH:
        return timing
    slopes = [
        (long.lasted - short.lasted) / (long.words - short.words)
        for short, long in combinations(sorted(samples), 2)
        if long.words - short.words >= _APART
    ]
    if len(slopes) < len(samples):
        return timing._replace(factor=_bounded(_share(samples)), latency=0)
    factor = _bounded(median(slopes))
    latency = _middle([sample.lasted - factor * sample.words for sample in samples])
    if latency < 0:
        return timing._replace(factor=_bounded(_share(samples)), latency=0)
    return timing._replace(factor=factor, latency=min(round(latency), LONGEST_LATENCY))


def _bounded(factor: float) -> float:
    return min(max(factor, LEAST), MOST)


def _share(samples: Sequence[SpeechSample]) -> float:
    return median(sample.lasted / max(sample.words, 1) for sample in samples)


def _middle(values: Sequence[float]) -> float:
    """The mean of those that lie together."""
    middle = median(values)
    spread = max(_OUTLIER * median(abs(value - middle) for value in values), float(SECOND))
    return fmean(value for value in values if abs(value - middle) <= spread)
