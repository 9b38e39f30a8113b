"""A component of a Shelly Gen1 with firmware 1.14, as its documentation and captures have it.

It says where it goes at once, and that it is on or off beside it. A brightness of 0 does nothing; a fade of more than
five seconds takes five. A bulb that has whites and colours takes a colour only with the `mode` that it is of. What its
button did last it says again whenever it comes to the broker.
"""

from typing import Any

from orchestrator.devices.abilities import ColourMode, LightAbilities
from orchestrator.devices.dialects.shelly1 import FULL_LEVEL, LONGEST_FADE, Shelly1Settings
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import compact, fields, number
from orchestrator.simulator.advertisers.shelly1 import Shelly1Devices
from orchestrator.simulator.bulb import Order
from orchestrator.simulator.firmware import LightState
from orchestrator.simulator.twin import Twin
from orchestrator.units import OFF, Ms, Percent
from orchestrator.values import Channels, Colour, Temperature

_WORDS = {"on": True, "off": False}
OWN_TRANSITION: Ms = 1000
"""What it takes that is given none: as a Vintage comes out of its box."""


class Shelly1Firmware:
    """One component. `light` None: a relay or an input."""

    def __init__(self, settings: Shelly1Settings, light: LightAbilities | None = None) -> None:
        self._settings = settings
        self._light = light
        self._prefix = settings.topic
        self._output = f"{settings.topic}/{settings.part}/{settings.number}"
        self._shows_white = light is None or ColourMode.TEMPERATURE in light.colours
        self._press: tuple[str, int] = ("", 0)

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"{self._output}/set", f"{self._output}/command", f"{self._prefix}/command", "shellies/command")

    def availability(self, *, online: bool) -> tuple[Message, ...]:
        word = Message(f"{self._prefix}/online", "true" if online else "false", qos=1, retain=True)
        return (word, *self._pressed()) if online and self._settings.part == "input" else (word,)

    def asks(self, message: Message) -> bool:
        if message.topic not in (f"{self._prefix}/command", "shellies/command"):
            return False
        return message.payload in ("announce", "update")

    def order(self, message: Message) -> Order | None:
        if message.topic == f"{self._output}/command":
            return None if message.payload not in _WORDS else Order(_WORDS[message.payload], over=OWN_TRANSITION)
        wish = fields(message.payload) if message.topic == f"{self._output}/set" else {}
        if not wish or self._light is None or not self._light.dimmable:
            return None
        power = _WORDS.get(str(wish.get("turn")))
        colour = self._colour(wish)
        level = self._level(wish)
        if power is None and colour is None and level is None:
            return None
        asked = number(wish.get("transition"))
        over = OWN_TRANSITION if asked is None else min(max(round(asked), 0), LONGEST_FADE)
        return Order(power, None if power is False else level, colour, over)

    def state(self, state: LightState) -> tuple[Message, ...]:
        on = state.level > OFF
        word = Message(self._output, "on" if on else "off")
        if self._light is None or not self._light.dimmable:
            return (word,)
        shown = max(round(state.level if on else state.remembered), 1 if on else 0)
        said: dict[str, Any] = {"ison": on, "source": "mqtt", "has_timer": False, **self._spelt(state.colour, shown)}
        status = Message(f"{self._output}/status", compact(**said, transition=0))
        return word, status

    def switch(self, message: Message) -> bool | None:
        return _WORDS.get(message.payload) if message.topic == f"{self._output}/command" else None

    def switched(self, *, on: bool) -> tuple[Message, ...]:
        return (Message(self._output, "on" if on else "off"),)

    def pressed(self, action: str) -> tuple[Message, ...]:
        self._press = (action, self._press[1] + 1)
        return self._pressed()

    def _pressed(self) -> tuple[Message, ...]:
        event, count = self._press
        topic = f"{self._prefix}/input_event/{self._settings.number}"
        return (Message(topic, compact(event=event, event_cnt=count)),)

    @property
    def _has_both(self) -> bool:
        return self._light is not None and self._light.colours == ColourMode.TEMPERATURE | ColourMode.RGB

    def _level(self, wish: dict[str, Any]) -> Percent | None:
        """What of it is for the mode that it is in; 0 is for none."""
        is_gain = self._settings.part == "color" and not (self._has_both and self._shows_white)
        asked = number(wish.get("gain" if is_gain else "brightness"))
        return Percent(asked) if asked is not None and 1 <= asked <= FULL_LEVEL else None

    def _colour(self, wish: dict[str, Any]) -> Colour | None:
        if self._has_both:
            mode = wish.get("mode")
            self._shows_white = mode == "white" if mode in ("white", "color") else self._shows_white
        light, kelvin = self._light, number(wish.get("temp"))
        if light is None or not light.colours:
            return None
        if ColourMode.TEMPERATURE in light.colours and (self._shows_white or not self._has_both):
            if kelvin is None or kelvin <= 0:
                return None
            return Temperature(min(max(1_000_000 / kelvin, light.coolest), light.warmest))
        read = [number(wish.get(key)) for key in ("red", "green", "blue")]
        parts = [part for part in read if part is not None and 0 <= part <= 255]
        white = number(wish.get("white")) or 0.0
        return Channels((*parts, *(() if self._has_both else (white,)))) if len(parts) == 3 else None

    def _spelt(self, colour: Colour | None, shown: int) -> dict[str, Any]:
        if self._settings.part != "color":
            temp = {"temp": round(colour.kelvin)} if isinstance(colour, Temperature) else {}
            return {"mode": "white", "brightness": shown, **temp}
        if colour is None or isinstance(colour, Temperature):
            return {"mode": "white", "brightness": shown} | ({} if colour is None else {"temp": round(colour.kelvin)})
        shines = colour.parts if isinstance(colour, Channels) else colour.rgb.parts
        red, green, blue, *whites = (round(channel) for channel in shines)
        mixed = {"mode": "color", "red": red, "green": green, "blue": blue}
        return mixed | ({} if self._has_both else {"white": max(whites, default=0)}) | {"gain": shown, "effect": 0}


TWIN = Twin(light=Shelly1Firmware, switch=Shelly1Firmware, button=Shelly1Firmware, advertiser=Shelly1Devices)
