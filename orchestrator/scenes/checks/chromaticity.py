"""Where a colour lies: linear light, and CIE 1976 u'v', in which equal steps look about equal."""

from functools import lru_cache
from typing import NamedTuple

from orchestrator.values import Colour, Rgb

SATURATED_RED = 0.8
"""R / (R + G + B) of linear light from which on a colour is a saturated red (WCAG 2.2, success criterion 2.3.1)."""
COLOUR_CHANGE = 0.2
"""A change of u'v' that makes a flash of colour (ISO 9241-391, as WCAG 2.2 has it for red)."""
RED_CHANGE = 0.1
"""The same to and from a saturated red, stricter: red is only 0.18 from the warm white of a lamp."""


class Chromaticity(NamedTuple):
    """A colour without its brightness."""

    u: float
    v: float

    def distance(self, other: "Chromaticity") -> float:
        return float(((self.u - other.u) ** 2 + (self.v - other.v) ** 2) ** 0.5)


def linear(colour: Rgb) -> tuple[float, float, float]:
    """Linear light, 0 to 1, of the parts of an sRGB colour (IEC 61966-2-1)."""
    return _linear(colour.red), _linear(colour.green), _linear(colour.blue)


@lru_cache(maxsize=1024)
def chromaticity(colour: Colour) -> Chromaticity:
    """Of a colour as sRGB has it; black lies where white does."""
    red, green, blue = linear(colour if isinstance(colour, Rgb) else colour.rgb)
    x = 0.4124 * red + 0.3576 * green + 0.1805 * blue
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = 0.0193 * red + 0.1192 * green + 0.9505 * blue
    total = x + 15.0 * y + 3.0 * z
    return Chromaticity(4.0 * x / total, 9.0 * y / total) if total else Chromaticity(0.1978, 0.4683)


def is_saturated_red(colour: Rgb) -> bool:
    """True for a red that counts apart."""
    red, green, blue = linear(colour)
    total = red + green + blue
    return total > 0.0 and red / total >= SATURATED_RED


def _linear(part: float) -> float:
    share = part / 255.0
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
