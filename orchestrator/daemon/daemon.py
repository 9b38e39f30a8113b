"""The conductor with a real clock and a real broker. One timer, one thread; from trigger to message nobody waits."""

import asyncio
import gc
import logging
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from types import TracebackType
from typing import Self

from orchestrator.commands import RoomCommand
from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.journal_entries import Entry
from orchestrator.conductor.nights import dark_rooms
from orchestrator.conductor.person import Person
from orchestrator.conductor.rates import bridge_rates
from orchestrator.conductor.request import Start
from orchestrator.daemon.clock import Timer, local_time, local_zone, now
from orchestrator.daemon.gateways import Gateway
from orchestrator.daemon.message_rank import message_rank
from orchestrator.devices.messages import Message
from orchestrator.errors import BrokerError
from orchestrator.events.event import EventRecord
from orchestrator.events.session import Ending
from orchestrator.home.library import Home
from orchestrator.home.programme import zone_of
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.connection import FIRST_CONNECT, Connection
from orchestrator.units import SECOND, Ms

IN_PORTIONS = 700
"""How many objects are made before Python looks for rubbish among them: a long look is a cue that comes late."""

logger = logging.getLogger(__name__)


class Daemon:
    """Plays sessions in a home. Use it in `async with`; raises BrokerError on entry where there is no broker.

    `on_heard` gets each message of a device after the conductor: what a message changes its codec says once.

    `is_patient`: it waits for a broker that is away, and raises only where one says no. `on_entries` is called before
    the messages go that they belong to, `on_turned` after each turn, `on_connected` and `on_message` before the turn
    that they cause; a message that `on_message` takes (True) is none of the conductor's. On topics that `is_command`
    somebody waits for an answer: they come before reports. `wall` is the clock on the wall, which says where it is
    night. `gateways` carry their topics instead of the broker.
    """

    def __init__(
        self,
        home: Home,
        address: Address,
        *,
        client_id: str = "relax",
        on_event: Callable[[EventRecord], None] | None = None,
        on_sent: Callable[[Ms, Message], None] | None = None,
        subscriptions: Sequence[str] = (),
        on_message: Callable[[Message, Ms], bool] | None = None,
        on_heard: Callable[[Message, Ms], None] | None = None,
        on_entries: Callable[[Sequence[Entry], Ms], None] | None = None,
        on_connected: Callable[[Ms], None] | None = None,
        on_turned: Callable[[Ms], None] | None = None,
        will: Message | None = None,
        birth: Message | None = None,
        is_command: Callable[[str], bool] = lambda _topic: False,
        is_patient: bool = False,
        wall: Callable[[], datetime] = local_time,
        gateways: Sequence[Gateway] = (),
    ) -> None:
        self._home = home
        self._gateways = gateways
        self._wall = wall
        self.conductor = Conductor(home, bridge_rates(home))
        self._on_event = on_event
        self._on_sent = on_sent
        self._on_message = on_message
        self._on_heard = on_heard
        self._on_entries = on_entries
        self._on_connected = on_connected
        self._on_turned = on_turned
        self._is_patient = is_patient
        self._people: list[Person] = []
        self._timer: Timer | None = None
        self._settled: dict[tuple[str, bool], asyncio.Future[None]] = {}
        self._stack = AsyncExitStack()
        topics = {topic for device in home.devices.values() for topic in device.dialect.topics}
        self._connection = Connection(
            address,
            client_id=client_id,
            subscriptions=[*sorted(filter(self._is_brokers, topics.union(self.conductor.topics))), *subscriptions],
            on_connected=self._connected,
            on_lost=self._lost,
            on_message=self._receive,
            will=will,
            birth=birth,
            rank=message_rank(home, self.conductor.topics, is_command),
            on_listening=self._ask_again,
        )

    async def __aenter__(self) -> Self:
        gc.freeze()  # what was loaded stays: to look through it for rubbish takes 30 ms, in the middle of a fade
        self._stack.callback(gc.unfreeze)
        gc.set_threshold(IN_PORTIONS)
        self._timer = Timer(self._turn)
        self._stack.callback(self._timer.cancel)
        await self._stack.enter_async_context(self._connection)
        try:
            await self._connection.first(FIRST_CONNECT)
        except BrokerError as error:
            if not (self._is_patient and error.retryable):
                await self._stack.aclose()
                raise
            logger.warning("%s It is tried again until it answers.", error)
        except BaseException:
            await self._stack.aclose()
            raise
        for gateway in self._gateways:
            await self._stack.enter_async_context(gateway.serve(self._receive))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    # What people do

    def start(self, start: Start, hold: Ms | None = None) -> None:
        """Begin a session. With `hold` a simulated person answers its waits. Raises Refused."""
        self.conductor.start(start, now())
        if hold is not None:
            self._people.append(Person(start.room, hold))
        self._pump()

    def command(self, room: str, command: RoomCommand) -> None:
        """Raises Refused."""
        try:
            self.conductor.command(room, command, now())
        finally:
            self._pump()

    def end(self, room: str, ending: Ending) -> None:
        self.conductor.end(room, ending, now())
        self._pump()

    def publish(self, messages: Sequence[Message]) -> None:
        """Send what is not the conductor's."""
        self._connection.publish(messages)

    def turn(self) -> None:
        """Let happen what is due, and send what was done to the conductor from outside."""
        self._turn()

    def see_night(self) -> None:
        """Let the conductor know in which rooms it is night by the clock on the wall."""
        self.conductor.night(dark_rooms(self._home, self._wall(), zone_of(self._home, local_zone())), now())

    async def settled(self, room: str, *, but_rest: bool = False) -> None:
        """Wait until nothing is on in a room and every device that is there has been given back.

        `but_rest`: lights that are kept low for a minute after a stop are not waited for.
        """
        if self._is_settled(room, but_rest=but_rest):
            return
        future = self._settled.setdefault((room, but_rest), asyncio.get_running_loop().create_future())
        await asyncio.shield(future)

    def _is_settled(self, room: str, *, but_rest: bool) -> bool:
        conductor = self.conductor
        return conductor.is_settled(room) or (but_rest and conductor.is_resting(room, now()))

    @property
    def address(self) -> Address:
        return self._connection.address

    @property
    def is_connected(self) -> bool:
        return self._connection.is_connected

    # What the broker does

    def _connected(self) -> None:
        self.see_night()
        moment = now()
        self.conductor.connected(moment)
        if self._on_connected is not None:
            self._on_connected(moment)
        self._pump()

    def _lost(self, reason: str) -> None:
        del reason
        self.conductor.lost(now())
        self._pump()

    def _receive(self, message: Message) -> None:
        moment = now()
        self._note_round_trip()
        if self._on_message is None or not self._on_message(message, moment):
            self.conductor.receive(message, moment)
            if self._on_heard is not None:
                self._on_heard(message, moment)
        self._pump()

    def _ask_again(self, topic: str) -> None:
        """A topic flooded, and was not listened to: how are its devices?"""
        self._connection.publish(self.conductor.asking(topic))

    def _note_round_trip(self) -> None:
        """How far the broker is away: devices take as much longer to say how they are."""
        self.conductor.patience.round_trip = round(self._connection.round_trip * SECOND)

    # The turn of things

    def _turn(self) -> None:
        moment = now()
        self._note_round_trip()
        self.conductor.advance(moment)
        for person in self._people:
            person.advance(self.conductor, moment)
        self._pump()

    def _pump(self) -> None:
        """Ask for what is to be heard, send what is to be sent, say what happened, and set the timer."""
        if topics := self.conductor.new_topics():
            self._connection.subscribe(topics)
        messages, records = self.conductor.take()
        entries = self.conductor.entries()
        if entries and self._on_entries is not None:
            self._on_entries(entries, now())
        if messages:
            self._send(messages)
            if self._on_sent is not None:
                moment = now()
                for message in messages:
                    self._on_sent(moment, message)
        if self._on_event is not None:
            for record in records:
                self._on_event(record)
        for waited in [each for each in self._settled if self._is_settled(each[0], but_rest=each[1])]:
            future = self._settled.pop(waited)
            if not future.done():
                future.set_result(None)
        if self._on_turned is not None:
            self._on_turned(now())
        if self._timer is not None:
            self._timer.set(self._next())

    def _send(self, messages: Sequence[Message]) -> None:
        """Each on its way: through the gateway that carries it, else over the broker."""
        for gateway in self._gateways:
            gateway.publish([message for message in messages if gateway.carries(message.topic)])
        self._connection.publish([message for message in messages if self._is_brokers(message.topic)])

    def _is_brokers(self, topic: str) -> bool:
        return not any(gateway.carries(topic) for gateway in self._gateways)

    def _next(self) -> Ms | None:
        moments = [self.conductor.next_deadline(), *(person.due(self.conductor) for person in self._people)]
        return min((moment for moment in moments if moment is not None), default=None)
