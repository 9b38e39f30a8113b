"""Tasmota: what a device says of itself on `tasmota/discovery/<mac>/config`, or what it answers where that is off.

Read by the table that HATasmota 0.10.2 reads; unlike there, a key that is missing is 0. Where discovery is off, a
device says `Online` on its LWT: it is asked `Status 0`, which changes nothing.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from orchestrator.devices.abilities import Kind
from orchestrator.devices.discovery.discoverer import Discoverer
from orchestrator.devices.discovery.found_device import FoundDevice, LeftOut
from orchestrator.devices.discovery.parsing import (
    hardware,
    keep,
    kelvin,
    light_role,
    mapping,
    parsed,
    text,
    topic,
    whole,
)
from orchestrator.devices.messages import Message

_USUAL_FORM = "%prefix%/%topic%/"
_TOPIC_FIRST = "%topic%/%prefix%/"
_USUAL_PREFIXES = ["cmnd", "stat", "tele"]
_RELAY, _LIGHT, _SHUTTER = 1, 2, 3
_COLOURS: Mapping[int, tuple[str, ...]] = {
    1: (),
    2: ("temperature",),
    3: ("rgb",),
    4: ("rgb",),
    5: ("temperature", "rgb"),
}
"""By `lt_st`."""
_WHITES, _SHORTER_WHITES = (153.0, 500.0), (200.0, 380.0)
_ADDRESSABLE = re.compile(r"ws2812|sk6812|neopixel|addressable|m5stack atom", re.IGNORECASE)
_UNNAMED = re.compile(r"tasmota\d*|", re.IGNORECASE)
_ANSWERS = ("STATUS", "STATUS11")
_POWER = re.compile(r"POWER(\d{0,2})")
_WHO = "what it switches, and whether that heats or moves: it plays no role until you cast it"


class _Silent(NamedTuple):
    """A device that does not announce itself: its topic, and how its full topic is made."""

    name: str
    form: str

    def filled(self, prefix: str) -> str:
        return self.form.replace("%prefix%", prefix).replace("%topic%", self.name)


class TasmotaDiscovery(Discoverer):
    """All Tasmota devices at a broker."""

    topics = (
        "tasmota/discovery/+/config",
        "tasmota/discovery/+/sensors",
        "tele/+/LWT",
        "+/tele/LWT",
        "tele/+/STATE",
        "+/tele/STATE",
        *(f"stat/+/{answer}" for answer in _ANSWERS),
        *(f"+/stat/{answer}" for answer in _ANSWERS),
    )

    def __init__(self) -> None:
        self._configs: dict[str, Mapping[str, Any]] = {}
        self._measuring: dict[str, bool] = {}
        self._online: dict[_Silent, bool] = {}
        self._status: dict[_Silent, Mapping[str, Any]] = {}
        self._states: dict[_Silent, Mapping[str, Any]] = {}
        self._asked: set[_Silent] = set()

    def hear(self, message: Message) -> None:
        levels = message.topic.split("/")
        if levels[:2] == ["tasmota", "discovery"] and len(levels) == 4:
            self._announced(levels[2], levels[3], message.payload)
        elif len(levels) == 3 and (who := _who(levels)) is not None:
            said = mapping(parsed(message.payload))
            if levels[2] == "LWT" and message.payload == "Online":
                _keep(self._online, who, True)
            elif levels[2] == "STATUS" and isinstance(said.get("Status"), dict):
                _keep(self._status, who, said["Status"])
            elif levels[2] == "STATUS11" and isinstance(said.get("StatusSTS"), dict):
                _keep(self._states, who, said["StatusSTS"])
            elif levels[2] == "STATE" and _POWER_KEYS & {key.rstrip("0123456789") for key in said}:
                _keep(self._states, who, said)

    def _announced(self, address: str, what: str, payload: str) -> None:
        said = mapping(parsed(payload))
        if what == "sensors":
            keep(self._measuring, address, "ENERGY" in mapping(said.get("sn")))
        elif what == "config":
            if topic(said.get("t")) and isinstance(said.get("rl"), list):
                keep(self._configs, address, said)
            elif not payload:
                self._configs.pop(address, None)

    def probes(self) -> Iterator[Message]:
        known = {str(config.get("t")) for config in self._configs.values()}
        for who in self._online:
            if who.name not in known and who not in self._asked and who not in self._status:
                self._asked.add(who)
                yield Message(f"{who.filled('cmnd')}Status", "0")

    def found(self) -> Iterator[FoundDevice]:
        known = set()
        for address, config in self._configs.items():
            known.add(str(config.get("t")))
            if not _sleeps(config):
                yield from _Config(address, config, measures=self._measuring.get(address, False)).found()
        for who in dict.fromkeys([*self._status, *self._states]):
            if who.name not in known:
                yield from _answered(who, self._status.get(who, {}), self._states.get(who, {}))

    def left_out(self) -> Iterator[LeftOut]:
        known = {str(config.get("t")) for config in self._configs.values()}
        for address, config in self._configs.items():
            by, title = f"tasmota/discovery/{address}/config", _title(config, 0)
            if _sleeps(config):
                yield LeftOut(title, "it sleeps most of the time, on its battery", by)
            elif not _Config(address, config, measures=False).has_something:
                yield LeftOut(title, "it has no light and no relay of ours: shutters never play a role", by)
        for who in self._online:
            if who.name not in known and who not in self._status and who not in self._states:
                why = "it is there, and neither announces itself nor answers: turn its discovery on (SetOption19 0)"
                yield LeftOut(text(who.name), why, f"{who.filled('tele')}LWT")


_POWER_KEYS = frozenset({"POWER", "Dimmer", "Channel", "HSBColor"})


class _Config:
    """What one device says of itself."""

    def __init__(self, address: str, config: Mapping[str, Any], *, measures: bool) -> None:
        self._config = config
        self._measures = measures
        self._by = f"tasmota/discovery/{text(address)}/config"
        self._mac = text(config.get("mac")).lower() or text(address).lower()
        self._outputs = {
            number: whole(kind) for number, kind in enumerate(config["rl"][:32], start=1) if whole(kind) > 0
        }
        self._options = mapping(config.get("so"))

    @property
    def has_something(self) -> bool:
        return any(kind in (_RELAY, _LIGHT) for kind in self._outputs.values())

    def found(self) -> Iterator[FoundDevice]:
        lights = [number for number, kind in self._outputs.items() if kind == _LIGHT]
        if self._has("68"):
            for number in lights:
                yield self._light(number, (), {"dimmer": f"Channel{number}"} if len(lights) > 1 else {})
        elif lights and whole(self._config.get("lk", 1)) == 0 and len(lights) > 1:
            yield from self._apart(lights)
        elif lights:
            yield self._light(lights[0], _COLOURS.get(self._subtype, ()), {})
        if not whole(self._config.get("if")):
            for number, kind in self._outputs.items():
                if kind == _RELAY:
                    yield self._switch(number)

    @property
    def _subtype(self) -> int:
        return whole(self._config.get("lt_st"))

    def _has(self, option: str) -> bool:
        return whole(self._options.get(option)) == 1

    def _apart(self, lights: list[int]) -> Iterator[FoundDevice]:
        """Colours and white are two lamps."""
        yield self._light(lights[0], ("rgb",), {"dimmer": "Dimmer1"}, " colour")
        white = ("temperature",) if self._subtype == 5 else ()
        yield self._light(lights[1], white, {"dimmer": "Dimmer2"}, " white")

    def _light(self, number: int, colours: tuple[str, ...], keys: Mapping[str, Any], which: str = "") -> FoundDevice:
        unknown, remarks = {}, []
        entry: dict[str, Any] = {**self._where(number), **keys, "colors": list(colours)}
        if "temperature" in colours:
            coolest, warmest = _SHORTER_WHITES if self._has("82") else _WHITES
            entry |= {"coolest": kelvin(coolest), "warmest": kelvin(warmest)}
        if self._subtype not in _COLOURS:
            unknown["colors"] = "which colours it has; none hold until you write `colors`"
        if whole(self._config.get("ty")) == 1 or _ADDRESSABLE.search(text(self._config.get("md"))):
            entry["fade"] = "stepped"
        if self._subtype == 4:
            remarks.append("it has a white channel beside its colours")
        if self._has("20"):
            remarks.append("it takes a level without being turned on (SetOption20)")
        if whole(self._config.get("if")):
            remarks.append("there is a fan in it: its other relays are that, and are left alone")
        title = _title(self._config, number - 1) + which
        part = f"light{which}" if which or not keys else f"light{number}"
        return FoundDevice(
            (f"tasmota:{self._mac}/{part}", f"tasmota:{self._config['t']}/{part}"),
            {"kind": "light", **entry},
            title,
            (self._by,),
            model=text(self._config.get("md")),
            proposed=light_role(title),
            unknown=unknown,
            remarks=tuple(remarks),
            hardware=hardware(self._mac),
        )

    def _switch(self, number: int) -> FoundDevice:
        unknown = {"kind": _WHO}
        if self._has("30"):
            unknown = {
                "kind": "what it switches: its owner has it shown as a light (SetOption30); if it is one, say so"
            }
        return FoundDevice(
            (f"tasmota:{self._mac}/{number}", f"tasmota:{self._config['t']}/{number}"),
            {"kind": "switch", **self._where(number)},
            _title(self._config, number - 1),
            (self._by,),
            model=text(self._config.get("md")),
            unknown=unknown,
            remarks=("it measures power and energy",) if self._measures else (),
        )

    def _where(self, number: int) -> dict[str, Any]:
        config = self._config
        where: dict[str, Any] = {"dialect": "tasmota", "topic": config["t"]}
        form = text(config.get("ft")) or _USUAL_FORM
        form = form.replace("%hostname%", text(config.get("hn"))).replace("%id%", self._mac[-6:].upper())
        if form != _USUAL_FORM:
            where["full_topic"] = form
        if (prefixes := config.get("tp")) != _USUAL_PREFIXES and isinstance(prefixes, list) and len(prefixes) == 3:
            where["prefixes"] = [text(prefix) for prefix in prefixes]
        return where | ({"output": number} if len(self._outputs) > 1 else {})


def _answered(who: _Silent, status: Mapping[str, Any], state: Mapping[str, Any]) -> Iterator[FoundDevice]:
    """By what it says of itself: what it has is what it tells the state of."""
    by = f"{who.filled('stat')}STATUS" if status else f"{who.filled('tele')}STATE"
    listed = status.get("FriendlyName")
    names = [text(name) for name in listed] if isinstance(listed, list) else []
    where: dict[str, Any] = {"dialect": "tasmota", "topic": who.name}
    if who.form != _USUAL_FORM:
        where["full_topic"] = who.form
    key, said = f"tasmota:{who.name}", text(status.get("DeviceName"))

    def title(number: int) -> str:
        own = names[number - 1] if number <= len(names) else ""
        return next((name for name in (own, said) if not _UNNAMED.fullmatch(name)), text(who.name))

    channels = state.get("Channel")
    count = len(channels) if isinstance(channels, list) else 0
    whites = "CT" in state or count in (2, 5)
    mixes = (bool({"Color", "HSBColor", "Scheme"} & state.keys()) and count not in (1, 2)) or count >= 3
    if whites or mixes or "Dimmer" in state or count:
        colours = [*(["temperature"] if whites else []), *(["rgb"] if mixes else [])]
        unknown = {"colors": "which colours it has, but by what it says; turn its discovery on (SetOption19 0)"}
        if whites:
            unknown["coolest, warmest"] = "its range; 2000K to 6536K holds until you write what the lamp has"
        entry = {"kind": "light", **where, "colors": colours}
        proposed = light_role(title(1))
        yield FoundDevice((f"{key}/light",), entry, title(1), (by,), proposed=proposed, unknown=unknown)
        return
    powers = sorted(int(match[1] or 1) for each in state if (match := _POWER.fullmatch(each)))
    numbers = [number for number in powers if 1 <= number <= 32] or list(range(1, min(len(names), 32) + 1))
    for number in numbers:
        output = {"output": number} if len(numbers) > 1 else {}
        entry = {"kind": Kind.SWITCH.value, **where, **output}
        yield FoundDevice((f"{key}/{number}",), entry, title(number), (by,), unknown={"kind": _WHO})


def _who(levels: list[str]) -> _Silent | None:
    if levels[0] in ("tele", "stat") and topic(levels[1]):
        return _Silent(levels[1], _USUAL_FORM)
    if levels[1] in ("tele", "stat") and topic(levels[0]):
        return _Silent(levels[0], _TOPIC_FIRST)
    return None


def _title(config: Mapping[str, Any], index: int) -> str:
    """Its friendly name, else its device's; what nobody has changed says nothing, and its model does."""
    listed = config.get("fn")
    own = text(listed[index]) if isinstance(listed, list) and index < len(listed) else ""
    names = (own, text(config.get("dn")), text(config.get("md")))
    return next((name for name in names if not _UNNAMED.fullmatch(name)), "") or text(config.get("t"))


def _sleeps(config: Mapping[str, Any]) -> bool:
    return whole(config.get("bat")) == 1 or whole(config.get("dslp")) == 1


def _keep(kept: dict[_Silent, Any], who: _Silent, value: Any) -> None:
    if who in kept or len(kept) < 500:
        kept[who] = value
