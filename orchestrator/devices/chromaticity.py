"""Colours as lamps name them: CIE 1931 x, y and hue with saturation, to sRGB and back.

IEC 61966-2-1 (sRGB, white D65). A lamp's brightness is the level's business: colours are given at full value.
"""

import colorsys

from orchestrator.values import Rgb

_WHITE = (0.3127, 0.3290)


def _linear(part: float) -> float:
    share = part / 255.0
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def _encoded(share: float) -> float:
    return 12.92 * share if share <= 0.0031308 else float(1.055 * share ** (1 / 2.4) - 0.055)


def xy(colour: Rgb) -> tuple[float, float]:
    """Chromaticity of a colour at full value, four places as lamps report them."""
    colour = full(colour)
    red, green, blue = (_linear(part) for part in (colour.red, colour.green, colour.blue))
    x = 0.4123908 * red + 0.3575843 * green + 0.1804808 * blue
    y = 0.2126390 * red + 0.7151687 * green + 0.0721923 * blue
    z = 0.0193308 * red + 0.1191948 * green + 0.9505322 * blue
    total = x + y + z
    return round(x / total, 4), round(y / total, 4)


def of_xy(x: float, y: float) -> Rgb:
    """The brightest sRGB colour of a chromaticity; what lies outside of sRGB is brought to its edge."""
    if not (0.0 <= x <= 1.0 and 0.0 < y <= 1.0):
        x, y = _WHITE
    z = 1.0 - x - y
    parts = (
        3.2409699 * x - 1.5373832 * y - 0.4986108 * z,
        -0.9692436 * x + 1.8759675 * y + 0.0415551 * z,
        0.0556301 * x - 0.2039770 * y + 1.0569715 * z,
    )
    most = max(parts)
    return Rgb(*(255.0 * _encoded(max(part, 0.0) / most) for part in parts))


def hue(colour: Rgb) -> tuple[float, float]:
    """Hue 0 to 360 and saturation 0 to 100."""
    turn, saturation, _ = colorsys.rgb_to_hsv(colour.red / 255, colour.green / 255, colour.blue / 255)
    return round(turn * 360, 2), round(saturation * 100, 2)


def of_hue(degrees: float, saturation: float) -> Rgb:
    """The colour of a hue and a saturation at full value."""
    parts = colorsys.hsv_to_rgb(degrees % 360 / 360, min(max(saturation, 0.0), 100.0) / 100, 1.0)
    return Rgb(*(255.0 * part for part in parts))


def full(colour: Rgb) -> Rgb:
    """The same colour at full value; black becomes white."""
    most = max(colour.red, colour.green, colour.blue)
    if most <= 0:
        return Rgb(255.0, 255.0, 255.0)
    return Rgb(*(part * 255.0 / most for part in (colour.red, colour.green, colour.blue)))
