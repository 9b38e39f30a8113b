"""What a role can be: a level, a colour, what plays, on or off. Mired are floats, rounded only on output."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from orchestrator.units import Kelvin


class Attribute(StrEnum):
    """What of a role lasts until something changes it."""

    LEVEL = "level"
    COLOUR = "colour"
    PLAYING = "playing"
    VOLUME = "volume"
    ON = "on"


class Track(NamedTuple):
    """A role's attribute over time."""

    role: str
    attribute: Attribute


@dataclass(frozen=True, slots=True)
class Temperature:
    """White light, in mired (a million over Kelvin): even steps of mired look even, steps of Kelvin do not."""

    mired: float

    @classmethod
    def of_kelvin(cls, kelvin: float) -> "Temperature":
        return cls(1_000_000 / kelvin)

    @property
    def kelvin(self) -> Kelvin:
        return Kelvin(1_000_000 / self.mired)

    @property
    def rgb(self) -> "Rgb":
        """How it looks on a screen. Tanner Helland's fit to Charity's blackbody table, good from 1000 to 12000 K."""
        hundreds = min(max(self.kelvin, 1000.0), 12_000.0) / 100
        if hundreds <= 66:
            red, green = 255.0, 99.4708 * math.log(hundreds) - 161.1196
        else:
            red = 329.6987 * (hundreds - 60) ** -0.13320476
            green = 288.1222 * (hundreds - 60) ** -0.07551485
        if hundreds >= 66:
            blue = 255.0
        elif hundreds <= 19:
            blue = 0.0
        else:
            blue = 138.5177 * math.log(hundreds - 10) - 305.0448
        return Rgb(*(min(max(part, 0.0), 255.0) for part in (red, green, blue)))


@dataclass(frozen=True, slots=True)
class Rgb:
    """A colour in sRGB, each part 0 to 255. Its brightness is the level's business, so it is held at full value."""

    red: float
    green: float
    blue: float

    @classmethod
    def of_hex(cls, text: str) -> "Rgb":
        """`#rrggbb`. Raises ValueError for anything else."""
        digits = text.removeprefix("#")
        if len(digits) != 6:
            raise ValueError(f"{text!r} is no colour; write it as '#ff9a3c'")
        return cls(*(float(int(digits[i : i + 2], 16)) for i in (0, 2, 4)))

    @property
    def hex(self) -> str:
        return f"#{round(self.red):02x}{round(self.green):02x}{round(self.blue):02x}"

    @property
    def nearest_temperature(self) -> Temperature:
        """The white that is nearest by hue of warm light (ratio of blue to red), for lamps without colours."""
        candidates = (Temperature(float(mired)) for mired in range(153, 501, 5))
        return min(candidates, key=lambda white: _distance(white.rgb, self))


def _distance(one: Rgb, other: Rgb) -> float:
    return (one.red - other.red) ** 2 + (one.green - other.green) ** 2 + (one.blue - other.blue) ** 2


Colour: TypeAlias = Temperature | Rgb


@dataclass(frozen=True, slots=True)
class Playing:
    """What a player plays: the names (or addresses) of music in order of preference; none is silence."""

    names: tuple[str, ...] = ()
    paused: bool = False


SILENCE = Playing()

Value: TypeAlias = float | Temperature | Rgb | Playing | bool
"""LEVEL and VOLUME are percent as float, COLOUR a colour, PLAYING a Playing, ON a bool."""
