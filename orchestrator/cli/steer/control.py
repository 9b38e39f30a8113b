"""`relax status`, `pause`, `next` and their like: what a person tells the session in a room, and how the rooms are."""

import json
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli import options
from orchestrator.cli.completion import device_names, step_names

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.cli.client.client import Client

By = Annotated[str, typer.Argument(metavar="[TIME]", help="How much longer, such as 2min or 90s.")]
Step = Annotated[
    str, typer.Argument(metavar="STEP", help="The step, as `relax plan` names it.", autocompletion=step_names)
]
Level = Annotated[str, typer.Argument(metavar="LEVEL", help="Percent of what is comfortable in the room, such as 30%.")]
DeviceNamed = Annotated[
    str, typer.Argument(metavar="DEVICE", help="A device of the home file.", autocompletion=device_names)
]


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

            _print_rooms(client, [known_room(client, room)] if room is not None else sorted(client.states), as_json)

    asyncio.run(tell())


def plain(word: str, about: str) -> Callable[..., None]:
    """The command that is one word and says no more to the room."""

    def command(
        room: options.Room = None,
        home: options.DaemonHome = None,
        broker: options.Broker = None,
        as_json: options.JsonData = False,
    ) -> None:
        _tell({"command": word}, room, home, broker, as_json=as_json)

    command.__doc__ = about
    return command


PLAIN = {
    "pause": "Pause: fades stand still, the music is silent, words wait.",
    "resume": "Go on after a pause.",
    "next": "On to the next step.",
    "back": "Back to the step before.",
    "repeat": "Say the step's words again; nothing else moves.",
    "skip": "Leave the whole part, where that may be skipped.",
    "stop": "End the session gently and give the room back.",
    "abort": "End it at once, without words, and give the room back.",
}


def extend(
    by: By = "2min",
    room: options.Room = None,
    home: options.DaemonHome = None,
    broker: options.Broker = None,
    as_json: options.JsonData = False,
) -> None:
    """More time for the step that is on."""
    _tell({"command": "extend", "by": by}, room, home, broker, as_json=as_json)


def goto(
    step: Step,
    room: options.Room = None,
    home: options.DaemonHome = None,
    broker: options.Broker = None,
    as_json: options.JsonData = False,
) -> None:
    """Go to a step."""
    _tell({"command": "goto", "step": step}, room, home, broker, as_json=as_json)


def volume(
    level: Level,
    room: options.Room = None,
    home: options.DaemonHome = None,
    broker: options.Broker = None,
    as_json: options.JsonData = False,
) -> None:
    """Set the music's volume for the rest of the session."""
    _tell({"command": "volume", "level": level}, room, home, broker, as_json=as_json)


def give_back(
    device: DeviceNamed,
    room: options.Room = None,
    home: options.DaemonHome = None,
    broker: options.Broker = None,
    as_json: options.JsonData = False,
) -> None:
    """Hand a device that was set by hand to the session again."""
    _tell({"command": "give_back", "device": device}, room, home, broker, as_json=as_json)


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


def _print_rooms(client: "Client", rooms: list[str], as_json: bool) -> None:
    from orchestrator.cli.client.status_text import more_lines, status_line
    from orchestrator.cli.client.status_text import state_as_json as plain
    from orchestrator.daemon.clock import local_time

    if as_json:
        states = {room: plain(client.states[room]) for room in rooms if room in client.states}
        print(json.dumps({"rooms": states}, ensure_ascii=False, indent=2))
        return
    wall = local_time()
    for room in rooms:
        if room in client.states:
            print(status_line(room, client.states[room], wall))
            for line in more_lines(client.states[room], client.where.home, wall):
                print(f"  {line}")
