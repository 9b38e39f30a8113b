"""What a role can be: a level, a colour, what plays, on or off. Mired are floats, rounded only on output."""

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import NamedTuple, TypeAlias

from orchestrator import chromaticity
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
    def xy(self) -> "Xy":
        """Where it lies among the colours, on the Planckian locus."""
        return Xy(*chromaticity.xy_of_mired(self.mired))

    @property
    def nearest_temperature(self) -> "Temperature":
        return self

    @property
    def text(self) -> str:
        """As a scene writes it: `2700K`."""
        return f"{round(self.kelvin)}K"

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


class _Mixed:
    """A colour that is no white: what can be asked of it, whatever it is written in."""

    __slots__ = ()

    @property
    def rgb(self) -> "Rgb":
        """How it looks on a screen; what a screen cannot show is brought to the edge of what it can."""
        raise NotImplementedError

    @property
    def xy(self) -> "Xy":
        return Xy(*chromaticity.xy_of_rgb(*self.rgb.parts))

    @property
    def hex(self) -> str:
        red, green, blue = (round(part) for part in self.rgb.parts)
        return f"#{red:02x}{green:02x}{blue:02x}"

    @property
    def text(self) -> str:
        """As a scene writes it: `#ff9a3c`."""
        return self.hex

    @property
    def nearest_temperature(self) -> Temperature:
        """The white that is nearest by hue of warm light (ratio of blue to red), for lamps without colours."""
        own = self.rgb.parts
        return min(_whites(), key=lambda white: math.dist(white[1], own))[0]


@cache
def _whites() -> tuple[tuple[Temperature, tuple[float, float, float]], ...]:
    """The whites that lamps have, each with its parts of sRGB."""
    whites = [Temperature(float(mired)) for mired in range(153, 501, 5)]
    return tuple((white, white.rgb.parts) for white in whites)


@dataclass(frozen=True, slots=True)
class Rgb(_Mixed):
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
    def rgb(self) -> "Rgb":
        return self

    @property
    def parts(self) -> chromaticity.Parts:
        return self.red, self.green, self.blue

    @property
    def full(self) -> "Rgb":
        """The same colour at full value; black becomes white."""
        return Rgb(*chromaticity.full(*self.parts))

    @property
    def hue(self) -> "HueSaturation":
        return HueSaturation(*chromaticity.hue_of_rgb(*self.parts))


@dataclass(frozen=True, slots=True)
class Xy(_Mixed):
    """A colour as a lamp says it in CIE 1931 x, y. Many lie outside of what a screen can show."""

    x: float
    y: float

    @property
    def rgb(self) -> Rgb:
        return Rgb(*chromaticity.rgb_of_xy(self.x, self.y))

    @property
    def xy(self) -> "Xy":
        return self


@dataclass(frozen=True, slots=True)
class HueSaturation(_Mixed):
    """A colour as a lamp says it in hue (degrees 0 to 360) and saturation (0 to 100): the lamp's own, no screen's."""

    hue: float
    saturation: float

    @property
    def rgb(self) -> Rgb:
        return Rgb(*chromaticity.rgb_of_hue(self.hue, self.saturation))


_WHITE, _COLD, _WARM = (
    (1.0, 1.0, 1.0),
    *(tuple(part / 255.0 for part in Temperature(mired).rgb.parts) for mired in (153.0, 370.0)),
)
"""What lamps' white LEDs shine, in parts of red, green and blue."""


class Effect(NamedTuple):
    """What a strip makes of its colour by itself, by the numbers that it has for it."""

    number: int
    speed: int
    intensity: int
    palette: int


@dataclass(frozen=True, slots=True)
class Channels(_Mixed):
    """What each channel of a lamp shines, 0 to 255: red, green, blue, and white or cold and warm white behind them.

    `effect` is what it makes of that; a scene has none.
    """

    parts: tuple[float, ...]
    effect: Effect | None = None

    @property
    def rgb(self) -> Rgb:
        """White adds to all three; of two whites the second is warm."""
        whites = self.parts[3:]
        tints = [_COLD, _WARM] if len(whites) == 2 else [_WHITE] * len(whites)
        added = [sum(white * tint[place] for white, tint in zip(whites, tints, strict=True)) for place in range(3)]
        return Rgb(*chromaticity.full(*(part + more for part, more in zip(self.parts[:3], added, strict=True))))


Colour: TypeAlias = Temperature | Rgb | Xy | HueSaturation | Channels
"""White, or a colour. Scenes write Temperature and Rgb. All are what lamps say, and are given back as they said it."""


def same_light(one: Colour, other: Colour, within: float) -> bool:
    """True where two colours are no further apart than `within` in CIE 1976 u', v'."""
    return chromaticity.apart((one.xy.x, one.xy.y), (other.xy.x, other.xy.y)) <= within


@dataclass(frozen=True, slots=True)
class Playing:
    """What a player plays: the names (or addresses) of music in order of preference; none is silence."""

    names: tuple[str, ...] = ()
    paused: bool = False


SILENCE = Playing()

Value: TypeAlias = float | Colour | Playing | bool
"""LEVEL and VOLUME are percent as float, COLOUR a colour, PLAYING a Playing, ON a bool."""
