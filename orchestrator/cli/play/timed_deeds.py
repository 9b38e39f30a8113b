"""What is done in a simulation, and when: `3:20=stop`, `5:00=extend 2min`, `5:00=hand lamp 40%`, `6:00=restart`."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from orchestrator.conductor.deeds import Deed, Hand, Morning, Offline, Online, Restart
from orchestrator.conductor.rehearsal import Commanded, Done
from orchestrator.devices.abilities import Kind
from orchestrator.documents.notation import colour, duration, kelvin, percent
from orchestrator.errors import Refused, UsageError
from orchestrator.home.device import Device
from orchestrator.home.library import Home
from orchestrator.integrations import requests
from orchestrator.units import OFF, SECOND, Ms, Percent
from orchestrator.values import Colour

AWAY: Ms = 10 * SECOND
"""How long a restart takes that says nothing of it."""
_EXAMPLE = (
    "Write the time from the start, then what is done: --do 3:20=stop, --do '5:00=extend 2min', "
    "--do '5:00=hand lamp 40%', --do '5:00=restart 20s', --do '5:00=offline lamp', --do '9:00=online lamp'."
)


class Timed(NamedTuple):
    """What the person tells the room, and what else is done."""

    commands: list[Commanded]
    deeds: list[Done]


def timed(texts: Iterable[str], home: Home) -> Timed:
    """The deeds of texts such as `3:20=stop`. Raises UsageError."""
    found = Timed([], [])
    for text in texts:
        moment, equals, words = text.partition("=")
        if not equals:
            raise UsageError(f"--do {text} says no command.", _EXAMPLE)
        try:
            at = duration(moment)
            deed = _deed(words, home.devices)
        except ValueError as error:
            raise UsageError(f"--do {text}: {error}.", _EXAMPLE) from None
        if deed is not None:
            found.deeds.append(Done(at, deed))
        else:
            found.commands.append(_command(text, at, words))
    return found


def _command(text: str, at: Ms, words: str) -> Commanded:
    try:
        request = requests.read(words)
    except Refused as refused:
        raise UsageError(f"--do {text}: {refused}", _EXAMPLE) from None
    if not isinstance(request.what, requests.Do):
        raise UsageError(f"--do {text}: {request.word} is nothing that is told a session which is on.", _EXAMPLE)
    return Commanded(at, request.what.command)


def _deed(words: str, devices: Mapping[str, Device]) -> Deed | None:
    """None for what is a command. Raises ValueError."""
    word, *rest = words.split()
    match word, rest:
        case "hand", [name, value]:
            return _hand(_device(name, devices), value)
        case "offline", [name]:
            return Offline(_device(name, devices).name)
        case "online", [name]:
            return Online(_device(name, devices).name)
        case "restart", []:
            return Restart(AWAY)
        case "restart", [length]:
            return Restart(duration(length))
        case "morning", []:
            return Morning()
        case (("hand" | "offline" | "online" | "restart" | "morning"), _):
            raise ValueError(f"{word} is written otherwise")
    return None


def _device(name: str, devices: Mapping[str, Device]) -> Device:
    if name not in devices:
        raise ValueError(f"there is no device {name}; there are {', '.join(devices)}")
    return devices[name]


def _hand(device: Device, value: str) -> Hand:
    is_light, is_switch = Kind.LIGHT in device.kinds, Kind.SWITCH in device.kinds
    if value in ("on", "off") and is_light:
        return Hand(device.name, level=Percent(100.0) if value == "on" else OFF)
    if value in ("on", "off") and is_switch:
        return Hand(device.name, on=value == "on")
    if is_light and (own := _colour(value)) is not None:
        return Hand(device.name, colour=own)
    if is_light or Kind.PLAYER in device.kinds:
        return Hand(device.name, level=percent(value))
    raise ValueError(f"nobody can turn {device.name} like that")


def _colour(value: str) -> Colour | None:
    """A temperature or a colour; None for what is none. Raises ValueError for one that no lamp has."""
    read: Callable[[str], Colour] | None = None
    if value.startswith("#"):
        read = colour
    elif value[-1] in "Kk":
        read = kelvin
    return read(value) if read is not None else None
