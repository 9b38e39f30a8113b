"""What a Zigbee2MQTT bridge says of its devices, groups and settings, as far as lamps go.

`bridge/devices`, `bridge/groups`, `bridge/info`. Groups have no `exposes` of their own: what all members have is what
the group has.
"""

import json
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from orchestrator.devices.discovery.zigbee2mqtt_exposes import (
    endpoint_of,
    exposed_light,
    fades_level_and_colour,
    is_turned_on_first,
    takes_time,
)

_KEYS = {"color_xy": "color", "color_hs": "color"}
"""Under which key a feature is told and asked, where that is not its name."""
_GETTABLE = 0b100
_IN_ONE = "hue_native_control"


class Mixing(Enum):
    """How a lamp is told a colour."""

    NONE = "it has none"
    PLACE = "by x and y"
    HUE = "by hue and saturation alone: nothing turns x and y into these"


class Exposed(NamedTuple):
    """What a lamp can: be dimmed, whites, colours; what it can be asked; how it fades."""

    dims: bool
    has_whites: bool
    whites: tuple[float, float] | None
    """From coolest to warmest in mired; None where nobody knows, and what stands there is a placeholder."""
    mixing: Mixing
    says: frozenset[str]
    takes_time: bool
    """It can be told how long a fade is to take."""
    fades_both: bool
    """Level and colour in one fade."""
    is_turned_on_first: bool
    """A level is two commands of its radio."""


class Entry(NamedTuple):
    """A device or a group as its bridge has it: the lamps of a device by endpoint, None where it has one alone."""

    name: str
    address: str
    lamps: Mapping[str | None, Exposed] = {}
    endpoints: Mapping[str, str] = {}
    """Names by number."""
    members: tuple[tuple[str, str], ...] = ()
    """Of a group: address and number of the endpoint of each."""


class Info(NamedTuple):
    """What a bridge is set to do."""

    says_states: bool = True
    """It publishes JSON; else each attribute on a topic of its own."""
    together: bool = False
    """Level and colour of a Hue lamp go in one command (`hue_native_control`), where nothing else is said of it."""
    apart: Mapping[str, bool] = MappingProxyType({})
    """By address, where that is said of one lamp."""


class Inventory:
    """What was heard last of one bridge."""

    def __init__(self) -> None:
        self._info = Info()
        self._devices: Mapping[str, Entry] = {}
        self._groups: Mapping[str, Entry] = {}

    def devices(self, payload: str) -> None:
        """An empty list says nothing: a bridge is in its own."""
        self._devices = _devices(payload) or self._devices

    def groups(self, payload: str) -> None:
        """An empty list says that there is no group."""
        listed = _groups(payload)
        self._groups = self._groups if listed is None else listed

    def info(self, payload: str) -> None:
        self._info = _info(payload)

    @property
    def says_states(self) -> bool:
        return self._info.says_states

    def is_one_command(self, name: str) -> bool:
        """Whether level and colour of a device travel in one command of its radio."""
        device = self._devices.get(name)
        return device is not None and self._info.apart.get(device.address, self._info.together)

    def entry(self, name: str) -> Entry | None:
        """The device or group of this name."""
        return self._devices.get(name) or self._groups.get(name)

    def name_of(self, address: str) -> str | None:
        """What the device of an address is called."""
        return next((name for name, each in self._devices.items() if each.address == address), None)

    def is_group(self, name: str) -> bool:
        return name in self._groups and name not in self._devices

    def endpoint(self, name: str) -> tuple[Entry, str | None] | None:
        """The device that a name reaches and at which endpoint. Whole devices of several lamps are their first."""
        if (device := self._devices.get(name)) is not None:
            return device, None if None in device.lamps else next(iter(device.lamps), None)
        whole, _, last = name.rpartition("/")
        device = self._devices.get(whole)
        return (device, last) if device is not None and last in device.lamps else None

    def lamp(self, name: str) -> Exposed | None:
        """What the lamp, group or gang of a name can; None where the bridge has not said it."""
        if (found := self.endpoint(name)) is not None:
            device, endpoint = found
            return device.lamps.get(endpoint)
        return self._common(self._groups[name].members) if name in self._groups else None

    def members(self, name: str) -> tuple[str, ...]:
        """What a group's members are called, with their endpoint where their device has several lamps.

        Empty for what is no group, and where not all are known.
        """
        if not self.is_group(name):
            return ()
        by_address = {device.address: device for device in self._devices.values()}
        called = [_called(by_address.get(address), number) for address, number in self._groups[name].members]
        known = tuple(each for each in called if each is not None)
        return known if len(known) == len(called) else ()

    def _common(self, members: Iterable[tuple[str, str]]) -> Exposed | None:
        by_address = {device.address: device for device in self._devices.values()}
        found = [(by_address.get(address), number) for address, number in members]
        if any(device is None for device, _ in found):
            return None
        lamps = [_lamp_at(device, number) for device, number in found if device is not None and device.lamps]
        if not lamps:
            return None
        known = [lamp.whites for lamp in lamps if lamp.whites is not None]
        coolest, warmest = max((low for low, _ in known), default=0.0), min((high for _, high in known), default=0.0)
        has_whites = all(lamp.has_whites for lamp in lamps) and (coolest < warmest or not known)
        ways = {lamp.mixing for lamp in lamps}
        return Exposed(
            dims=all(lamp.dims for lamp in lamps),
            has_whites=has_whites,
            whites=(coolest, warmest) if has_whites and known else None,
            mixing=next(way for way in (Mixing.NONE, Mixing.HUE, Mixing.PLACE) if way in ways),
            says=frozenset.intersection(*(lamp.says for lamp in lamps)),
            takes_time=all(lamp.takes_time for lamp in lamps),
            fades_both=all(lamp.fades_both for lamp in lamps),
            is_turned_on_first=any(lamp.is_turned_on_first for lamp in lamps),
        )


def _called(device: Entry | None, number: str) -> str | None:
    if device is None:
        return None
    endpoint = device.endpoints.get(number)
    return f"{device.name}/{endpoint}" if endpoint in device.lamps and endpoint is not None else device.name


def _lamp_at(device: Entry, number: str) -> Exposed:
    """A group names the endpoint of a member by its number; where the device has one lamp, that is it."""
    return device.lamps.get(device.endpoints.get(number)) or next(iter(device.lamps.values()))


@lru_cache(maxsize=4)
def _devices(payload: str) -> Mapping[str, Entry]:
    found = {}
    for entry in _listed(payload):
        name, definition = entry.get("friendly_name"), entry.get("definition")
        if not isinstance(name, str) or not isinstance(definition, dict) or entry.get("disabled"):
            continue
        lamps = {
            endpoint_of(expose): _exposed(expose, definition)
            for expose in _objects(definition.get("exposes"))
            if expose.get("type") == "light"
        }
        found[name] = Entry(name, str(entry.get("ieee_address")), lamps, _endpoints(entry.get("endpoints")))
    return found


@lru_cache(maxsize=4)
def _info(payload: str) -> Info:
    config = _object(_object(_parsed(payload)).get("config"))
    lamps = {address: _object(each) for address, each in _object(config.get("devices")).items()}
    return Info(
        _object(config.get("advanced")).get("output") != "attribute",
        _object(config.get("device_options")).get(_IN_ONE) is True,
        {address: each[_IN_ONE] is True for address, each in lamps.items() if _IN_ONE in each},
    )


def _endpoints(listed: object) -> Mapping[str, str]:
    if not isinstance(listed, dict):
        return {}
    named = {number: each.get("name") for number, each in listed.items() if isinstance(each, dict)}
    return {number: name for number, name in named.items() if isinstance(name, str)}


@lru_cache(maxsize=4)
def _groups(payload: str) -> Mapping[str, Entry] | None:
    """None for what is no list."""
    listed = _parsed(payload)
    if not isinstance(listed, list):
        return None
    return {
        name: Entry(name, f"group {group.get('id')}", members=_members(group))
        for group in _objects(listed)
        if isinstance(name := group.get("friendly_name"), str)
    }


def _members(group: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    members = _objects(group.get("members"))
    return tuple((str(each.get("ieee_address")), str(each.get("endpoint"))) for each in members)


def _exposed(light: Mapping[str, Any], definition: Mapping[str, Any]) -> Exposed:
    features = {str(feature.get("name")): feature for feature in _objects(light.get("features"))}
    exposed = exposed_light(light)
    hue = Mixing.HUE if "color_hs" in features else Mixing.NONE
    return Exposed(
        exposed.dims,
        "color_temp" in features,
        exposed.whites,
        Mixing.PLACE if "color_xy" in features else hue,
        frozenset(_KEYS.get(name, name) for name, feature in features.items() if _is_gettable(feature)),
        takes_time(definition),
        fades_level_and_colour(definition),
        is_turned_on_first(definition),
    )


def _is_gettable(feature: Mapping[str, Any]) -> bool:
    """The third bit of `access` says so."""
    access = feature.get("access")
    return not isinstance(access, int) or bool(access & _GETTABLE)


def _listed(payload: str) -> list[dict[str, Any]]:
    return _objects(_parsed(payload))


def _parsed(payload: str) -> object:
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        return None


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
