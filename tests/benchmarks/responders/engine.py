"""The engine alone: the daemon's class with sessions that are prepared, one a room. No interface, no journal.

`engine.py HOST PORT FOLDER`: a command to room 3, whatever it says, starts the session of `room-3`.
"""

import asyncio
import signal
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
from orchestrator.units import Ms


def prepared(home: Home, folder: Path) -> dict[str, Start]:
    """The start of each room, planned once: all rooms play the same."""
    first = prepare(scenes.load(folder / "scenes" / "bench.yaml"), home, "room-0", {}, name="room-0")
    return {
        f"room-{room}": first._replace(
            name=f"room-{room}",
            room=f"room-{room}",
            roles={
                role: tuple(f"lamp-{room}-{device.rpartition('-')[2]}" for device in cast)
                for role, cast in first.roles.items()
            },
        )
        for room in range(len(home.model.rooms))
    }


async def respond(address: Address, folder: Path) -> None:
    home = homes.load(folder / "home.yaml")
    starts = prepared(home, folder)
    is_over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, is_over.set)

    def hear(message: Message, _moment: Ms) -> bool:
        if not message.topic.endswith("/command"):
            return False
        daemon.start(starts[message.topic.split("/")[2]])
        return True

    daemon = Daemon(home, address, client_id="engine", subscriptions=["relax/rooms/+/command"], on_message=hear)
    async with daemon:
        daemon.publish([Message("relax/status", "online")])
        await is_over.wait()


account = Account()
asyncio.run(respond(Address(sys.argv[1], int(sys.argv[2])), Path(sys.argv[3])))
account.settle()
