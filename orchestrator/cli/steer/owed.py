"""`relax owed`: what rooms have not been given back yet, to pay it or to drop it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli import options
from orchestrator.cli.completion import device_names
from orchestrator.cli.json_output import print_json
from orchestrator.commands import EVERYTHING, CliDoor, CommandSpec, through

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.cli.client.client import Client

owed = typer.Typer(
    help="What has not been given back yet, to pay it or to drop it.",
    no_args_is_help=False,
    invoke_without_command=True,
)

OwedDevice = Annotated[
    str, typer.Argument(metavar="[DEVICE]", help="A device of the home file; else all.", autocompletion=device_names)
]


@owed.callback()
def all_owed(
    context: typer.Context,
    room: options.Room = None,
    home: options.DaemonHome = None,
    broker: options.Broker = None,
    as_json: options.JsonData = False,
) -> None:
    """What rooms have not been given back yet; `pay` tries again, `drop` leaves it as it is."""
    if context.invoked_subcommand is not None:
        return
    import asyncio

    async def tell() -> None:
        async with _client(home, broker) as client:
            _print(client, _rooms(client, room), as_json)

    asyncio.run(tell())


def _command(spec: CommandSpec) -> Callable[..., None]:
    def command(
        device: OwedDevice = EVERYTHING,
        room: options.Room = None,
        home: options.DaemonHome = None,
        broker: options.Broker = None,
        as_json: options.JsonData = False,
    ) -> None:
        _tell(spec.word, device, room, home, broker, as_json=as_json)

    command.__doc__ = spec.about
    return command


for _spec, _door in through(CliDoor):
    if _door.below is not None and _door.below[0] == "owed":
        owed.command(_door.below[1])(_command(_spec))


def _tell(word: str, device: str, room: str | None, home: "Path | None", broker: str | None, *, as_json: bool) -> None:
    """Tell every room that is meant. Raises BrokerError, Refused, UnknownRoom."""
    import asyncio

    async def tell() -> None:
        from orchestrator.errors import Reason, Refused

        async with _client(home, broker) as client:
            rooms = _rooms(client, room)
            meant = [each for each in rooms if client.states[each].outstanding] if room is None else rooms
            if not meant:
                raise Refused(Reason.NOT_NOW, "Nothing is owed in any room.")
            refusals = []
            for each in meant:
                try:
                    await client.ask(each, {"command": word, "device": device})
                except Refused as refused:
                    refusals.append(refused)
            if len(refusals) == len(meant):
                raise refusals[0]
            await client.settle()
            _print(client, meant, as_json)

    asyncio.run(tell())


def _client(home: "Path | None", broker: str | None) -> "Client":
    from orchestrator.cli.client.client import Client
    from orchestrator.cli.client.daemon_address import daemon_address

    return Client(daemon_address(home, broker))


def _rooms(client: "Client", room: str | None) -> list[str]:
    from orchestrator.cli.client.status_text import known_room

    return [known_room(client, room)] if room is not None else sorted(client.states)


def _print(client: "Client", rooms: list[str], as_json: bool) -> None:
    from orchestrator.cli.client.status_text import owed_line
    from orchestrator.daemon.clock import local_time

    found = {room: client.states[room].outstanding for room in rooms if room in client.states}
    if as_json:
        print_json({"rooms": {room: [each.model_dump(mode="json") for each in owed] for room, owed in found.items()}})
        return
    wall = local_time()
    lines = [f"{room}: {owed_line(each, client.where.home, wall)}" for room, owed in found.items() for each in owed]
    print("\n".join(lines) if lines else "Nothing is owed.")
