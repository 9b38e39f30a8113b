"""Homie, conventions 4 and 5: devices that describe themselves in nodes and properties, and do not say what a light is.

A lamp is a node with something settable that its names call a light, or with a settable colour; everything else that
can be set (a pump, a reboot, a circuit) is left alone.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from orchestrator.devices.discovery.discoverer import Discoverer
from orchestrator.devices.discovery.found_device import FoundDevice, LeftOut
from orchestrator.devices.discovery.parsing import is_true, keep, kelvin, light_role, mapping, parsed, text, topic
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import number

_LAMP = re.compile(r"(?<![a-z])(lights?|lighting|lamps?|leds?|ledstrip|dimmer|bulb|licht|lampe|leuchte)(?![a-z])")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|_|-|\d+")
_SWITCHES = ("power", "on", "onoff", "on-off", "state", "switch")
_ATTRIBUTES = 20_000
_OF_A_DEVICE = ("$homie", "$name", "$state", "$nodes")
_OF_A_NODE = ("$name", "$type", "$properties")
_OF_A_PROPERTY = ("$name", "$datatype", "$settable", "$format", "$unit")


class _Node(NamedTuple):
    """A node as both versions have it. `properties` by their ids."""

    address: str
    device: str
    name: str
    type: str
    properties: Mapping[str, Mapping[str, Any]]
    version: int
    announced_by: str
    state: str


class HomieDiscovery(Discoverer):
    """All devices of both conventions, version 5 in any domain."""

    topics = (
        "+/5/+/$description",
        "+/5/+/$state",
        *(f"homie/+/{name}" for name in _OF_A_DEVICE),
        *(f"homie/+/+/{name}" for name in _OF_A_NODE),
        *(f"homie/+/+/+/{name}" for name in _OF_A_PROPERTY),
    )

    def __init__(self) -> None:
        self._described: dict[str, str] = {}
        self._states: dict[str, str] = {}
        self._said: dict[str, str] = {}

    def hear(self, message: Message) -> None:
        levels = message.topic.split("/")
        if len(levels) == 4 and levels[1] == "5" and levels[3] in ("$description", "$state"):
            kept = self._described if levels[3] == "$description" else self._states
            if topic(address := "/".join(levels[:3])):
                keep(kept, address, message.payload)
        elif levels[0] == "homie" and 3 <= len(levels) <= 5 and levels[-1].startswith("$"):
            attributes = (_OF_A_DEVICE, _OF_A_NODE, _OF_A_PROPERTY)[len(levels) - 3]
            has_room = message.topic in self._said or len(self._said) < _ATTRIBUTES
            if levels[-1] in attributes and has_room and len(message.payload) <= 2000:
                self._said[message.topic] = message.payload

    def found(self) -> Iterator[FoundDevice]:
        for node in self._nodes():
            if (device := _lamp(node)) is not None:
                yield device

    def left_out(self) -> Iterator[LeftOut]:
        for node in self._nodes():
            if any(is_true(each.get("settable")) for each in node.properties.values()) and _lamp(node) is None:
                why = "nothing of it calls itself a light"
                yield LeftOut(f"{node.device} {node.name}".strip(), why, node.announced_by)

    def _nodes(self) -> Iterator[_Node]:
        for address, payload in self._described.items():
            said = mapping(parsed(payload))
            for id_, node in mapping(said.get("nodes")).items():
                if isinstance(node, dict) and topic(f"{address}/{id_}"):
                    properties = {
                        str(name): each
                        for name, each in mapping(node.get("properties")).items()
                        if isinstance(each, dict)
                    }
                    yield _Node(
                        f"{address}/{id_}",
                        text(said.get("name")) or text(address.rpartition("/")[2]),
                        text(node.get("name")) or text(id_),
                        text(node.get("type")),
                        properties,
                        5,
                        f"{address}/$description",
                        self._states.get(address, ""),
                    )
        for name in [name for name in self._said if name.endswith("/$homie")]:
            address = name.removesuffix("/$homie")
            if self._said[name].startswith(("3", "4")):
                for id_ in _listed(self._said.get(f"{address}/$nodes", "")):
                    yield self._node(address, id_)

    def _node(self, address: str, id_: str) -> _Node:
        """Version 4, and 3, which differs in nothing that we read: an attribute is a topic."""
        where = f"{address}/{id_}"
        properties = {
            name: {
                "name": self._said.get(f"{where}/{name}/$name", name),
                "datatype": self._said.get(f"{where}/{name}/$datatype"),
                "settable": self._said.get(f"{where}/{name}/$settable"),
                "format": self._said.get(f"{where}/{name}/$format"),
                "unit": self._said.get(f"{where}/{name}/$unit"),
            }
            for name in _listed(self._said.get(f"{where}/$properties", ""))
        }
        device = text(self._said.get(f"{address}/$name")) or text(address.rpartition("/")[2])
        own = text(self._said.get(f"{where}/$name")) or text(id_)
        by, state = f"{address}/$homie", self._said.get(f"{address}/$state", "")
        return _Node(where, device, own, text(self._said.get(f"{where}/$type")), properties, 4, by, state)


def _lamp(node: _Node) -> FoundDevice | None:
    """The node as a lamp; None where it is none."""
    settable = {id_: each for id_, each in node.properties.items() if is_true(each.get("settable")) and topic(id_)}
    says_lamp = _is_called_lamp(node.address.rpartition("/")[2], node.name, node.type)
    roles: dict[str, str] = {}
    for id_, each in settable.items():
        kind, unit = text(each.get("datatype")), text(each.get("unit"))
        named = says_lamp or _is_called_lamp(id_, text(each.get("name")))
        if kind == "boolean" and _is_called_lamp(id_, text(each.get("name"))):
            roles["on"] = id_
        elif kind == "boolean" and says_lamp and id_.lower() in _SWITCHES:
            roles.setdefault("on", id_)
        elif kind in ("integer", "float") and unit == "%" and named:
            roles.setdefault("brightness", id_)
        elif kind in ("integer", "float") and unit in ("K", "MK⁻¹", "mired", "mireds"):
            roles.setdefault("temperature", id_)
        elif kind == "color":
            roles.setdefault("color", id_)
    if not roles.keys() & {"on", "brightness", "color"}:
        return None
    entry: dict[str, Any] = {"kind": "light", "dialect": "homie", "topic": node.address, "version": node.version}
    entry["properties"] = roles
    entry["colors"] = [name for name, role in (("temperature", "temperature"), ("rgb", "color")) if role in roles]
    unknown: dict[str, str] = {}
    if "temperature" in roles:
        entry |= _range(settable[roles["temperature"]], unknown)
    dims = "brightness" in roles or "color" in roles
    return FoundDevice(
        (f"homie:{node.address}",),
        entry,
        _title(node, roles),
        (node.announced_by,),
        model=f"Homie {node.version}",
        proposed=light_role(node.device, node.name, node.type, *roles.values()) if dims else (),
        unknown=unknown,
        remarks=tuple(_remarks(node, dims=dims)),
    )


def _range(about: Mapping[str, Any], unknown: dict[str, str]) -> dict[str, str]:
    """`format` is min:max, perhaps with a step."""
    limits = [number(part) for part in str(about.get("format") or "").split(":")[:2]]
    if len(limits) == 2 and limits[0] and limits[1] and limits[0] < limits[1]:
        low, high = limits[0], limits[1]
        if text(about.get("unit")) == "K" and low >= 1000 and high <= 10_000:
            return {"coolest": f"{round(high)}K", "warmest": f"{round(low)}K"}
        if low >= 100 and high <= 1000:
            return {"coolest": kelvin(low), "warmest": kelvin(high)}
    unknown["coolest, warmest"] = "it did not say them; write what the lamp has"
    return {}


def _remarks(node: _Node, *, dims: bool) -> Iterator[str]:
    domain = node.address.partition("/")[0]
    if domain != "homie":
        yield f"its domain is `{text(domain)}`, not `homie`"
    if not dims:
        yield "it cannot be dimmed, only switched"
    if node.state and node.state != "ready":
        yield f"it is not ready: {text(node.state)}"


def _title(node: _Node, roles: Mapping[str, str]) -> str:
    """Its device's name, with what in it is the lamp where that name does not say."""
    if _is_called_lamp(node.device):
        return node.device
    called = next((name for name in (node.name, *roles.values()) if _is_called_lamp(name)), node.name)
    return f"{node.device} {text(called)}"


def _is_called_lamp(*names: str) -> bool:
    return any(_LAMP.search(_CAMEL.sub(" ", name).lower()) for name in names)


def _listed(words: str) -> list[str]:
    """`led,power`; one that is many has `[]` at its end and is none of ours."""
    return [
        name for each in words.split(",")[:100] if topic(name := each.strip()) and "[" not in name and "/" not in name
    ]
