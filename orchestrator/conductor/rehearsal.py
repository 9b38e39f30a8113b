"""A session on virtual time: the conductor and a simulated home, from deadline to deadline, without a network."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.person import Person
from orchestrator.conductor.rates import bridge_rates
from orchestrator.conductor.request import Start
from orchestrator.devices.messages import Message
from orchestrator.events.event import EventRecord
from orchestrator.home.library import Home
from orchestrator.simulator.faults import Faults
from orchestrator.simulator.home import SimulatedHome
from orchestrator.units import Ms


class Sent(NamedTuple):
    """A message of ours, and when it went."""

    at: Ms
    message: Message


class Rehearsal:
    """One session in a simulated home. Iterate over `play()`; the home can be looked at in between."""

    def __init__(
        self, home: Home, start: Start, *, hold: Ms | None = None, faults: Mapping[str, Faults] | None = None
    ) -> None:
        self.conductor = Conductor(home, bridge_rates(home))
        self.simulated = SimulatedHome(home, faults or {})
        self.now: Ms = 0
        self._start = start
        self._person = Person(start.room, hold)

    def play(self) -> Iterator[Sent | EventRecord]:
        """All that we send and all that happens, in order, until the room is given back. Raises Refused."""
        self._hear(self.simulated.connected(0))
        self.conductor.start(self._start, 0)
        yield from self._exchange()
        while not self.conductor.is_settled(self._start.room):
            moment = self._next()
            if moment is None:
                return
            self.now = max(self.now, moment)
            self._hear(live(self.simulated.advance(self.now)))
            self.conductor.advance(self.now)
            self._person.advance(self.conductor, self.now)
            yield from self._exchange()

    def _next(self) -> Ms | None:
        due = (
            self.conductor.next_deadline(),
            self.simulated.next_deadline(),
            self._person.due(self.conductor),
        )
        return min((moment for moment in due if moment is not None), default=None)

    def _exchange(self) -> Iterator[Sent | EventRecord]:
        """Our messages reach the devices at once, and what they answer at once reaches us."""
        while True:
            messages, records = self.conductor.take()
            yield from records
            if not messages:
                return
            for message in messages:
                yield Sent(self.now, message)
                self._hear(live(self.simulated.receive(message, self.now)))

    def _hear(self, messages: list[Message]) -> None:
        for message in messages:
            self.conductor.receive(message, self.now)


def live(messages: list[Message]) -> list[Message]:
    """As a broker hands them on to who listens already: what is retained is marked so only for who comes later."""
    return [message._replace(retain=False) for message in messages]
