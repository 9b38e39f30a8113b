"""Values as numbers that can be compared: a level in a device's units, a volume, a colour's place, what plays."""

from typing import TypeAlias

from orchestrator import chromaticity
from orchestrator.values import Colour, Temperature

Vector: TypeAlias = tuple[float, ...]
"""A level in a device's units, percent of a volume, mired, a colour's place in u', v'. () is unknown."""

PLACES = 800.0
"""To a unit of u', v': then 8, the tolerance of a lamp, is about what rounding on its way makes of a colour."""


def vector(colour: Colour) -> Vector:
    """A colour to be compared: mired, or where it lies in u', v'.

    As a screen shows it: what a lamp cannot show it reports at its own edge, which is no hand.
    """
    if isinstance(colour, Temperature):
        return (colour.mired,)
    seen = colour.rgb.xy
    u, v = chromaticity.uv_of_xy(seen.x, seen.y)
    return u * PLACES, v * PLACES


def distance(one: Vector, other: Vector) -> float:
    """How far two values of one kind are apart, in their largest part; 0 where they cannot be compared."""
    return max((abs(a - b) for a, b in zip(one, other, strict=True)), default=0.0) if len(one) == len(other) else 0.0


def near(one: Vector, other: Vector, tolerance: float) -> bool:
    """True where two values are the same but for rounding, or cannot be compared."""
    return distance(one, other) <= tolerance
