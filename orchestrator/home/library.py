"""Homes from files: read, each device by its dialect, checked for all that can be said without a broker.

All faults of a file come at once, in the order of their places. Secrets are in no fault.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from orchestrator.devices.dialects import DIALECTS
from orchestrator.documents import document, shape
from orchestrator.documents.document import Document, DocumentPlace, KeyPath
from orchestrator.documents.faults import listed, near, nearest, shape_faults
from orchestrator.errors import Fault, HomeError
from orchestrator.home import coherence
from orchestrator.home.device import Device
from orchestrator.home.model import HomeModel
from orchestrator.schedules.calendar import parsed

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_STAND_INS = {"home": "home", "format": 1, "rooms": {"room": {"roles": {}}}}


@dataclass(frozen=True)
class Home:
    """A home that rooms can be cast from. `devices` are in the order of the file.

    `calendars` are the iCalendar files that its schedules name, as icalendar reads them.
    """

    model: HomeModel
    source: str
    document: Document = field(repr=False)
    devices: Mapping[str, Device]
    calendars: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def cast_in(self, room: str) -> tuple[Device, ...]:
        """The devices that a room casts, groups as they are cast, each once."""
        cast = self.model.rooms[room].roles.values()
        named = [name for names in cast for name in ((names,) if isinstance(names, str) else names)]
        return tuple(self.devices[name] for name in dict.fromkeys(named))

    def place(self, path: KeyPath) -> DocumentPlace:
        """The line and column of a value, such as that of `("rooms", "bedroom", "roles", "main")`."""
        return self.document.place(path)

    @property
    def files(self) -> list[Path]:
        """The files that the home is made of, its own first."""
        return [Path(self.source), *(beside(self.source, name) for name in self.calendars)]

    @property
    def remarks(self) -> list[Fault]:
        """What is allowed in the entries of devices and will bite, at its place."""
        return [
            self.fault(("devices", device.name, remark.key), f"{device.name} {remark.message}")
            for device in self.devices.values()
            for remark in device.settings.remarks()
        ]

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

    `${NAME}` in the broker's user name and password is taken from `environment`. Raises HomeError with all faults.
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
    calendars, unread = _calendars(model, paper) if model is not None else ({}, [])
    found += unread
    if found or model is None:
        raise HomeError(tuple(sorted(dict.fromkeys(found), key=lambda fault: (fault.line, fault.column))))
    return Home(model, source, paper, devices, calendars)


def beside(source: str, name: str) -> Path:
    """A file that a home names, seen from where its own lies."""
    return Path(source).expanduser().parent / Path(name).expanduser()


def _calendars(model: HomeModel, paper: Document) -> tuple[dict[str, Any], list[Fault]]:
    """The calendars that schedules name, read once each, and the faults at the places where they are named."""
    calendars: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, schedule in model.schedules.items():
        for file in schedule.calendars():
            if file in calendars:
                continue
            text = document.opened(beside(paper.source, file))
            try:
                calendars[file] = parsed(text if isinstance(text, str) else _unread(text))
            except ValueError as error:
                faults.append(paper.fault(_naming(paper, ("schedules", name), file), f"`{file}`: {error}"))
    return calendars, faults


def _unread(fault: Fault) -> str:
    raise ValueError(fault.message)


def _naming(paper: Document, path: KeyPath, file: str) -> KeyPath:
    """Where a schedule names a calendar."""
    entry = paper.at(path)
    if entry.get("calendar") == file:
        return (*path, "calendar")
    exceptions = entry.get("except")
    for index, each in enumerate(exceptions if isinstance(exceptions, list) else []):
        if isinstance(each, dict) and each.get("calendar") == file:
            return (*path, "except", index, "calendar")
    return (*path, "except", "calendar")


def _entries(paper: Document) -> dict[str, Any]:
    entries = paper.data.get("devices")
    return entries if isinstance(entries, dict) else {}


def _fill_in(paper: Document, environment: Mapping[str, str]) -> list[Fault]:
    """Put the environment's values into the broker's secrets; the faults are variables that it does not have."""
    faults = []
    broker = paper.data.get("broker")
    for key in ("username", "password"):
        if isinstance(broker, dict) and isinstance(secret := broker.get(key), str):
            for name in _VARIABLE.findall(secret):
                if name not in environment:
                    message = f"the environment has no variable `{name}`; set it before relax starts"
                    faults.append(paper.fault(("broker", key), message))
            broker[key] = _VARIABLE.sub(lambda match: environment.get(match[1], ""), secret)
    return faults


_OF_LAMPS = (
    {"fade", "segment"},
    {"one_attribute_per_fade"},
    {"curve"},
    {"min", "max"},
    {"colors", "warmest", "coolest"},
)
"""Keys that say what a lamp is, those together that only make sense together."""


def _devices(model: HomeModel | None, paper: Document) -> tuple[dict[str, Device], dict[KeyPath, Fault]]:
    """The devices whose entries are sound, each with its dialect, and the faults of the others by path."""
    devices: dict[str, Device] = {}
    faults: dict[KeyPath, Fault] = {}
    for name, entry in (model.devices if model is not None else {}).items():
        path: KeyPath = ("devices", name)
        family = DIALECTS.get(str(entry.get("dialect")))
        if family is None:
            faults |= _dialect_fault(entry, path, paper)
            continue
        try:
            settings = family.settings.model_validate(entry)
        except ValidationError as error:
            faults |= shape_faults(family.settings, error, paper, path, f"a {family.name} device")
        else:
            title = settings.title or name
            codec = family.codec(name, settings)
            devices[name] = Device(name, settings.kinds, title, tuple(settings.members), settings, codec)
    for group in [device for device in devices.values() if device.members]:
        devices |= {name: _as_its_group(devices[name], group) for name in group.members if name in devices}
    return devices, faults


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
