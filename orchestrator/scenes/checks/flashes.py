"""Light that comes and goes: how far, how fast, how red. Figures: WCAG 2.2 success criterion 2.3.1, made stricter.

There a flash is a pair of opposing changes of 10 % of full luminance, three in a second are allowed, and saturated red
counts apart. A lamp fills the view, so we allow one reversal in a second, and no red pulse within one.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from orchestrator.units import SECOND, Ms
from orchestrator.values import Rgb

FLASH = 0.10
"""Of full luminance: a smaller change is none."""
WINDOW: Ms = SECOND
SATURATED_RED = 0.8
"""R / (R + G + B) of linear light from which on a colour is a saturated red."""


class Extreme(NamedTuple):
    """A turning point: when the signal came there, when it left, and its value."""

    came: Ms
    left: Ms
    value: float


def extremes(points: Iterable[tuple[Ms, float]], least: float) -> list[Extreme]:
    """Where a signal turns by at least `least`, with its first and last point; smaller waves are nothing."""
    found: list[Extreme] = []
    last: Extreme | None = None
    rising: bool | None = None
    for moment, value in points:
        if last is None:
            last = Extreme(moment, moment, value)
        elif value == last.value:
            last = last._replace(left=moment)
        elif rising is None or (value > last.value) != rising:
            if abs(value - last.value) >= least:
                found.append(last)
                rising, last = value > last.value, Extreme(moment, moment, value)
        else:
            last = Extreme(moment, moment, value)
    return [*found, last] if last is not None else []


def fast_reversals(turns: Sequence[Extreme]) -> Iterator[tuple[Ms, Ms]]:
    """Pairs of reversals that are less than WINDOW apart: when, and how far apart."""
    for one, other in pairwise(turns[1:-1]):
        if other.left - one.left < WINDOW:
            yield one.left, other.left - one.left


def fast_pulses(turns: Sequence[Extreme]) -> Iterator[tuple[Ms, Ms]]:
    """There and back within WINDOW: when, and how long it took."""
    for one, _, other in zip(turns, turns[1:], turns[2:], strict=False):
        if other.came - one.left < WINDOW:
            yield one.left, other.came - one.left


def is_saturated_red(colour: Rgb) -> bool:
    """True for a red that counts apart."""
    red, green, blue = (_linear(part) for part in (colour.red, colour.green, colour.blue))
    total = red + green + blue
    return total > 0.0 and red / total >= SATURATED_RED


def _linear(part: float) -> float:
    """Linear light of an sRGB part 0 to 255 (IEC 61966-2-1)."""
    share = part / 255.0
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
