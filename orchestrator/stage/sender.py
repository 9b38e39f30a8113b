"""Puts what is wanted of the devices into messages: alone or as a group, no more than their bridges take."""

from collections.abc import Iterable
from typing import Final

from orchestrator.devices.dialect import in_parts
from orchestrator.devices.messages import Change, Message
from orchestrator.stage.budget import Budgets
from orchestrator.stage.due_devices import DueDevices
from orchestrator.stage.staged_device import StagedDevice
from orchestrator.stage.staged_group import StagedGroup
from orchestrator.units import SECOND, Ms

EXPIRY: Final[Ms] = 10 * SECOND
"""A command that a broker still has after so long is about a room that is no more (rule 23)."""
AT_ONCE: Final = 8
"""Commands that one part of a device takes in one moment; more of them are a fault, which nobody is to hang on."""


class Sender:
    """Tells devices what is wanted of them, and counts it against the budgets of their bridges."""

    def __init__(self, budgets: Budgets, due: DueDevices) -> None:
        self.groups: dict[str, StagedGroup] = {}
        """By its members' names, the group through which they may be told what is the same for all."""
        self._budgets = budgets
        self._due = due

    def tell(self, one: StagedDevice, now: Ms) -> list[Message]:
        """What is wanted of a device now, as far as its bridge takes it; with it what its whole group is told alike."""
        group = self.groups.get(one.name)
        messages = self._tell_all(group, now) if group is not None else []
        if one.due is None or one.due > now:
            return messages
        if not one.is_landing and (doubted_until := one.in_doubt_until) is not None and doubted_until > now:
            one.due = doubted_until
            return messages
        for part in one.parts:
            for _ in range(AT_ONCE):
                if (change := part.peek(now)) is None:
                    break
                free = self._spend(one, change, now)
                if free > now:
                    one.due = free
                    return messages
                is_all = part.sent(change, now)
                one.was_told(now)
                messages.extend(self.encoded(one, change))
                if is_all:
                    break
        _plan(one, now)
        return messages

    def _tell_all(self, group: StagedGroup, now: Ms) -> list[Message]:
        """Tell the members of a group at once what is the same for all of them: what is left is each one's own."""
        messages: list[Message] = []
        while (change := group.common(now)) is not None:
            free = self._spend(group.device, change, now, group.members)
            if free <= now:
                messages.extend(self.encoded(group.device, change))
            for one in group.present:
                if free > now:
                    one.due = free
                else:
                    group.part_of(one).sent(change, now)
                    one.was_told(now)
                    _plan(one, now)
                    one.due = now if group.part_of(one).peek(now) is not None else one.due
                self._due.enter(one)
            if free > now:
                break
        return messages

    def ask(self, one: StagedDevice, now: Ms) -> list[Message]:
        """What asks it how it is, where its bridge takes that now: nothing hangs on it."""
        bridge, budget, cost = one.abilities.bridge, one.abilities.budget, len(in_parts(one.dialect))
        if self._budgets.free_to_ask(bridge, budget, now, cost) > now:
            return []
        self._budgets.count_questions(bridge, budget, now, cost)
        one.asked(now)
        return list(one.dialect.query())

    def _spend(self, one: StagedDevice, change: Change, now: Ms, members: Iterable[StagedDevice] = ()) -> Ms:
        """When its bridge takes a change; what it takes `now` is counted as sent. Without a bridge that is always."""
        bridge, budget = one.abilities.bridge, one.abilities.budget
        if bridge is None:
            return now
        cost, lamps = one.dialect.cost(change), tuple(member.name for member in members)
        free = self._budgets.free_at(bridge, one.name, budget, now, cost, lamps)
        if free <= now:
            self._budgets.count(bridge, one.name, budget, now, cost, lamps)
        return free

    def encoded(self, one: StagedDevice, change: Change) -> list[Message]:
        """A change in its messages, none of which a broker keeps for longer than it is meant."""
        return [
            message if message.expiry is not None else message._replace(expiry=EXPIRY)
            for message in one.dialect.encode(change)
        ]


def _plan(one: StagedDevice, now: Ms) -> None:
    """When it is to be told something again, now that it is told all that was due."""
    one.due = min((moment for part in one.parts if (moment := part.due_after(now)) is not None), default=None)
    one.since = one.due if one.due is not None else now
