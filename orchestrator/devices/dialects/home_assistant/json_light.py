"""A light of the JSON schema, as messages. A level that is on is at least 1; a transition is always given.

ESPHome reads a time only where it is a whole number of seconds, and takes its own second else. Its white channels it
says as `w`, or `c` and `w`, and takes them so; of cold and warm white (`cwww`) it never says the temperature that it
was told: what it says first after a white is that white.
"""

from typing import Any

from orchestrator.devices.dialects.home_assistant.settings import LONGEST_FADE, RGB_MODES, HomeAssistantSettings
from orchestrator.devices.dimmed_colour import DimmedColour
from orchestrator.devices.messages import LightReport, Message, Report, SetLight
from orchestrator.devices.reading import Reading, meant
from orchestrator.devices.wire import compact, fields, seconds, units
from orchestrator.units import FULL, OFF, SECOND, Ms, Percent
from orchestrator.values import Channels, Colour, HueSaturation, Rgb, Temperature, Xy

_KEYS = {3: "rgb", 4: "rgbw", 5: "rgbcw"}
"""By how many channels there are."""
_OTHERS = ("brightness", "onoff", "unknown")
"""Modes that tell no colour."""
_REMEMBERED = 64


class JsonLight:
    """One light. Where its colours are told as dark as they are to be, the last one counts (decision 51)."""

    def __init__(self, settings: HomeAssistantSettings) -> None:
        self._settings = settings
        self._dimmed = DimmedColour()
        self._is_white = "color_temp" in settings.modes
        """Whether it shows a white: then its brightness is told by itself."""
        self._level: Percent | None = None
        self._told_white: Temperature | None = None
        self._whites: dict[tuple[float, ...], Temperature] = {}
        """The white that it was told when it said these channels."""

    @property
    def topics(self) -> tuple[str, ...]:
        return (self._settings.state_topic,) if self._settings.state_topic is not None else ()

    # Out

    def encode(self, change: SetLight) -> tuple[Message, ...]:
        payload = self._payload(change.level, change.colour, change.transition)
        topic = self._settings.command_topic
        return (Message(topic, payload),) if payload is not None and topic is not None else ()

    def _payload(self, level: Percent | None, colour: Colour | None, transition: Ms) -> str | None:
        """A colour alone is sent with ON as well: the schema has no message without a state."""
        settings = self._settings
        length = self._lasts(transition) if settings.transition else None
        if level is not None and level <= OFF:
            return compact(state="OFF", transition=length)
        if level is None and colour is None:
            return None
        self._level = level if level is not None else self._level
        if colour is not None:
            self._is_white = isinstance(colour, Temperature)
            self._told_white = colour if isinstance(colour, Temperature) else None
        if settings.dims_by_colour and not self._is_white:
            return compact(state="ON", color=self._channels(self._dimmed.tell(level, colour)), transition=length)
        brightness = units(level, settings.brightness_scale) if level is not None and self._dims else None
        shown = self._spelt(colour)
        if "white" in shown:
            brightness = None
        return compact(state="ON", brightness=brightness, **shown, transition=length)

    @property
    def _dims(self) -> bool:
        return self._settings.dims_by_brightness or self._settings.dims_by_colour

    def _lasts(self, transition: Ms) -> float:
        if not self._settings.is_esphome:
            return seconds(min(transition, LONGEST_FADE))
        return min((transition + SECOND // 2) // SECOND, 65_535)

    def _spelt(self, colour: Colour | None) -> dict[str, Any]:
        settings = self._settings
        match colour:
            case None:
                return {}
            case Temperature():
                return {"color_temp": round(colour.kelvin if settings.color_temp_kelvin else colour.mired)}
            case Channels((0.0, 0.0, 0.0, *whites)) if whites and not self._may_have(_MIXED[len(whites)]):
                return self._white(tuple(round(part) for part in whites))
        return {"color": self._parts(colour)}

    def _white(self, whites: tuple[int, ...]) -> dict[str, Any]:
        """Its white by itself: how bright that is is its brightness."""
        if self._settings.is_esphome or len(whites) > 1:
            return {"color": dict(zip("cw"[-len(whites) :], whites, strict=True))}
        level = self._level if self._level is not None else FULL
        return {"white": units(level, self._settings.white_scale)}

    def _parts(self, colour: Xy | HueSaturation | Channels | Rgb) -> dict[str, float]:
        """In the words in which the lamp said it, where it has that mode; else as the first mode that it has."""
        match colour:
            case Xy(x, y) if self._may_have("xy"):
                return {"x": round(x, 4), "y": round(y, 4)}
            case HueSaturation(hue, saturation) if self._may_have("hs"):
                return {"h": round(hue, 2), "s": round(saturation, 2)}
            case Channels(parts) if self._may_have(*RGB_MODES[len(parts) - 3 :]):
                return dict(zip(_KEYS[len(parts)], (round(part) for part in parts), strict=True))
        modes = self._settings.modes
        if any(mode in RGB_MODES for mode in modes):
            return self._channels(tuple(round(part) for part in colour.rgb.full.parts))
        if "xy" in modes:
            return {"x": round(colour.xy.x, 4), "y": round(colour.xy.y, 4)}
        named = colour.rgb.hue
        return {"h": round(named.hue, 2), "s": round(named.saturation, 2)}

    def _channels(self, parts: tuple[int, ...]) -> dict[str, float]:
        """With its white dark, where it has one beside its colours and nothing is said of it."""
        modes = self._settings.modes
        count = 3 if "rgb" in modes else 4 if "rgbw" in modes else 5 if "rgbww" in modes else 3
        keys = _KEYS[max(count, len(parts))]
        return dict(zip(keys, (*parts, *[0] * (len(keys) - len(parts))), strict=True))

    def _may_have(self, *modes: str) -> bool:
        """What is not written down may be: a lamp that said a colour so takes it so."""
        settings = self._settings
        is_written = "supported_color_modes" in settings.model_fields_set
        return not is_written or any(mode in settings.modes for mode in modes)

    # In

    def decode(self, message: Message) -> tuple[Report, ...]:
        if message.topic != self._settings.state_topic:
            return ()
        state, reading = fields(message.payload), Reading()
        level, colour = self._level_of(state, reading), self._colour_of(state, reading)
        if self._settings.dims_by_colour and isinstance(colour, Channels | Rgb):
            self._is_white = False
            shines, colour = self._dimmed.hear(colour.parts)
            level = shines if level is None and state.get("state") != "OFF" else level
        elif colour is not None:
            self._is_white = isinstance(colour, Temperature)
        remembered = None
        if level == OFF:
            remembered = reading.share("brightness", state.get("brightness"), self._settings.brightness_scale) or None
        self._level = level or self._level
        report = LightReport(level, colour, remembered)
        return (*(() if report == LightReport() else (report,)), *reading.refused)

    def _level_of(self, state: dict[str, Any], reading: Reading) -> Percent | None:
        """Off, or the brightness; 0 with an ON is ignored, as Home Assistant does."""
        word = state.get("state")
        if word == "OFF":
            return OFF
        if self._dims:
            return reading.share("brightness", state.get("brightness"), self._settings.brightness_scale) or None
        return Percent(100.0) if word == "ON" else None

    def _colour_of(self, state: dict[str, Any], reading: Reading) -> Colour | None:
        """`color_mode` says which is meant; where there is none, what stands there."""
        mode, colour = state.get("color_mode"), state.get("color")
        if mode in _OTHERS:
            return None
        if mode in ("white", "cwww"):
            return self._white_of(colour, reading)
        if mode == "color_temp":
            return self._seen_white(state.get("color_temp"), reading)
        mixed = reading.colour(colour, mode)
        return mixed if mode is not None else meant(self._seen_white(state.get("color_temp"), reading, colour), mixed)

    def _white_of(self, colour: object, reading: Reading) -> Colour | None:
        """White channels by themselves, as they shine; or the white that they were told to be."""
        said = colour if isinstance(colour, dict) else {}
        parts = tuple(reading.number(f"color {key}", said[key], 0.0, 255.0) for key in "cw" if key in said)
        shines = tuple(part for part in parts if part is not None)
        if len(shines) < len(parts):
            return None
        if len(shines) == 2 and self._told_white is not None:
            self._whites[shines] = self._told_white
            self._told_white = None
            if len(self._whites) > _REMEMBERED:
                del self._whites[next(iter(self._whites))]
        if shines in self._whites:
            return self._whites[shines]
        return Channels((0.0, 0.0, 0.0, *(shines if any(shines) else (255.0,))))

    def _seen_white(self, value: object, reading: Reading, beside: object = None) -> Temperature | None:
        return reading.white("color_temp", value, beside, kelvin=self._settings.color_temp_kelvin)


_MIXED = {1: "rgbw", 2: "rgbww"}
"""The mode in which so many whites are told beside colours."""
