"""Shelly Gen2 and later: found by its retained `online`, asked over RPC what it has.

Its prefix may be anything, also below `shellies/`. Asked is only who looks like one: by its name, or because it was
heard to speak as one (`events/rpc` with its id as `src`). The questions are `Shelly.GetDeviceInfo`, and
`Shelly.GetComponents` page by page; older firmware does not know the latter and is asked for `Shelly.GetStatus`. They
change nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrator.devices.abilities import Kind
from orchestrator.devices.discovery.discoverer import Discoverer
from orchestrator.devices.discovery.found_device import FoundDevice, LeftOut
from orchestrator.devices.discovery.parsing import (
    BASES,
    hardware,
    keep,
    light_role,
    mac,
    mapping,
    objects,
    parsed,
    text,
    topic,
    whole,
)
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import compact, number

_NAME = re.compile(r"(^|/)shelly[a-z0-9]*-[0-9a-f]{12}$", re.IGNORECASE)
_COMPONENT = re.compile(r"(light|cct|rgb|rgbw|rgbcct|switch|input):(\d{1,3})")
_COLOURS: Mapping[str, tuple[str, ...]] = {
    "light": (),
    "cct": ("temperature",),
    "rgb": ("rgb",),
    "rgbw": ("rgb",),
    "rgbcct": ("temperature", "rgb"),
}
_WHO = "what it switches, and whether that heats or moves: it plays no role until you cast it"
_ONLINE = 20_000
"""Names of whatever says that it is online, kept until it is known who speaks as a Shelly."""
_PAGES = 20
"""Of components; a device has two or three."""


@dataclass
class _Seen:
    """What is known of one prefix."""

    is_online: bool = False
    speaks: bool = False
    id: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)
    configs: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """By component; those of which only the name is known are empty."""
    pages: int = 0
    has_answered: bool = False


class Shelly2Discovery(Discoverer):
    """All of these at a broker. `source` is where they are to answer: `<source>/rpc`."""

    def __init__(self, source: str) -> None:
        self._source = source
        said = (f"{prefix}/{topic}" for prefix in BASES for topic in ("online", "events/rpc"))
        self.topics = (*said, f"{source}/rpc")
        self._seen: dict[str, _Seen] = {}
        self._online: set[str] = set()
        self._asked: dict[int, tuple[str, str]] = {}
        self._number = 0
        self._due: list[Message] = []

    def hear(self, message: Message) -> None:
        name = message.topic
        if name == f"{self._source}/rpc":
            self._answered(mapping(parsed(message.payload)))
        elif name.endswith("/events/rpc") and topic(prefix := name.removesuffix("/events/rpc")):
            self._spoke(prefix, mapping(parsed(message.payload)))
        elif name.endswith("/online") and message.payload == "true" and topic(prefix := name.removesuffix("/online")):
            # The first generation says so as well, below shellies/; and so may anybody.
            if prefix in self._seen or (_NAME.search(prefix) is not None and not prefix.startswith("shellies/")):
                self._of(prefix).is_online = True
            elif len(self._online) < _ONLINE:
                self._online.add(prefix)

    def _of(self, prefix: str) -> _Seen:
        if prefix not in self._seen:
            keep(self._seen, prefix, _Seen())
        return self._seen.get(prefix, _Seen())

    def _spoke(self, prefix: str, said: Mapping[str, Any]) -> None:
        method, source = text(said.get("method")), topic(said.get("src"))
        if not method.startswith("Notify") or not source or said.get("dst") not in (f"{prefix}/events", None):
            return
        seen = self._of(prefix)
        seen.speaks, seen.id = True, source
        seen.is_online = seen.is_online or prefix in self._online
        for component in mapping(said.get("params")):
            if _COMPONENT.fullmatch(str(component)):
                seen.configs.setdefault(str(component), {})

    def _answered(self, said: Mapping[str, Any]) -> None:
        asked = self._asked.pop(whole(said.get("id")), None)
        if asked is None:
            return
        prefix, method = asked
        seen, result = self._of(prefix), mapping(said.get("result"))
        seen.id = topic(said.get("src")) or seen.id
        seen.has_answered = True
        if method == "Shelly.GetDeviceInfo":
            seen.about = result
        elif method == "Shelly.GetComponents" and "error" in said:
            self._due.append(self._question(prefix, "Shelly.GetStatus"))
        elif method == "Shelly.GetStatus":
            for component in result:
                seen.configs.setdefault(str(component), {})
        elif method == "Shelly.GetComponents":
            self._page(prefix, seen, result)

    def _page(self, prefix: str, seen: _Seen, result: Mapping[str, Any]) -> None:
        listed = objects(result.get("components"))
        for component in listed:
            if key := text(component.get("key")):
                seen.configs[key] = mapping(component.get("config"))
        offset, total = whole(result.get("offset")) + len(listed), whole(result.get("total"))
        seen.pages += 1
        if listed and offset < total and seen.pages < _PAGES:
            self._due.append(self._components(prefix, offset))

    def probes(self) -> Iterable[Message]:
        """Nobody is asked twice."""
        asked = {prefix for prefix, _ in self._asked.values()}
        for prefix, seen in self._seen.items():
            if seen.is_online and not seen.pages and not seen.has_answered and prefix not in asked:
                self._due.append(self._question(prefix, "Shelly.GetDeviceInfo"))
                self._due.append(self._components(prefix, 0))
        due, self._due = self._due, []
        return due

    def _components(self, prefix: str, offset: int) -> Message:
        return self._question(prefix, "Shelly.GetComponents", include=["config", "status"], offset=offset)

    def _question(self, prefix: str, method: str, **params: Any) -> Message:
        self._number += 1
        self._asked[self._number] = (prefix, method)
        told = {"params": params} if params else {}
        return Message(f"{prefix}/rpc", compact(id=self._number, src=self._source, method=method, **told))

    @property
    def listed(self) -> Iterator[str]:
        """Who has answered has said all of its components."""
        for prefix, seen in self._seen.items():
            if seen.has_answered and seen.configs:
                yield from (f"shelly:{name}/" for name in (prefix, mac(seen.id)) if name)

    def found(self) -> Iterator[FoundDevice]:
        for prefix, seen in self._seen.items():
            if seen.configs and not self._is_shut(seen):
                yield from _Device(prefix, seen).found()

    def left_out(self) -> Iterator[LeftOut]:
        asked = {prefix for prefix, _ in self._asked.values()}
        for prefix, seen in self._seen.items():
            by = f"{prefix}/online"
            if self._is_shut(seen):
                yield LeftOut(
                    text(prefix), "it takes no commands over MQTT: turn on *RPC over MQTT* in its settings", by
                )
            elif seen.configs and not any(_Device(prefix, seen).found()):
                title = text(seen.about.get("name")) or text(seen.id) or text(prefix)
                yield LeftOut(title, "it has no light, no relay and no button", by)
            elif not seen.configs and prefix in asked:
                why = "it did not answer; is *RPC over MQTT* turned on in its settings?"
                yield LeftOut(text(prefix), why, by)

    def _is_shut(self, seen: _Seen) -> bool:
        return mapping(seen.configs.get("mqtt")).get("enable_rpc") is False


class _Device:
    """One device, by what it said."""

    def __init__(self, prefix: str, seen: _Seen) -> None:
        self._prefix = prefix
        self._seen = seen
        own = mapping(mapping(seen.configs.get("sys")).get("device"))
        self._name = text(own.get("name")) or text(seen.about.get("name"))
        about = text(seen.about.get("app")) or text(seen.about.get("model"))
        self._model = f"Shelly {about}".strip() if about else "Shelly"
        self._address = mac(seen.id) or mac(prefix) or mac(seen.about.get("mac")) or mac(own.get("mac"))
        self._by = f"{prefix}/online" if seen.is_online else f"{prefix}/events/rpc"

    def found(self) -> Iterator[FoundDevice]:
        lit = [component for component in self._seen.configs if _sort(component) in _COLOURS]
        switched = [component for component in self._seen.configs if _sort(component) == "switch"]
        for component in lit:
            yield self._light(component, several=len(lit) > 1)
        for component in switched:
            yield self._switch(component, several=len(lit) + len(switched) > 1)
        for component, config in self._seen.configs.items():
            if _sort(component) == "input" and config.get("type") == "button" and config.get("enable") is not False:
                yield self._button(component)

    def _light(self, component: str, *, several: bool) -> FoundDevice:
        config, sort = self._seen.configs[component], _sort(component)
        keys: dict[str, Any] = {"colors": list(_COLOURS[sort])}
        unknown: dict[str, str] = {}
        if "temperature" in keys["colors"]:
            if (whites := _range(config.get("ct_range"))) is not None:
                keys |= {"coolest": f"{whites[1]}K", "warmest": f"{whites[0]}K"}
            else:
                unknown["coolest, warmest"] = "its range; 2700K to 6500K holds until you write what the lamp has"
        remarks = [*_remarks(config), *self._silence()]
        if sort == "rgbw":
            remarks.append("it has a white channel beside its colours")
        title = self._title(component, several=several)
        return self._made("light", component, title, keys, light_role(title, self._name), unknown, remarks)

    def _switch(self, component: str, *, several: bool) -> FoundDevice:
        title = self._title(component, several=several)
        return self._made("switch", component, title, {}, (), {"kind": _WHO}, [*self._silence()])

    def _button(self, component: str) -> FoundDevice:
        title = self._title(component, several=True)
        device = self._made("button", component, title, {}, (Kind.BUTTON,), {}, [*self._silence()])
        return FoundDevice(
            device.keys,
            device.entry,
            device.title,
            device.announced_by,
            model=device.model,
            proposed=device.proposed,
            signals=("single_push", "double_push", "triple_push", "long_push"),
            remarks=device.remarks,
        )

    def _made(
        self,
        kind: str,
        component: str,
        title: str,
        keys: Mapping[str, Any],
        proposed: tuple[Kind, ...],
        unknown: Mapping[str, str],
        remarks: list[str],
    ) -> FoundDevice:
        names = [self._prefix, *([self._address] if self._address else [])]
        return FoundDevice(
            tuple(f"shelly:{name}/{component}" for name in names),
            {"kind": kind, "dialect": "shelly2", "topic": self._prefix, "component": component, **keys},
            title,
            (self._by,),
            model=self._model,
            proposed=proposed,
            unknown=unknown,
            remarks=tuple(remarks),
            hardware=hardware(self._address),
        )

    def _title(self, component: str, *, several: bool) -> str:
        """Its component's name, else its own, with the component's where there are several."""
        own = text(self._seen.configs[component].get("name"))
        device = self._name or text(self._seen.id) or text(self._prefix.rpartition("/")[2])
        return own or (f"{device} {component}" if several else device)

    def _silence(self) -> Iterator[str]:
        mqtt = mapping(self._seen.configs.get("mqtt"))
        if mqtt.get("rpc_ntf") is False and mqtt.get("status_ntf") is False:
            yield "it says how it is only when it is asked: turn *RPC status notifications over MQTT* on"


def _sort(component: str) -> str:
    match = _COMPONENT.fullmatch(component)
    return match[1] if match else ""


def _range(value: object) -> tuple[int, int] | None:
    if isinstance(value, list) and len(value) == 2:
        low, high = (number(each) for each in value)
        if low and high and 1000 <= low < high <= 10_000:
            return round(low), round(high)
    return None


def _remarks(config: Mapping[str, Any]) -> Iterator[str]:
    if mapping(config.get("night_mode")).get("enable") is True:
        yield "its night mode is on: at night it is not brighter than that allows"
    if (number(config.get("min_brightness_on_toggle")) or 0) > 0:
        yield f"turned on by hand it is at least at {whole(config.get('min_brightness_on_toggle'))} %"
    if isinstance(config.get("range_map"), list) and config["range_map"] != [0, 100]:
        yield "its levels are mapped to a part of its range (`range_map`)"
