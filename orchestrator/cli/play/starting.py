"""Starting a scene in the daemon, and following it."""

import sys
from collections.abc import Mapping

from orchestrator.cli.play.faces import Bar, JsonLines, Lines, print_json
from orchestrator.cli.play.following import Following, interruptible
from orchestrator.cli.steer.client import Client
from orchestrator.cli.steer.daemon_address import DaemonAddress
from orchestrator.cli.steer.status_text import cautions, status_line, the_room_to_start_in
from orchestrator.daemon.clock import local_time
from orchestrator.integrations.outgoing import Reply


async def start(
    where: DaemonAddress, room: str | None, command: Mapping[str, object], *, detach: bool, as_json: bool
) -> int:
    """Ask for it, and follow unless `detach`. The exit code. Raises BrokerError, Refused, UsageError."""
    async with Client(where) as client:
        place, scene = the_room_to_start_in(client, room), str(command["scene"])
        if not as_json:
            for caution in cautions(client, scene, command.get("language")):
                print(f"Mind: {caution}", flush=True)
        with interruptible(client):
            reply = await client.ask(place, command)
            if detach:
                await client.settle()
                _say_begun(client, place, reply, scene, as_json=as_json)
                return 0
            if reply.queued and not as_json:
                print(f"{scene} waits until {place} is free.", flush=True)
            return await _follow(client, place, reply, scene, as_json=as_json)


async def _follow(client: Client, room: str, reply: Reply, scene: str, *, as_json: bool) -> int:
    following = Following(client, room, reply.session or "", scene)
    if not as_json:
        return await following.follow(Bar(client, room) if sys.stdout.isatty() else Lines(client))
    code = await following.follow(JsonLines())
    print_json({"summary": {"scene": scene, "room": room, "session": reply.session, "status": following.ending}})
    return code


def _say_begun(client: Client, room: str, reply: Reply, scene: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"room": room, "scene": scene, "session": reply.session, "queued": bool(reply.queued)})
    elif reply.queued:
        print(f"{room}: {scene} waits until the room is free.")
    else:
        print(status_line(room, client.states[room], local_time()))
