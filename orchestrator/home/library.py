"""Homes from files: read, each device by its dialect, checked for all that can be said without a broker.

All faults of a file come at once, in the order of their places. Secrets are in no fault.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pydantic import ValidationError

from orchestrator.devices.abilities import Kind
from orchestrator.devices.dialects import DIALECTS
from orchestrator.devices.settings import DeviceSettings
from orchestrator.documents import document, shape
from orchestrator.documents.document import Document, DocumentPlace, KeyPath
from orchestrator.documents.faults import listed, near, nearest, shape_faults
from orchestrator.documents.plain_text import invisible
from orchestrator.errors import Fault, HomeError
from orchestrator.home import coherence
from orchestrator.home.calendars import HomeCalendars, beside, read_calendars
from orchestrator.home.device import Device
from orchestrator.home.model import HomeAssistantModel, HomeModel

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_FOR_PEOPLE = frozenset({"title", "say", "ready", "decline"})
"""Texts, in which such a character may join or part what is written."""
_NOT_SPOKEN = frozenset({"title", "lux"})
"""Keys of a device that change nothing of what it is told, or says."""
_STAND_INS = {"home": "home", "format": 1, "rooms": {"room": {"roles": {}}}}


@dataclass(frozen=True)
class Home:
    """A home that rooms can be cast from. `devices` are in the order of the file."""

    model: HomeModel
    source: str
    document: Document = field(repr=False)
    devices: Mapping[str, Device]

    @cached_property
    def calendars(self) -> HomeCalendars:
        """The iCalendar files that its schedules name, read when they are asked for first: that may take a second."""
        return read_calendars(self.model.schedules, self.document)

    @property
    def remarks(self) -> list[Fault]:
        """What is allowed and will bite, at its place."""
        of_devices = [
            self.fault(("devices", device.name, remark.key), f"{device.name} {remark.message}")
            for device in self.devices.values()
            for remark in device.settings.remarks()
        ]
        return [*_unseen(self.document), *of_devices, *self.calendars.remarks]

    def cast_in(self, room: str) -> tuple[Device, ...]:
        """The devices that a room casts, groups as they are cast, each once."""
        cast = self.model.rooms[room].roles.values()
        named = [name for names in cast for name in ((names,) if isinstance(names, str) else names)]
        return tuple(self.devices[name] for name in dict.fromkeys(named))

    def fingerprint(self, device: str) -> str:
        """Another one once the file says otherwise how a device is spoken with: it is then taken for another device."""
        entry = {key: value for key, value in self.model.devices[device].items() if key not in _NOT_SPOKEN}
        return hashlib.sha256(json.dumps(entry, sort_keys=True, default=str).encode()).hexdigest()[:32]

    def place(self, path: KeyPath) -> DocumentPlace:
        """The line and column of a value, such as that of `("rooms", "bedroom", "roles", "main")`."""
        return self.document.place(path)

    @property
    def files(self) -> list[Path]:
        """The files that the home is made of, its own first."""
        named = (file for schedule in self.model.schedules.values() for file in schedule.calendars())
        return [Path(self.source), *(beside(self.source, name) for name in dict.fromkeys(named))]

    def fault(self, path: KeyPath, message: str) -> Fault:
        """A fault found later, at the place of a value."""
        return self.document.fault(path, message)


def load(path: str | Path, environment: Mapping[str, str] = os.environ) -> Home:
    """The home that a file is. Raises HomeError with all its faults."""
    text = document.opened(Path(path).expanduser())
    if isinstance(text, Fault):
        raise HomeError((text,))
    return read(text, str(path), environment)


def read(text: str, source: str, environment: Mapping[str, str] = os.environ) -> Home:
    """The home that a text is. `source` names it in faults.

    `${NAME}` in the broker's user name and password, and in Home Assistant's token, is taken from `environment`. Raises
    HomeError with all faults.
    """
    paper = document.read(text, source)
    found = list(paper.faults)
    if not isinstance(paper.data, dict):
        raise HomeError(tuple(found) or (paper.fault((), "expected a home: keys such as `home: my-home`"),))
    found += _fill_in(paper, environment)
    model, misshapen, aside = shape.validated(HomeModel, paper, _STAND_INS)
    devices, flawed = _devices(model, paper)
    found += (misshapen | flawed).values()
    if model is not None:
        faulty = frozenset(_entries(paper)) - devices.keys()
        for flaw in coherence.flaws(model, devices, faulty):
            path = shape.original(flaw.path, aside)
            if not flaw.is_moot(path, aside):
                found.append(paper.fault(path, flaw.message, at_key=flaw.at_key))
    if found or model is None:
        raise HomeError(tuple(sorted(dict.fromkeys(found), key=lambda fault: (fault.line, fault.column))))
    return Home(model, source, paper, devices)


def _unseen(paper: Document) -> Iterator[Fault]:
    """Topics, addresses and names with something in them that nobody sees: they are other ones than they look."""
    waiting: list[tuple[KeyPath, Any]] = [((), paper.data)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [((*path, key), below) for key, below in reversed(value.items()) if key not in _FOR_PEOPLE]
        elif isinstance(value, list):
            waiting += [((*path, index), below) for index, below in reversed(list(enumerate(value)))]
        elif isinstance(value, str) and (hidden := invisible(value)):
            yield paper.fault(path, f"there is a character in this that nobody sees ({hidden}); is it meant?")
        elif isinstance(value, str) and value != value.strip() and str(path[-1]).endswith("topic"):
            yield paper.fault(path, "there is a space at the beginning or end of this; is it meant?")


def _entries(paper: Document) -> dict[str, Any]:
    entries = paper.data.get("devices")
    return entries if isinstance(entries, dict) else {}


def _fill_in(paper: Document, environment: Mapping[str, str]) -> list[Fault]:
    """Put the environment's values into the secrets; the faults are variables that it does not have."""
    faults = []
    for holder, key, path in _secrets(paper.data):
        secret = holder[key]
        for name in _VARIABLE.findall(secret):
            if name not in environment:
                message = f"the environment has no variable `{name}`; set it before relax starts"
                faults.append(paper.fault(path, message))
        # In a URL a sign of the secret must not become one of the URL's.
        written = partial(quote, safe="") if "://" in secret and path[0] == "broker" else str
        holder[key] = _VARIABLE.sub(partial(_value, environment, written), secret)
    return faults


def _value(environment: Mapping[str, str], written: Callable[[str], str], match: re.Match[str]) -> str:
    return written(environment.get(match[1], ""))


def _secrets(data: dict[str, Any]) -> Iterator[tuple[Any, Any, KeyPath]]:
    """Where a secret may stand, of the broker or of Home Assistant: what holds it, at which key, and the path."""
    own = data.get("home_assistant")
    if isinstance(own, dict):
        keys = [key for key in ("address", "token", "token_file") if isinstance(own.get(key), str)]
        yield from ((own, key, ("home_assistant", key)) for key in keys)
    broker = data.get("broker")
    entries: list[tuple[Any, Any, KeyPath]] = [(data, "broker", ("broker",))]
    if isinstance(broker, list):
        entries = [(broker, index, ("broker", index)) for index in range(len(broker))]
    for holder, key, path in entries:
        entry = holder.get(key) if isinstance(holder, dict) else holder[key]
        if isinstance(entry, dict):
            yield from (
                (entry, name, (*path, name))
                for name in ("host", "username", "password")
                if isinstance(entry.get(name), str)
            )
        elif isinstance(entry, str):
            yield holder, key, path


_PREFIX = "discovery_prefix"
_OF_LAMPS = (
    {"fade", "segment"},
    {"one_attribute_per_fade"},
    {"curve"},
    {"min", "max"},
    {"colors", "warmest", "coolest"},
)
"""Keys that say what a lamp is, those together that only make sense together."""


_CAN_BE_MEMBERS = frozenset({Kind.LIGHT, Kind.SWITCH})
"""Of a group that a bridge knows of."""


def _devices(model: HomeModel | None, paper: Document) -> tuple[dict[str, Device], dict[KeyPath, Fault]]:
    """The devices whose entries are sound, each with its dialect, and the faults of the others by path."""
    devices: dict[str, Device] = {}
    by_topic: dict[str, str] = {}
    faults: dict[KeyPath, Fault] = {}
    for name, entry in (model.devices if model is not None else {}).items():
        path: KeyPath = ("devices", name)
        family = DIALECTS.get(str(entry.get("dialect")))
        if family is None:
            faults |= _dialect_fault(entry, path, paper)
            continue
        try:
            settings = family.settings.model_validate(_with_prefix(entry, family.settings, model))
        except ValidationError as error:
            faults |= shape_faults(family.settings, error, paper, path, f"a {family.name} device")
        else:
            title = settings.title or name
            codec = family.codec(name, settings)
            devices[name] = Device(name, settings.kinds, title, tuple(settings.members), settings, codec, by_topic)
            if not _CAN_BE_MEMBERS.isdisjoint(settings.kinds) and isinstance(
                topic := getattr(settings, "topic", None), str
            ):
                by_topic[topic] = name
    for group in [device for device in devices.values() if device.members]:
        devices |= {name: _as_its_group(devices[name], group) for name in group.members if name in devices}
    return devices, faults


def _with_prefix(entry: dict[str, Any], settings: type[DeviceSettings], model: HomeModel | None) -> Mapping[str, Any]:
    """Where the home says below which topic Home Assistant is told, that holds for the devices that it is told of."""
    own = model.home_assistant if model is not None else None
    if isinstance(own, HomeAssistantModel) and "prefix" in own.model_fields_set and _PREFIX in settings.model_fields:
        return {_PREFIX: own.prefix, **entry}
    return entry


def _as_its_group(member: Device, group: Device) -> Device:
    """What the entry of a group says of its lamps holds for each whose own entry says nothing of that."""
    own, common = member.settings, group.settings
    if type(own) is not type(common):
        return member
    told = {
        key: getattr(common, key)
        for keys in _OF_LAMPS
        for key in keys & common.model_fields_set
        if keys.isdisjoint(own.model_fields_set)
    }
    if not told:
        return member
    settings = own.model_copy(update=told)
    return replace(member, settings=settings, dialect=DIALECTS[settings.dialect].codec(member.name, settings))


def _dialect_fault(entry: dict[str, Any], path: KeyPath, paper: Document) -> dict[KeyPath, Fault]:
    """What to say of a device that names no dialect, or one that is not there."""
    if "dialect" in entry:
        path = (*path, "dialect")
        return {
            path: paper.fault(path, f"there is no dialect `{entry['dialect']}`{near(str(entry['dialect']), DIALECTS)}")
        }
    for key in entry:
        if nearest(key, ["dialect"]):
            return {
                (*path, key): paper.fault(
                    (*path, key), f"`{key}` is no key of a device; did you mean `dialect`?", at_key=True
                )
            }
    return {path: paper.fault(path, f"`dialect` is missing: {listed(sorted(DIALECTS))} are known")}
