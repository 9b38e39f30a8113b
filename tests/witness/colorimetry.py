"""Light as an eye takes it: lightness of luminance, and chromaticity in u'v' (CIE 1976 UCS, CIE 15:2018, 8.2.1).

White light lies on the Planckian locus: Krystek's fit (Color Res. Appl. 10, 1985), good from 1000 to 15000 K.
"""

import math
from typing import NamedTuple


class Chromaticity(NamedTuple):
    """A colour without its brightness. `mired` where it was said as white light."""

    u: float
    v: float
    mired: float | None = None

    def distance(self, other: "Chromaticity") -> float:
        return math.hypot(self.u - other.u, self.v - other.v)

    def towards(self, other: "Chromaticity", share: float) -> "Chromaticity":
        """What lies between: whites in mired, all else straight in u'v'."""
        if self.mired is not None and other.mired is not None:
            return white(self.mired + (other.mired - self.mired) * share)
        return Chromaticity(self.u + (other.u - self.u) * share, self.v + (other.v - self.v) * share)


def luminance(lightness: float) -> float:
    """Relative luminance 0 to 1 of L* 0 to 100."""
    return ((lightness + 16.0) / 116.0) ** 3 if lightness > 8.0 else max(lightness, 0.0) / 903.2962962962963


def lightness(relative: float) -> float:
    """L* 0 to 100 of a relative luminance 0 to 1."""
    return 116.0 * math.cbrt(relative) - 16.0 if relative > (6 / 29) ** 3 else relative * 903.2962962962963


def white(mired: float) -> Chromaticity:
    """The white of a colour temperature, in mired."""
    kelvin = 1_000_000 / mired
    u = (0.860117757 + 1.54118254e-4 * kelvin + 1.28641212e-7 * kelvin**2) / (
        1.0 + 8.42420235e-4 * kelvin + 7.08145163e-7 * kelvin**2
    )
    v = (0.317398726 + 4.22806245e-5 * kelvin + 4.20481691e-8 * kelvin**2) / (
        1.0 - 2.89741816e-5 * kelvin + 1.61456053e-7 * kelvin**2
    )
    return Chromaticity(u, 1.5 * v, mired)


def of_xy(x: float, y: float) -> Chromaticity:
    below = -2.0 * x + 12.0 * y + 3.0
    return Chromaticity(4.0 * x / below, 9.0 * y / below)


def of_rgb(red: float, green: float, blue: float) -> Chromaticity:
    """Of sRGB (IEC 61966-2-1), each part 0 to 255."""
    r, g, b = (_linear(part / 255.0) for part in (red, green, blue))
    x = 0.4124 * r + 0.3576 * g + 0.1805 * b
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = 0.0193 * r + 0.1192 * g + 0.9505 * b
    total = x + 15.0 * y + 3.0 * z
    return Chromaticity(4.0 * x / total, 9.0 * y / total) if total else white(250.0)


def of_hex(text: str) -> Chromaticity:
    digits = text.removeprefix("#")
    return of_rgb(*(int(digits[i : i + 2], 16) for i in (0, 2, 4)))


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
