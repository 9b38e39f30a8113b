"""Devices that were found, as a home: a name for each, the rooms that they are in, the roles that they may play there.

Nothing is proposed of which nobody knows that it is safe: no switch, no status LED, nothing that cannot be dimmed. Two
devices in one room do not need the same room in their names: an area counts before a name, and a room is one in all
languages. What is in no room plays nowhere, unless somebody says which room that is; where there is but one, what
speaks or plays music is in it. No two devices are called alike: whoever reads of one knows which it is.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from orchestrator.devices.abilities import Kind
from orchestrator.devices.dialects import DIALECTS
from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.home.room_words import RoomName, room_called, room_in

ONLY_ROOM = "home"
"""What a room is called where nobody says any."""
_MAIN = re.compile(r"main|ceiling|decke|haupt|pendant|plafond", re.IGNORECASE)
_ASIDE = re.compile(r"strip|glow|shelf|desk|night|bed.?side|nacht|back|tv\b|stripe|leiste", re.IGNORECASE)
_VOICES = ("relax_speaker", "hermes", "wyoming", "hass", "sonos2mqtt")
"""Which of several speaks: those that say when they have spoken first."""
_OF_LAMPS = frozenset({"colors", "coolest", "warmest", "fade", "one_attribute_per_fade"})
_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "æ": "ae", "å": "a", "ł": "l"})


class ProposedDevice(NamedTuple):
    """A device with its name in the file and its whole entry.

    `refused` says why it cannot stand there yet: a dialect that is not there, or one that does not take the entry.
    """

    name: str
    found: FoundDevice
    entry: Mapping[str, Any]
    refused: str = ""

    @property
    def title(self) -> str:
        """What it is called, as no other is."""
        return str(self.entry["title"])

    @property
    def shown(self) -> str:
        """Its name, with its title where none of that is in the name: of `device_2` nobody knows which that is."""
        return self.name if _slug(self.found.title, "_") else f"{self.name} ({self.title})"

    @property
    def plays(self) -> tuple[Kind, ...]:
        return () if self.refused else self.found.proposed


class ProposedRoom(NamedTuple):
    """A room, and who plays what in it. `name` is for addresses, `title` as people say it."""

    name: str
    title: str
    roles: Mapping[str, str | list[str]]
    buttons: tuple[str, ...] = ()


class HomeProposal(NamedTuple):
    """`nowhere` are the devices that could play and are in no room."""

    devices: tuple[ProposedDevice, ...]
    rooms: tuple[ProposedRoom, ...]
    nowhere: tuple[str, ...]


def proposed_devices(
    found: Sequence[FoundDevice],
    taken: Iterable[str] = (),
    known: Mapping[str, str] | None = None,
    titles: Iterable[str] = (),
) -> tuple[ProposedDevice, ...]:
    """Each with a name that is not taken, groups with the names of their members, and a title of its own.

    `known` are the names of those that the home has already, by their keys: they are not proposed again; `titles` what
    they are called.
    """
    names = dict(known or {})
    used = {*taken, *names.values()}
    found = [device for device in found if device.keys[0] not in names]
    called_alone = own_titles(found, titles)
    for device in found:
        own_title = called_alone[device.keys[0]]
        called = f"{device.area or ''} {own_title}" if device.members else own_title
        name = _free(_slug(called, "_") or "device", used)
        used.add(name)
        names[device.keys[0]] = name
    made: list[ProposedDevice] = []
    refused: set[str] = set()
    for device in found:
        name = names[device.keys[0]]
        members = [names[key] for key in device.members if key in names and names[key] not in refused]
        own = device.entry
        if any(key in (known or {}) for key in device.members):
            # What stands at a group holds for its lamps too: those that are there were written by somebody else.
            own = {key: value for key, value in own.items() if key not in _OF_LAMPS}
        entry = {**own, "title": called_alone[device.keys[0]], **({"members": members} if device.members else {})}
        why = refusal(entry)
        if why:
            refused.add(name)
        made.append(ProposedDevice(name, device, entry, why))
    return tuple(made)


def own_titles(found: Sequence[FoundDevice], taken: Iterable[str] = ()) -> dict[str, str]:
    """What each is called, by its first key: those of one title also by what they are, their model or their address."""
    alike: dict[str, list[FoundDevice]] = {}
    for device in found:
        alike.setdefault(device.title.casefold(), []).append(device)
    used = {title.casefold() for title in taken}
    return {
        device.keys[0]: title
        for title, devices in alike.items()
        for device, title in zip(devices, _apart(devices, is_taken=title in used), strict=True)
    }


def _apart(devices: Sequence[FoundDevice], *, is_taken: bool) -> list[str]:
    """The titles of devices that are called alike; `is_taken`: another is called so as well."""
    if len(devices) == 1 and not is_taken:
        return [devices[0].title]
    marks = (
        [" and ".join(device.kinds) for device in devices],
        [device.model for device in devices],
        [device.address for device in devices],
    )
    own = next((each for each in marks if all(each) and len(set(each)) == len(devices)), marks[-1])
    return [f"{device.title} ({mark})" for device, mark in zip(devices, own, strict=True)]


def refusal(entry: Mapping[str, Any]) -> str:
    """Why a home file does not take an entry; empty where it does."""
    family = DIALECTS.get(entry["dialect"])
    if family is None:
        return f"relax does not speak `{entry['dialect']}` yet"
    try:
        family.settings.model_validate(dict(entry))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        return f"`{where}`: {first['msg']}" if where else str(first["msg"])
    return ""


def proposed(devices: Sequence[ProposedDevice], room: str | None = None) -> HomeProposal:
    """The home that these devices make. `room` is where those are of which no name and no area says it."""
    said = {device.name: room_of(device.found) for device in devices if device.plays}
    somewhere = room_called(room) if room is not None else None
    if somewhere is None and not any(said.values()):
        somewhere = room_called(ONLY_ROOM)
    where = {name: place or somewhere for name, place in said.items()}
    spelt: dict[str, str] = {}
    for place in where.values():
        if place is not None:
            spelt.setdefault(place.key, place.spelt)
    if not spelt and somewhere is not None:
        spelt[somewhere.key] = somewhere.spelt
    rooms, nowhere = [], [device for device in devices if device.plays and where[device.name] is None]
    guests = [device for device in nowhere if Kind.LIGHT not in device.plays] if len(spelt) == 1 else []
    used: set[str] = set()
    for key, title in spelt.items():
        inside = [device for device in devices if (place := where.get(device.name)) is not None and place.key == key]
        name = _free(_slug(title, "-") or "room", used)
        used.add(name)
        rooms.append(_room(name, title, [*inside, *guests]))
    left = tuple(device.name for device in nowhere if device not in guests)
    return HomeProposal(tuple(devices), tuple(rooms), left)


def with_room(proposal: HomeProposal, title: str, names: Iterable[str]) -> HomeProposal:
    """The same home with this room made of these devices; they are in no other."""
    chosen = set(names)
    known = room_called(title)
    inside = [device for device in proposal.devices if device.name in chosen and device.plays]
    others = []
    for room in proposal.rooms:
        rest = _cast_in(room) - chosen
        if room_called(room.title).key != known.key and rest:
            others.append(_room(room.name, room.title, [each for each in proposal.devices if each.name in rest]))
    name = _free(_slug(title, "-") or "room", {room.name for room in others})
    rooms = (_room(name, title.strip(), inside), *others)
    cast = set().union(*(_cast_in(room) for room in rooms))
    left = [each.name for each in proposal.devices if each.plays and each.name not in cast]
    return HomeProposal(proposal.devices, rooms, tuple(left))


def room_of(device: FoundDevice) -> RoomName | None:
    """Where it says that it is: its area, else the room that its title or its topic speaks of.

    An area that is no room in itself, such as a floor, gives way to one in the levels of its topic.
    """
    if device.area:
        levels = str(device.entry.get("topic", "")).split("/")[1:-1]
        return (None if room_in(device.area) else room_in(*levels)) or room_called(device.area)
    addresses = (device.entry.get(key) for key in ("topic", "command_topic", "site", "name"))
    return room_in(device.title, *(each for each in addresses if isinstance(each, str)))


def _room(name: str, title: str, devices: Sequence[ProposedDevice]) -> ProposedRoom:
    """The best lamp for working light is the main one, all others glow; one plays music, one speaks."""
    lamps = [device for device in devices if Kind.LIGHT in device.plays]
    main = max(lamps, key=_fitness, default=None)
    glow = [device.name for device in lamps if device is not main]
    players = [device for device in devices if Kind.PLAYER in device.plays]
    voices = sorted((device for device in devices if Kind.VOICE in device.plays), key=_voice_rank)
    roles: dict[str, str | list[str]] = {}
    if main is not None:
        roles["main"] = main.name
    if glow:
        roles["glow"] = glow[0] if len(glow) == 1 else glow
    if players:
        roles["music"] = players[0].name
    if voices:
        roles["voice"] = voices[0].name
    buttons = tuple(device.name for device in devices if Kind.BUTTON in device.plays)
    return ProposedRoom(_slug(name, "-") or "room", title, roles, buttons)


def _cast_in(room: ProposedRoom) -> set[str]:
    cast = set(room.buttons)
    for names in room.roles.values():
        cast |= {names} if isinstance(names, str) else set(names)
    return cast


def _fitness(device: ProposedDevice) -> int:
    """For the main light: white light before colours alone, and what its name says."""
    title, entry = device.found.title, device.entry
    whites = "temperature" in entry.get("colors", ()) or "color_temp" in entry.get("supported_color_modes", ())
    is_strip = str(entry["dialect"]) == "wled"
    return 4 * bool(_MAIN.search(title)) + 2 * whites - 2 * bool(_ASIDE.search(title)) - is_strip


def _voice_rank(device: ProposedDevice) -> int:
    dialect = device.entry["dialect"]
    return _VOICES.index(dialect) if dialect in _VOICES else len(_VOICES)


def _slug(title: str, joint: str) -> str:
    """A name of small letters and digits."""
    plain = unicodedata.normalize("NFKD", title.lower().translate(_LETTERS)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", joint, plain).strip(joint)[:48].strip(joint)


def _free(name: str, used: set[str]) -> str:
    joint = "_" if "-" not in name else "-"
    return next(each for each in (name, *(f"{name}{joint}{number}" for number in range(2, 9999))) if each not in used)
