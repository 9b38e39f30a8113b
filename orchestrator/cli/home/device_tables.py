"""`relax devices list`, `show` and `discover`: what the home has, and what the broker has."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestrator.cli import options
from orchestrator.cli.completion import device_names
from orchestrator.cli.home.home_file import LISTEN_SECONDS, AskDevices, Listening
from orchestrator.cli.json_output import concerns_its_device, print_json

if TYPE_CHECKING:
    from orchestrator.devices.discovery.found_device import FoundDevice
    from orchestrator.devices.discovery.survey import Survey
    from orchestrator.home.device import Device
    from orchestrator.home.library import Home

ShownDevice = Annotated[
    str, typer.Argument(metavar="NAME", help="A device of the home file.", autocompletion=device_names)
]


def list_devices(home: options.DaemonHome = None, as_json: options.JsonData = False) -> int:
    """The devices of the home file, and what they play where."""
    from orchestrator.cli.arguments import home_at, own_home
    from orchestrator.cli.terminal import folded_table, page

    place = home_at(own_home(home))
    roles = {name: list(_roles(name, place)) for name in place.devices}
    if as_json:
        print_json([_as_data(device, roles[device.name]) for device in place.devices.values()])
        return 0
    rows: list[Sequence[str]] = [
        (
            name,
            _own_title(name, device.title),
            " and ".join(device.kinds),
            device.settings.dialect,
            ", ".join(roles[name]) or "-",
        )
        for name, device in place.devices.items()
    ]
    columns = ["name", "title", "kind", "dialect", "plays"]
    if not any(row[1] for row in rows):
        columns, rows = [columns[0], *columns[2:]], [[row[0], *row[2:]] for row in rows]
    page().print(folded_table(columns, rows, whole=0))
    return 0


@concerns_its_device
def show(name: ShownDevice, home: options.DaemonHome = None, as_json: options.JsonData = False) -> int:
    """One device of the home file: its entry, what it can, where it is heard, what it plays."""
    from orchestrator.cli.arguments import home_at, own_home
    from orchestrator.cli.home.ability_text import ability_lines
    from orchestrator.documents.faults import near
    from orchestrator.errors import UsageError
    from orchestrator.home.editing import entry_text

    path = own_home(home)
    place = home_at(path)
    device = place.devices.get(name)
    if device is None:
        guess = near(name, place.devices)
        raise UsageError(f"{path} has no device `{name}`{guess}{'' if guess.endswith('?') else '.'}")
    data = _as_data(device, list(_roles(name, place)))
    if as_json:
        print_json(data)
        return 0
    print(entry_text(name, place.model.devices[name], "", "\n"), end="")
    print(f"plays: {', '.join(data['plays']) or 'nothing yet: cast it under `rooms:`'}")
    for line in ability_lines(device):
        print(line)
    print(f"is heard on: {', '.join(data['topics']) or 'nothing'}")
    return 0


def discover(
    home: options.DaemonHome = None,
    broker: options.Broker = None,
    *,
    seconds: Listening = LISTEN_SECONDS,
    ask_devices: AskDevices = False,
    as_json: options.JsonData = False,
) -> int:
    """What the broker has: each device with its entry for the home file. Changes nothing, at no device.

    Exit code 1 where nothing is found.
    """
    import asyncio
    import sys
    from functools import partial

    from orchestrator.cli.client.daemon_address import address_at
    from orchestrator.cli.home.broker_search import broker_found
    from orchestrator.cli.home.listening import listened

    tell = partial(print, file=sys.stderr if as_json else sys.stdout, flush=True)
    place = _home_of(home) if broker is None else None
    if place is not None:
        from orchestrator.daemon.broker import address_of

        address = address_of(place)
    elif broker is not None:
        address = address_at(broker)
    else:
        address = asyncio.run(broker_found(None, tell, may_ask=False)).address
    tell(f"Listening for {seconds:g} s at {address}.")
    survey = asyncio.run(listened(address, seconds, tell, looks_up=ask_devices))
    if as_json:
        left = [each._asdict() for each in survey.left_out()]
        print_json({"devices": [_found_data(each, place) for each in survey.found()], "left_out": left})
    else:
        _tell_found(survey, place)
    return 0 if survey.found() else 1


def _home_of(home: Any) -> "Home | None":
    from orchestrator.cli.arguments import default_home, home_at

    path = home or default_home()
    return home_at(path) if path is not None else None


def _tell_found(survey: "Survey", place: "Home | None") -> None:
    from orchestrator.cli.terminal import folded_table, page
    from orchestrator.home.proposal import own_titles, room_of

    found = survey.found()
    titles = own_titles(found)
    rows: list[Sequence[str]] = [
        (
            titles[device.keys[0]],
            " and ".join(device.kinds),
            device.entry["dialect"],
            room.spelt if (room := room_of(device)) is not None else "-",
            device.model or "-",
            _in_the_file(device, place),
        )
        for device in found
    ]
    if rows:
        page().print(folded_table(("title", "kind", "dialect", "room", "model", "in the home file"), rows, whole=0))
    for left in survey.left_out():
        print(f"left out: {left.title}: {left.why}")
    print(f"{len(found)} device{'s' if len(found) != 1 else ''} found." if found else "No device was found.")


def _own_title(name: str, title: str) -> str:
    """A title that says more than the name of the device does; else none."""
    letters = ("".join(sign for sign in each.casefold() if sign.isalnum()) for each in (name, title))
    return "" if len(set(letters)) == 1 else title


def _in_the_file(device: "FoundDevice", place: "Home | None") -> str:
    from orchestrator.home.additions import known_as
    from orchestrator.home.proposal import refusal

    if place is not None and known_as(device, place) is not None:
        return "yes"
    why = refusal({**device.entry})
    return why or ("no" if place is not None else "-")


def _found_data(device: "FoundDevice", place: "Home | None") -> dict[str, Any]:
    return {
        "title": device.title,
        "entry": dict(device.entry),
        "area": device.area,
        "model": device.model,
        "proposed": list(device.proposed),
        "members": list(device.members),
        "signals": list(device.signals),
        "unknown": dict(device.unknown),
        "remarks": list(device.remarks),
        "announced_by": list(device.announced_by),
        "in_home": _in_the_file(device, place) == "yes",
    }


def _roles(name: str, place: "Home") -> Iterator[str]:
    for room, model in place.model.rooms.items():
        for role, names in model.roles.items():
            if name in ([names] if isinstance(names, str) else names):
                yield f"{role} in {room}"
        if name in model.buttons:
            yield f"button in {room}"


def _as_data(device: "Device", plays: list[str]) -> dict[str, Any]:
    from dataclasses import asdict

    abilities: dict[str, dict[str, Any]] = {}
    for kind in ("light", "player", "voice", "switch"):
        own = getattr(device.abilities, kind)
        if own is not None:
            abilities[kind] = {key: _plain_value(value) for key, value in asdict(own).items()}
    return {
        "name": device.name,
        "title": device.title,
        "kinds": list(device.kinds),
        "dialect": device.settings.dialect,
        "members": list(device.members),
        "plays": plays,
        "abilities": abilities,
        "topics": list(device.dialect.topics),
    }


def _plain_value(value: Any) -> Any:
    """Flags and words as words."""
    from enum import Enum, Flag

    if isinstance(value, Flag):
        return [str(mode.name).lower() for mode in value]
    return value.value if isinstance(value, Enum) else value
