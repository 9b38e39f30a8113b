"""`relax home`: the home file."""

from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli import options
from orchestrator.cli.exit_codes import FAULTY
from orchestrator.cli.json_output import print_json

home = typer.Typer(help="The home file.", no_args_is_help=True)

File = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", help="The home file; else RELAX_HOME, else ./home.yaml.")
]


@home.command()
def check(file: File = None, as_json: options.JsonData = False) -> int:
    """Look a home file over.

    Every fault with its place (exit code 2), else what each room casts, and warnings of what will bite.
    """
    from orchestrator.cli.arguments import home_at, own_home, with_playable_schedules
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
    if as_json:
        roles = {name: {role: _names(cast) for role, cast in room.roles.items()} for name, room in rooms.items()}
        warnings = [remark._asdict() for remark in place.remarks]
        print_json({"source": str(path), "faults": [], "warnings": warnings, "home": place.model.home, "rooms": roles})
        return 0
    for remark in place.remarks:
        print(f"{remark} [warning]")
    counts = [(len(place.devices), "device"), (len(place.model.schedules), "schedule")]
    told = ", ".join(
        f"{count} {noun}{'s' if count != 1 else ''}" for count, noun in counts if count or noun == "device"
    )
    print(f"{place.model.home}: fine ({told})")
    for name, room in rooms.items():
        cast = "; ".join(f"{role}: {', '.join(_names(names))}" for role, names in room.roles.items())
        print(f"  {name}: {cast or 'casts nothing yet'}")
    return 0


@home.command()
def schema() -> None:
    """The JSON Schema of home files, for editors."""
    from orchestrator.home.schema import schema

    print_json(schema())


def _names(cast: str | list[str]) -> list[str]:
    return [cast] if isinstance(cast, str) else list(cast)
