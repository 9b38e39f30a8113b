"""`relax status`, `pause`, `next` and their like: what a person tells the session in a room, and how the rooms are."""

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import typer

from orchestrator.cli import options
from orchestrator.cli.completion import device_names, step_names
from orchestrator.cli.json_output import print_json
from orchestrator.cli.long_line import say
from orchestrator.commands import Argument, ArgumentKind, CliDoor, through

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.cli.client.client import Client

_METAVARS = {
    ArgumentKind.DURATION: "TIME",
    ArgumentKind.PERCENT: "LEVEL",
    ArgumentKind.STEP: "STEP",
    ArgumentKind.DEVICE: "DEVICE",
}
_COMPLETIONS = {ArgumentKind.STEP: step_names, ArgumentKind.DEVICE: device_names}


def status(
    room: options.Room = None,
    home: options.DaemonHome = None,
    broker: options.Broker = None,
    as_json: options.JsonData = False,
) -> None:
    """How the rooms are: what is on, how far it is, what is missing."""
    import asyncio

    async def tell() -> None:
        async with _client(home, broker) as client:
            from orchestrator.cli.client.status_text import known_room

            rooms = [known_room(client, room)] if room is not None else sorted(client.states)
            _print_rooms(client, rooms, as_json, with_new=room is None)

    asyncio.run(tell())


def commands() -> Iterator[tuple[str, Callable[..., None]]]:
    """What a person tells a room, by name: first what is one word, then what takes something behind it."""
    own = [spec for spec, door in through(CliDoor) if door.below is None]
    for spec in sorted(own, key=lambda each: each.argument is not None):
        command = _plain(spec.word) if spec.argument is None else _with_argument(spec.word, spec.argument)
        command.__doc__ = spec.about
        yield spec.word.replace("_", "-"), command


def _plain(word: str) -> Callable[..., None]:
    def command(
        room: options.Room = None,
        home: options.DaemonHome = None,
        broker: options.Broker = None,
        as_json: options.JsonData = False,
    ) -> None:
        _tell({"command": word}, room, home, broker, as_json=as_json)

    return command


def _with_argument(word: str, argument: Argument) -> Callable[..., None]:
    metavar = _METAVARS[argument.kind]
    given = typer.Argument(
        default=... if argument.default is None else argument.default,
        metavar=metavar if argument.default is None else f"[{metavar}]",
        help=argument.about,
        autocompletion=_COMPLETIONS.get(argument.kind),
    )

    def command(
        value: str = given,
        room: options.Room = None,
        home: options.DaemonHome = None,
        broker: options.Broker = None,
        as_json: options.JsonData = False,
    ) -> None:
        _tell({"command": word, argument.key: value}, room, home, broker, as_json=as_json)

    return command


def watch(
    room: options.Room = None,
    home: options.DaemonHome = None,
    broker: options.Broker = None,
    as_json: options.AsJson = False,
) -> None:
    """Follow what happens, in one room or in all, until Ctrl-C."""
    import asyncio

    async def follow() -> None:
        from orchestrator.cli.client.status_text import known_room
        from orchestrator.cli.steer.room_watch import watch_rooms

        async with _client(home, broker) as client:
            rooms = [known_room(client, room)] if room is not None else sorted(client.states)
            if not as_json:
                _print_rooms(client, rooms, as_json=False)
                sys.stdout.flush()
            await watch_rooms(client, room, as_json=as_json)

    asyncio.run(follow())


def _tell(
    command: Mapping[str, object], room: str | None, home: "Path | None", broker: str | None, *, as_json: bool
) -> None:
    """Tell the room, and say how it is then. Raises BrokerError, Refused, UsageError."""
    import asyncio

    async def tell() -> None:
        from orchestrator.cli.client.status_text import the_active_room

        async with _client(home, broker) as client:
            where = the_active_room(client, room)
            client.latest()
            await client.ask(where, command)
            await client.settle()
            _print_rooms(client, [where], as_json)
            if not as_json:
                _print_effects(client, where)

    asyncio.run(tell())


def _print_effects(client: "Client", room: str) -> None:
    """What came of a command that does not show in how the room stands."""
    from orchestrator.cli.event_text import event_sentence
    from orchestrator.events.music import VolumeSet
    from orchestrator.events.step import Extended
    from orchestrator.integrations.outgoing import EventMessage

    for news in client.latest():
        event = news.what.happened() if news.room == room and isinstance(news.what, EventMessage) else None
        if isinstance(event, Extended | VolumeSet):
            print(f"  {event_sentence(event, client.where.home)}")


def _client(home: "Path | None", broker: str | None) -> "Client":
    from orchestrator.cli.client.client import Client
    from orchestrator.cli.client.daemon_address import daemon_address

    return Client(daemon_address(home, broker))


def _print_rooms(client: "Client", rooms: list[str], as_json: bool, *, with_new: bool = False) -> None:
    from orchestrator.cli.client.status_text import more_lines, new_devices_line, status_line
    from orchestrator.cli.client.status_text import state_as_json as plain
    from orchestrator.daemon.clock import local_time

    if as_json:
        states = {room: plain(client.states[room]) for room in rooms if room in client.states}
        print_json({"rooms": states} | ({"new_devices": client.new_devices.model_dump()} if with_new else {}))
        return
    wall = local_time()
    for room in rooms:
        if room in client.states:
            say(status_line(room, client.states[room], wall))
            for line in more_lines(client.states[room], client.where.home, wall):
                say(f"  {line}")
    if with_new and (line := new_devices_line(client.new_devices)):
        say(line)
