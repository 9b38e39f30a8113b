"""Lamps of the witness, from the device sheet (2.1, 2.2 and its corrections): what they do, and what they say of it."""

import json
import math
from typing import Any

from tests.witness.colorimetry import Chromaticity, lightness, luminance, of_hex, of_rgb, of_xy, white
from tests.witness.history import History, straight
from tests.witness.twins import Before, Payload, Quiet, Said

LONGEST_ZIGBEE = 6553.4


class Lamp(Quiet):
    """A lamp: levels in units of its own, 0 is off. `curve`, `least`, `most` are what the home file says of it."""

    units = 254

    def __init__(self, name: str, entry: dict[str, Any], before: Before) -> None:
        self.name, self.entry = name, entry
        self.topics: tuple[str, ...] = ()
        self.curve = str(entry.get("curve", "perceptual"))
        self.least, self.most = _share(entry.get("min", "0%")), _share(entry.get("max", "100%"))
        self.one_attribute = bool(entry.get("one_attribute_per_fade", False))
        self.jumps = entry.get("fade") == "none"
        self.fades_by_nobody = self.jumps
        """The home file says that it jumps, and that is then as it should be."""
        self.whites = self.colours = True
        self.coolest, self.warmest = 153.0, 500.0
        self.reports = True
        self.says_it_is_back = "availability_topic" in entry or entry["dialect"] == "zigbee2mqtt"
        """Whether anybody hears of it when it was away."""
        self.refused: list[str] = []
        self.before = before
        self.was: Before | None = before.get("was")
        """What it says before how it is, once: how it was before somebody changed it."""
        on = bool(before.get("on", True))
        self.remembered = float(before.get("units", self.units))
        first = self.remembered if on else 0.0
        self.level: History[float] = History(first, straight)
        colour = of_xy(*before["xy"]) if "xy" in before else white(before.get("mired", 370.0))
        self.colour: History[Chromaticity] = History(colour, lambda one, other, share: one.towards(other, share))
        self.takes_while_off = bool(before.get("takes_while_off", False))
        """Whether it takes a level while it is off (Zigbee's `execute_if_off`): then its memory can be given back."""
        self.told = False
        """Whether anybody told it anything."""

    def connected(self) -> list[Said]:
        return []

    def receive(self, t: float, topic: str, payload: Payload) -> list[Said]:
        raise NotImplementedError

    @property
    def can_be_asked(self) -> bool:
        """Whether who comes later can know how it is."""
        return self.reports

    @property
    def answers(self) -> bool:
        """Whether it says how it is when it is asked: then it can be told who has it."""
        return False

    def by_hand(self, t: float, hand: dict[str, Any]) -> list[Said]:
        """Somebody turns it: it jumps, and says so."""
        told, self.jumps, jumps = self.told, True, self.jumps
        units = None if "level" not in hand else round(hand["level"] / 100.0 * self.units)
        colour = _named_colour(hand["colour"]) if "colour" in hand else None
        self.go(t, None if units is None else units > 0, units or None, colour)
        self.told, self.jumps = told, jumps
        return self.own_state()

    def own_state(self) -> list[Said]:
        """What it says of itself."""
        raise NotImplementedError

    # What is seen

    def looks(self, units: float) -> float:
        """Lightness L* of units of its own."""
        share = units / self.units
        if self.curve == "linear":
            return lightness(share)
        return lightness(share * share) if self.curve == "squared" else 100.0 * share

    def light(self, units: float) -> float:
        """Relative luminance of units of its own."""
        return luminance(self.looks(units))

    def wanted(self, level: float) -> float:
        """The units that a level of the plan means here, within `min` and `max`."""
        if level <= 0.0:
            return 0.0
        relative = luminance(level)
        share = {"linear": relative, "squared": math.sqrt(relative)}.get(self.curve, level / 100.0)
        return max(self.units * (self.least + (self.most - self.least) * share), 1.0)

    def level_of(self, units: float) -> float:
        """The level of the plan that units of its own are: what `wanted` goes back to."""
        if units <= 0.0:
            return 0.0
        share = max((units / self.units - self.least) / (self.most - self.least), 0.0)
        if self.curve == "linear":
            return lightness(share)
        return lightness(share * share) if self.curve == "squared" else 100.0 * share

    # What it does

    def go(
        self, t: float, on: bool | None, units: float | None, colour: Chromaticity | None, seconds: float = 0.0
    ) -> None:
        """`on` None: as it is; units None: what it remembers, where it goes on."""
        self.told = True
        if self.jumps:
            seconds = 0.0
        lit = self.level.final > 0.0
        if colour is not None:
            faded = seconds if lit or self.level.at(t) > 0.0 else 0.0
            self.colour.move(t, colour, faded)
            if self.one_attribute and seconds and units is not None and on is not False:
                seconds = 0.0  # a lamp that cannot fade both jumps to the level (7, number 1)
        if on is False:
            self.level.move(t, 0.0, seconds if lit else 0.0)
        elif units is not None and (lit or on):
            self.remembered = units
            self.level.move(t, units, seconds)
        elif units is not None and self.takes_while_off:
            self.remembered = units
        elif on and not lit:
            self.level.move(t, self.remembered, seconds)

    def is_as(self, before: "Lamp") -> list[tuple[str, str, str]]:
        """What differs from how it was: attribute, wanted, seen. A lamp that was off remembers, too."""
        gone = []
        was_on, is_on = before.level.final > 0.0, self.level.final > 0.0
        if was_on != is_on:
            return [("on", "on" if was_on else "off", "on" if is_on else "off")]
        memory = "remembered " if not was_on else ""
        level = (before.remembered, self.remembered)
        if abs(level[0] - level[1]) > 1.5 and (was_on or self.reports):
            gone.append((f"{memory}brightness", f"{level[0]:.0f}", f"{level[1]:.0f} of {self.units}"))
        one, other = before.colour.final, self.colour.final
        if self.whites or self.colours:
            if one.mired is not None and other.mired is not None:
                if abs(one.mired - other.mired) > 2.0:
                    gone.append((f"{memory}white", f"{one.mired:.0f} mired", f"{other.mired:.0f} mired"))
            elif one.distance(other) > 0.005:
                gone.append((f"{memory}colour", _colour_text(one), _colour_text(other)))
        return gone


class ZigbeeLamp(Lamp):
    """Behind Zigbee2MQTT: says its target at once, and nothing on the way."""

    def __init__(self, name: str, entry: dict[str, Any], before: Before) -> None:
        super().__init__(name, entry, before)
        self.topic = self.spoken = str(entry["topic"])
        """Where it is told, and where it speaks."""
        self.topics = (f"{self.topic}/set", f"{self.topic}/get")
        colors = entry.get("colors", ["temperature", "rgb"])
        self.whites, self.colours = "temperature" in colors, "rgb" in colors
        self.warmest = 1e6 / kelvin_of(entry.get("warmest", "2200K"))
        self.coolest = 1e6 / kelvin_of(entry.get("coolest", "6536K"))

    def connected(self) -> list[Said]:
        """`was`: what it was before somebody changed it, heard first."""
        if self.before.get("mute"):
            return [Said(f"{self.spoken}/availability", {"state": "online"}, retain=True)]
        earlier = [self.as_it_was(self.was).state()] if self.was is not None else []
        self.was = None
        return [Said(f"{self.spoken}/availability", {"state": "online"}, retain=True), *earlier, self.state()]

    def as_it_was(self, was: Before) -> "ZigbeeLamp":
        return ZigbeeLamp(self.name, self.entry, was)

    @property
    def answers(self) -> bool:
        return not self.before.get("mute")

    def own_state(self) -> list[Said]:
        return [] if self.before.get("mute") or self.is_away else [self.state()]

    def state(self) -> Said:
        return Said(self.spoken, self.values())

    def values(self) -> dict[str, Any]:
        """What the bridge says of it."""
        on = self.level.final > 0.0
        said: dict[str, Any] = {"state": "ON" if on else "OFF", "brightness": round(self.remembered)}
        colour = self.colour.final
        if self.whites:
            said["color_temp"] = round(colour.mired) if colour.mired is not None else round(self.coolest)
        if self.colours:
            x, y = xy_of(colour)
            said["color"] = {"x": round(x, 4), "y": round(y, 4)}
        if self.whites or self.colours:
            said["color_mode"] = "color_temp" if colour.mired is not None else "xy"
        if self.takes_while_off:
            said["level_config"] = {"execute_if_off": True}
        return said

    def receive(self, t: float, topic: str, payload: Payload) -> list[Said]:
        if self.before.get("mute"):
            return []
        if topic.endswith("/get"):
            wrong = [key for key in payload if key == "color_temp" and not self.whites]
            return [self.state(), *(self._refuse("get", key) for key in wrong)]
        if isinstance(payload, str):
            payload = {"state": payload}
        return self._set(t, payload)

    def _set(self, t: float, payload: dict[str, Any]) -> list[Said]:
        seconds = float(payload.get("transition") or 0.0)
        if seconds > LONGEST_ZIGBEE:
            return [self._refuse("set", "transition")]
        brightness = payload.get("brightness")
        if brightness is not None and not 0 <= brightness <= 255:
            return [self._refuse("set", "brightness")]
        word = payload.get("state")
        on = {"ON": True, "OFF": False}.get(str(word).upper()) if word is not None else None
        if on is None and brightness is not None and "state" not in payload:
            on = brightness > 0
        said, colour = [], None
        if "color_temp" in payload:
            if self.whites:
                colour = white(min(max(float(payload["color_temp"]), self.coolest), self.warmest))
            else:
                said.append(self._refuse("set", "color_temp"))
        if "color" in payload:
            if self.colours:
                colour = _colour(payload["color"])
            else:
                said.append(self._refuse("set", "color"))
        units = None if brightness is None else float(min(brightness, 254))
        if units == 0.0:
            on, units = False, None
        self.go(t, on, units if on is not False else None, colour, seconds)
        return [*said, self.state()]

    def _refuse(self, verb: str, key: str) -> Said:
        self.refused.append(key)
        message = f"z2m: No converter available for '{verb}' '{key}' to '{self.spoken.partition('/')[2]}'"
        base = str(self.entry.get("base", self.topic.partition("/")[0]))
        return Said(f"{base}/bridge/logging", {"level": "error", "message": message})


class JsonLamp(Lamp):
    """As Home Assistant's JSON light: its state is kept at the broker."""

    def __init__(self, name: str, entry: dict[str, Any], before: Before) -> None:
        self.units = int(entry.get("brightness_scale", 255))
        super().__init__(name, entry, before)
        self.topics = (str(entry["command_topic"]),)
        modes = set(entry.get("supported_color_modes", ["color_temp", "rgb"]))
        self.whites = "color_temp" in modes
        self.colours = bool(modes & {"rgb", "xy", "hs", "rgbw", "rgbww"})
        self.shape = next((mode for mode in ("rgb", "xy", "hs") if mode in modes), "rgb")
        if self.colours and self.shape == "rgb" and self.colour.final.mired is None:
            said = rgb_of(self.colour.final)  # it knows no colour beyond those of its three lights
            self.colour = History(of_rgb(said["r"], said["g"], said["b"]), self.colour.blend)
        self.kelvin = bool(entry.get("color_temp_kelvin", False))
        self.coolest, self.warmest = float(entry.get("min_mireds", 153)), float(entry.get("max_mireds", 500))
        if self.kelvin and "max_kelvin" in entry:
            self.coolest, self.warmest = 1e6 / entry["max_kelvin"], 1e6 / entry["min_kelvin"]
        self.jumps = entry.get("transition") is False or self.jumps
        self.reports = "state_topic" in entry
        self.is_esphome = str(entry["command_topic"]).endswith("/command") and "/light/" in entry["command_topic"]

    def connected(self) -> list[Said]:
        said = [Said(self.entry["availability_topic"], "online", retain=True)] if self.says_it_is_back else []
        earlier = JsonLamp(self.name, self.entry, self.was).state() if self.was is not None else []
        self.was = None
        return [*said, *earlier, *self.state()]

    def own_state(self) -> list[Said]:
        return [] if self.is_away else self.state()

    def state(self) -> list[Said]:
        if not self.reports or self.before.get("mute"):
            return []
        on = self.level.final > 0.0
        said: dict[str, Any] = {"state": "ON" if on else "OFF", "brightness": round(self.remembered)}
        colour = self.colour.final
        if colour.mired is not None and self.whites:
            said |= {
                "color_mode": "color_temp",
                "color_temp": round(1e6 / colour.mired if self.kelvin else colour.mired),
            }
        elif self.colours:
            x, y = xy_of(colour)
            said["color_mode"] = self.shape
            said["color"] = {"x": round(x, 4), "y": round(y, 4)} if self.shape == "xy" else rgb_of(colour)
        return [Said(self.entry["state_topic"], said, retain=True)]

    def receive(self, t: float, topic: str, payload: Payload) -> list[Said]:
        if self.before.get("mute") or not isinstance(payload, dict):
            return []
        word = payload.get("state")
        on = {"ON": True, "OFF": False}.get(str(word).upper()) if word is not None else None
        colour = None
        if "color_temp" in payload and self.whites:
            given = float(payload["color_temp"])
            colour = white(min(max(1e6 / given if self.kelvin else given, self.coolest), self.warmest))
        if "color" in payload and self.colours:
            colour = _colour(payload["color"])
        units, seconds = payload.get("brightness"), payload.get("transition")
        if self.is_esphome:  # it reads whole numbers only, and takes a second of its own (0, corrections)
            units = units if type(units) is int and 0 <= units <= 255 else None
            seconds = seconds if type(seconds) is int and 0 <= seconds <= 65_535 else 1
        self.go(t, on, None if units is None else float(units), colour, float(seconds or 0.0))
        return self.state()


class TemplateLamp(Lamp):
    """A lamp of the witness's own making: `{"on": true, "dim": 400, "ct": 370, "ms": 2000}` in `brightness_scale`."""

    def __init__(self, name: str, entry: dict[str, Any], before: Before) -> None:
        self.units = int(entry.get("brightness_scale", 100))
        super().__init__(name, entry, before)
        self.topics = (str(entry["set"]["topic"]), *([str(entry["query"]["topic"])] if "query" in entry else []))
        payload = str(entry["set"].get("payload", ""))
        self.whites, self.colours = "mired" in payload, "rgb" in payload
        self.reports = "state" in entry
        self.jumps = "transition" not in payload
        self.warmest, self.coolest = 1e6 / 2000, 1e6 / 6536

    def connected(self) -> list[Said]:
        return self.state() if "query" not in self.entry else []

    @property
    def can_be_asked(self) -> bool:
        return "query" in self.entry

    @property
    def answers(self) -> bool:
        return "query" in self.entry

    def own_state(self) -> list[Said]:
        return [] if self.is_away else self.state()

    def state(self) -> list[Said]:
        if not self.reports or self.before.get("mute"):
            return []
        colour = self.colour.final
        said: dict[str, Any] = {"on": self.level.final > 0.0, "dim": round(self.remembered)}
        if self.whites and colour.mired is not None:
            said["ct"] = round(colour.mired)
        return [Said(str(self.entry["state"]["topic"]), said)]

    def receive(self, t: float, topic: str, payload: Payload) -> list[Said]:
        if self.before.get("mute"):
            return []
        if topic != self.topics[0]:
            return self.state()
        given = json.loads(payload) if isinstance(payload, str) else payload
        on, units, mired = given.get("on"), given.get("dim"), given.get("ct")
        colour = white(min(max(float(mired), self.coolest), self.warmest)) if mired and self.whites else None
        units = float(units) if units is not None and on is not False else None
        self.go(t, on, units, colour, float(given.get("ms") or 0.0) / 1000.0)
        return self.state()


class LampGroup(Quiet):
    """A Zigbee group: what it is told its members do, and each of them says so."""

    def __init__(self, name: str, entry: dict[str, Any], members: list[ZigbeeLamp]) -> None:
        self.name, self.entry, self.members = name, entry, members
        self.topic = str(entry["topic"])
        self.topics = (f"{self.topic}/set", f"{self.topic}/get")

    def connected(self) -> list[Said]:
        return [Said(f"{self.topic}/availability", {"state": "online"}, retain=True), self._state()]

    def receive(self, t: float, topic: str, payload: Payload) -> list[Said]:
        if topic.endswith("/get"):
            return [self._state()]
        reached = (member for member in self.members if not member.is_away)
        said = [each for member in reached for each in member.receive(t, f"{member.topic}/set", payload)]
        return [self._state(), *said]

    def by_hand(self, t: float, hand: dict[str, Any]) -> list[Said]:
        return [*self.merged(), *(said for member in self.members for said in member.by_hand(t, hand))]

    def merged(self) -> list[Said]:
        """What the bridge says of it when one of its members changes."""
        return [self._state()]

    def _state(self) -> Said:
        lit = [member for member in self.members if member.level.final > 0.0]
        first = (lit or self.members)[0].values()
        return Said(self.topic, {**first, "state": "ON" if lit else "OFF"})


def lamp(name: str, entry: dict[str, Any], before: Before) -> Lamp | None:
    """The lamp that an entry of a home file is; None for one that the witness cannot play."""
    match entry["dialect"]:
        case "zigbee2mqtt":
            return ZigbeeLamp(name, entry, before)
        case "home_assistant":
            return JsonLamp(name, entry, before)
        case "template" if "'dim'" in str(entry["set"].get("payload")):
            return TemplateLamp(name, entry, before)
    return None


def _colour(given: dict[str, Any]) -> Chromaticity:
    if "x" in given:
        return of_xy(float(given["x"]), float(given["y"]))
    if "hex" in given:
        return of_hex(given["hex"])
    return of_rgb(float(given["r"]), float(given["g"]), float(given["b"]))


def xy_of(colour: Chromaticity) -> tuple[float, float]:
    below = 6.0 * colour.u - 16.0 * colour.v + 12.0
    return 9.0 * colour.u / below, 4.0 * colour.v / below


def rgb_of(colour: Chromaticity) -> dict[str, int]:
    """In sRGB at full: what a lamp of three colours says of itself."""
    x, y = xy_of(colour)
    big_x, big_z = x / y, (1.0 - x - y) / y
    parts = (
        3.2406 * big_x - 1.5372 - 0.4986 * big_z,
        -0.9689 * big_x + 1.8758 + 0.0415 * big_z,
        0.0557 * big_x - 0.2040 + 1.0570 * big_z,
    )
    most = max(parts)
    shown = [max(part, 0.0) / most for part in parts]
    gamma = [12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in shown]
    return dict(zip("rgb", (round(255 * part) for part in gamma), strict=True))


def _colour_text(colour: Chromaticity) -> str:
    if colour.mired is not None:
        return f"white of {colour.mired:.0f} mired"
    return "xy ({:.3f}, {:.3f})".format(*xy_of(colour))


def _named_colour(text: str) -> Chromaticity:
    return of_hex(text) if text.startswith("#") else white(1e6 / kelvin_of(text))


def _share(text: str) -> float:
    return float(str(text).rstrip("% ")) / 100.0


def kelvin_of(text: str) -> float:
    return float(str(text).rstrip("Kk "))
