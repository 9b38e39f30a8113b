"""The end of a device's part in a session: paid by what it says, asked once, unanswered where it says nothing."""

from collections.abc import Callable

from orchestrator.devices.messages import Message
from orchestrator.stage.budget import Budgets
from orchestrator.stage.debts import Debts
from orchestrator.stage.evidence import Evidence, evidence, of_unknown
from orchestrator.stage.heard import DebtOpened, Heard, Paid, Unanswered, Withheld
from orchestrator.stage.staged_device import StagedDevice
from orchestrator.units import SECOND, Ms

ASK_AFTER: Ms = SECOND
"""A device that has not said that it is given back is asked so long after it should be."""
PATIENCE: Ms = 5 * SECOND
"""What Zigbee2MQTT's reports take to settle. Whatever says nothing by then does not answer."""


class Closings:
    """Of the devices of one home whose session is over. What comes of it is told to `hear`."""

    def __init__(self, debts: Debts, budgets: Budgets, hear: Callable[[Heard], None]) -> None:
        self._debts = debts
        self._budgets = budgets
        self._hear = hear

    def look(self, one: StagedDevice, now: Ms) -> list[Message]:
        """See whether a device has said that it has all that it was to have: then it is paid and free. Gives questions.

        What it has not said by then it is asked once, and may say later; what it never says of itself is sent.
        """
        one.waits_until = None
        if not one.closing or one.is_online is False:
            return []
        if any(part.peek(now) is not None or part.due_after(now) is not None for part in one.parts):
            return []
        if one.is_withheld(now):
            if not one.waits_for_morning:
                one.waits_for_morning = True
                self._hear(Withheld(one.name))
            return []
        debts = self._debts.of(one.name)
        shown = evidence(one, [debt.attribute for debt in debts if debt.value is not None])
        is_on_its_way = one.told_last is not None and one.told_last >= now
        if shown is Evidence.UNANSWERED or (shown is Evidence.SENT and is_on_its_way):
            return self._wait(one, now)
        self._pay(one, shown, now)
        return []

    def doubt(self, one: StagedDevice, now: Ms) -> None:
        """A device that turns out to be away has not heard what it was just paid with. What a hand had is not owed."""
        payment = self._debts.doubt(one.name, now)
        if payment is None or not payment.debts:
            return
        for debt in payment.debts:
            self._hear(DebtOpened(debt))
        if one.wants_anything:
            return
        one.closing = True
        owed = {debt.attribute for debt in payment.debts}
        for part, wanted in zip(one.parts, payment.wants, strict=True):
            part.wants.update({attribute: want for attribute, want in wanted.items() if attribute in owed})

    def _wait(self, one: StagedDevice, now: Ms) -> list[Message]:
        """Give it its time to answer; ask it once."""
        if one.gives_up_at is None:
            over = max(one.busy_until, now)
            one.asks_at, one.gives_up_at = over + ASK_AFTER, over + PATIENCE
        if one.asks_at is not None and one.asks_at <= now:
            one.asks_at = self._free_to_ask(one, now)
            if one.asks_at is None:
                one.waits_until = one.gives_up_at
                return list(one.dialect.query())
        if now < one.gives_up_at:
            one.waits_until = min(one.asks_at, one.gives_up_at) if one.asks_at is not None else one.gives_up_at
        elif not one.is_unanswered:
            one.is_unanswered = True
            self._hear(Unanswered(one.name))
        return []

    def _free_to_ask(self, one: StagedDevice, now: Ms) -> Ms | None:
        """None where its bridge takes a question now, and it is counted; else when it does."""
        bridge, budget = one.abilities.bridge, one.abilities.budget
        free = self._budgets.free_at(bridge, one.name, budget, now, 1)
        if free > now:
            return free
        self._budgets.count(bridge, one.name, budget, now, 1)
        return None

    def _pay(self, one: StagedDevice, shown: Evidence, now: Ms) -> None:
        for debt in self._debts.pay(one.name, tuple(dict(part.wants) for part in one.parts), now):
            self._hear(Paid(one.name, debt.attribute, shown if debt.value is not None else of_unknown(one)))
        one.release()
