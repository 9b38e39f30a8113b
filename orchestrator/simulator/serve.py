"""A simulated home on a real broker: the only I/O here. One connection for all its devices, one timer."""

import asyncio
import secrets
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Self

from orchestrator.devices.messages import Message
from orchestrator.home.library import Home
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.connection import Connection
from orchestrator.simulator.faults import Faults
from orchestrator.simulator.home import SimulatedHome
from orchestrator.units import SECOND, Ms, Percent
from orchestrator.values import Colour

CLIENT_ID = "relax-simulator-"
"""And six digits: two simulators at one broker do not kick each other out. MQTT 3.1 takes 23 characters."""


class SimulatorService:
    """Use it in `async with`, in the loop's thread. Inside, look at `simulated` at the moment `now()`.

    The devices come online on every connect, and go offline when the block is left.
    """

    def __init__(self, home: Home, address: Address, faults: Mapping[str, Faults] | None = None) -> None:
        self.simulated = SimulatedHome(home, faults)
        self._connection = Connection(
            address,
            client_id=CLIENT_ID + secrets.token_hex(3),
            subscriptions=self.simulated.topics,
            on_message=self._receive,
            on_connected=self._connected,
        )
        self._timer: asyncio.TimerHandle | None = None
        self._began = 0.0

    async def __aenter__(self) -> Self:
        self._began = asyncio.get_running_loop().time()
        await self._connection.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.publish(self.simulated.gone())
        self._forget_what_is_due()
        await self._connection.__aexit__(kind, error, trace)
        self._forget_what_is_due()  # a command may have come while it closed

    async def first(self, timeout: float) -> None:  # noqa: ASYNC109 handed through
        """Wait for the first connect, `timeout` seconds at most. Raises BrokerUnreachable or BrokerRefused."""
        await self._connection.first(timeout)

    def now(self) -> Ms:
        """Milliseconds since the service began: the clock of its devices."""
        return int((asyncio.get_running_loop().time() - self._began) * SECOND)

    def turn(
        self, name: str, *, level: Percent | None = None, colour: Colour | None = None, on: bool | None = None
    ) -> None:
        """A hand at a device: see `SimulatedHome.turn`."""
        self._publish(self.simulated.turn(name, self.now(), level=level, colour=colour, on=on))

    def press(self, name: str, action: str) -> None:
        """A finger on a button."""
        self._publish(self.simulated.press(name, action, self.now()))

    def say(self, topic: str, payload: str, *, retain: bool = False) -> None:
        """Something that is no device of the home says something: a doorbell, a phone."""
        self._publish([Message(topic, payload, retain=retain)])

    def set_online(self, name: str, *, online: bool) -> None:
        """A device vanishes or comes back."""
        change = self.simulated.online if online else self.simulated.offline
        self._publish(change(name, self.now()))

    def _connected(self) -> None:
        self._publish(self.simulated.connected(self.now()))

    def _receive(self, message: Message) -> None:
        self._publish(self.simulated.receive(message, self.now()))

    def _due(self, deadline: Ms) -> None:
        """The loop may wake a hair early: what is due now is due."""
        self._publish(self.simulated.advance(max(self.now(), deadline)))

    def _publish(self, messages: Iterable[Message]) -> None:
        self._connection.publish(messages)
        self._forget_what_is_due()
        deadline = self.simulated.next_deadline()
        if deadline is not None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(self._began + deadline / SECOND, self._due, deadline)

    def _forget_what_is_due(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
