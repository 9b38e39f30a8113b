"""The end of a device's part in a session: paid by what it says; asked, and told again, until it says so."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from orchestrator.devices.dialect import in_parts
from orchestrator.devices.messages import Message
from orchestrator.stage.budget import Budgets
from orchestrator.stage.debts import Debts
from orchestrator.stage.evidence import Evidence, evidence, of_unknown
from orchestrator.stage.heard import DebtOpened, Heard, Paid, ProfileChanged, Unanswered, Withheld
from orchestrator.stage.ownership import ANSWER
from orchestrator.stage.staged_device import StagedDevice, Verification
from orchestrator.units import SECOND, Ms
from orchestrator.values import Attribute

ASK_AFTER: Ms = SECOND
"""A device is asked so long after all should be over."""
AGAIN: tuple[Ms, ...] = (2 * SECOND, 5 * SECOND, 15 * SECOND, 60 * SECOND)
"""So long after all should be over it is told again, where it does not say that it is given back: then no more, but for
its return or a word of its own."""
PATIENCE: Ms = 5 * SECOND
"""What Zigbee2MQTT's reports take to settle. Whatever says nothing by then does not answer."""
DENIALS = 2
"""Whatever says otherwise so often does not answer as it should. One that says nothing does not at once."""


class GivingBack(NamedTuple):
    """How far a device is whose session is over, as absolute moments, so that nobody has to be told again and again."""

    low_until: Ms | None
    """It is kept low so long, where it is, before it comes up."""
    back_by: Ms
    """All that it is to have it has by then, where it hears what it is told."""
    answer_by: Ms | None
    """So long it is waited for to say so; None for one that never does."""


def giving_back(one: StagedDevice) -> GivingBack:
    """Of a device that is owed something, and is told it."""
    wants = [want for part in one.parts for want in part.wants.values() if want.landing]
    back_by = max([one.busy_until, *(want.ends for want in wants)])
    low_until = max((want.rest.start for want in wants if want.rest is not None), default=None)
    if not one.reports:
        return GivingBack(low_until, back_by, None)
    over = one.verification.over if one.verification is not None else back_by
    return GivingBack(low_until, back_by, max(over + PATIENCE, one.waits_until or 0))


class Closings:
    """Of the devices of one home whose session is over. What comes of it is told to `hear`."""

    def __init__(
        self,
        debts: Debts,
        budgets: Budgets,
        hear: Callable[[Heard], None],
        hold_down: Callable[[Iterable[str]], None],
    ) -> None:
        """`hold_down`: has what is given late to lamps make no room brighter at night."""
        self._hold_down = hold_down
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
            return self._ask_how_bright(one, now)
        debts = self._debts.of(one.name)
        shown = evidence(one, [debt.attribute for debt in debts if debt.value is not None])
        is_on_its_way = one.told_last is not None and one.told_last >= now
        if shown is Evidence.UNANSWERED or (shown is Evidence.SENT and is_on_its_way):
            return self._verify(one, now)
        if shown is Evidence.SHOWN and now < one.busy_until:
            one.waits_until = one.busy_until  # it said so as it began to
            return []
        self._pay(one, shown, now)
        return []

    def let_go(self, one: StagedDevice) -> None:
        """No session wants anything of a device any more: what was learnt of it is kept."""
        if (profile := one.new_profile()) is not None:
            self._hear(ProfileChanged(one.name, profile))
        one.release()

    def _ask_how_bright(self, one: StagedDevice, now: Ms) -> list[Message]:
        """Its light waits for the morning. One of which nobody knows how bright it is may be as it was: it is asked."""
        assert one.lamp is not None, "only light waits"
        if not one.can_ask or one.lamp.value(Attribute.LEVEL, now) is not None or one.verification is not None:
            return []
        if (free := self._free_to_ask(one, now)) is not None:
            one.waits_until = free
            return []
        one.verification = Verification(now, asked_at=now)
        one.asked(now)
        return list(one.dialect.query())

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

    def _verify(self, one: StagedDevice, now: Ms) -> list[Message]:
        """Have it say how it is, after all was over: nothing else is evidence. Else it is told again."""
        if one.verification is None:
            one.verification = Verification(max(one.busy_until, now))
        trial = one.verification
        self._notice_silence(one, trial, now)
        asked = self._ask_or_tell(one, trial, now)
        gives_up_at = _gives_up_at(one, trial)
        if not trial.has_answered and gives_up_at is not None and now < gives_up_at:
            one.waits_until = min(one.waits_until or gives_up_at, gives_up_at)
        return asked

    def _ask_or_tell(self, one: StagedDevice, trial: Verification, now: Ms) -> list[Message]:
        if one.can_ask and trial.asked_at is None:
            return self._ask(one, trial, now)
        if trial.answer_by is not None and now < trial.answer_by:
            one.waits_until = trial.answer_by
            return []
        if trial.tries < len(AGAIN):
            again_at = max(trial.over + AGAIN[trial.tries], trial.answer_by or 0, one.busy_until)
        elif one.has_answered_since and trial.told_at is not None:
            again_at = max(now, trial.told_at + AGAIN[-1])  # a word of its own
        else:
            return []
        if now < again_at:
            one.waits_until = again_at
        else:
            self._tell_again(one, trial, now)
        return []

    def _ask(self, one: StagedDevice, trial: Verification, now: Ms) -> list[Message]:
        asks_at = max(trial.over + ASK_AFTER, one.quiet_at)
        if now >= asks_at:
            free = self._free_to_ask(one, now)
            if free is None:
                one.asked(now)
                trial.asked_at = now
                one.waits_until = trial.answer_by = now + min(one.lateness.longest, ANSWER) + SECOND // 2
                return list(one.dialect.query())
            asks_at = free
        one.waits_until = asks_at
        return []

    def _notice_silence(self, one: StagedDevice, trial: Verification, now: Ms) -> None:
        """Say, once, that it does not answer, or not as it should."""
        trial.has_answered = trial.has_answered or one.has_answered_since
        gives_up_at = _gives_up_at(one, trial)
        is_silent = not trial.has_answered and gives_up_at is not None and now >= gives_up_at
        is_over = trial.answer_by is None or now >= trial.answer_by
        if (is_silent or (trial.tries >= DENIALS and is_over)) and not one.is_unanswered:
            one.is_unanswered = True
            self._hear(Unanswered(one.name))

    def _tell_again(self, one: StagedDevice, trial: Verification, now: Ms) -> None:
        """The same again, for it may be lost; or, at the second same wrong word, what makes it say the right one."""
        if trial.tries >= len(AGAIN):
            self._hold_down([one.name])
        trial.tries += 1
        trial.told_at = now
        trial.asked_at = trial.answer_by = None
        for part in one.parts:
            for attribute, ownership in part.ownerships.items():
                if attribute in part.wants and not part.is_shown(attribute, can_ask=one.can_ask):
                    ownership.aim_again()
                    part.again(attribute, now)
        one.due = one.since = now

    def _free_to_ask(self, one: StagedDevice, now: Ms) -> Ms | None:
        """None where its bridge takes a question now, and it is counted; else when it does."""
        bridge, budget, cost = one.abilities.bridge, one.abilities.budget, len(in_parts(one.dialect))
        free = self._budgets.free_to_ask(bridge, budget, now, cost)
        if free > now:
            return free
        self._budgets.count_questions(bridge, budget, now, cost)
        return None

    def _pay(self, one: StagedDevice, shown: Evidence, now: Ms) -> None:
        for debt in self._debts.pay(one.name, tuple(dict(part.wants) for part in one.parts), now):
            self._hear(Paid(one.name, debt.attribute, shown if debt.value is not None else of_unknown(one)))
        self.let_go(one)


def _gives_up_at(one: StagedDevice, trial: Verification) -> Ms | None:
    """When one that has said nothing since is called silent; None while its bridge is too busy for it to be asked."""
    if one.can_ask and trial.tries == 0 and trial.asked_at is None:
        return None
    return max(trial.over + PATIENCE, trial.answer_by or 0)
