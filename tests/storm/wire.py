"""In the place of `orchestrator.mqtt.connection.Connection`: the same promises, at the broker of the storm.

What waits to be read lies in the real inbox. `crash` is called before and after each message that is sent.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import Any, Protocol, Self

from orchestrator.devices.messages import Message
from orchestrator.errors import BrokerUnreachable
from orchestrator.mqtt import backoff
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.inbox import Inbox, Rank
from tests.storm.broker import Broker


class Process(Protocol):
    """The process that a connection belongs to."""

    broker: Broker
    is_dead: bool
    connections: list["Connection"]

    def crash(self, where: str, /) -> None: ...
    def stumbles(self, error: BaseException, /) -> None: ...


class Connection:
    """Comes back by itself, and drops what could not be sent."""

    process: "Process"
    """Whose connections are made now: each process says so while it runs."""

    def __init__(
        self,
        address: Address,
        *,
        client_id: str,
        subscriptions: Sequence[str] = (),
        on_message: Callable[[Message], None],
        on_connected: Callable[[], None] = lambda: None,
        on_lost: Callable[[str], None] = lambda _reason: None,
        will: Message | None = None,
        birth: Message | None = None,
        rank: Callable[[str], Rank] = lambda _topic: Rank.COMMAND,
        on_listening: Callable[[str], None] = lambda _topic: None,
    ) -> None:
        del client_id, on_listening
        self.address = address
        self.will = will
        self.filters: Sequence[str] = tuple(dict.fromkeys(subscriptions))
        self.process = Connection.process
        self.refused_until = 0
        self._on_message, self._on_connected, self._on_lost = on_message, on_connected, on_lost
        self._birth = birth
        self._inbox = Inbox(rank)
        self._session: int | None = None
        self._attempt = 0
        self._answered = asyncio.Event()
        self._handle: asyncio.TimerHandle | None = None
        self._is_reading = False
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def round_trip(self) -> float:
        """Seconds that the broker takes to bring a message back: here it is not measured."""
        return 0.0

    @property
    def is_connected(self) -> bool:
        return self._session is not None

    def __len__(self) -> int:
        """How much waits to be read."""
        return len(self._inbox)

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self.process.connections.append(self)
        self._handle = self._loop.call_later(0.002, self._try)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._handle is not None:
            self._handle.cancel()
        if self in self.process.connections:
            self.process.connections.remove(self)
        if self._session is not None:
            if self.will is not None:
                self.publish([self.will])
            self.process.broker.leave(self._session)
            self._session = None

    async def first(self, timeout: float) -> None:  # noqa: ASYNC109 as the real one
        try:
            async with asyncio.timeout(timeout):
                await self._answered.wait()
        except TimeoutError:
            raise BrokerUnreachable(f"No broker at {self.address}.") from None

    def publish(self, messages: Iterable[Message]) -> int:
        if self._session is None or self.process.is_dead:
            return 0
        count = 0
        for message in messages:
            self.process.crash("before a send")
            self.process.broker.publish(self.process, message)
            count += 1
            self.process.crash("after a send")
        return count

    # What the broker does

    def arrive(self, message: Message, session: int) -> None:
        if self.process.is_dead or session != self._session:
            return
        self._inbox.put(message)
        if not self._is_reading:
            self._is_reading = True
            assert self._loop is not None
            self._loop.call_soon(self._read)

    def is_cut(self, reason: str) -> None:
        if self.process.is_dead:
            return
        self._session = None
        self._inbox.clear()
        assert self._loop is not None
        self._loop.call_soon(self._tell, self._on_lost, reason)
        self._try_again()

    def vanish(self) -> None:
        if self._session is not None:
            self.process.broker.vanish(self._session)
            self._session = None

    def cut(self) -> None:
        """Somebody pulls the plug of the network."""
        if self._session is not None:
            self.process.broker.cut(self._session)

    # Inside

    def _try(self) -> None:
        broker = self.process.broker
        assert self._loop is not None
        if not broker.is_up or self._loop.time() * 1000 < self.refused_until:
            self._try_again()
            return
        self._attempt = 0
        self._session = broker.connect(self)
        broker.subscribe(self._session, self.filters)
        self._answered.set()
        if self._birth is not None:
            self.publish([self._birth])
        self._tell(self._on_connected)

    def _try_again(self) -> None:
        assert self._loop is not None
        self._handle = self._loop.call_later(backoff.wait(self._attempt, 0.5), self._try)
        self._attempt += 1

    def _read(self) -> None:
        while (message := self._inbox.take()) is not None:
            self._tell(self._on_message, message)
        self._is_reading = False

    def _tell(self, call: Callable[..., Any], *args: Any) -> None:
        try:
            call(*args)
        except Exception as error:  # noqa: BLE001 the real one logs it, and goes on
            self.process.stumbles(error)
