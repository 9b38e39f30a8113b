"""What a device says of its properties, and how their values are written: numbers in a range, colours in a form."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from orchestrator.devices.reading import MIRED, Reading
from orchestrator.devices.wire import number
from orchestrator.units import OFF, Percent
from orchestrator.values import Channels, Colour, HueSaturation, Rgb, Temperature, Xy

_FORMS = ("rgb", "hsv", "xyz")
_MIRED = ("MK⁻¹", "MK-1", "mired", "mireds")


class About(NamedTuple):
    """A property's attributes, as the device says them; None where it has not."""

    datatype: str | None = None
    format: str | None = None
    unit: str | None = None

    @property
    def range(self) -> tuple[float, float] | None:
        """`min:max`, perhaps with a step."""
        ends = [number(part) for part in (self.format or "").split(":")[:2]]
        if len(ends) < 2 or ends[0] is None or ends[1] is None or not ends[0] < ends[1]:
            return None
        return ends[0], ends[1]

    @property
    def is_mired(self) -> bool:
        """Where it does not say, by its range: no lamp is below 1000 K."""
        return self.unit in _MIRED or (self.unit is None and self.range is not None and self.range[1] <= MIRED[1])

    @property
    def whites(self) -> tuple[float, float] | None:
        """Coolest and warmest, in mired, where it says them."""
        if self.range is None or self.range[0] <= 0:
            return None
        low, high = self.range
        coolest, warmest = (low, high) if self.is_mired else (1_000_000 / high, 1_000_000 / low)
        return (coolest, warmest) if MIRED[0] <= coolest < warmest <= MIRED[1] else None

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms of colour that it takes, in its order."""
        told = tuple(form for part in (self.format or "").split(",") if (form := part.strip()) in _FORMS)
        return told or ("rgb",)


NOTHING = About()


def described(payload: Mapping[str, Any], node: str) -> dict[str, About]:
    """All properties of a node, by a version 5 description."""
    nodes = payload.get("nodes")
    here = nodes.get(node) if isinstance(nodes, dict) else None
    properties = here.get("properties") if isinstance(here, dict) else None
    if not isinstance(properties, dict):
        return {}
    return {
        id_: About(*(value if isinstance(value := each.get(key), str) else None for key in About._fields))
        for id_, each in properties.items()
        if isinstance(each, dict)
    }


def level_value(level: Percent, about: About) -> str:
    """A level that is on, in the property's units: never its off, never less than it takes."""
    low, high = about.range or (0.0, 100.0)
    step = high / 1000 if about.datatype == "float" else 1.0
    value = min(max(level * high / 100, step, low), high)
    return f"{value:.4g}" if about.datatype == "float" else str(round(value))


def off_value(about: About) -> str:
    low, _ = about.range or (0.0, 100.0)
    return f"{max(low, 0.0):g}"


def level_of(payload: str, about: About, reading: Reading) -> Percent | None:
    _, high = about.range or (0.0, 100.0)
    return reading.share("brightness", payload.strip() or None, high)


def white_value(white: Temperature, about: About) -> str:
    """Whole numbers, within what it takes."""
    low, high = about.range or (0.0, 1_000_000.0)
    return str(round(min(max(white.mired if about.is_mired else white.kelvin, low), high)))


def white_of(payload: str, about: About, reading: Reading) -> Temperature | None:
    return reading.white("temperature", payload.strip() or None, kelvin=not about.is_mired)


def colour_value(colour: Colour, about: About, version: int, share: float = 1.0) -> str:
    """A colour in the words in which the device has it; `share` is how bright, where that stands in the colour."""
    forms = about.forms
    if isinstance(colour, Xy) and "xyz" in forms and share == 1.0:
        return _spelt("xyz", (f"{colour.x:.4f}", f"{colour.y:.4f}"), version)
    is_turned = isinstance(colour, HueSaturation) and "hsv" in forms
    form = "hsv" if is_turned else next((form for form in forms if form != "xyz" or share == 1.0), "rgb")
    if form == "xyz":
        return _spelt("xyz", (f"{colour.xy.x:.4f}", f"{colour.xy.y:.4f}"), version)
    if form == "hsv":
        turned = colour if isinstance(colour, HueSaturation) else colour.rgb.hue
        bright = max(round(share * 100), 1) if share > 0 else 0
        return _spelt("hsv", (str(round(turned.hue)), str(round(turned.saturation)), str(bright)), version)
    parts = colour.parts[:3] if isinstance(colour, Channels) and share == 1.0 else colour.rgb.full.parts
    return _spelt("rgb", tuple(str(round(part)) for part in scaled(parts, share)), version)


def scaled(parts: tuple[float, ...], share: float) -> tuple[float, ...]:
    """The brightest never becomes dark."""
    brightest = max(parts)
    return tuple(max(part * share, 1.0) if part == brightest and share > 0 else part * share for part in parts)


def colour_of(payload: str, about: About, version: int, reading: Reading) -> tuple[Colour, float] | None:
    """A colour, and how bright it says that is (0 to 1). Black is no colour."""
    words = [word.strip() for word in payload.split(",")]
    form = words.pop(0) if version == 5 or (words and words[0] in _FORMS) else about.forms[0]
    if form == "xyz" and len(words) in (2, 3):
        placed = reading.colour({"x": words[0], "y": words[1]}, "xy")
        return (placed, 1.0) if placed is not None else None
    if len(words) != 3:
        return None
    if form == "hsv":
        bright = reading.number("color value", words[2], 0.0, 100.0)
        turned = reading.colour({"hue": words[0], "saturation": words[1]}, "hs")
        return (turned, bright / 100) if turned is not None and bright is not None else None
    if form != "rgb":
        return None
    parts = [reading.number(f"color {key}", word, 0.0, 255.0) for key, word in zip("rgb", words, strict=True)]
    read = tuple(part for part in parts if part is not None)
    if len(read) < 3:
        return None
    return (Rgb(*read) if max(read) in (0, 255) else Channels(read)), max(read) / 255


def _spelt(form: str, parts: tuple[str, ...], version: int) -> str:
    return ",".join((form, *parts) if version == 5 else parts)


def is_dark(level: Percent | None) -> bool:
    return level is not None and level <= OFF
