"""What a Zigbee2MQTT bridge says of its devices and groups (`bridge/devices`, `bridge/groups`, `bridge/info`).

Read by Zigbee2MQTT 2.14.1 and its converters 26.112.0. One lamp for each endpoint that shines; the base topic of a
device of several is never a lamp: what is sent there without a suffix goes to the first and is never answered.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from orchestrator.devices.abilities import Kind
from orchestrator.devices.announcement import DEEPEST_PREFIX
from orchestrator.devices.discovery.discoverer import Discoverer
from orchestrator.devices.discovery.found_device import FoundDevice, LeftOut
from orchestrator.devices.discovery.parsing import (
    BASES,
    hardware,
    is_true,
    kelvin,
    light_role,
    mapping,
    objects,
    parsed,
    text,
    topic,
)
from orchestrator.devices.discovery.zigbee2mqtt_exposes import (
    ExposedLight,
    endpoint_of,
    exposed_light,
    fades_level_and_colour,
    is_a_plug,
    presses,
    takes_time,
)
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import number

_PARTS = ("devices", "groups", "info", "state")
_LISTS = ("devices", "groups")
_BRIDGES = 16
"""How many of them are listened to."""
_DEFAULT_BIND_GROUP = 901
_NO_NAME = "its name cannot be a topic that it is told things on: give it another one at the bridge"
_NEVER = frozenset({"climate", "cover", "lock", "fan"})
_NOT_KNOWN = "the bridge has only a placeholder; 2203K to 6536K holds until you write what the lamp has"
_NO_ROOMS = frozenset(
    [
        "light",
        "lights",
        "lamp",
        "lamps",
        "licht",
        "lampen",
        "plug",
        "plugs",
        "switch",
        "switches",
        "remote",
        "remotes",
        "sensor",
        "sensors",
        "home",
        "house",
        "haus",
    ]
)
_GLEDOPTO = ("GL-C-006", "GL-C-007", "GL-C-008")
_TURNS_ON_FIRST = ("TS0505B_1",)


class Zigbee2MqttDiscovery(Discoverer):
    """All bridges at a broker, each under its own base topic."""

    topics = tuple(f"{base}/bridge/{part}" for base in BASES for part in _PARTS)

    def __init__(self) -> None:
        self._said: dict[str, dict[str, str]] = {}
        self._unreadable: dict[tuple[str, str], str] = {}
        """By base topic and list, what is wrong with it; what is no bridge may have such a topic as well."""

    def hear(self, message: Message) -> None:
        base, slash, part = message.topic.rpartition("/bridge/")
        if not slash or part not in _PARTS or base.count("/") >= DEEPEST_PREFIX or not message.payload:
            return
        if part in _LISTS:
            if why := _unreadable(message.payload):
                self._note_unreadable(base, part, why)
                return
            self._unreadable.pop((base, part), None)
        if base not in self._said and (len(self._said) >= _BRIDGES or not _is_of_a_bridge(part, message.payload)):
            return
        self._said.setdefault(base, {})[part] = message.payload

    def too_long(self, topic: str, longest: int) -> None:
        base, slash, part = topic.rpartition("/bridge/")
        if slash and part in _LISTS and base.count("/") < DEEPEST_PREFIX:
            self._note_unreadable(base, part, f"is longer than {longest:,} characters, which nobody reads here")

    def _note_unreadable(self, base: str, part: str, why: str) -> None:
        if len(self._unreadable) < _BRIDGES * len(_LISTS):
            self._unreadable[base, part] = why

    @property
    def listed(self) -> Iterator[str]:
        return (f"zigbee2mqtt:{base}/" for base, said in self._said.items() if "devices" in said)

    @property
    def bridges(self) -> Mapping[str, bool | None]:
        """Whether each says that it is there; None where it does not say."""
        return {base: _is_online(said.get("state")) for base, said in self._said.items()}

    @property
    def starting(self) -> Sequence[str]:
        """Bridges that are there and have not yet said what they have: they have just been started."""
        return [
            base
            for base, said in self._said.items()
            if "devices" not in said and (base, "devices") not in self._unreadable and _is_online(said.get("state"))
        ]

    @property
    def unreadable(self) -> Iterator[LeftOut]:
        for (base, part), why in self._unreadable.items():
            if base in self._said and part not in self._said[base]:
                yield LeftOut(base, f"its list of {part} {why}", f"{base}/bridge/{part}")

    def found(self) -> Iterator[FoundDevice]:
        for base, said in self._said.items():
            bridge = _Bridge(base, said)
            if bridge.says_states:
                yield from bridge.found()

    def left_out(self) -> Iterator[LeftOut]:
        yield from self.unreadable
        for base, said in self._said.items():
            yield from _Bridge(base, said).left_out()


class _Bridge:
    def __init__(self, base: str, said: Mapping[str, str]) -> None:
        self._base = base
        self._by = f"{base}/bridge/devices"
        self._entries = objects(parsed(said.get("devices", "")))
        self._groups = objects(parsed(said.get("groups", "")))
        self._config = mapping(mapping(parsed(said.get("info", ""))).get("config"))

    @property
    def says_states(self) -> bool:
        """A bridge may say each attribute on a topic of its own, and nothing in JSON."""
        return mapping(self._config.get("advanced")).get("output") != "attribute"

    def found(self) -> Iterator[FoundDevice]:
        lamps: dict[tuple[str, str | None], FoundDevice] = {}
        for entry in self._entries:
            name, definition = topic(entry.get("friendly_name")), mapping(entry.get("definition"))
            if name and not _unusable(entry):
                own = hardware(entry.get("ieee_address"))
                for endpoint, found in self._of_device(name, entry, definition):
                    device = replace(found, hardware=own)
                    if Kind.LIGHT in device.kinds:
                        lamps[str(entry.get("ieee_address")), endpoint] = device
                    yield device
        for group in self._groups:
            yield from self._of_group(group, lamps)

    def left_out(self) -> Iterator[LeftOut]:
        if not self.says_states:
            why = (
                "it says each attribute on a topic of its own (`output: attribute`); set `output: json` in its settings"
            )
            yield LeftOut(self._base, why, f"{self._base}/bridge/info")
            return
        for entry in self._entries:
            name = text(entry.get("friendly_name")) or text(entry.get("ieee_address"))
            if name and (why := _unusable(entry)):
                yield LeftOut(name, why, self._by)
        for group in self._groups:
            if group.get("id") != _DEFAULT_BIND_GROUP and not topic(group.get("friendly_name")):
                yield LeftOut(text(group.get("friendly_name")) or "a group", _NO_NAME, f"{self._base}/bridge/groups")

    def _of_device(
        self, name: str, entry: Mapping[str, Any], definition: Mapping[str, Any]
    ) -> Iterator[tuple[str | None, FoundDevice]]:
        exposes = objects(definition.get("exposes"))
        types = {str(expose.get("type")) for expose in exposes}
        lights = {endpoint_of(expose): expose for expose in exposes if expose.get("type") == "light"}
        for endpoint, expose in lights.items():
            if endpoint is None and len(lights) > 1:
                continue
            yield endpoint, self._light(name, endpoint, expose, entry, definition)
        if not types & _NEVER:
            for expose in exposes:
                endpoint = endpoint_of(expose)
                if expose.get("type") == "switch" and endpoint not in lights and is_a_plug(expose, endpoint):
                    yield endpoint, self._switch(name, endpoint, exposes, definition)
        actions = presses(exposes)
        if actions and not (lights and None not in lights):
            remarks = ("it is a lamp with buttons of its own",) if lights else ()
            yield None, self._button(name, actions, definition, remarks)

    def _light(
        self,
        name: str,
        endpoint: str | None,
        expose: Mapping[str, Any],
        entry: Mapping[str, Any],
        definition: Mapping[str, Any],
    ) -> FoundDevice:
        light = exposed_light(expose)
        keys: dict[str, Any] = {"colors": list(light.colours)}
        unknown: dict[str, str] = {}
        if light.whites is not None:
            coolest, warmest = light.whites
            keys |= {"coolest": kelvin(coolest), "warmest": kelvin(warmest)}
        elif "temperature" in light.colours:
            unknown["coolest, warmest"] = _NOT_KNOWN
        if not light.dims:
            keys["fade"] = "none"
        elif not takes_time(definition):
            keys["fade"] = "stepped"
        if not fades_level_and_colour(definition):
            keys["one_attribute_per_fade"] = True
        title = self._title(name, endpoint, definition)
        return FoundDevice(
            (self._key(name, endpoint),),
            {"kind": "light", **self._where(name, endpoint), **keys},
            title,
            (self._by,),
            area=_area(name),
            model=_model(definition),
            proposed=light_role(name, title) if light.dims else (),
            unknown=unknown,
            remarks=tuple(self._remarks(light, entry, definition)),
        )

    def _remarks(self, light: ExposedLight, entry: Mapping[str, Any], definition: Mapping[str, Any]) -> Iterator[str]:
        names = {text(expose.get("name")) for expose in objects(definition.get("exposes"))}
        model = text(definition.get("model"))
        if definition.get("source") == "generated":
            yield "guessed by the bridge, which does not know this model"
        if not light.dims:
            yield "it cannot be dimmed, only switched"
        if self._option(entry, "optimistic") is False:
            yield "it says how it is when it has got there, not when it has heard (`optimistic: false` at the bridge)"
        if held := [key for key in ("throttle", "debounce") if number(self._option(entry, key))]:
            yield f"its reports come late (`{held[0]}` at the bridge)"
        if names & {"min_brightness", "max_brightness"}:
            yield "its lowest and highest levels are set in the lamp (min_brightness, max_brightness)"
        if any(name.startswith(("gradient", "segment_colors")) for name in names):
            yield "a gradient that it shows is given back as its level alone"
        if model.startswith(_GLEDOPTO):
            yield "the bridge makes its fades 3.3 times as long; none may be longer than 1985 s"
        if model in _TURNS_ON_FIRST:
            yield "it has to be turned on before it takes a level"
        if is_true(self._option(entry, "hue_native_control")):
            yield "level and colour travel in one message (`hue_native_control`)"

    def _option(self, entry: Mapping[str, Any], name: str) -> Any:
        """What its bridge is set to do with it: for itself, else for all."""
        own = mapping(mapping(self._config.get("devices")).get(str(entry.get("ieee_address"))))
        return own.get(name, mapping(self._config.get("device_options")).get(name))

    def _switch(
        self, name: str, endpoint: str | None, exposes: Sequence[Mapping[str, Any]], definition: Mapping[str, Any]
    ) -> FoundDevice:
        measures = [word for word in ("power", "energy") if any(expose.get("name") == word for expose in exposes)]
        return FoundDevice(
            (self._key(name, endpoint),),
            {"kind": "switch", **self._where(name, endpoint)},
            self._title(name, endpoint, definition),
            (self._by,),
            area=_area(name),
            model=_model(definition),
            unknown={"kind": "what is plugged in, and whether it heats or moves: it plays no role until you cast it"},
            remarks=(f"it measures {' and '.join(measures)}",) if measures else (),
        )

    def _button(
        self, name: str, actions: tuple[str, ...], definition: Mapping[str, Any], remarks: tuple[str, ...]
    ) -> FoundDevice:
        return FoundDevice(
            (f"{self._key(name, None)} action",),
            {"kind": "button", **self._where(name, None)},
            self._title(name, None, definition),
            (self._by,),
            area=_area(name),
            model=_model(definition),
            proposed=() if remarks else (Kind.BUTTON,),
            signals=actions,
            remarks=remarks,
        )

    def _of_group(
        self, group: Mapping[str, Any], lamps: Mapping[tuple[str, str | None], FoundDevice]
    ) -> Iterator[FoundDevice]:
        """Its colours and its range are what all of its lamps have; Home Assistant is told what any of them has."""
        name = topic(group.get("friendly_name"))
        if not name or group.get("id") == _DEFAULT_BIND_GROUP:
            return
        asked = objects(group.get("members"))
        members = [lamp for member in asked if (lamp := self._member(member, lamps)) is not None]
        members = list({lamp.keys[0]: lamp for lamp in members}.values())
        if len(members) < 2:
            return
        colours = [
            colour for colour in ("temperature", "rgb") if all(colour in each.entry["colors"] for each in members)
        ]
        keys: dict[str, Any] = {"colors": colours}
        ranges = [(_kelvin(each.entry["coolest"]), _kelvin(each.entry["warmest"])) for each in members if _has(each)]
        unknown = {}
        if "temperature" in colours and len(ranges) == len(members):
            coolest, warmest = min(high for high, _ in ranges), max(low for _, low in ranges)
            if warmest < coolest:
                keys |= {"coolest": f"{coolest}K", "warmest": f"{warmest}K"}
        if "temperature" in colours and "coolest" not in keys:
            unknown["coolest, warmest"] = _NOT_KNOWN
        remarks = []
        for key in ("one_attribute_per_fade", "fade"):
            # What stands at a group holds for its lamps: only what is so of each of them may.
            said = {each.entry.get(key) for each in members}
            if said != {None} and len(said) == 1:
                keys[key] = said.pop()
            elif len(said) > 1:
                remarks.append("its lamps do not fade alike: cast them one by one")
        if others := len(asked) - len(members):
            remarks.append(f"{others} of its members are none of the lamps found here; they follow it as well")
        yield FoundDevice(
            (self._key(name, None),),
            {"kind": "light", **self._where(name, None), **keys},
            self._title(name, None, {}),
            (f"{self._base}/bridge/groups",),
            area=_area(name),
            model="group",
            members=tuple(each.keys[0] for each in members),
            unknown=unknown,
            remarks=tuple(remarks),
        )

    def _member(
        self, member: Mapping[str, Any], lamps: Mapping[tuple[str, str | None], FoundDevice]
    ) -> FoundDevice | None:
        """A member names its endpoint by number; the lamp of a device of several has that endpoint's name."""
        address = str(member.get("ieee_address"))
        entry = next((each for each in self._entries if str(each.get("ieee_address")) == address), {})
        endpoint = mapping(mapping(entry.get("endpoints")).get(str(member.get("endpoint")))).get("name")
        return lamps.get((address, endpoint if isinstance(endpoint, str) else None)) or lamps.get((address, None))

    def _where(self, name: str, endpoint: str | None) -> dict[str, Any]:
        address = f"{self._base}/{name}" + (f"/{endpoint}" if endpoint is not None else "")
        base = {"base": self._base} if "/" in self._base else {}
        return {"dialect": "zigbee2mqtt", "topic": address, **base}

    def _key(self, name: str, endpoint: str | None) -> str:
        return f"zigbee2mqtt:{self._base}/{name}" + (f"/{endpoint}" if endpoint is not None else "")

    def _title(self, name: str, endpoint: str | None, definition: Mapping[str, Any]) -> str:
        title = text(name.rpartition("/")[2]) or text(name)
        if title.startswith("0x") and (model := _model(definition)):
            title = model
        shown = {"rgb": "colour"}.get(endpoint or "", endpoint or "")
        return f"{title} {shown}".strip()


def _unusable(entry: Mapping[str, Any]) -> str:
    """Why a device is not taken; empty where it is."""
    definition = entry.get("definition")
    exposes = objects(mapping(definition).get("exposes"))
    if entry.get("type") == "Coordinator":
        return ""  # nothing to tell: it has nothing that could be taken
    if entry.get("disabled") is True:
        return "it is disabled at the bridge"
    if not topic(entry.get("friendly_name")):
        return _NO_NAME
    state = entry.get("interview_state")
    if entry.get("interview_completed") is False or entry.get("interviewing") is True:
        return "not interviewed: let the bridge interview it again"
    if isinstance(state, str) and state != "SUCCESSFUL":
        return "not interviewed: let the bridge interview it again"
    if not isinstance(definition, dict):
        return "not interviewed, or the bridge does not know this model"
    if entry.get("supported") is False and not any(expose.get("type") == "light" for expose in exposes):
        return "the bridge does not know this model"
    if {str(expose.get("type")) for expose in exposes} & {"climate", "cover", "lock", "fan"}:
        return "it heats, moves or locks: never a part of a scene" if not _shines(exposes) else ""
    return ""


def _shines(exposes: Sequence[Mapping[str, Any]]) -> bool:
    return any(expose.get("type") == "light" for expose in exposes)


def _area(name: str) -> str | None:
    """Who names lamps `bedroom/ceiling` says where they are; who names them `lights/ceiling` what they are."""
    levels = [text(level) for level in name.split("/")[:-1]]
    return next((level for level in levels if level and level.lower() not in _NO_ROOMS), None)


def _model(definition: Mapping[str, Any]) -> str:
    return " ".join(part for key in ("vendor", "model") if (part := text(definition.get(key))))


def _has(device: FoundDevice) -> bool:
    return "coolest" in device.entry


def _kelvin(written: str) -> int:
    return int(written.removesuffix("K"))


def _is_online(payload: str | None) -> bool | None:
    """JSON, or the bare word of versions 1.x."""
    if payload is None:
        return None
    state = mapping(parsed(payload)).get("state", payload.strip())
    return True if state == "online" else False if state == "offline" else None


def _unreadable(payload: str) -> str:
    """What is wrong with a list; empty where it is one."""
    listed = parsed(payload)
    if isinstance(listed, list):
        return ""
    return "is no JSON: is it cut off at the broker?" if listed is None else "is no list: is this a Zigbee2MQTT?"


def _is_of_a_bridge(part: str, payload: str) -> bool:
    """Other bridges have such topics as well; this one's devices have the address of their radio."""
    if part == "state":
        return _is_online(payload) is not None
    if part == "info":
        return "version" in mapping(parsed(payload))
    listed = parsed(payload)
    return listed == [] or any("ieee_address" in each or "friendly_name" in each for each in objects(listed))
