"""A Homie device with one lamp or switch, as the conventions have it: each property for itself, retained.

It does at once what it is told and says it, in version 5 first as `$target`. What is set while it is off stays off. It
describes itself, and is `lost` when it is gone.
"""

import json
from typing import Any

from orchestrator.devices.abilities import LightAbilities
from orchestrator.devices.dialects.homie import HomieSettings
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import number
from orchestrator.simulator.bulb import Order
from orchestrator.simulator.firmware import LightState
from orchestrator.simulator.twin import Twin
from orchestrator.units import FULL, OFF, Percent
from orchestrator.values import Channels, Colour, HueSaturation, Rgb, Temperature

_WORDS = {"true": True, "false": False}


class HomieFirmware:
    """One node. `light` None: a switch."""

    def __init__(self, settings: HomieSettings, light: LightAbilities | None = None) -> None:
        self._settings = settings
        self._light = light
        self._has = settings.properties
        self._shown: LightState | None = None
        self._is_on = False
        self._kept = FULL
        self._told: str | None = None
        self._values: dict[str, str] = {}
        self._hue: Colour = Rgb(255.0, 209.0, 163.0)

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(f"{self._settings.topic}/{id_}/set" for id_ in self._owned.values())

    @property
    def _owned(self) -> dict[str, str]:
        """The ids of its properties, by what they are."""
        return {role: id_ for role, id_ in self._has.model_dump().items() if id_ is not None}

    def availability(self, *, online: bool) -> tuple[Message, ...]:
        device = self._settings.device
        state = Message(f"{device}/$state", "ready" if online else "lost", qos=1, retain=True)
        if not online:
            return (state,)
        if self._settings.version == 5:
            node = {"properties": {id_: {"settable": True, **self._about(role)} for role, id_ in self._owned.items()}}
            description = {"homie": "5.0", "version": 1, "nodes": {self._settings.topic.rpartition("/")[2]: node}}
            return (state, Message(f"{device}/$description", json.dumps(description), retain=True))
        attributes = [
            Message(f"{self._settings.topic}/{id_}/${key}", str(value), retain=True)
            for role, id_ in self._owned.items()
            for key, value in self._about(role).items()
        ]
        return (Message(f"{device}/$homie", "4.0.0", retain=True), state, *attributes)

    def asks(self, _message: Message) -> bool:
        return False

    # As a light

    def order(self, message: Message) -> Order | None:
        id_ = message.topic.removesuffix("/set").rpartition("/")[2]
        role = next(role for role, owned in self._owned.items() if owned == id_)
        self._told = id_
        match role:
            case "on":
                on = _WORDS.get(message.payload)
                return None if on is None else Order(power=on, level=self._kept if on and not self._is_on else None)
            case "brightness":
                asked = number(message.payload)
                return None if asked is None or not 0 <= asked <= 100 else self._dimmed(Percent(asked))
            case "temperature":
                kelvin = number(message.payload)
                return None if kelvin is None or kelvin <= 0 else Order(colour=Temperature.of_kelvin(kelvin))
            case _:
                return self._coloured(message.payload)

    def _dimmed(self, level: Percent, colour: Colour | None = None) -> Order:
        if self._has.on is not None and not self._is_on:
            self._kept = level or self._kept
            return Order(None, level, colour, prepare=True)
        return Order(level=level, colour=colour) if level > OFF else Order(power=False, colour=colour)

    def _coloured(self, payload: str) -> Order | None:
        words = payload.split(",")
        if self._settings.version == 5 and words.pop(0) != "rgb":
            return None
        parts = tuple(part for word in words if (part := number(word)) is not None)
        if len(parts) != 3 or not all(0 <= part <= 255 for part in parts):
            return None
        bright = max(parts)
        if not self._settings.dims_by_colour:
            return Order(colour=Rgb(*parts) if bright in (0, 255) else Channels(parts))
        self._hue = Rgb(*parts).full if bright else self._hue
        return self._dimmed(Percent(bright / 2.55), self._hue)

    def state(self, state: LightState) -> tuple[Message, ...]:
        self._shown, self._is_on = state, state.level > OFF
        self._kept = (state.level if self._is_on else state.remembered) or self._kept
        values = {"on": "true" if self._is_on else "false", "brightness": str(round(self._kept))}
        if self._has.on is None and not self._is_on:
            values["brightness"] = "0"
        if isinstance(state.colour, Temperature) and self._has.temperature is not None:
            values["temperature"] = str(round(state.colour.kelvin))
        elif state.colour is not None:
            values["color"] = self._spelt(state.colour)
        return self._published(values)

    def _spelt(self, colour: Colour) -> str:
        parts: tuple[float, ...] = colour.parts[:3] if isinstance(colour, Channels) else colour.rgb.parts
        if self._settings.dims_by_colour:
            dark = self._has.on is None and not self._is_on
            parts = tuple(part * (0.0 if dark else self._kept / FULL) for part in parts)
        elif isinstance(colour, HueSaturation):
            parts = colour.rgb.full.parts
        written = ",".join(str(round(part)) for part in parts)
        return f"rgb,{written}" if self._settings.version == 5 else written

    # As a switch

    def switch(self, message: Message) -> bool | None:
        self._told = self._has.on
        return _WORDS.get(message.payload)

    def switched(self, *, on: bool) -> tuple[Message, ...]:
        return self._published({"on": "true" if on else "false"})

    def _published(self, values: dict[str, str]) -> tuple[Message, ...]:
        """What has changed, and what it was told."""
        said: list[Message] = []
        for role, id_ in self._owned.items():
            value = values.get(role)
            if value is None or (self._values.get(id_) == value and id_ != self._told):
                continue
            self._values[id_] = value
            topic = f"{self._settings.topic}/{id_}"
            if self._settings.version == 5 and id_ == self._told:
                said.append(Message(f"{topic}/$target", value, retain=True))
            said.append(Message(topic, value, retain=True))
        self._told = None
        return tuple(said)

    def _about(self, role: str) -> dict[str, Any]:
        if role == "on":
            return {"datatype": "boolean"}
        if role == "brightness":
            return {"datatype": "integer", "format": "0:100", "unit": "%"}
        if role == "color":
            return {"datatype": "color", "format": "rgb"}
        light = self._light
        assert light is not None, "only a lamp has white"
        low, high = round(1_000_000 / light.warmest), round(1_000_000 / light.coolest)
        return {"datatype": "integer", "format": f"{low}:{high}", "unit": "K"}


TWIN = Twin(light=HomieFirmware, switch=HomieFirmware)
