"""How much of light keeps people awake: melanopic equivalent daylight illuminance at the eye (CIE S 026:2018).

Evening light should stay under 10 lx melanopic EDI (Brown et al. 2022, PLoS Biol 20(3) e3001571). Whites are black
bodies, colours are an RGB lamp's three dies: docs/decisions/0035, which says what real lamps are off by. What reaches
the eye is what a home says of its lamp (`lux`); where nobody measured, a lamp gives LAMP_LUX.
"""

from bisect import bisect_right
from functools import lru_cache

from orchestrator.fade import luminance
from orchestrator.scenes.checks.chromaticity import linear
from orchestrator.values import Colour, Temperature

EVENING_LIMIT = 10.0
LAMP_LUX = 75.0
"""At the eye, from one lamp at its full white light: two of them are a well lit living room, 150 lx."""
_UNKNOWN = Temperature.of_kelvin(2700)

_WHITES = (
    (100.0, 1.1872),
    (125.0, 1.0947),
    (1_000_000 / 6500, 0.9928),
    (200.0, 0.8451),
    (250.0, 0.7078),
    (1_000_000 / 3500, 0.6233),
    (1_000_000 / 3000, 0.5263),
    (1_000_000 / 2700, 0.4616),
    (1_000_000 / 2400, 0.3920),
    (1_000_000 / 2200, 0.3431),
    (500.0, 0.2925),
    (1_000_000 / 1800, 0.2409),
    (1_000_000 / 1500, 0.1639),
    (1_000_000 / 1200, 0.0925),
    (1000.0, 0.0525),
)
"""Mired of a black body, and the share of its lux that counts: melanopic daylight efficacy ratio, 1 for daylight."""
_MIREDS = tuple(mired for mired, _ in _WHITES)

_DIES = ((0.2842, 0.00336), (0.6526, 0.90507), (0.0632, 9.57158))
"""Red (625 nm), green (525 nm), blue (465 nm): the part of white's luminance that each makes, and its ratio."""


@lru_cache(maxsize=1024)
def ratio(colour: Colour) -> float:
    """The share of its lux that counts (melanopic daylight efficacy ratio)."""
    if isinstance(colour, Temperature):
        return _ratio_of_white(colour.mired)
    shares = _driven(colour)
    lit = sum(share * part for share, (part, _) in zip(shares, _DIES, strict=True))
    counts = sum(share * part * share_of for share, (part, share_of) in zip(shares, _DIES, strict=True))
    return counts / lit if lit else 0.0


@lru_cache(maxsize=1024)
def brightness(colour: Colour) -> float:
    """The luminance of a lamp that shows this colour at its full light, where its white is 1."""
    if isinstance(colour, Temperature):
        return 1.0
    return sum(share * part for share, (part, _) in zip(_driven(colour), _DIES, strict=True))


def at_eye(lux: float, level: float, colour: Colour | None) -> float:
    """Melanopic lx of one lamp that gives `lux` at its full white light, at a level (L*). Lamps add up."""
    shown = colour if colour is not None else _UNKNOWN
    return lux * luminance(level) * brightness(shown) * ratio(shown)


def _ratio_of_white(mired: float) -> float:
    """Between two whites of the table, straight in mired; beyond it, as its end."""
    place = bisect_right(_MIREDS, mired)
    if place in {0, len(_WHITES)}:
        return _WHITES[min(place, len(_WHITES) - 1)][1]
    (cool, more), (warm, less) = _WHITES[place - 1], _WHITES[place]
    return more + (less - more) * (mired - cool) / (warm - cool)


def _driven(colour: Colour) -> tuple[float, float, float]:
    """How far each die is lit, the strongest fully: how bright a lamp is, is its level's business."""
    red, green, blue = linear(colour.rgb)
    most = max(red, green, blue)
    return (red / most, green / most, blue / most) if most else (0.0, 0.0, 0.0)
