"""Which Hermes satellites listen in which room: those that it casts as a voice, and those that its `sites` name."""

from collections.abc import Iterator
from typing import NamedTuple

from orchestrator.devices.dialects.hermes import BASE, HermesSettings
from orchestrator.home.library import Home
from orchestrator.home.model import RoomModel


class Satellite(NamedTuple):
    """A site, below a base topic."""

    base: str
    site: str


def rooms_of(home: Home) -> dict[Satellite, tuple[str, ...]]:
    """The rooms of each satellite, in the order of the file. One that hears two rooms may stand in both."""
    heard: dict[Satellite, list[str]] = {}
    for name, room in home.model.rooms.items():
        for satellite in dict.fromkeys(_satellites(home, room)):
            heard.setdefault(satellite, []).append(name)
    return {satellite: tuple(rooms) for satellite, rooms in heard.items()}


def has_ears(home: Home, room: RoomModel) -> bool:
    """Whether a satellite listens in a room."""
    return any(True for _ in _satellites(home, room))


def _satellites(home: Home, room: RoomModel) -> Iterator[Satellite]:
    for cast in room.roles.values():
        for name in [cast] if isinstance(cast, str) else cast:
            settings = home.devices[name].settings
            if isinstance(settings, HermesSettings):
                yield Satellite(settings.base, settings.site)
    for site in [room.sites] if isinstance(room.sites, str) else room.sites or ():
        for base in _bases(home):
            yield Satellite(base, site)


def _bases(home: Home) -> tuple[str, ...]:
    """Those that the home's devices use, else the usual one."""
    settings = (device.settings for device in home.devices.values())
    return tuple(dict.fromkeys(each.base for each in settings if isinstance(each, HermesSettings))) or (BASE,)
