"""How exactly a device says what it was told: some say a tenth more than they were told, and some differ each time."""

from collections.abc import Iterable
from statistics import median
from typing import NamedTuple

SAMPLES = 9
ENOUGH = 3
SURE = 0.015
"""Once it is known, a device is trusted no better than this share of its value."""
CREDIBLE = 0.16
"""A deviation beyond this share is no inexactness."""
JITTER = 8 / 254
"""Of its full light: so far beside what it was told a lamp may be that is nearly out (reference: 8 of 254)."""


class Scale(NamedTuple):
    """A unit: its full value, what is always the same (rounding), and whether 0 is off and no value like others."""

    full: float
    least: float
    share: float = CREDIBLE
    has_off: bool = False


class Accuracy:
    """The gain (what it says, by what it was told) and the spread of one device, learnt from its words at rest."""

    def __init__(self, scale: Scale, ratios: Iterable[float] = ()) -> None:
        self._scale = scale
        self._ratios: tuple[float, ...] = ()
        self.gain = 1.0
        """What it says, by what it was told: 1 until enough was heard."""
        self._share = scale.share
        self._keep(tuple(ratios))

    @property
    def ratios(self) -> tuple[float, ...]:
        """What was learnt, oldest first."""
        return self._ratios

    @property
    def is_known(self) -> bool:
        """Whether enough was heard."""
        return len(self._ratios) >= ENOUGH

    @property
    def spread(self) -> float:
        """How far its words lie from that, as a share."""
        gain = self.gain
        off = sorted(abs(ratio - gain) for ratio in self._ratios)
        return 1.5 * off[int(0.7 * (len(off) - 1))] if off else 0.0

    def expected(self, told: float) -> float:
        """What it says when it was told a value."""
        return min(told * self.gain, self._scale.full)

    def tolerance(self, told: float) -> float:
        """How far from that it may lie."""
        tolerance = self._scale.least + self._share * told
        return max(tolerance, self._jitter * self._scale.full) if self._scale.has_off else tolerance

    @property
    def _jitter(self) -> float:
        """In the middle of its range it would be a spread of twice as much, which a few words do not tell."""
        return min(JITTER, self.spread / 2.0) if len(self._ratios) == SAMPLES else JITTER

    def learn(self, told: float, said: float) -> None:
        """A word at rest. What is saturated or nearly off says nothing."""
        full = self._scale.full
        if not 0.15 * full <= told <= 0.88 * full or said >= 0.97 * full or self._scale.share == 0.0:
            return
        ratio = said / told
        if abs(ratio - 1.0) <= CREDIBLE:
            self._keep((*self._ratios, ratio))

    def remember(self, ratios: Iterable[float]) -> None:
        """What was learnt in a life before, oldest first."""
        if self._scale.share > 0.0:
            self._keep(tuple(ratio for ratio in ratios if abs(ratio - 1.0) <= CREDIBLE))

    def _keep(self, ratios: tuple[float, ...]) -> None:
        """The newest of these; what follows from them is worked out here, for each report asks for it many times."""
        self._ratios = ratios[-SAMPLES:]
        self.gain = median(self._ratios) if self.is_known else 1.0
        trusted = max(SURE, 1.2 * self.spread) + 0.35 / len(self._ratios) if self.is_known else self._scale.share
        self._share = min(self._scale.share, trusted)
