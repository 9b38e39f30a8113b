"""How many commands a bridge takes, counted over a sliding window: in no window of its length are there more.

Zigbee: 4 a second for a bridge, 1 a second for a lamp, 8 per 9 s for group broadcasts (devices sheet, 1.4).
"""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from orchestrator.devices.abilities import Budget
from orchestrator.units import SECOND, Ms

_GROUPS, _QUESTIONS = "*groups", "*questions"
"""Meters beside those of the lamps, which are called by their names."""


class Rate(NamedTuple):
    """So many commands in any window of so many milliseconds."""

    commands: int
    per: Ms


class BridgeRates(NamedTuple):
    """What one bridge takes."""

    bridge: Rate = Rate(4, SECOND)
    lamp: Rate = Rate(1, SECOND)
    groups: Rate = Rate(8, 9 * SECOND)


class Meter:
    """What was sent within the last window."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._sent: deque[Ms] = deque()

    def free_at(self, now: Ms, cost: int) -> Ms:
        """The first moment from `now` on at which `cost` more fit. A cost above the whole rate fits an empty window."""
        self._forget(now)
        surplus = len(self._sent) + min(cost, self._rate.commands) - self._rate.commands
        return now if surplus <= 0 else self._sent[surplus - 1] + self._rate.per

    def count(self, now: Ms, cost: int) -> None:
        self._forget(now)
        self._sent.extend([now] * min(cost, self._rate.commands))

    def _forget(self, now: Ms) -> None:
        while self._sent and self._sent[0] <= now - self._rate.per:
            self._sent.popleft()


class Budgets:
    """The meters of all bridges, shared by all rooms. A device without a bridge is not counted."""

    def __init__(self, rates: Mapping[str, BridgeRates]) -> None:
        self._rates = rates
        self._meters: dict[tuple[str, str], Meter] = {}

    def free_at(
        self, bridge: str | None, device: str, budget: Budget, now: Ms, cost: int, members: Sequence[str] = ()
    ) -> Ms:
        """When a command of a device may be sent, `now` at the earliest. `members`: the lamps that a group reaches."""
        if bridge is None:
            return now
        return max(meter.free_at(now, share) for meter, share in self._concerned(bridge, device, budget, cost, members))

    def count(
        self, bridge: str | None, device: str, budget: Budget, now: Ms, cost: int, members: Sequence[str] = ()
    ) -> None:
        if bridge is not None:
            for meter, share in self._concerned(bridge, device, budget, cost, members):
                meter.count(now, share)

    def free_to_ask(self, bridge: str | None, budget: Budget, now: Ms, cost: int) -> Ms:
        """When so many questions may be put, `now` at the earliest: none beside as many commands as it takes.

        They do not count for their lamp, which need not wait before it is told something.
        """
        if bridge is None:
            return now
        return max(meter.free_at(now, cost) for meter in (*self._asking(bridge, budget), self._questions(bridge)))

    def count_questions(
        self, bridge: str | None, budget: Budget, now: Ms, cost: int, *, is_waited_for: bool = False
    ) -> None:
        """`is_waited_for`: what a session that begins asks holds back other questions, and not its first light."""
        if bridge is not None:
            asking = () if is_waited_for else self._asking(bridge, budget)
            for meter in (*asking, self._questions(bridge)):
                meter.count(now, cost)

    def _asking(self, bridge: str, budget: Budget) -> list[Meter]:
        rates = self._rates.get(bridge, BridgeRates())
        groups = [self._meter(bridge, _GROUPS, rates.groups)] if budget is Budget.GROUP else []
        return [self._meter(bridge, "", rates.bridge), *groups]

    def _questions(self, bridge: str) -> Meter:
        return self._meter(bridge, _QUESTIONS, self._rates.get(bridge, BridgeRates()).bridge)

    def _concerned(
        self, bridge: str, device: str, budget: Budget, cost: int, members: Sequence[str]
    ) -> list[tuple[Meter, int]]:
        """The bridge counts commands; a lamp takes one message a time, whatever is in it and however it comes."""
        rates = self._rates.get(bridge, BridgeRates())
        if budget is Budget.GROUP:
            lamps = [(self._meter(bridge, name, rates.lamp), 1) for name in members]
            groups = self._meter(bridge, _GROUPS, rates.groups)
            return [(self._meter(bridge, "", rates.bridge), cost), (groups, cost), *lamps]
        return [(self._meter(bridge, "", rates.bridge), cost), (self._meter(bridge, device, rates.lamp), 1)]

    def _meter(self, bridge: str, name: str, rate: Rate) -> Meter:
        return self._meters.setdefault((bridge, name), Meter(rate))
