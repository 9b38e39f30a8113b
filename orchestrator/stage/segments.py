"""From lightness to a lamp's own units and back, and how a long fade is cut into what a lamp can be told at once.

Inside a native segment a lamp goes straight in its own unit. For `linear` and `squared` lamps that is no straight line
of lightness, so segments are cut until the two differ by no more than 2 L*.
"""

import math
from typing import Final

from orchestrator.devices.abilities import DeviceCurve, FadeBy, LightAbilities
from orchestrator.fade import lightness, luminance
from orchestrator.stage.want import Want
from orchestrator.units import SECOND, Ms

TOLERANCE: Final = 2.0
"""L*. About a third of what people notice when they compare directly (7.4 % of luminance at half light)."""
SHORTEST: Ms = SECOND
"""A lamp takes one command a second."""
STEP: Ms = 250
"""From step to step where what is left of a fade is too short for a lamp that fades by itself."""


def units(level: float, lamp: LightAbilities) -> float:
    """A lamp's own units (0 to `steps`, unrounded) for a lightness L*. Off is 0; on is at least 1.

    Above 100 is where a person puts it, beyond what is used of it: so it is given back.
    """
    if level <= 0.0:
        return 0.0
    match lamp.curve:
        case DeviceCurve.PERCEPTUAL:
            part = level / 100.0
        case DeviceCurve.LINEAR:
            part = luminance(level)
        case DeviceCurve.SQUARED:
            part = math.sqrt(luminance(level))
    least, most = lamp.least / 100.0, lamp.most / 100.0
    return min(max((least + part * (most - least)) * lamp.steps, 1.0), float(lamp.steps))


def level(of_units: float, lamp: LightAbilities) -> float:
    """The lightness L* of a lamp's own units: 0 is off; on is at least 0.1, and above 100 beyond what is used of it."""
    if of_units <= 0.0:
        return 0.0
    least, most = lamp.least / 100.0, lamp.most / 100.0
    part = max((of_units / lamp.steps - least) / (most - least), 0.0)
    match lamp.curve:
        case DeviceCurve.PERCEPTUAL:
            seen = part * 100.0
        case DeviceCurve.LINEAR:
            seen = lightness(part)
        case DeviceCurve.SQUARED:
            seen = lightness(part * part)
    return max(seen, 0.1)


def segment(want: Want, now: Ms, start: float, lamp: LightAbilities) -> Ms:
    """How far one native command may go from `now`, where the lamp is at `start` units: to the fade's end, at most."""
    length = min(want.turns(now) - now, lamp.segment, lamp.longest_fade)
    while length > SHORTEST and _error(want, now, length, start, lamp) > TOLERANCE:
        length = max(length // 2, SHORTEST)
    return max(length, 0)


def _error(want: Want, now: Ms, length: Ms, start: float, lamp: LightAbilities) -> float:
    end = units(_level_of(want, now + length), lamp)
    worst = 0.0
    for eighth in range(1, 8):
        shown = level(start + (end - start) * eighth / 8, lamp)
        worst = max(worst, abs(shown - _level_of(want, now + length * eighth // 8)))
    return worst


def _level_of(want: Want, moment: Ms) -> float:
    value = want.at(moment)
    assert isinstance(value, float)
    return value


def fades_by_itself(lamp: LightAbilities) -> bool:
    return lamp.fade is FadeBy.NATIVE
