"""A light, relay or button of a Tasmota device, as its firmware treats commands (xdrv_04_light.ino since 9.2).

It says its target at once, and of a switch only `POWER`: how bright it is then stands in what it said before. A fade
is for once (`Speed2`), and without `SetOption117` as long as a whole change of light would take, times what of it
changes. A number out of range is a question. Colours are whole degrees and percent.
"""

import re
from collections.abc import Iterator
from typing import Any

from orchestrator.devices.abilities import ColourMode, Kind, LightAbilities
from orchestrator.devices.dialects.tasmota import TasmotaSettings
from orchestrator.devices.dialects.tasmota.announced import FIXED_FADE, NOT_POWER_LINKED
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import compact, number
from orchestrator.simulator.advertisers.tasmota import SUBTYPES, TasmotaDevices
from orchestrator.simulator.bulb import Order
from orchestrator.simulator.firmware import LightState
from orchestrator.simulator.twin import Twin
from orchestrator.units import FULL, OFF, Ms, Percent
from orchestrator.values import Channels, Colour, HueSaturation, Rgb, Temperature

_HALF_SECOND: Ms = 500
_SLOWEST = 40
_WHITES = (153, 500)
_MOST_COMMANDS = 30
_WORDS = {"ON": True, "1": True, "OFF": False, "0": False}


class TasmotaFirmware:
    """One device. `light` None: a relay or a button."""

    def __init__(self, settings: TasmotaSettings, light: LightAbilities | None = None) -> None:
        self._settings = settings
        self._commands, self._answers, self._tele = (settings.base(prefix) for prefix in range(3))
        self._light = light
        self._number = settings.output or 1
        self._dimmer = settings.dims_by(None)
        self._options = settings.options(None)
        self._shown: LightState | None = None
        self._kept = FULL
        """Where its dimmer stands, on or off."""
        self._told: str | None = None
        """What it was told last: a question, `power` alone, or more; None where somebody was at the wall."""

    @property
    def topics(self) -> tuple[str, ...]:
        words = ("Backlog", "State", f"Power{self._number}")
        return tuple(f"{self._commands}{word}" for word in words) if Kind.BUTTON not in self._settings.kinds else ()

    def availability(self, *, online: bool) -> tuple[Message, ...]:
        return (Message(f"{self._tele}LWT", "Online" if online else "Offline", qos=1, retain=True),)

    def asks(self, message: Message) -> bool:
        is_asked = message.topic == f"{self._commands}State"
        self._told = "state" if is_asked else self._told
        return is_asked

    # As a light

    def order(self, message: Message) -> Order | None:
        power: bool | None = None
        level: Percent | None = None
        colour: Colour | None = None
        speed, hue = 0, None
        for command, argument in _commands(message.topic.removeprefix(self._commands), message.payload):
            asked = number(argument)
            if command == "SPEED2" and asked is not None and 0 <= asked <= _SLOWEST:
                speed = int(asked)
            elif command == f"POWER{self._number}":
                power = _WORDS.get(argument.upper(), power)
            elif self._dimmer is not None and command == self._dimmer.upper():
                level = Percent(float(int(asked))) if asked is not None and 0 <= asked <= 100 else level
            elif command == "HSBCOLOR1":
                hue = asked
            elif (mixed := self._mixed(command, argument, hue)) is not None:
                colour = mixed
        if power is None and level is None and colour is None:
            return None
        self._told = "power" if level is None and colour is None else "all" if power is None else "both"
        return self._made(power, level, colour, speed)

    def state(self, state: LightState) -> tuple[Message, ...]:
        """What a button at the wall changes, and `Power`, is its power alone; all else says everything."""
        before, told = self._shown, self._told
        is_switched = told is None and before is not None and self._is_only_switched(before, state)
        self._shown, self._told = state, None
        self._kept = (state.level if state.level > OFF else state.remembered) or self._kept
        word = "ON" if state.level > OFF else "OFF"
        if told == "power" or is_switched:
            return self._powered(word)
        topic = f"{self._tele}STATE" if before is None else f"{self._answers}RESULT"
        said = Message(topic, compact(**{self._power: word}, **self._stands(state)))
        return (said, *self._powered(word)) if told == "both" else (said,)

    @property
    def _power(self) -> str:
        return f"POWER{self._settings.output or ''}"

    def _made(self, power: bool | None, level: Percent | None, colour: Colour | None, speed: int) -> Order:
        """Whatever it is told turns it on, unless `SetOption20` is set; a dimmer at 0 turns it off."""
        is_linked = NOT_POWER_LINKED not in self._options
        if level == OFF:
            power, level = False, None
        is_on = self._shown is not None and self._shown.level > OFF
        prepare = power is None and not is_linked and not is_on
        if power is None and is_linked:
            power = True
        if power is False:
            level = None
        elif power and not is_on and level is None:
            level = self._kept
        return Order(None if prepare else power, level, colour, self._lasts(power, level, speed), prepare=prepare)

    def _lasts(self, power: bool | None, level: Percent | None, speed: int) -> Ms:
        whole = speed * _HALF_SECOND
        if FIXED_FADE in self._options or self._shown is None:
            return whole
        here = self._shown.level
        there = OFF if power is False else level if level is not None else here or self._kept
        return round(whole * abs(there - here) / 100)

    def _mixed(self, command: str, argument: str, hue: float | None) -> Colour | None:
        """A colour that it has the channels for."""
        has = self._light.colours if self._light is not None else ColourMode.NONE
        asked = number(argument)
        if command == "CT" and ColourMode.TEMPERATURE in has:
            return Temperature(asked) if asked is not None and _WHITES[0] <= asked <= _WHITES[1] else None
        if ColourMode.RGB not in has:
            return None
        if command == "HSBCOLOR2" and asked is not None and hue is not None:
            return HueSaturation(min(round(hue), 360), min(round(asked), 100))
        if command != "COLOR2" or not re.fullmatch(r"\d+(,\d+){2,4}=?", argument):
            return None
        parts = [float(part) for part in argument.rstrip("=").split(",")]
        if any(parts[3:]):
            return Channels(tuple(parts))
        turned = Rgb(*parts[:3]).hue
        return HueSaturation(round(turned.hue), round(turned.saturation))

    def _is_only_switched(self, before: LightState, state: LightState) -> bool:
        if state.level == OFF:
            return before.level > OFF
        return before.level == OFF and state.level == self._kept and state.colour == before.colour

    def _stands(self, state: LightState) -> dict[str, Any]:
        """All that depends on its channels; they are scaled to how bright it is."""
        if self._light is None or self._dimmer is None:
            return {}
        dimmer = round(self._kept)
        stands: dict[str, Any] = {"Dimmer" if self._dimmer == "Dimmer3" else self._dimmer: dimmer}
        colour, count = state.colour, SUBTYPES[self._light.colours]
        if count == 1 or colour is None:
            return stands
        if isinstance(colour, Channels):
            count = max(count, len(colour.parts))
        channels = [round(part * dimmer / 100) for part in _shining(colour, count, self._light)]
        stands["Color"] = "".join(f"{part:02X}" for part in channels)
        is_white = isinstance(colour, Temperature)
        if count >= 3:
            turned = colour if isinstance(colour, HueSaturation) else colour.rgb.hue
            stands["HSBColor"] = f"{round(turned.hue)},{round(turned.saturation)},{0 if is_white else dimmer}"
        if count != 3:
            stands["White"] = dimmer if any(channels[3:] if count > 3 else channels) else 0
        if count in (2, 5):
            stands["CT"] = round(colour.mired) if isinstance(colour, Temperature) else 300
        return stands | {"Channel": [round(part / 2.55) for part in channels]}

    # As a relay or a button

    def switch(self, message: Message) -> bool | None:
        return _WORDS.get(message.payload.strip().upper()) if message.topic.endswith(f"Power{self._number}") else None

    def switched(self, *, on: bool) -> tuple[Message, ...]:
        return self._powered("ON" if on else "OFF")

    def pressed(self, action: str) -> tuple[Message, ...]:
        button, _, what = action.partition("_")
        return (Message(f"{self._answers}RESULT", compact(**{button.capitalize(): {"Action": what.upper()}})),)

    def _powered(self, word: str) -> tuple[Message, ...]:
        said = Message(f"{self._answers}RESULT", compact(**{self._power: word}))
        return (said, Message(f"{self._answers}{self._power}", word))


def _commands(topic: str, payload: str) -> Iterator[tuple[str, str]]:
    """Each command in capitals, with its argument; what is more than a Backlog holds is lost."""
    lines = payload.split(";")[: 2 * _MOST_COMMANDS] if topic == "Backlog" else [f"{topic} {payload}"]
    for line in lines:
        command, _, argument = line.strip().partition(" ")
        yield command.upper(), argument.strip()


def _shining(colour: Colour, count: int, light: LightAbilities) -> tuple[float, ...]:
    """Its channels at full light, of 255."""
    if isinstance(colour, Channels):
        return (*colour.parts, *[0.0] * (count - len(colour.parts)))
    if isinstance(colour, Temperature) and count in (2, 5):
        warm = round(255 * (colour.mired - light.coolest) / (light.warmest - light.coolest))
        return (*[0.0] * (count - 2), 255.0 - min(max(warm, 0), 255), float(min(max(warm, 0), 255)))
    return (*colour.rgb.full.parts, *[0.0] * (count - 3))


TWIN = Twin(
    light=TasmotaFirmware,
    switch=TasmotaFirmware,
    button=TasmotaFirmware,
    advertiser=TasmotaDevices,
)
