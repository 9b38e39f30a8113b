"""A whole house in one process: a broker, a simulated home at it, and the daemon that plays there."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import NamedTuple

from orchestrator.daemon.clock import now
from orchestrator.daemon.daemon import Daemon
from orchestrator.devices.messages import Message
from orchestrator.events.event import EventRecord
from orchestrator.home.library import Home
from orchestrator.mqtt.broker import broker
from orchestrator.simulator.faults import Faults
from orchestrator.simulator.serve import SimulatorService
from orchestrator.units import Ms

ACQUAINTED = 1.0
"""Seconds that the devices have to say how they are before anything starts."""


class House(NamedTuple):
    """The daemon, and the devices that it plays with."""

    daemon: Daemon
    devices: SimulatorService


@asynccontextmanager
async def house(
    home: Home,
    *,
    port: int | None = None,
    faults: Mapping[str, Faults] | None = None,
    on_event: Callable[[EventRecord], None] | None = None,
    on_sent: Callable[[Ms, Message], None] | None = None,
) -> AsyncIterator[House]:
    """Everything that a session needs, gone again when the block is left. Raises RelaxError.

    The daemon is there first and hears each device come, as a rehearsal does: what it sends then is the same.
    """
    devices: SimulatorService
    met: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def look() -> None:
        stage, moment = daemon.conductor.stage, now()
        if not met.done() and all(stage.knows(name, moment) or stage.is_away(name) for name in home.devices):
            met.set_result(None)

    def heard(_message: Message, _moment: Ms) -> bool:
        if not met.done():
            asyncio.get_running_loop().call_soon(look)
        return False

    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(broker(port))
        daemon = Daemon(home, address, on_event=on_event, on_sent=on_sent, on_message=heard)
        await stack.enter_async_context(daemon)
        devices = await stack.enter_async_context(SimulatorService(home, address, faults))
        for name in devices.simulated.unsimulated:
            daemon.conductor.stage.staged(name).never_says_done()
        await devices.first(ACQUAINTED)
        with suppress(TimeoutError):
            async with asyncio.timeout(ACQUAINTED):
                await asyncio.shield(met)
        yield House(daemon, devices)
