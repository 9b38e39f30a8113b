"""Colours as numbers: CIE 1931 x, y; CIE 1976 u', v', in which equal distances look about equal; sRGB; hue.

IEC 61966-2-1 (sRGB, white D65). White light by Krystek (1985), a fit to the Planckian locus in CIE 1960 u, v within
0.0001 from 1000 to 15 000 K. A lamp's brightness is the level's business: colours are at full value.
"""

import colorsys
import math
from typing import TypeAlias

Pair: TypeAlias = tuple[float, float]
Parts: TypeAlias = tuple[float, float, float]

_WHITE: Pair = (0.3127, 0.3290)


def _linear(part: float) -> float:
    share = part / 255.0
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def _encoded(share: float) -> float:
    return 12.92 * share if share <= 0.0031308 else float(1.055 * share ** (1 / 2.4) - 0.055)


def full(red: float, green: float, blue: float) -> Parts:
    """The same colour at full value, 0 to 255; black becomes white."""
    most = max(red, green, blue)
    if most <= 0:
        return 255.0, 255.0, 255.0
    return red * 255.0 / most, green * 255.0 / most, blue * 255.0 / most


def xy_of_rgb(red: float, green: float, blue: float) -> Pair:
    """x, y of sRGB parts 0 to 255."""
    r, g, b = (_linear(part) for part in full(red, green, blue))
    x = 0.4123908 * r + 0.3575843 * g + 0.1804808 * b
    y = 0.2126390 * r + 0.7151687 * g + 0.0721923 * b
    z = 0.0193308 * r + 0.1191948 * g + 0.9505322 * b
    total = x + y + z
    return x / total, y / total


def rgb_of_xy(x: float, y: float) -> Parts:
    """The brightest sRGB colour of x, y; what lies outside of sRGB is brought to its edge."""
    if not (0.0 <= x <= 1.0 and 0.0 < y <= 1.0):
        x, y = _WHITE
    z = 1.0 - x - y
    parts = (
        3.2409699 * x - 1.5373832 * y - 0.4986108 * z,
        -0.9692436 * x + 1.8759675 * y + 0.0415551 * z,
        0.0556301 * x - 0.2039770 * y + 1.0569715 * z,
    )
    most = max(parts)
    red, green, blue = (255.0 * _encoded(max(part, 0.0) / most) for part in parts)
    return red, green, blue


def hue_of_rgb(red: float, green: float, blue: float) -> Pair:
    """Hue 0 to 360 and saturation 0 to 100."""
    turn, saturation, _ = colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)
    return turn * 360, saturation * 100


def rgb_of_hue(degrees: float, saturation: float) -> Parts:
    """The colour of a hue and a saturation at full value."""
    red, green, blue = colorsys.hsv_to_rgb(degrees % 360 / 360, min(max(saturation, 0.0), 100.0) / 100, 1.0)
    return 255.0 * red, 255.0 * green, 255.0 * blue


def xy_of_mired(mired: float) -> Pair:
    """x, y of white light."""
    kelvin = 1_000_000 / mired
    u = (0.860117757 + 1.54118254e-4 * kelvin + 1.28641212e-7 * kelvin**2) / (
        1 + 8.42420235e-4 * kelvin + 7.08145163e-7 * kelvin**2
    )
    v = (0.317398726 + 4.22806245e-5 * kelvin + 4.20481691e-8 * kelvin**2) / (
        1 - 2.89741816e-5 * kelvin + 1.61456053e-7 * kelvin**2
    )
    total = 2 * u - 8 * v + 4
    return 3 * u / total, 2 * v / total


def uv_of_xy(x: float, y: float) -> Pair:
    """CIE 1976 u', v' of x, y."""
    total = -2 * x + 12 * y + 3
    return 4 * x / total, 9 * y / total


def apart(one: Pair, other: Pair) -> float:
    """How far two colours given as x, y are apart in u', v'. 0.004 is about what can be seen side by side."""
    return math.dist(uv_of_xy(*one), uv_of_xy(*other))
