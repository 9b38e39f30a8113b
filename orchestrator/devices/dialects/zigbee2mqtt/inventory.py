"""What a Zigbee2MQTT bridge says of its devices and groups (`bridge/devices`, `bridge/groups`), as far as lamps go.

Groups have no `exposes` of their own: what all members have is what the group has.
"""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from orchestrator.devices.reading import MIRED
from orchestrator.devices.wire import number

_KEYS = {"color_xy": "color", "color_hs": "color"}
"""Under which key a feature is told and asked, where that is not its name."""
_GETTABLE = 0b100


class Exposed(NamedTuple):
    """What a lamp can: be dimmed, whites from coolest to warmest in mired, mix colours; and what it can be asked."""

    dims: bool
    whites: tuple[float, float] | None
    mixes: bool
    says: frozenset[str]


class Lamps(NamedTuple):
    """The lamps of one device by endpoint, None where it has one lamp only; empty for what is no lamp."""

    name: str
    address: str
    by_endpoint: Mapping[str | None, Exposed]


class Inventory:
    """What was heard last of one bridge."""

    def __init__(self) -> None:
        self._devices: Mapping[str, Lamps] = {}
        self._groups: Mapping[str, tuple[str, ...]] = {}

    def devices(self, payload: str) -> None:
        self._devices = _devices(payload)

    def groups(self, payload: str) -> None:
        self._groups = _groups(payload)

    def has(self, name: str) -> bool:
        """Whether a device of this name is known."""
        return name in self._devices

    def lamp(self, name: str) -> Exposed | None:
        """What the lamp, group or gang of a name can; None where the bridge has not said it."""
        whole, _, endpoint = name.rpartition("/")
        if name in self._devices:
            lamps = self._devices[name].by_endpoint
            return lamps.get(None)
        if whole in self._devices:
            return self._devices[whole].by_endpoint.get(endpoint)
        return self._common(self._groups.get(name, ()))

    def _common(self, addresses: Iterable[str]) -> Exposed | None:
        known = {lamps.address: lamps for lamps in self._devices.values()}
        members = [_first(known[address]) if address in known else None for address in addresses]
        exposed = [member for member in members if member is not None]
        if not exposed or len(exposed) < len(members):
            return None
        whites = [member.whites for member in exposed if member.whites is not None]
        coolest, warmest = max((low for low, _ in whites), default=0.0), min((high for _, high in whites), default=0.0)
        return Exposed(
            all(member.dims for member in exposed),
            (coolest, warmest) if len(whites) == len(exposed) and coolest < warmest else None,
            all(member.mixes for member in exposed),
            frozenset.intersection(*(member.says for member in exposed)),
        )


def _first(lamps: Lamps) -> Exposed | None:
    return next(iter(lamps.by_endpoint.values()), None)


@lru_cache(maxsize=4)
def _devices(payload: str) -> Mapping[str, Lamps]:
    found = {}
    for entry in _listed(payload):
        name, definition = entry.get("friendly_name"), entry.get("definition")
        if isinstance(name, str) and isinstance(definition, dict) and not entry.get("disabled"):
            lamps = {
                _word(expose.get("endpoint")): _exposed(expose)
                for expose in _objects(definition.get("exposes"))
                if expose.get("type") == "light"
            }
            found[name] = Lamps(name, str(entry.get("ieee_address")), lamps)
    return found


@lru_cache(maxsize=4)
def _groups(payload: str) -> Mapping[str, tuple[str, ...]]:
    return {
        group["friendly_name"]: tuple(str(each.get("ieee_address")) for each in _objects(group.get("members")))
        for group in _listed(payload)
        if isinstance(group.get("friendly_name"), str)
    }


def _exposed(light: Mapping[str, Any]) -> Exposed:
    features = {str(feature.get("name")): feature for feature in _objects(light.get("features"))}
    white = features.get("color_temp")
    return Exposed(
        "brightness" in features,
        None if white is None else (_mired(white.get("value_min"), 150.0), _mired(white.get("value_max"), 500.0)),
        bool({"color_xy", "color_hs"} & features.keys()),
        frozenset(_KEYS.get(name, name) for name, feature in features.items() if _is_gettable(feature)),
    )


def _is_gettable(feature: Mapping[str, Any]) -> bool:
    """The third bit of `access` says so."""
    access = feature.get("access")
    return not isinstance(access, int) or bool(access & _GETTABLE)


def _mired(value: object, else_: float) -> float:
    """Limits that a lamp has not said are those that the bridge assumes."""
    read = number(value)
    return read if read is not None and MIRED[0] <= read <= MIRED[1] else else_


def _word(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _listed(payload: str) -> list[dict[str, Any]]:
    try:
        return _objects(json.loads(payload))
    except (ValueError, RecursionError):
        return []


def _objects(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
