"""Our responder: the daemon, with sessions that are prepared, one a room.

`ours.py HOST PORT FOLDER`: a trigger `bench/to/start/3` starts the session of `room-3`.
"""

import asyncio
import sys
from pathlib import Path

from account import Account

from orchestrator.conductor.preparation import prepare
from orchestrator.conductor.request import Start
from orchestrator.daemon.daemon import Daemon
from orchestrator.devices.messages import Message
from orchestrator.home import library as homes
from orchestrator.home.library import Home
from orchestrator.mqtt.address import Address
from orchestrator.scenes import library as scenes
from orchestrator.values import Ms


def prepared(home: Home, folder: Path) -> dict[str, Start]:
    """The start of each room, planned once: all rooms play the same."""
    first = prepare(scenes.load(folder / "scene.yaml"), home, "room-0", {}, name="room-0")
    lamps = len(first.roles["main"])
    return {
        str(room): first._replace(
            name=f"room-{room}",
            room=f"room-{room}",
            roles={"main": tuple(f"lamp-{room}-{lamp}" for lamp in range(lamps))},
        )
        for room in range(len(home.model.rooms))
    }


async def respond(address: Address, folder: Path, account: Account) -> None:
    home = homes.load(folder / "home.yaml")
    starts = prepared(home, folder)
    is_over = asyncio.Event()

    def hear(message: Message, _moment: Ms) -> bool:
        if not message.topic.startswith("bench/to/"):
            return False
        verb, _, room = message.topic.removeprefix("bench/to/").partition("/")
        if verb == "start":
            daemon.start(starts[room])
        elif verb == "mark":
            account.mark()
        else:
            is_over.set()
        return True

    daemon = Daemon(home, address, client_id="ours", subscriptions=["bench/to/#"], on_message=hear)
    async with daemon:
        daemon.publish([Message("bench/ready", "")])
        await is_over.wait()
    account.settle()


asyncio.run(respond(Address(sys.argv[1], int(sys.argv[2])), Path(sys.argv[3]), Account()))
