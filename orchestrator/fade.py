"""A value reached over time, as a function of elapsed time.

Lightness is CIE 1976 L* of relative luminance Y (CIE 15:2018, 8.2.1): L* = 116 Y^(1/3) - 16 above Y = (6/29)^3, which
is about 0.0089, else 903.3 Y. Half of full light by eye, L* 50, is 18.4 % of its luminance.
"""

import math
from enum import StrEnum
from typing import NamedTuple

from orchestrator.units import Ms
from orchestrator.values import Colour, Playing, Rgb, Temperature, Value, Xy

QUIETEST_DB = -40.0
"""1 % of full volume: the lowest step that a player with a scale of a hundred has above silence."""


class Curve(StrEnum):
    """How a fade goes from one value to the other."""

    LINEAR = "linear"
    """Even in luminance: early steps look large, late ones small."""
    PERCEPTUAL = "perceptual"
    """Even to the eye: straight in L*."""
    EASE = "ease"
    """Straight in L*, but slow at both ends (3u² - 2u³): a breath."""
    DECIBEL = "decibel"
    """Even to the ear, for volume: straight in dB of amplitude, from QUIETEST_DB up."""


def luminance(lightness: float) -> float:
    """Relative luminance 0 to 1 of a lightness L* 0 to 100."""
    if lightness > 8.0:
        return float(((lightness + 16.0) / 116.0) ** 3)
    return lightness / 903.2962962962963


def lightness(luminance: float) -> float:
    """Lightness L* 0 to 100 of a relative luminance 0 to 1."""
    if luminance > 0.008856451679035631:
        return 116.0 * math.cbrt(luminance) - 16.0
    return luminance * 903.2962962962963


def decibel(percent: float) -> float:
    """DB of an amplitude in percent of full; nothing is below QUIETEST_DB."""
    share = percent / 100.0  # 0 for the smallest numbers as well
    return max(QUIETEST_DB, 20.0 * math.log10(share)) if share > 0.0 else QUIETEST_DB


def amplitude(db: float) -> float:
    """Percent of full amplitude of a dB figure."""
    return float(100.0 * 10.0 ** (db / 20.0))


class Fade(NamedTuple):
    """From `origin` at `start` to `target` at `end`, both on one clock; before and after it stands still."""

    start: Ms
    end: Ms
    origin: Value
    target: Value
    curve: Curve = Curve.PERCEPTUAL
    look: "Fade | None" = None
    """Of a swell: the fade that it swells on top of."""

    def at(self, moment: Ms) -> Value:
        """The value at a moment. What cannot be mixed (music, on and off) changes at the start."""
        if moment >= self.end or self.origin == self.target:
            return self.target
        if moment <= self.start:
            return self.origin if self.is_gradual else self.target
        return mixed(self.origin, self.target, (moment - self.start) / (self.end - self.start), self.curve)

    @property
    def is_gradual(self) -> bool:
        """True where there are values between origin and target."""
        return not isinstance(self.target, (Playing, bool))

    @classmethod
    def still(cls, moment: Ms, value: Value) -> "Fade":
        """A value that stands from a moment on."""
        return cls(moment, moment, value, value)


def mixed(origin: Value, target: Value, share: float, curve: Curve) -> Value:
    """The value that lies a share (0 to 1) of the way from origin to target.

    Levels follow the curve. Temperatures mix in mired; what a lamp said in x, y mixes there, as the lamp does it; other
    colours, and a colour with a temperature, in sRGB.
    Raises TypeError for a level and a colour.
    """
    if curve is Curve.EASE:
        share = share * share * (3.0 - 2.0 * share)
    if isinstance(target, (Playing, bool)) or isinstance(origin, (Playing, bool)):
        return target
    if isinstance(target, float | int) and isinstance(origin, float | int):
        return _mixed_level(float(origin), float(target), share, curve)
    if isinstance(origin, Temperature) and isinstance(target, Temperature):
        return Temperature(_between(origin.mired, target.mired, share))
    if isinstance(origin, float | int) or isinstance(target, float | int):
        raise TypeError(f"nothing lies between {origin!r} and {target!r}")
    return _mixed_colour(origin, target, share)


def _mixed_colour(origin: Colour, target: Colour, share: float) -> Colour:
    if isinstance(origin, Xy) or isinstance(target, Xy):
        return Xy(_between(origin.xy.x, target.xy.x, share), _between(origin.xy.y, target.xy.y, share))
    start, end = origin.rgb, target.rgb
    return Rgb(*(_between(one, other, share) for one, other in zip(start.parts, end.parts, strict=True)))


def _mixed_level(origin: float, target: float, share: float, curve: Curve) -> float:
    if curve is Curve.LINEAR:
        return lightness(_between(luminance(origin), luminance(target), share))
    if curve is Curve.DECIBEL:
        return amplitude(_between(decibel(origin), decibel(target), share))
    return _between(origin, target, share)


def _between(start: float, end: float, share: float) -> float:
    return start + (end - start) * share
