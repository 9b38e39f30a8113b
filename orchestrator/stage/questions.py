"""Asks devices how they are when a session begins, no faster than their bridges take it (decision 62).

A bridge answers whatever is asked with all that it knows: one question is mostly enough. Only what a device has not
said by then it is asked for as well, one thing at a time.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from orchestrator.devices.dialect import in_parts
from orchestrator.devices.messages import Message
from orchestrator.stage.budget import BridgeRates, Budgets
from orchestrator.stage.staged_device import DeviceLike, StagedDevice, earliest
from orchestrator.units import SECOND, Ms

ANSWER: Ms = SECOND
"""What a device takes to answer, and its bridge, once the question is at the broker."""
NEXT: Ms = SECOND // 4
"""So long after a question, a device that has not said all is asked the next."""


@dataclass(slots=True)
class _Waiting:
    """A device that is still to be asked. `left`: its questions that were not put yet; `others`: a group's members."""

    one: StagedDevice
    since: Ms
    left: list[Message]
    others: tuple[StagedDevice, ...] = ()
    not_before: Ms = 0


class Questions:
    """Those that wait for their turn. `knows` tells of a device whether there is anything left to ask it."""

    def __init__(self, budgets: Budgets, knows: Callable[[StagedDevice, Ms], bool]) -> None:
        self._budgets = budgets
        self._knows = knows
        self._waiting: list[_Waiting] = []
        self._answer_by: dict[str, Ms] = {}
        self.due: Ms | None = None
        """When the next can be put."""

    def ask(self, one: StagedDevice, now: Ms, others: Sequence[StagedDevice] = ()) -> None:
        """Ask a device as soon as may be; a group for what its members have not said."""
        if not one.can_ask:
            return
        self._waiting = [each for each in self._waiting if each.one is not one]
        self._waiting.append(_Waiting(one, now, list(in_parts(one.dialect)), tuple(others), now))
        self._answer_by.pop(one.name, None)
        self.due = earliest(self.due, now)

    def forget(self, devices: Collection[str] | None = None) -> None:
        """Ask these nothing any more; all of them, where none are named."""
        self._waiting = [] if devices is None else [each for each in self._waiting if each.one.name not in devices]
        if not self._waiting:
            self.due = None

    def answer_by(self, device: str) -> Ms | None:
        """When it has had time to answer all, at the earliest; None for one that was not asked."""
        if self.due is not None and any(each.one.name == device for each in self._waiting):
            return self.due + ANSWER
        return self._answer_by.get(device)

    def put(self, now: Ms) -> list[Message]:
        """The questions whose turn it is."""
        if self.due is None or self.due > now:
            return []
        messages: list[Message] = []
        self._waiting = [each for each in self._waiting if self._is_wanted(each, now)]
        for each in self._waiting:
            if each.not_before > now:
                continue
            if (free := self._free_at(each.one, now)) > now:
                each.not_before = free
            else:
                messages += self._next(each, now)
        self._waiting = [each for each in self._waiting if each.left]
        self.due = min((each.not_before for each in self._waiting), default=None)
        return messages

    def _next(self, each: _Waiting, now: Ms) -> list[Message]:
        name, first = each.one.name, now + ANSWER
        self._answer_by[name] = max(self._answer_by[name], now + ANSWER // 2) if name in self._answer_by else first
        bridge, budget = each.one.abilities.bridge, each.one.abilities.budget
        put, each.left = (each.left, []) if bridge is None else (each.left[:1], each.left[1:])
        each.not_before = now + NEXT
        self._budgets.count_questions(bridge, budget, now, len(put), is_waited_for=True)
        return put

    def _free_at(self, one: StagedDevice, now: Ms) -> Ms:
        return self._budgets.free_to_ask(one.abilities.bridge, one.abilities.budget, now, 1)

    def _is_wanted(self, each: _Waiting, now: Ms) -> bool:
        """What it says once it was told something is not how it was."""
        told = each.one.told_last
        if told is not None and told >= each.since:
            return False
        return not all(self._knows(one, now) for one in (each.one, *each.others))


def signs_of_life(
    devices: Iterable[DeviceLike], rates: Mapping[str, BridgeRates]
) -> list[tuple[Ms, DeviceLike, Sequence[Message]]]:
    """When each device may be asked for a word, and how, counted from now: each of a bridge one thing, in its turn."""
    budgets = Budgets(rates)
    reached: dict[str | None, Ms] = {}
    plan: list[tuple[Ms, DeviceLike, Sequence[Message]]] = []
    for device in devices:
        bridge, budget = device.abilities.bridge, device.abilities.budget
        questions = in_parts(device.dialect)
        if questions:
            at = reached[bridge] = budgets.free_to_ask(bridge, budget, reached.get(bridge, 0), 1)
            budgets.count_questions(bridge, budget, at, 1)
            plan.append((at, device, questions if bridge is None else questions[:1]))
    return sorted(plan, key=lambda each: each[0])
