"""Signals that come and go: where they turn, how soon they turn again. Figures: WCAG 2.2, success criterion 2.3.1.

There, as in ITU-R BT.1702, a flash is a pair of opposing changes of 10 % of full luminance, three in a second are
allowed, and saturated red counts apart: changes of more than 0.2 in u'v' to or from it. A lamp fills the view, so we
allow one reversal in a second, two where several lamps turn, and no red pulse within one.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from orchestrator.scenes.checks.chromaticity import COLOUR_CHANGE, RED_CHANGE, chromaticity, is_saturated_red
from orchestrator.scenes.checks.lamps import Lit
from orchestrator.units import SECOND, Ms
from orchestrator.values import Rgb

FLASH = 0.10
"""Of full luminance: a smaller change is none."""
WINDOW: Ms = SECOND
TOGETHER = 2
"""Reversals in a second that several lamps may have between them."""


class Extreme(NamedTuple):
    """A turning point: when the signal came there, when it left, and its value."""

    came: Ms
    left: Ms
    value: float


class ColourChange(NamedTuple):
    """A lamp goes to a colour that looks quite another; `is_red` where either of them is a saturated red."""

    left: Ms
    came: Ms
    is_red: bool


class Turn(NamedTuple):
    """A reversal of one lamp among several."""

    at: Ms
    rises: bool
    role: str


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


def fast_turns(turns: Sequence[Extreme]) -> Iterator[tuple[Ms, bool]]:
    """Reversals of a signal that comes there or goes on from there within WINDOW: when, and whether it rises then."""
    for before, one, after in zip(turns, turns[1:], turns[2:], strict=False):
        if one.came - before.left < WINDOW or after.came - one.left < WINDOW:
            yield one.left, after.value > one.value


def fast_pulses(turns: Sequence[Extreme]) -> Iterator[tuple[Ms, Ms]]:
    """There and back within WINDOW: when, and how long it took."""
    for one, _, other in zip(turns, turns[1:], turns[2:], strict=False):
        if other.came - one.left < WINDOW:
            yield one.left, other.came - one.left


def crowded_turns(turns: Iterable[Turn]) -> Iterator[list[Turn]]:
    """Reversals of several lamps, more than TOGETHER within WINDOW. What turns at once the same way turns once."""
    distinct = sorted({(turn.at, turn.rises): turn for turn in turns}.values())
    moments = [turn.at for turn in distinct]
    for place, first in enumerate(distinct):
        crowd = distinct[place : bisect_left(moments, first.at + WINDOW)]
        if len(crowd) > TOGETHER and len({turn.role for turn in crowd}) > 1:
            yield crowd


def colour_changes(lights: Iterable[tuple[Ms, Lit]]) -> list[ColourChange]:
    """Each change that makes a flash of colour, of a lamp that is lit before and after, in order."""
    found: list[ColourChange] = []
    settled: tuple[Ms, Lit] | None = None
    for moment, lit in lights:
        if lit.level <= 0.0 or lit.colour is None:
            continue
        if settled is not None and settled[1].colour is not None and settled[1].colour != lit.colour:
            red = any(isinstance(each, Rgb) and is_saturated_red(each) for each in (settled[1].colour, lit.colour))
            apart = chromaticity(settled[1].colour).distance(chromaticity(lit.colour))
            if apart <= (RED_CHANGE if red else COLOUR_CHANGE):
                continue
            found.append(ColourChange(settled[0], moment, red))
        settled = (moment, lit)
    return found
