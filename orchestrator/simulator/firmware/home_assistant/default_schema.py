"""A light of the default schema: a topic for each attribute, as Arduino sketches and small bridges have it.

It says what it goes to, each part on its own topic, retained. While it is off it takes a brightness as what it comes on
with (`last`), not at all (`first`), or comes on with it (`brightness`).
"""

import re
from collections.abc import Iterator
from typing import Any

from orchestrator.devices.abilities import LightAbilities
from orchestrator.devices.dialects.home_assistant import HomeAssistantSettings
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import compact, share
from orchestrator.simulator.bulb import Order
from orchestrator.simulator.firmware import LightState
from orchestrator.simulator.firmware.home_assistant.json_schema import presence
from orchestrator.units import OFF, Percent
from orchestrator.values import Channels, Colour, HueSaturation, Rgb, Temperature, Xy

_MIXING = ("rgb", "rgbw", "rgbww", "xy", "hs")
_CHANNELS = {3: "rgb", 4: "rgbw", 5: "rgbww"}
_LOOKED_UP = re.compile(r"value_json\.(\w+)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class DefaultFirmware:
    """One light."""

    def __init__(self, settings: HomeAssistantSettings, light: LightAbilities) -> None:
        self._settings = settings
        self._light = light
        self._is_on = False

    @property
    def topics(self) -> tuple[str, ...]:
        settings = self._settings
        named = [settings.told_by(name).command for name in ("brightness", "color_temp", *_MIXING)]
        topics = (settings.command_topic, *named, settings.white_command_topic)
        return tuple(topic for topic in topics if topic is not None)

    def availability(self, *, online: bool) -> tuple[Message, ...]:
        return presence(self._settings, online=online)

    def asks(self, _message: Message) -> bool:
        return False

    def order(self, message: Message) -> Order | None:
        settings, payload = self._settings, message.payload
        if message.topic == settings.command_topic:
            power = {settings.payload_on: True, settings.payload_off: False}.get(payload)
            return None if power is None else Order(power)
        numbers = _numbers(payload)
        if message.topic == settings.told_by("brightness").command and len(numbers) == 1:
            return self._dimmed(share(numbers[0], settings.brightness_scale), None)
        if message.topic == settings.white_command_topic and len(numbers) == 1:
            return self._dimmed(share(numbers[0], settings.white_scale), Channels((0.0, 0.0, 0.0, 255.0)))
        if message.topic == settings.told_by("color_temp").command and len(numbers) == 1 and numbers[0] > 0:
            mired = 1_000_000 / numbers[0] if settings.color_temp_kelvin else numbers[0]
            return Order(colour=Temperature(min(max(mired, self._light.coolest), self._light.warmest)))
        for mode in _MIXING:
            if message.topic == settings.told_by(mode).command and (colour := _mixed(mode, numbers)) is not None:
                if settings.dims_by_colour and isinstance(colour, Rgb | Channels):
                    return self._dimmed(share(max(colour.parts), 255), _full(colour))
                return Order(colour=colour)
        return None

    def state(self, state: LightState) -> tuple[Message, ...]:
        self._is_on = state.level > OFF
        said: dict[str, dict[str, Any]] = {}
        for topic, template, value in self._says(state):
            if topic is not None:
                key = _LOOKED_UP.search(template or "")
                said.setdefault(topic, {})[key[1] if key is not None else ""] = value
        return tuple(
            Message(topic, str(values[""]) if "" in values else compact(**values), retain=True)
            for topic, values in said.items()
        )

    def _dimmed(self, level: Percent, colour: Colour | None) -> Order | None:
        match self._settings.on_command_type:
            case "first" if not self._is_on:
                return Order(colour=colour) if colour is not None else None
            case "brightness":
                return Order(True, level, colour)
        return Order(level=level, colour=colour, prepare=True)

    def _says(self, state: LightState) -> Iterator[tuple[str | None, str | None, object]]:
        """Topic, template and value of each part."""
        settings, colour = self._settings, state.colour
        word = settings.payload_on if self._is_on else settings.payload_off
        yield settings.state_topic, settings.state_value_template, word
        shown = state.level if self._is_on else state.remembered
        way = settings.told_by("brightness")
        yield way.state, way.value_template, round(shown * settings.brightness_scale / 100)
        mode = self._mode(colour)
        yield settings.color_mode_state_topic, settings.color_mode_value_template, mode
        if isinstance(colour, Temperature):
            way = settings.told_by("color_temp")
            white = colour.kelvin if settings.color_temp_kelvin else colour.mired
            yield way.state, way.value_template, round(white)
        elif colour is not None and mode in _MIXING:
            way = settings.told_by(mode)
            dimmed = shown / 100 if settings.dims_by_colour else 1.0
            yield way.state, way.value_template, ",".join(f"{each:g}" for each in _spelt(mode, colour, dimmed))

    def _mode(self, colour: Colour | None) -> str:
        modes = self._settings.topic_modes
        mixing = [mode for mode in modes if mode in _MIXING]
        match colour:
            case None:
                return modes[0]
            case Temperature():
                return "color_temp"
            case Channels((0.0, 0.0, 0.0, _)) if "white" in modes and "rgbw" not in modes:
                return "white"
            case Channels(parts) if _CHANNELS[len(parts)] in modes:
                return _CHANNELS[len(parts)]
            case Xy() if "xy" in modes:
                return "xy"
            case HueSaturation() if "hs" in modes:
                return "hs"
        return mixing[0] if mixing else modes[0]


def _numbers(payload: str) -> list[float]:
    """Of whatever its template has made: `255,0,0`, `#ff0000`, JSON."""
    if re.fullmatch(r"#[0-9a-fA-F]{6}", payload):
        return [float(int(payload[place : place + 2], 16)) for place in (1, 3, 5)]
    return [float(each) for each in _NUMBER.findall(payload)]


def _mixed(mode: str, numbers: list[float]) -> Colour | None:
    match mode, numbers:
        case "rgb", [red, green, blue]:
            return Rgb(red, green, blue)
        case ("rgbw", [_, _, _, _]) | ("rgbww", [_, _, _, _, _]):
            return Channels(tuple(numbers)) if any(numbers[3:]) else Rgb(*numbers[:3])
        case "xy", [x, y]:
            return Xy(x, y)
        case "hs", [hue, saturation]:
            return HueSaturation(hue, saturation)
    return None


def _full(colour: Rgb | Channels) -> Colour | None:
    brightest = max(colour.parts)
    if brightest == 0:
        return None
    parts = tuple(part * 255 / brightest for part in colour.parts)
    return Rgb(*parts) if isinstance(colour, Rgb) else Channels(parts)


def _spelt(mode: str, colour: Colour, dimmed: float) -> tuple[float, ...]:
    match mode:
        case "xy":
            return round(colour.xy.x, 4), round(colour.xy.y, 4)
        case "hs":
            named = colour if isinstance(colour, HueSaturation) else colour.rgb.hue
            return round(named.hue, 2), round(named.saturation, 2)
    parts = colour.parts if isinstance(colour, Channels) else colour.rgb.parts
    count = {"rgb": 3, "rgbw": 4, "rgbww": 5}[mode]
    return tuple(round(part * dimmed) for part in (*parts, 0.0, 0.0)[:count])
