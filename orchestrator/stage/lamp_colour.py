"""A lamp's colours side by side: which of them are told alike, and what it says in the kind in which it was told."""

from typing import Final

from orchestrator.stage.command_log import ValueRange
from orchestrator.stage.vector import Vector, vector
from orchestrator.values import Channels, Colour, HueSaturation, Rgb, Temperature, Xy

COLOURLESS: Final[Vector] = (0.0,)
"""A white that no lamp has: what a clear colour is compared as, where we gave a white. Never a value."""
_WHITES: Final = (50.0, 1000.0)
"""Mired: what lamps have."""
_OWN_WHITE: Final = 50.0
"""Thousandths of u' and v' by which a lamp's white may lie beside ours: no colour is so near to a white."""
_CLEAR: Final = 60.0
"""Of 255, in one channel: a colour so far from every white is none."""


def as_told(colour: Colour) -> tuple[object, ...]:
    """A colour as a lamp is told it: two that are the same after rounding are told once."""
    match colour:
        case Temperature(mired):
            return (round(mired),)
        case Rgb():
            return ("rgb", *(round(part) for part in colour.full.parts))
        case Xy(x, y):
            return ("xy", round(x, 4), round(y, 4))
        case HueSaturation(hue, saturation):
            return ("hue", round(hue, 2), round(saturation, 2))
        case Channels(parts, effect):
            return ("channels", *(round(part) for part in parts), effect)


def comparable(said: Colour, told: Vector | None) -> Vector:
    """What a lamp says of its colour, in the kind in which it was told; in its own where it was told nothing."""
    if told is None or len(told) == len(vector(said)):
        return vector(said)
    if isinstance(said, Temperature):
        return vector(said.rgb)
    white = said.nearest_temperature
    apart = max(abs(a - b) for a, b in zip(white.rgb.full.parts, said.rgb.full.parts, strict=True))
    return vector(white) if apart < _CLEAR else COLOURLESS


def among_colours(white: Vector) -> ValueRange | None:
    """Where a white lies among colours, for each lamp has whites of its own; None for what is no white."""
    if len(white) != 1 or not _WHITES[0] <= white[0] <= _WHITES[1]:
        return None
    u, v = vector(Temperature(white[0]).rgb)
    return ValueRange((u - _OWN_WHITE, v - _OWN_WHITE), (u + _OWN_WHITE, v + _OWN_WHITE))
