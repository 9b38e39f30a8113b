"""What has to agree between the parts of a home: devices, rooms, music and what they name."""

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo, available_timezones

from orchestrator.devices.abilities import Kind
from orchestrator.devices.dialects import DIALECTS
from orchestrator.documents.document import KeyPath
from orchestrator.documents.faults import Flaw, near
from orchestrator.home.device import Device
from orchestrator.home.interruption import InterruptionModel
from orchestrator.home.model import FallbackModel, HomeModel, RoomModel
from orchestrator.home.schedule import ScheduleModel

_PARTS = ("component", "output", "dimmer")
"""Keys that say which part of a device is meant, where its topic is that of the whole."""
_COMMANDED = frozenset({Kind.LIGHT, Kind.PLAYER, Kind.VOICE, Kind.SWITCH})


def flaws(home: HomeModel, devices: Mapping[str, Device], faulty: frozenset[str]) -> Iterator[Flaw]:
    """All that does not agree. `faulty` are the devices whose own entries are wrong: they exist, and are not judged."""
    known = frozenset({*devices, *faulty})
    yield from _location_flaws(home)
    yield from _shared_topics(devices)
    for device in devices.values():
        yield from _member_flaws(device, devices, known)
    for name, room in home.rooms.items():
        yield from _room_flaws(("rooms", name), room, devices, known)
    for name, interruption in home.interruptions.items():
        yield from _interruption_flaws(("interruptions", name), interruption, home)
    for name, entry in home.music.items():
        if isinstance(entry, dict):
            yield from _source_flaws(("music", name), entry)
        elif isinstance(entry, list):
            for index, piece in enumerate(entry):
                if isinstance(piece, dict):
                    yield from _source_flaws(("music", name, index), piece)
    for name, schedule in home.schedules.items():
        yield from _schedule_flaws(("schedules", name), schedule, home)


def _location_flaws(home: HomeModel) -> Iterator[Flaw]:
    if home.location is None:
        return
    try:
        ZoneInfo(home.location.timezone)
    except (KeyError, ValueError, OSError):
        # A machine without any time zone data cannot know better.
        if zones := available_timezones():
            guess = near(home.location.timezone, zones, "write one such as Europe/Berlin")
            yield Flaw(("location", "timezone"), f"there is no time zone `{home.location.timezone}`{guess}")


def _schedule_flaws(path: KeyPath, schedule: ScheduleModel, home: HomeModel) -> Iterator[Flaw]:
    if schedule.room not in home.rooms:
        yield Flaw((*path, "room"), f"there is no room `{schedule.room}`{near(schedule.room, home.rooms)}")
    if schedule.sun is not None and home.location is None:
        message = "the sun rises and sets somewhere: write `location: {latitude: …, longitude: …, timezone: …}` above"
        yield Flaw((*path, "sun"), message)


def _shared_topics(devices: Mapping[str, Device]) -> Iterator[Flaw]:
    """Two entries for one device: each would undo what the other does."""
    first: dict[tuple[str, ...], str] = {}
    for name, device in devices.items():
        for key in ("entity",) if hasattr(device.settings, "entity") else ("topic", "command_topic", "site", "host"):
            topic = getattr(device.settings, key, None)
            parts = {"site": ("base",), "host": ("port",)}.get(key, _PARTS)
            if isinstance(topic, str) and not _COMMANDED.isdisjoint(device.kinds):
                which = (str(getattr(device.settings, part, "")) for part in parts)
                same = first.setdefault((key, topic, *which), name)
                if same != name:
                    what = key if key in ("site", "host", "entity") else "topic"
                    message = f"`{same}` has this {what} already; a device stands here once (`kind` may be a list)"
                    yield Flaw(("devices", name, key), message)


def _member_flaws(device: Device, devices: Mapping[str, Device], known: frozenset[str]) -> Iterator[Flaw]:
    for index, member in enumerate(device.members):
        path: KeyPath = ("devices", device.name, "members", index)
        if member not in known:
            yield Flaw(path, f"there is no device `{member}`{near(member, known)}")
        elif member == device.name:
            yield Flaw(path, "a group is no member of itself")
        elif member in device.members[:index]:
            yield Flaw(path, f"`{member}` stands here twice")
        elif member in devices and devices[member].members:
            yield Flaw(path, f"`{member}` is a group; name its devices here")
        elif member in devices and set(device.kinds).isdisjoint(devices[member].kinds):
            yield Flaw(path, f"`{member}` is a {_kinds(devices[member])}, the group a {_kinds(device)}")


def _room_flaws(path: KeyPath, room: RoomModel, devices: Mapping[str, Device], known: frozenset[str]) -> Iterator[Flaw]:
    for role, names in room.roles.items():
        for index, name in enumerate(names if isinstance(names, list) else [names]):
            place: KeyPath = (*path, "roles", role, index) if isinstance(names, list) else (*path, "roles", role)
            if name not in known:
                yield Flaw(place, f"there is no device `{name}`{near(name, known, 'the home has no `devices`')}")
            elif name in devices and _COMMANDED.isdisjoint(devices[name].kinds):
                yield Flaw(place, f"`{name}` is a {_kinds(devices[name])}; it plays no role")
    for name in room.buttons:
        if name not in known:
            yield Flaw((*path, "buttons", name), f"there is no device `{name}`{near(name, known)}", at_key=True)
        elif name in devices and Kind.BUTTON not in devices[name].kinds:
            message = f"`{name}` is a {_kinds(devices[name])}, no button"
            yield Flaw((*path, "buttons", name), message, at_key=True)
    for index, event in enumerate(room.events):
        pressed = [name for name in room.buttons if name in devices and event.topic in devices[name].dialect.topics]
        for name in pressed:
            message = f"`{name}` says this under `buttons` already; a press would count twice"
            yield Flaw((*path, "events", index, "topic"), message)
    for role, state in room.fallback.items():
        if role not in room.roles:
            yield Flaw(
                (*path, "fallback", role), f"the room casts no role `{role}`{near(role, room.roles)}", at_key=True
            )
        if isinstance(state, FallbackModel) and state.temperature is not None and state.color is not None:
            message = "a lamp has either a `temperature` or a `color`"
            yield Flaw((*path, "fallback", role, "color"), message, at_key=True)
    if room.night is not None and room.night.from_ == room.night.to:
        yield Flaw((*path, "night", "to"), "this night is over when it begins")


def _interruption_flaws(path: KeyPath, interruption: InterruptionModel, home: HomeModel) -> Iterator[Flaw]:
    for index, room in enumerate(interruption.rooms or ()):
        if room not in home.rooms:
            yield Flaw((*path, "rooms", index), f"there is no room `{room}`{near(room, home.rooms)}")


def _source_flaws(path: KeyPath, sources: dict[str, str]) -> Iterator[Flaw]:
    """Music is named by dialect, or `default` for all others."""
    for dialect in sources:
        if dialect not in {*DIALECTS, "default"}:
            yield Flaw(
                (*path, dialect), f"there is no dialect `{dialect}`{near(dialect, {*DIALECTS, 'default'})}", at_key=True
            )


def _kinds(device: Device) -> str:
    return " and ".join(device.kinds)
