"""Lamps of the witness that speak Homie 4 or 5 (device sheet 2.8): each property by itself, all of it kept."""

import json
from typing import Any

from tests.witness.colorimetry import of_rgb
from tests.witness.lamps import rgb_of, xy_of
from tests.witness.twins import Before, Payload, Said
from tests.witness.wifi_lamps import WifiLamp


class HomieLamp(WifiLamp):
    """Does at once what it is told. A property that is set while it is off is what it has when it comes on."""

    def __init__(self, name: str, entry: dict[str, Any], before: Before) -> None:
        self.has: dict[str, str] = dict(entry["properties"])
        colors = [mode for mode, own in (("temperature", "temperature"), ("rgb", "color")) if own in self.has]
        super().__init__(name, {"colors": colors, **entry}, before)
        self.version = int(entry["version"])
        self.device, _, self.node = self.topic.rpartition("/")
        self.topics = tuple(f"{self.topic}/{id_}/set" for id_ in self.has.values())

    @property
    def answers(self) -> bool:
        return False

    def connected(self) -> list[Said]:
        return [Said(f"{self.device}/$state", "ready", retain=True), *self._described(), *self.state()]

    def _described(self) -> list[Said]:
        kelvin = f"{round(1e6 / self.warmest)}:{round(1e6 / self.coolest)}"
        known = {
            "on": {"datatype": "boolean"},
            "brightness": {"datatype": "integer", "format": "0:100", "unit": "%"},
            "temperature": {"datatype": "integer", "format": kelvin, "unit": "K"},
            "color": {"datatype": "color", "format": "rgb"},
        }
        properties = {self.has[role]: {"settable": True, **known[role]} for role in self.has}
        if self.version == 5:
            whole = {"homie": "5.0", "version": 1, "nodes": {self.node: {"properties": properties}}}
            return [Said(f"{self.device}/$description", json.dumps(whole), retain=True)]
        return [
            Said(f"{self.topic}/{id_}/${key}", str(value).lower() if key == "settable" else value, retain=True)
            for id_, about in properties.items()
            for key, value in about.items()
        ]

    def receive(self, t: float, topic: str, payload: Payload) -> list[Said]:
        id_ = topic.removesuffix("/set").rpartition("/")[2]
        role = next(role for role, owned in self.has.items() if owned == id_)
        match role:
            case "on":
                self.go(t, str(payload).lower() == "true", None, None)
            case "brightness":
                if not self.is_lit:
                    self.told, self.remembered = True, float(payload)
                self.go(t, None, float(payload), None)
            case "temperature":
                self.go(t, None, None, self._white(1e6 / float(payload)))
            case "color":
                form, *parts = str(payload).split(",") if self.version == 5 else ("rgb", *str(payload).split(","))
                if form == "rgb" and len(parts) == 3:
                    self.go(t, None, None, of_rgb(*(float(part) for part in parts)))
        values = self._values()
        accepted = [Said(f"{topic.removesuffix('/set')}/$target", values[id_], retain=True)] if id_ in values else []
        return [*(accepted if self.version == 5 else ()), *self.state()]

    def _values(self) -> dict[str, str]:
        """By the ids of its properties."""
        colour = self.colour.final
        red, green, blue = rgb_of(colour).values()
        written = f"{red},{green},{blue}"
        said = {"on": "true" if self.is_lit else "false", "brightness": str(round(self.remembered))}
        if colour.mired is not None and "temperature" in self.has:
            said["temperature"] = str(round(1e6 / colour.mired))
        elif "color" in self.has:
            said["color"] = f"rgb,{written}" if self.version == 5 else written
        return {self.has[role]: value for role, value in said.items() if role in self.has}

    def state(self) -> list[Said]:
        return [Said(f"{self.topic}/{id_}", value, retain=True) for id_, value in self._values().items()]


def homie_stated(entry: dict[str, Any], topic: str, payload: Payload) -> Before:
    """How a lamp of somebody else's says that it is; empty for what says nothing of that."""
    for role, id_ in entry["properties"].items():
        if topic == f"{entry['topic']}/{id_}":
            match role:
                case "on":
                    return {"on": str(payload).lower() == "true"}
                case "brightness":
                    return {"units": float(payload)}
                case "temperature":
                    return {"mired": 1e6 / float(payload)}
                case "color":
                    return {
                        "xy": xy_of(of_rgb(*(float(part) for part in str(payload).removeprefix("rgb,").split(","))))
                    }
    return {}
