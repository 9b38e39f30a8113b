"""What a Zigbee2MQTT bridge says of its devices and groups, in the form of 2.14.1; all of it is retained.

Its lists are made from the home file: a lamp exposes what that says it has. What is a group there is one here, of those
of its members that the bridge has. A sensor has no twin, and is not listed.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from zlib import crc32

from orchestrator.devices.abilities import ColourMode, FadeBy, Kind, LightAbilities
from orchestrator.devices.dialects.zigbee2mqtt import FULL_LEVEL, Zigbee2MqttSettings
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import compact
from orchestrator.home.device import Device

LARGEST = 1_000_000
"""Of a list, in characters: its bridge sends no larger packet (`maximum_packet_size`), and so a house has no list."""
_ALL = 0b111
"""`access`: it is said, may be set, and may be asked."""
_SAID = 0b001
_ACTIONS = ("single", "double", "hold")
_TRANSITION = {"name": "transition", "property": "transition", "type": "numeric", "access": 2, "value_min": 0}
_UNFREEZE = {"name": "unfreeze_support", "property": "unfreeze_support", "type": "binary", "access": 2}


class Zigbee2MqttBridges:
    """The bridges of a home, each under its base topic."""

    topics: tuple[str, ...] = ()

    def __init__(self, devices: Sequence[Device]) -> None:
        self._by_base: dict[str, list[tuple[Device, Zigbee2MqttSettings]]] = {}
        self._lists: dict[str, tuple[Message, ...]] = {}
        for device in devices:
            settings = device.settings
            assert isinstance(settings, Zigbee2MqttSettings)
            self._by_base.setdefault(settings.bridge, []).append((device, settings))

    def says(self, *, online: bool) -> list[Message]:
        """What it says of itself is on `bridge/state`; the lists stay as they are when it goes."""
        said: list[Message] = []
        for base, devices in self._by_base.items():
            said.append(_kept(base, "state", compact(state="online" if online else "offline")))
            if online:
                if base not in self._lists:
                    self._lists[base] = tuple(each for each in _lists(base, devices) if len(each.payload) <= LARGEST)
                said += self._lists[base]
        return said

    def answers(self, _message: Message, _is_online: Callable[[str], bool]) -> tuple[Message, ...]:
        return ()


def _lists(base: str, devices: Sequence[tuple[Device, Zigbee2MqttSettings]]) -> Iterator[Message]:
    """Each name once: what is one device may stand in a home file as a lamp and a button."""
    entries: dict[str, dict[str, Any]] = {}
    groups: list[dict[str, Any]] = []
    places: dict[str, dict[str, Any]] = {}
    for device, settings in devices:
        if device.members:
            continue
        whole, endpoint = gang_of(settings) or (settings.topic, "")
        name = whole.removeprefix(f"{settings.bridge}/")
        if exposes := list(_exposes(device)):
            entry = entries.setdefault(name, _entry(name, device))
            number = _numbered(entry, endpoint) if endpoint else 11
            entry["definition"]["exposes"] += [_at(each, endpoint) for each in exposes] if endpoint else exposes
            places[device.name] = {"ieee_address": _address(name), "endpoint": number}
    for device, settings in devices:
        listed = [places[name] for name in device.members if name in places]
        if listed:
            number = len(groups) + 1
            groups.append({"id": number, "friendly_name": settings.friendly_name, "scenes": [], "members": listed})
    yield _kept(base, "info", _info(base, {each["ieee_address"]: name for name, each in entries.items()}))
    yield _kept(base, "devices", _listed([_COORDINATOR, *entries.values()]))
    yield _kept(base, "groups", _listed(groups))


def gang_of(settings: Zigbee2MqttSettings) -> tuple[str, str] | None:
    """The topic of the whole, and the endpoint, of one of several lamps or switches of a device.

    Here only what ends in a number is one: lamps are called `bedroom/left` as well.
    """
    gang = settings.gang
    return gang if gang is not None and settings.looks_like_a_gang and gang[1][-1].isdecimal() else None


def _numbered(entry: dict[str, Any], endpoint: str) -> int:
    """The number of an endpoint: in the order in which they are listed."""
    named: dict[str, dict[str, Any]] = entry["endpoints"]
    named.pop("11", None)
    number = next((number for number, each in named.items() if each["name"] == endpoint), str(len(named) + 1))
    named[number] = {"bindings": [], "scenes": [], "name": endpoint}
    return int(number)


def _at(expose: dict[str, Any], endpoint: str) -> dict[str, Any]:
    """The same of one endpoint: each feature has its name behind its own."""
    placed = {**expose, "endpoint": endpoint}
    if "property" in expose:
        placed["property"] = f"{expose['property']}_{endpoint}"
    if "features" in expose and expose.get("type") != "composite":
        placed["features"] = [_at(each, endpoint) for each in expose["features"]]
    return placed


_COORDINATOR = {
    "ieee_address": "0x00fa4e30d7ad6fa9",
    "type": "Coordinator",
    "friendly_name": "Coordinator",
    "network_address": 0,
    "supported": True,
    "disabled": False,
    "interview_completed": True,
    "interview_state": "SUCCESSFUL",
    "interviewing": False,
    "definition": None,
}


def _kept(base: str, part: str, payload: str) -> Message:
    return Message(f"{base}/bridge/{part}", payload, retain=True)


def _listed(entries: Sequence[dict[str, Any]]) -> str:
    return f"[{','.join(compact(**entry) for entry in entries)}]"


def _address(name: str) -> str:
    return f"0x00fa4e00{crc32(name.encode()):08x}"


def _info(base: str, names: dict[str, str]) -> str:
    config = {
        "version": 5,
        "advanced": {"cache_state": True, "last_seen": "disable", "output": "json"},
        "availability": {"enabled": True},
        "device_options": {},
        "devices": {address: {"friendly_name": name} for address, name in names.items()},
        "mqtt": {"base_topic": base},
    }
    return compact(version="2.14.1", config=config, log_level="info", permit_join=False, restart_required=False)


def _entry(name: str, device: Device) -> dict[str, Any]:
    light = device.abilities.light
    options = []
    if light is not None and light.fade is FadeBy.NATIVE:
        options.append(_TRANSITION)
    if light is not None and light.one_attribute_per_fade:
        options.append(_UNFREEZE)
    kind = "lamp" if light is not None else "plug" if Kind.SWITCH in device.kinds else "remote"
    definition = {
        "source": "native",
        "vendor": "relax",
        "model": f"simulated {kind}",
        "supports_ota": False,
        "options": options,
        "exposes": [],
    }
    return {
        "ieee_address": _address(name),
        "type": "EndDevice" if kind == "remote" else "Router",
        "friendly_name": name,
        "supported": True,
        "disabled": False,
        "interview_completed": True,
        "interview_state": "SUCCESSFUL",
        "interviewing": False,
        "definition": definition,
        "endpoints": {"11": {"bindings": [], "scenes": []}},
    }


def _exposes(device: Device) -> Iterator[dict[str, Any]]:
    if (light := device.abilities.light) is not None:
        yield {"type": "light", "features": list(_features(light))}
    if device.abilities.switch is not None:
        yield {"type": "switch", "features": [_switched()]}
    if Kind.BUTTON in device.kinds:
        yield {"type": "enum", "access": _SAID, "name": "action", "property": "action", "values": list(_ACTIONS)}


def _switched() -> dict[str, Any]:
    words = {"value_on": "ON", "value_off": "OFF", "value_toggle": "TOGGLE"}
    return _feature("state", "binary", **words)


def _features(light: LightAbilities) -> Iterator[dict[str, Any]]:
    yield _switched()
    if light.dimmable:
        yield _feature("brightness", "numeric", value_min=0, value_max=FULL_LEVEL)
    if ColourMode.TEMPERATURE in light.colours:
        limits = {"value_min": round(light.coolest), "value_max": round(light.warmest)}
        yield _feature("color_temp", "numeric", unit="mired", **limits)
    if ColourMode.RGB in light.colours:
        parts = [_feature(axis, "numeric") for axis in ("x", "y")]
        yield _feature("color_xy", "composite", features=parts) | {"property": "color"}


def _feature(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "property": name, "type": kind, "access": _ALL, **more}
