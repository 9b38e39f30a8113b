"""`relax why`: what did not happen, and the value that decided, as the journal has it."""

from typing import Annotated

import typer

from orchestrator.cli import options
from orchestrator.cli.json_output import print_json

AtMost = Annotated[int, typer.Option("--count", metavar="N", min=1, max=1000, help="How many at most.")]


def why(
    room: options.Room = None, count: AtMost = 20, state_dir: options.StateDir = None, as_json: options.JsonData = False
) -> None:
    """What did not happen lately, and why not.

    The newest first, each with the value that decided.
    """
    from orchestrator.daemon.clock import local_zone
    from orchestrator.daemon.settings import read_settings
    from orchestrator.journal.reader import Reader
    from orchestrator.journal.why import why as told

    with Reader(read_settings({"state_dir": state_dir}).journal) as journal:
        found = told(journal, room=room, at_most=count)
    if as_json:
        print_json([each._asdict() for each in found])
        return
    if not found:
        print("Everything happened as it should.")
    zone = local_zone()
    for each in found:
        print(f"{each.at.astimezone(zone):%a %d %b %H:%M:%S}  {each.room}: {each.sentence}")
