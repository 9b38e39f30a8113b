"""A device that a home file describes by templates: nobody knows how it thinks, so it is simulated as far as it can be.

Understands a command that is a word, a number, or JSON with the template's own names. Says its state as JSON with those
names, where the home file's own template can read that; else it says nothing.
"""

import json
from typing import Any

from orchestrator.devices.abilities import LightAbilities
from orchestrator.devices.dialects.template import Outgoing, TemplateDialect, TemplateSettings
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import fields, number, share
from orchestrator.simulator.bulb import Order
from orchestrator.simulator.firmware import LightState
from orchestrator.simulator.twin import Twin
from orchestrator.units import OFF, SECOND
from orchestrator.values import Colour, Rgb, Temperature

_WORDS = {"on": True, "true": True, "1": True, "off": False, "false": False, "0": False}


class TemplateFirmware:
    """One light, switch or button behind templates."""

    def __init__(self, settings: TemplateSettings, light: LightAbilities | None = None) -> None:
        del light
        self._settings = settings
        self._dialect = TemplateDialect("device", settings)

    @property
    def topics(self) -> tuple[str, ...]:
        commands = self._settings.set
        listed = () if commands is None else (commands,) if isinstance(commands, Outgoing) else tuple(commands)
        return tuple(dict.fromkeys(each.topic for each in listed))

    def availability(self, *, online: bool) -> tuple[Message, ...]:
        available = self._settings.available
        return () if available is None else (Message(available.topic, "online" if online else "offline", retain=True),)

    def asks(self, _message: Message) -> bool:
        return False

    def order(self, message: Message) -> Order | None:
        wish = fields(message.payload)
        power = self.switch(message)
        if not wish:
            level = number(message.payload)
            plain = None if level is None else share(level, self._settings.brightness_scale)
            return None if power is None and plain is None else Order(None if plain else power, plain)
        brightness, over = number(wish.get("brightness")), number(wish.get("transition")) or 0.0
        level = None if brightness is None else share(brightness, self._settings.brightness_scale)
        return Order(power, None if power is False else level, _colour(wish), round(max(over, 0.0) * SECOND))

    def state(self, state: LightState) -> tuple[Message, ...]:
        on = state.level > OFF
        shown = round((state.level if on else state.remembered) * self._settings.brightness_scale / 100)
        values: dict[str, Any] = {"state": "ON" if on else "OFF", "brightness": shown}
        if isinstance(state.colour, Temperature):
            values["mired"] = round(state.colour.mired)
        elif state.colour is not None:
            values["rgb"] = [round(part) for part in state.colour.rgb.parts]
        return self._published(json.dumps(values))

    def switch(self, message: Message) -> bool | None:
        wish = fields(message.payload)
        return _WORDS.get(str(wish.get("state", message.payload)).strip().lower())

    def switched(self, *, on: bool) -> tuple[Message, ...]:
        return self._published("ON" if on else "OFF")

    def pressed(self, action: str) -> tuple[Message, ...]:
        return () if self._settings.state is None else (Message(self._settings.state.topic, action),)

    def _published(self, payload: str) -> tuple[Message, ...]:
        if self._settings.state is None:
            return ()
        message = Message(self._settings.state.topic, payload, retain=True)
        return (message,) if self._dialect.decode(message) else ()


def _colour(wish: dict[str, Any]) -> Colour | None:
    mired, kelvin, parts = number(wish.get("mired")), number(wish.get("kelvin")), wish.get("rgb")
    if mired is not None and mired > 0:
        return Temperature(mired)
    if kelvin is not None and kelvin > 0:
        return Temperature.of_kelvin(kelvin)
    if isinstance(parts, list) and len(parts) == 3:
        red, green, blue = (number(part) for part in parts)
        if red is not None and green is not None and blue is not None:
            return Rgb(red, green, blue)
    return None


TWIN = Twin(light=TemplateFirmware, switch=TemplateFirmware, button=TemplateFirmware)
