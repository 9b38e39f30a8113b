"""A session on virtual time: the conductor and a simulated home, from deadline to deadline, without a network."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol, TypeAlias

from orchestrator.commands import Next, RoomCommand
from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.deeds import Deed, Hand, Morning, Offline, Online, Restart
from orchestrator.conductor.journal_entries import Entry
from orchestrator.conductor.person import Person
from orchestrator.conductor.rates import bridge_rates
from orchestrator.conductor.request import Start
from orchestrator.devices.messages import Message
from orchestrator.errors import Reason, Refused, UsageError
from orchestrator.events.event import EventRecord
from orchestrator.home.library import Home
from orchestrator.simulator.faults import Faults
from orchestrator.simulator.home import SimulatedHome
from orchestrator.units import Ms, Percent
from orchestrator.values import Colour


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


class Done(NamedTuple):
    """What is done besides commands, and when."""

    at: Ms
    deed: Deed


Rehearsed: TypeAlias = Sent | Heard | Commanded | Done | EventRecord


class Devices(Protocol):
    """The devices behind the broker: what they say of themselves, at a moment, and to what they are told."""

    def connected(self, now: Ms, /) -> list[Message]: ...
    def advance(self, now: Ms, /) -> list[Message]: ...
    def receive(self, message: Message, now: Ms, /) -> list[Message]: ...
    def next_deadline(self) -> Ms | None: ...
    def turn(
        self, name: str, now: Ms, *, level: Percent | None = None, colour: Colour | None = None, on: bool | None = None
    ) -> list[Message]: ...
    def offline(self, name: str, now: Ms, /) -> list[Message]: ...
    def online(self, name: str, now: Ms, /) -> list[Message]: ...


class Memory(Protocol):
    """What outlives relax: the next life of it goes on from there."""

    def began(self, now: Ms, /) -> None:
        """The session was started."""
        ...

    def entered(self, entries: list[Entry], now: Ms, /) -> None:
        """Before the messages go that belong to them."""
        ...

    def happened(self, record: EventRecord, /) -> None: ...

    def died(self, now: Ms, /) -> None: ...

    def recover(self, conductor: Conductor, now: Ms, /) -> None: ...


class Rehearsal:
    """One session in a simulated home. Iterate over `play()`; the home can be looked at in between.

    `devices`: whoever plays the devices instead of our own simulated ones, which have the `faults`. `commands` are what
    the person says, `deeds` what else is done; a restart needs a `memory`. Raises UsageError for a device of a deed
    that the home does not have.
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
        deeds: Iterable[Done] = (),
        memory: Memory | None = None,
    ) -> None:
        self.simulated = SimulatedHome(home, faults or {})
        self.now: Ms = 0
        self._home = home
        self._devices = devices or self.simulated
        self._start = start
        self._is_night = start.at_night
        self.conductor = self._new_conductor()
        self._person = Person(start.room, hold)
        self._commands = sorted(commands, key=lambda each: each.at)
        self._deeds = sorted(deeds, key=lambda each: each.at)
        self._memory = memory
        self._back_at: Ms | None = None
        """When relax is back that was killed."""
        self._kept: dict[str, Message] = {}
        """What the broker keeps of what devices say."""
        for done in self._deeds:
            if isinstance(done.deed, Hand | Offline | Online) and done.deed.device not in home.devices:
                raise UsageError(f"There is no device {done.deed.device!r}.", f"There are: {', '.join(home.devices)}.")

    def _new_conductor(self) -> Conductor:
        conductor = Conductor(self._home, bridge_rates(self._home))
        for name in self.simulated.unsimulated:
            conductor.stage.staged(name).never_says_done()
        if self._is_night:
            conductor.night(frozenset({self._start.room}), self.now)
        return conductor

    def play(self) -> Iterator[Rehearsed]:
        """All that we send and hear and all that happens, in order, until the room is given back. Raises Refused."""
        yield from self._hear(self._devices.connected(0))
        self.conductor.start(self._start, 0)
        if self._memory is not None:
            self._memory.began(0)
        yield from self._exchange()
        while self._deeds or self._back_at is not None or not self.conductor.is_settled(self._start.room):
            moment = self._next()
            if moment is None:
                return
            self.now = max(self.now, moment)
            yield from self._hear(self._devices.advance(self.now), is_live=True)
            if self._back_at is None:
                self.conductor.advance(self.now)
                if self._person.advance(self.conductor, self.now):
                    yield Commanded(self.now, Next())
            elif self._back_at <= self.now:
                self._come_back()
            yield from self._told()
            yield from self._exchange()
            yield from self._done()

    def _told(self) -> Iterator[Commanded]:
        """What the person says now, on whose times the session has no influence."""
        while self._commands and self._commands[0].at <= self.now:
            commanded = self._commands.pop(0)
            if self._back_at is not None:
                refused = Refused(Reason.NOT_NOW, "relax is not there.", "Say it again in a moment.")
                yield commanded._replace(at=self.now, refused=refused)
                continue
            try:
                self.conductor.command(self._start.room, commanded.command, self.now)
            except Refused as refused:
                commanded = commanded._replace(refused=refused)
            yield commanded._replace(at=self.now)

    def _done(self) -> Iterator[Rehearsed]:
        """What else is done now, and what comes of it at once."""
        while self._deeds and self._deeds[0].at <= self.now:
            done = self._deeds.pop(0)._replace(at=self.now)
            yield done
            match done.deed:
                case Hand(device, level, colour, on):
                    yield from self._hear(
                        self._devices.turn(device, self.now, level=level, colour=colour, on=on), is_live=True
                    )
                case Offline(device):
                    yield from self._hear(self._devices.offline(device, self.now), is_live=True)
                case Online(device):
                    yield from self._hear(self._devices.online(device, self.now), is_live=True)
                case Morning():
                    self._is_night = False
                    self.conductor.night(frozenset(), self.now)
                case Restart(away):
                    assert self._memory is not None, "a restart needs a memory"
                    self._memory.died(self.now)
                    self._back_at = self.now + max(away, 1)
            yield from self._exchange()

    def _come_back(self) -> None:
        """Another life begins: with what outlived the one before, and what the broker keeps."""
        assert self._memory is not None
        self._back_at = None
        self.conductor = self._new_conductor()
        self._memory.recover(self.conductor, self.now)
        for message in self._kept.values():
            self.conductor.receive(message, self.now)

    def _next(self) -> Ms | None:
        is_there = self._back_at is None
        due = (
            self.conductor.next_deadline() if is_there else self._back_at,
            self._devices.next_deadline(),
            self._person.due(self.conductor) if is_there else None,
            self._commands[0].at if self._commands else None,
            self._deeds[0].at if self._deeds else None,
        )
        return min((moment for moment in due if moment is not None), default=None)

    def _exchange(self) -> Iterator[Rehearsed]:
        """Our messages reach the devices at once, and what they answer at once reaches us."""
        while self._back_at is None:
            messages, records = self.conductor.take()
            if self._memory is not None:
                self._memory.entered(self.conductor.entries(), self.now)
                for record in records:
                    self._memory.happened(record)
            yield from records
            if not messages:
                return
            for message in messages:
                yield Sent(self.now, message)
                yield from self._hear(self._devices.receive(message, self.now), is_live=True)

    def _hear(self, messages: list[Message], *, is_live: bool = False) -> Iterator[Heard]:
        """`is_live`: it is said now; else the broker kept it."""
        self._kept.update((message.topic, message) for message in messages if message.retain)
        for message in live(messages) if is_live else messages:
            yield Heard(self.now, message)
            if self._back_at is None:
                self.conductor.receive(message, self.now)


def live(messages: list[Message]) -> list[Message]:
    """As a broker hands them on to who listens already: what is retained is marked so only for who comes later."""
    return [message._replace(retain=False) for message in messages]
