"""How much of light keeps people awake: melanopic equivalent daylight illuminance at the eye (CIE S 026:2018).

Evening light should stay under 10 lx melanopic EDI (Brown et al. 2022, PLoS Biol 20(3) e3001571). What reaches the eye
depends on the room; we assume FULL_LUX with all lamps of a scene at full, a well lit living room.
"""

from collections.abc import Mapping
from itertools import pairwise

from orchestrator.fade import luminance
from orchestrator.values import Colour, Temperature

EVENING_LIMIT = 10.0
FULL_LUX = 150.0
_UNKNOWN = Temperature.of_kelvin(2700)

_RATIOS = (
    (1800.0, 0.24),
    (2000.0, 0.29),
    (2200.0, 0.34),
    (2700.0, 0.46),
    (3000.0, 0.53),
    (4000.0, 0.71),
    (6500.0, 1.0),
)
"""Melanopic daylight efficacy ratio of a black body by Kelvin; 6500 K is daylight, 1 by definition."""


def ratio(colour: Colour) -> float:
    """The share of lux that counts. A colour counts as the white that is nearest."""
    kelvin = colour.nearest_temperature.kelvin
    if kelvin <= _RATIOS[0][0]:
        return _RATIOS[0][1]
    for (cool, less), (warm, more) in pairwise(_RATIOS):
        if kelvin <= warm:
            return less + (more - less) * (kelvin - cool) / (warm - cool)
    return _RATIOS[-1][1]


def at_eye(lamps: Mapping[str, tuple[float, Colour | None]], count: int) -> float:
    """Melanopic lx of lamps with their levels (L*) and colours, where `count` lamps give FULL_LUX together."""
    return sum(
        FULL_LUX / count * luminance(level) * ratio(colour or _UNKNOWN) for level, colour in lamps.values()
    )  # fmt: skip
