"""`relax home`: the home file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli import options
from orchestrator.cli.exit_codes import FAULTY
from orchestrator.cli.home.home_file import add, init, no_music_line
from orchestrator.cli.json_output import print_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestrator.home.library import Home

home = typer.Typer(help="The home file.", no_args_is_help=True)

home.command()(init)
home.command()(add)

File = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", help="The home file; else RELAX_HOME, else ./home.yaml.")
]


@home.command()
def check(file: File = None, as_json: options.JsonData = False) -> int:
    """Look a home file over.

    Every fault with its place (exit code 2), else what each room casts, and warnings of what will bite: a template that
    cannot say off, no token for Home Assistant's devices, a schedule that begins after sunset with light that keeps
    people awake.
    """
    from orchestrator.cli.arguments import home_at, own_home, with_playable_schedules
    from orchestrator.cli.home.evening_light import evening_warnings
    from orchestrator.errors import HomeError

    path = own_home(file)
    try:
        place = with_playable_schedules(home_at(path), path)
    except HomeError as error:
        if not as_json:
            raise
        print_json({"source": str(path), "faults": [fault._asdict() for fault in error.faults]})
        return FAULTY
    rooms = place.model.rooms
    remarks = [*map(str, place.remarks), *_without_token(place, path)]
    warnings = [*(f"{remark} [warning]" for remark in remarks), *evening_warnings(place, path)]
    if as_json:
        roles = {name: {role: _names(cast) for role, cast in room.roles.items()} for name, room in rooms.items()}
        print_json({"source": str(path), "faults": [], "warnings": warnings, "home": place.model.home, "rooms": roles})
        return 0
    for line in warnings:
        print(line)
    counts = [(len(place.devices), "device"), (len(place.model.schedules), "schedule")]
    told = ", ".join(
        f"{count} {noun}{'s' if count != 1 else ''}" for count, noun in counts if count or noun == "device"
    )
    print(f"{place.model.home}: fine ({told})")
    for name, room in rooms.items():
        cast = "; ".join(f"{role}: {', '.join(_names(names))}" for role, names in room.roles.items())
        print(f"  {name}: {cast or 'casts nothing yet'}")
    if not place.model.music and any("music" in room.roles for room in rooms.values()):
        print(no_music_line(path))
    return 0


@home.command()
def schema() -> None:
    """The JSON Schema of home files, for editors."""
    from orchestrator.home.schema import schema

    print_json(schema())


def _without_token(home: "Home", path: Path) -> "Iterator[str]":
    """Its devices of Home Assistant are in order, and nobody lets relax in to them."""
    from orchestrator.daemon.gateways import home_assistant_of
    from orchestrator.errors import HomeAssistantRefused

    own = [name for name, device in home.devices.items() if device.settings.dialect == "hass"]
    try:
        if own:
            home_assistant_of(home)
    except HomeAssistantRefused as error:
        yield f"{path}: {', '.join(own)}: {error}"


def _names(cast: str | list[str]) -> list[str]:
    return [cast] if isinstance(cast, str) else list(cast)
