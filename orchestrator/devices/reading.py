"""What a device says of itself, read with mistrust: a number outside its range is unknown, and is told as such.

A volume of 35 where 0 to 1 is meant is no full volume, and a white of 0 mired is no white: whoever takes such a thing
for a value gives it back one day.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from orchestrator.devices.messages import OutOfRangeReport, Report
from orchestrator.devices.wire import number
from orchestrator.units import Percent
from orchestrator.values import Channels, Colour, HueSaturation, Rgb, Temperature, Xy, same_light

MIRED: Final = (50.0, 1000.0)
"""From 20 000 K to 1000 K, and wider than any lamp."""
KELVIN: Final = (1000.0, 20_000.0)
SAME_WHITE: Final = 0.02
"""u', v'. A colour and a white in one message that are no further apart are two names of the white."""
_SHOWN = 40


class Reading:
    """The numbers of one message. `refused` is what of it was no value."""

    def __init__(self) -> None:
        self.refused: list[Report] = []

    def number(self, what: str, value: object, low: float, high: float) -> float | None:
        """A number from low to high. None says nothing; all else is refused."""
        if value is None:
            return None
        read = number(value)
        if read is not None and low <= read <= high:
            return read
        self.refused.append(OutOfRangeReport(what, _shown(value), f"{low:g} to {high:g}"))
        return None

    def share(self, what: str, value: object, scale: float) -> Percent | None:
        """Device units, 0 to `scale`, as a percentage."""
        amount = self.number(what, value, 0.0, scale)
        return None if amount is None else Percent(amount * 100.0 / scale)

    def white(self, what: str, value: object, beside: object = None, *, kelvin: bool = False) -> Temperature | None:
        """White light in mired, or in kelvin. 0 is a mark of lamps that show a colour, where one stands `beside` it."""
        if beside and number(value) == 0:
            return None
        read = self.number(what, value, *(KELVIN if kelvin else MIRED))
        if read is None:
            return None
        return Temperature.of_kelvin(read) if kelvin else Temperature(read)

    def colour(self, parts: object, mode: object = None) -> Colour | None:
        """A colour of whatever it is given in: x and y, hue and saturation, channels; `mode` says which goes first."""
        if not isinstance(parts, Mapping):
            return None
        readers = {"xy": self._placed, "hs": self._turned, "rgb": self._channels}
        first = "rgb" if mode in ("rgbw", "rgbww") else mode
        for name in sorted(readers, key=lambda name: name != first):
            if (colour := readers[name](parts)) is not None:
                return colour
        return None

    def _placed(self, parts: Mapping[str, Any]) -> Colour | None:
        if number(parts.get("x")) == 0 and number(parts.get("y")) == 0:
            return None
        x, y = self.number("color x", parts.get("x"), 0.0, 1.0), self.number("color y", parts.get("y"), 0.001, 1.0)
        if x is not None and y is not None and x + y > 1.0:
            self.refused.append(OutOfRangeReport("color x + y", _shown(x + y), "0 to 1"))
            return None
        return Xy(x, y) if x is not None and y is not None else None

    def _turned(self, parts: Mapping[str, Any]) -> Colour | None:
        hue = self.number("color hue", parts.get("hue", parts.get("h")), 0.0, 360.0)
        saturation = self.number("color saturation", parts.get("saturation", parts.get("s")), 0.0, 100.0)
        return HueSaturation(hue, saturation) if hue is not None and saturation is not None else None

    def _channels(self, parts: Mapping[str, Any]) -> Colour | None:
        """Colour that is full is a colour as scenes have them; else what each channel shines is kept. Dark is none."""
        keys = ("r", "g", "b", *(key for key in "cw" if key in parts))
        read = [self.number(f"color {key}", parts.get(key), 0.0, 255.0) for key in keys]
        shines = tuple(part for part in read if part is not None)
        if len(shines) < len(keys) or max(shines) == 0:
            return None
        return Rgb(*shines) if len(shines) == 3 and max(shines) == 255 else Channels(shines)


def meant(white: Temperature | None, mixed: Colour | None) -> Colour | None:
    """What a lamp shows that says both and no mode: the white, unless the colour is another."""
    if white is None or mixed is None:
        return mixed if white is None else white
    return white if same_light(white, mixed, SAME_WHITE) or same_light(white.rgb, mixed, SAME_WHITE) else mixed


def _shown(value: object) -> str:
    """A value as it may be said: JSON, and short."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
