"""Lamps of the witness that are at the broker themselves: Tasmota, WLED, Shelly (device sheet 2.3 and 2.4)."""

import colorsys
from typing import Any

from tests.witness.colorimetry import Chromaticity, of_rgb, white
from tests.witness.lamps import Lamp, kelvin_of, rgb_of, xy_of
from tests.witness.twins import Before, Payload, Said

SHELLY_FADES: float = 5.0
"""Seconds: the longest of the first generation."""


class WifiLamp(Lamp):
    """Says where it goes as soon as it is told, and how it is when it is asked."""

    units = 100

    def __init__(self, name: str, entry: dict[str, Any], before: Before) -> None:
        super().__init__(name, entry, before)
        colors = entry.get("colors", ["temperature", "rgb"])
        self.whites, self.colours = "temperature" in colors, "rgb" in colors
        self.warmest = 1e6 / kelvin_of(entry["warmest"]) if "warmest" in entry else 500.0
        self.coolest = 1e6 / kelvin_of(entry["coolest"]) if "coolest" in entry else 153.0
        self.says_it_is_back = True
        self.topic = str(entry["topic"])

    @property
    def answers(self) -> bool:
        return True

    def state(self) -> list[Said]:
        raise NotImplementedError

    def own_state(self) -> list[Said]:
        return [] if self.is_away else self.state()

    @property
    def is_lit(self) -> bool:
        return self.level.final > 0.0

    def _white(self, mired: float) -> Chromaticity:
        return white(min(max(mired, self.coolest), self.warmest))


class TasmotaLamp(WifiLamp):
    """Commands in a row, each with a fade of its own: `Fade2 1;Speed2 4;Dimmer 40`, in half seconds."""

    def __init__(self, name: str, entry: dict[str, Any], before: Before) -> None:
        super().__init__(name, entry, before)
        self.topics = tuple(f"cmnd/{self.topic}/{word}" for word in ("Backlog", "State"))

    def connected(self) -> list[Said]:
        return [Said(f"tele/{self.topic}/LWT", "Online", retain=True), *self.state()]

    def receive(self, t: float, topic: str, payload: Payload) -> list[Said]:
        if topic.endswith("/State"):
            return self.state()
        seconds, hue = 0.0, 0.0
        for line in str(payload).split(";"):
            command, _, argument = line.strip().partition(" ")
            match command.upper():
                case "SPEED2":
                    seconds = float(argument) / 2.0
                case "POWER1":
                    self.go(t, argument == "ON", None, None, seconds)
                case "DIMMER":
                    self.go(t, float(argument) > 0.0, float(argument) or None, None, seconds)
                case "CT":
                    self.go(t, None, None, self._white(float(argument)), seconds)
                case "COLOR2":
                    red, green, blue, *_ = (float(part) for part in argument.split(","))
                    self.go(t, None, None, of_rgb(red, green, blue), seconds)
                case "HSBCOLOR1":
                    hue = float(argument)
                case "HSBCOLOR2":
                    self.go(t, None, None, _of_hue(hue, float(argument)), seconds)
        return self.state()

    def state(self) -> list[Said]:
        dimmer, mired = round(self.remembered), self.colour.final.mired
        said: dict[str, Any] = {"POWER": "ON" if self.is_lit else "OFF", "Dimmer": dimmer}
        if self.whites and mired is not None:
            said |= {"Color": f"000000{round(2.55 * dimmer):02X}00", "CT": round(mired), "White": dimmer}
        elif self.colours:
            parts = rgb_of(self.colour.final)
            hue, saturation = _hue(parts)
            shown = "".join(f"{round(part * dimmer / 100):02X}" for part in parts.values())
            said |= {"Color": f"{shown}0000", "HSBColor": f"{hue},{saturation},{dimmer}", "White": 0}
        return [Said(f"stat/{self.topic}/RESULT", said)]


class WledLamp(WifiLamp):
    """A strip: linear in light, by JSON on `/api`. What it says its owner has had the broker keep."""

    units = 255

    def __init__(self, name: str, entry: dict[str, Any], before: Before) -> None:
        super().__init__(name, {"curve": "linear", **entry}, before)
        self.topics = (f"{self.topic}/api",)
        self.takes_while_off = True

    @property
    def answers(self) -> bool:
        return False

    def connected(self) -> list[Said]:
        return [Said(f"{self.topic}/status", "online", retain=True), *self.state()]

    def receive(self, t: float, topic: str, payload: Payload) -> list[Said]:
        if not isinstance(payload, dict):
            return []
        col = (payload.get("seg") or {}).get("col")
        colour = of_rgb(*(float(part) for part in col[0][:3])) if col else None
        on, units = payload.get("on"), payload.get("bri")
        self.go(t, on, None if units is None else float(units), colour, float(payload.get("tt", 7)) / 10.0)
        return self.state()

    def state(self) -> list[Said]:
        shown = "".join(f"{part:02X}" for part in rgb_of(self.colour.final).values())
        units = round(self.remembered) if self.is_lit else 0
        return [Said(f"{self.topic}/g", str(units), retain=True), Said(f"{self.topic}/c", f"#{shown}", retain=True)]


class Shelly2Lamp(WifiLamp):
    """Light or white of Gen2 and later: requests on `/rpc`. A fade without a length takes three seconds."""

    def __init__(self, name: str, entry: dict[str, Any], before: Before) -> None:
        super().__init__(name, entry, before)
        self.topics = (f"{self.topic}/rpc",)
        self.component = str(entry.get("component", "light:0"))

    def connected(self) -> list[Said]:
        return [Said(f"{self.topic}/online", "true", retain=True), *self.state()]

    def receive(self, t: float, topic: str, payload: Payload) -> list[Said]:
        if not isinstance(payload, dict):
            return []
        params = payload["params"]
        if payload["method"].endswith(".Set"):
            colour = self._white(1e6 / float(params["ct"])) if "ct" in params and self.whites else None
            units = params.get("brightness")
            seconds = float(params.get("transition_duration", 3.0))
            self.go(t, params.get("on"), None if units is None else float(units), colour, seconds)
            if params.get("on") is False and units:
                self.remembered = float(units)  # it stays off, and comes back at that
            return [self._answer(payload, {"was_on": True}), *self.state()]
        return [self._answer(payload, self._status())]

    def _answer(self, request: dict[str, Any], result: dict[str, Any]) -> Said:
        said = {"id": request["id"], "src": self.topic, "dst": request["src"], "result": result}
        return Said(f"{request['src']}/rpc", said)

    def _status(self) -> dict[str, Any]:
        status: dict[str, Any] = {"id": 0, "output": self.is_lit, "brightness": round(self.remembered)}
        mired = self.colour.final.mired
        return status | ({"ct": round(1e6 / mired)} if self.whites and mired is not None else {})

    def state(self) -> list[Said]:
        events = f"{self.topic}/events"
        params = {self.component: self._status()}
        return [Said(f"{events}/rpc", {"src": self.topic, "dst": events, "method": "NotifyStatus", "params": params})]


class Shelly1Lamp(WifiLamp):
    """A dimmer or a bulb of the first generation: no fade is longer than five seconds."""

    def __init__(self, name: str, entry: dict[str, Any], before: Before) -> None:
        super().__init__(name, entry, before)
        self.topics = (f"{self.topic}/light/0/set", f"{self.topic}/command")

    def connected(self) -> list[Said]:
        return [Said(f"{self.topic}/online", "true", retain=True), *self.state()]

    def receive(self, t: float, topic: str, payload: Payload) -> list[Said]:
        if isinstance(payload, dict):
            colour = self._white(1e6 / float(payload["temp"])) if "temp" in payload and self.whites else None
            seconds = min(float(payload.get("transition", 1000.0)) / 1000.0, SHELLY_FADES)
            units = payload.get("brightness") or None
            on = {"on": True, "off": False}.get(str(payload.get("turn")))
            self.go(t, on, None if units is None else float(units), colour, seconds)
        return self.state()

    def state(self) -> list[Said]:
        mired = self.colour.final.mired
        said: dict[str, Any] = {"ison": self.is_lit, "mode": "white", "brightness": round(self.remembered)}
        said |= {"temp": round(1e6 / mired)} if self.whites and mired is not None else {}
        return [Said(f"{self.topic}/light/0/status", said)]


def _of_hue(degrees: float, saturation: float) -> Chromaticity:
    red, green, blue = colorsys.hsv_to_rgb(degrees / 360.0, saturation / 100.0, 1.0)
    return of_rgb(255.0 * red, 255.0 * green, 255.0 * blue)


def _hue(parts: dict[str, int]) -> tuple[int, int]:
    hue, saturation, _ = colorsys.rgb_to_hsv(*(part / 255.0 for part in parts.values()))
    return round(360.0 * hue), round(100.0 * saturation)


WIFI: dict[str, type[WifiLamp]] = {
    "tasmota": TasmotaLamp,
    "wled": WledLamp,
    "shelly2": Shelly2Lamp,
    "shelly1": Shelly1Lamp,
}
"""By dialect."""


def stated(entry: dict[str, Any], topic: str, payload: Payload) -> Before:
    """How a lamp of somebody else's says that it is; empty for what says nothing of that."""
    own = str(entry["topic"])
    match entry["dialect"], topic.removeprefix(f"{own}/"):
        case "wled", "g":
            return {"on": int(payload) > 0, "units": int(payload)}
        case "wled", "c":
            digits = str(payload)[-6:]
            return {"xy": xy_of(of_rgb(*(int(digits[i : i + 2], 16) for i in (0, 2, 4))))}
        case "shelly2", "events/rpc":
            status = payload["params"][entry.get("component", "light:0")]
            return {"on": status["output"], "units": status["brightness"], **_whitened(status.get("ct"))}
        case "shelly1", "light/0/status":
            return {"on": payload["ison"], "units": payload["brightness"], **_whitened(payload.get("temp"))}
    if entry["dialect"] == "tasmota" and topic in (f"tele/{own}/STATE", f"stat/{own}/RESULT") and "Dimmer" in payload:
        mired = {"mired": payload["CT"]} if payload.get("White") else {}
        return {"on": payload["POWER"] == "ON", "units": payload["Dimmer"], **mired}
    return {}


def _whitened(kelvin: float | None) -> Before:
    return {} if kelvin is None else {"mired": 1e6 / kelvin}
