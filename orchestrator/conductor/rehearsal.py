"""A session on virtual time: the conductor and a simulated home, from deadline to deadline, without a network."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol, TypeAlias

from orchestrator.commands import Next, RoomCommand
from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.person import Person
from orchestrator.conductor.rates import bridge_rates
from orchestrator.conductor.request import Start
from orchestrator.devices.messages import Message
from orchestrator.errors import Refused
from orchestrator.events.event import EventRecord
from orchestrator.home.library import Home
from orchestrator.simulator.faults import Faults
from orchestrator.simulator.home import SimulatedHome
from orchestrator.units import Ms


class Sent(NamedTuple):
    """A message of ours, and when it went."""

    at: Ms
    message: Message


class Heard(NamedTuple):
    """A message of a device, and when it came."""

    at: Ms
    message: Message


class Commanded(NamedTuple):
    """What a person tells the room, and when. `refused`: why it was not done."""

    at: Ms
    command: RoomCommand
    refused: Refused | None = None


Rehearsed: TypeAlias = Sent | Heard | Commanded | EventRecord


class Devices(Protocol):
    """The devices behind the broker: what they say of themselves, at a moment, and to what they are told."""

    def connected(self, now: Ms, /) -> list[Message]: ...
    def advance(self, now: Ms, /) -> list[Message]: ...
    def receive(self, message: Message, now: Ms, /) -> list[Message]: ...
    def next_deadline(self) -> Ms | None: ...


class Rehearsal:
    """One session in a simulated home. Iterate over `play()`; the home can be looked at in between.

    `devices`: whoever plays the devices instead of our own simulated ones, which have the `faults`.
    """

    def __init__(
        self,
        home: Home,
        start: Start,
        *,
        hold: Ms | None = None,
        faults: Mapping[str, Faults] | None = None,
        commands: Iterable[Commanded] = (),
        devices: Devices | None = None,
    ) -> None:
        self.conductor = Conductor(home, bridge_rates(home))
        self.simulated = SimulatedHome(home, faults or {})
        for name in self.simulated.unsimulated:
            self.conductor.stage.staged(name).never_says_done()
        self.now: Ms = 0
        self._devices = devices or self.simulated
        self._start = start
        self._person = Person(start.room, hold)
        self._commands = sorted(commands, key=lambda each: each.at)

    def play(self) -> Iterator[Rehearsed]:
        """All that we send and hear and all that happens, in order, until the room is given back. Raises Refused."""
        yield from self._hear(self._devices.connected(0))
        self.conductor.start(self._start, 0)
        yield from self._exchange()
        while not self.conductor.is_settled(self._start.room):
            moment = self._next()
            if moment is None:
                return
            self.now = max(self.now, moment)
            yield from self._hear(live(self._devices.advance(self.now)))
            self.conductor.advance(self.now)
            if self._person.advance(self.conductor, self.now):
                yield Commanded(self.now, Next())
            yield from self._told()
            yield from self._exchange()

    def _told(self) -> Iterator[Commanded]:
        """What the person says now, on whose times the session has no influence."""
        while self._commands and self._commands[0].at <= self.now:
            commanded = self._commands.pop(0)
            try:
                self.conductor.command(self._start.room, commanded.command, self.now)
            except Refused as refused:
                commanded = commanded._replace(refused=refused)
            yield commanded._replace(at=self.now)

    def _next(self) -> Ms | None:
        due = (
            self.conductor.next_deadline(),
            self._devices.next_deadline(),
            self._person.due(self.conductor),
            self._commands[0].at if self._commands else None,
        )
        return min((moment for moment in due if moment is not None), default=None)

    def _exchange(self) -> Iterator[Rehearsed]:
        """Our messages reach the devices at once, and what they answer at once reaches us."""
        while True:
            messages, records = self.conductor.take()
            yield from records
            if not messages:
                return
            for message in messages:
                yield Sent(self.now, message)
                yield from self._hear(live(self._devices.receive(message, self.now)))

    def _hear(self, messages: list[Message]) -> Iterator[Heard]:
        for message in messages:
            yield Heard(self.now, message)
            self.conductor.receive(message, self.now)


def live(messages: list[Message]) -> list[Message]:
    """As a broker hands them on to who listens already: what is retained is marked so only for who comes later."""
    return [message._replace(retain=False) for message in messages]
