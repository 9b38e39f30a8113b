"""A simulated light or group of lights: a lamp, and the firmware that speaks for it."""

from collections.abc import Sequence
from typing import Protocol

from orchestrator.devices.messages import Message
from orchestrator.simulator.agenda import Agenda
from orchestrator.simulator.bulb import Bulb, Order
from orchestrator.simulator.faults import Faults
from orchestrator.simulator.firmware import Complaint, LightFirmware, LightState
from orchestrator.units import OFF, Ms, Percent
from orchestrator.values import Colour

ANSWER: Ms = 20
"""From a question to its answer."""
REPORT_EVERY: Ms = 1000
READ_AFTER_HALT: Ms = 500


class Follower(Protocol):
    """A member of a group, as far as the group reaches it."""

    @property
    def lamp(self) -> Bulb: ...

    def join(self, group: "Light", /) -> None: ...

    def follow(self, order: Order, now: Ms, /) -> Sequence[Message]: ...


class Light:
    """Reports its target when it takes an order, as nearly all do; with `intermediate` also the way there.

    A group has `members`: they carry out its orders, and what happens to one of them is seen in the group's state.
    One that has spoken says nothing for `says_every`, and then where it is going.
    """

    def __init__(
        self,
        name: str,
        lamp: Bulb,
        firmware: LightFirmware,
        faults: Faults,
        members: Sequence[Follower] = (),
        says_every: Ms = 0,
    ) -> None:
        self.name = name
        self.lamp = lamp
        self._firmware = firmware
        self._reports_all_the_way = faults.intermediate
        self._members = tuple(members)
        self._groups: list[Light] = []
        self._agenda = Agenda()
        self._order = 0
        self._says_every = says_every
        self._silent_until: Ms = 0
        self._has_more = False
        for member in self._members:
            member.join(self)

    def join(self, group: "Light") -> None:
        """Be a member of a group, which shows what happens to it."""
        self._groups.append(group)

    @property
    def is_group(self) -> bool:
        return bool(self._members)

    @property
    def topics(self) -> tuple[str, ...]:
        return self._firmware.topics

    def availability(self, *, online: bool) -> tuple[Message, ...]:
        return self._firmware.availability(online=online)

    def connected(self, now: Ms) -> tuple[Message, ...]:
        return self._is(now)

    def receive(self, message: Message, now: Ms) -> tuple[Message, ...]:
        if self._firmware.asks(message):
            self._agenda.put(now + ANSWER, self._is)
            return ()
        order = self._firmware.order(message)
        if isinstance(order, Complaint):
            return (order.message,)
        if order is None:
            return ()
        return (*self.carry_out(order, now), *(() if order.halt else self._in_groups(now)))

    def advance(self, now: Ms) -> list[Message]:
        return self._agenda.advance(now)

    def next_deadline(self) -> Ms | None:
        return self._agenda.next_deadline()

    def turned(self, level: Percent | None, colour: Colour | None, now: Ms) -> tuple[Message, ...]:
        """Somebody turns the lamp by hand: it jumps and says so."""
        self._order += 1
        self.lamp.obey(Order(level=level, colour=colour), now)
        return (*self._is(now), *self._in_groups(now))

    def carry_out(self, order: Order, now: Ms) -> tuple[Message, ...]:
        """Do what an order says, and so do the members of a group."""
        if not self.lamp.hears(order, now):
            level, colour = self.lamp.goal
            level = OFF if order.power is False else level if order.level is None else order.level
            return self._said(LightState(level, order.colour or colour, self.lamp.remembered), now)
        self._order += 1
        self.lamp.obey(order, now)
        followed = tuple(message for member in self._members for message in member.follow(order, now))
        if order.halt:
            self._agenda.put(now + READ_AFTER_HALT, self._halted)
            return followed
        self._report_later(self._order, now)
        if order.tells_end and now < self.lamp.rests_at and not self._reports_all_the_way:
            own = self._order
            self._agenda.put(self.lamp.rests_at, lambda moment: self._is(moment) if own == self._order else ())
        if now < self.lamp.flashes_until:
            self._agenda.put(self.lamp.flashes_until, self._goes)
            return (*self._is(now), *followed)
        return (*self._goes(now), *followed)

    def _report_later(self, order: int, now: Ms) -> None:
        """The next report on the way; the last one is where the way ends."""
        if self._reports_all_the_way and now < self.lamp.rests_at:
            at = min(now + REPORT_EVERY, self.lamp.rests_at)
            self._agenda.put(at, lambda moment: self._on_the_way(order, moment))

    def _on_the_way(self, order: int, now: Ms) -> tuple[Message, ...]:
        if order != self._order:
            return ()
        self._report_later(order, now)
        return self._is(now)

    def _halted(self, now: Ms) -> tuple[Message, ...]:
        return (*self._is(now), *self._in_groups(now))

    def _is(self, now: Ms) -> tuple[Message, ...]:
        return self._said(LightState(self.lamp.level(now), self.lamp.colour(now), self.lamp.remembered), now)

    def _goes(self, now: Ms) -> tuple[Message, ...]:
        return self._said(LightState(*self.lamp.goal, self.lamp.remembered), now)

    def _said(self, state: LightState, now: Ms) -> tuple[Message, ...]:
        if now < self._silent_until:
            if not self._has_more:
                self._agenda.put(self._silent_until, self._goes_on)
            self._has_more = True
            return ()
        messages = self._firmware.state(state)
        self._silent_until = now + self._says_every if messages else now
        return messages

    def _goes_on(self, now: Ms) -> tuple[Message, ...]:
        self._has_more = False
        return self._goes(now)

    def _in_groups(self, now: Ms) -> tuple[Message, ...]:
        return tuple(message for group in self._groups for message in group.merged(self, now))

    def merged(self, member: "Light", now: Ms) -> tuple[Message, ...]:
        """A group is on while any member is; else it shows what changed last."""
        level, colour = member.lamp.goal
        if level == OFF and any(other.lamp.goal[0] > OFF for other in self._members):
            return self._goes(now)
        self.lamp.obey(Order(level=level, colour=colour), now)
        return self._goes(now)
