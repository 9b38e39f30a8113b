"""All devices of the home: what is wanted, sent, believed and reported, whose it is, and what we owe.

Sans-I/O. Wishes and messages come in, messages and what was heard go out. Moments are real milliseconds of one
monotonic clock. Due devices are told what is wanted *now*: a stage that was called late sends no backlog.
"""

import heapq
from collections.abc import Iterable, Mapping

from orchestrator.devices.messages import (
    AbilitiesReport,
    AvailabilityReport,
    ButtonReport,
    Change,
    Message,
    Report,
    SpeechReport,
)
from orchestrator.fade import Fade
from orchestrator.stage.budget import BridgeRates, Budgets
from orchestrator.stage.debts import AT_MOST, Debts
from orchestrator.stage.heard import (
    Debt,
    DebtExpired,
    DebtOpened,
    Heard,
    Learnt,
    Missing,
    Paid,
    Pressed,
    Returned,
    Silent,
    Spoke,
    TakenByHand,
)
from orchestrator.stage.ownership import Meaning
from orchestrator.stage.staged_device import DeviceLike, StagedDevice, staged
from orchestrator.stage.staged_player import StagedPlayer
from orchestrator.stage.topics import matches
from orchestrator.stage.want import Want
from orchestrator.units import SECOND, Ms
from orchestrator.values import Attribute, Value

EXPIRY: Ms = 10 * SECOND
"""A command that a broker still has after so long is about a room that is no more (rule 23)."""


class Stage:
    """The devices of one home."""

    def __init__(
        self, devices: Iterable[DeviceLike], rates: Mapping[str, BridgeRates], debts_at_most: Ms = AT_MOST
    ) -> None:
        self._devices = {device.name: staged(device) for device in devices}
        self._budgets = Budgets(rates)
        self._debts = Debts(debts_at_most)
        self._heap: list[tuple[Ms, int, str]] = []
        self._entries = 0
        self._is_connected = True
        self._heard: list[Heard] = []
        self._routes: dict[str, list[StagedDevice]] = {}
        self._patterns: list[tuple[str, StagedDevice]] = []
        for one in self._devices.values():
            for topic in one.dialect.topics:
                if "+" in topic or "#" in topic:
                    self._patterns.append((topic, one))
                else:
                    self._routes.setdefault(topic, []).append(one)

    # What is wanted

    def wish(self, device: str, attribute: Attribute, want: Want, now: Ms, before: Value | None = None) -> None:
        """Want something of a device. The first wish for an attribute opens a debt.

        `before` is what to give back where the device's own state is not known.
        """
        one = self._devices[device]
        part = one.part(attribute)
        if part is None:
            return
        self._open_debt(one, attribute, now, before)
        part.want(attribute, want, now)
        one.closing = False
        self._call(one, now)

    def owe(self, debt: Debt) -> None:
        """A debt from before: of a session that was cut off, or of a device that was away."""
        self._debts.restore(debt)

    def owe_alone(self, debt: Debt, now: Ms) -> None:
        """A debt of a session that is over: paid now, or when its device comes. What nobody knows is owed no more."""
        if debt.device not in self._devices:
            return
        if debt.value is None:
            self._heard.append(Paid(debt.device, debt.attribute))
            return
        one = self._devices[debt.device]
        part = one.part(debt.attribute)
        if part is None:
            return
        self.owe(debt)
        part.want(debt.attribute, Want(Fade.still(now, debt.value), landing=True), now)
        one.closing = True
        self._call(one, now)

    def leave_to_person(self, device: str, attribute: Attribute) -> None:
        """A person had taken this before: it stays theirs."""
        part = self._devices[device].part(attribute)
        if isinstance(part, StagedPlayer) and attribute is Attribute.PLAYING:
            part.is_playing_by_hand = True
        elif part is not None and attribute in part.ownerships:
            part.ownerships[attribute].is_hand = True

    def settle(self, devices: Iterable[str], now: Ms) -> None:
        """Their session is over: what is given back is theirs again; what cannot be yet stays owed."""
        for name in devices:
            one = self._devices[name]
            one.closing = True
            self._close(one, now)

    def give_back(self, device: str, now: Ms) -> bool:
        """A person hands a device to its session again. False where nobody had taken it."""
        one = self._devices[device]
        taken = False
        for part in one.parts:
            for attribute, ownership in part.ownerships.items():
                taken = taken or ownership.is_hand
                if ownership.is_hand:
                    ownership.give_back()
                    self._open_debt(one, attribute, now, None)
            if isinstance(part, StagedPlayer):
                taken = taken or part.is_playing_by_hand
                part.is_playing_by_hand = False
        self._call(one, now)
        return taken

    def tell(self, device: str, change: Change) -> list[Message]:
        """Say something momentary (words, a chime) at once. Nothing goes to a device that is away."""
        one = self._devices[device]
        if one.is_online is False or not self._is_connected:
            return []
        return self._encoded(one, change)

    def query(self, device: str) -> list[Message]:
        """The messages that ask how a device is."""
        return list(self._devices[device].dialect.query())

    # What is known

    def value(self, device: str, attribute: Attribute, now: Ms) -> Value | None:
        """What a device is believed to show; a lamp's level as lightness. None where nobody knows."""
        part = self._devices[device].part(attribute)
        return part.value(attribute, now) if part is not None else None

    def knows(self, device: str, now: Ms) -> bool:
        """True where each of its parts has said how it is."""
        return all(
            part.value(attribute, now) is not None
            for part in self._devices[device].parts
            for attribute in part.ownerships
            if attribute is not Attribute.COLOUR
        )

    def staged(self, device: str) -> StagedDevice:
        return self._devices[device]

    def is_away(self, device: str) -> bool:
        return self._devices[device].is_online is False

    def overridden(self, device: str) -> list[Attribute]:
        """What a person has taken of a device."""
        parts = self._devices[device].parts
        taken = [attribute for part in parts for attribute, ownership in part.ownerships.items() if ownership.is_hand]
        has_music = any(isinstance(part, StagedPlayer) and part.is_playing_by_hand for part in parts)
        return [*taken, Attribute.PLAYING] if has_music else taken

    def is_overridden(self, device: str, attribute: Attribute) -> bool:
        part = self._devices[device].part(attribute)
        if isinstance(part, StagedPlayer) and part.is_playing_by_hand:
            return True
        return part is not None and attribute in part.ownerships and part.ownerships[attribute].is_hand

    @property
    def debts(self) -> list[Debt]:
        """What is owed, oldest first."""
        return self._debts.all()

    def debt(self, device: str, attribute: Attribute) -> Debt | None:
        return self._debts.get(device, attribute)

    def owes(self, device: str) -> bool:
        return bool(self._debts.of(device))

    # Time

    def next_deadline(self) -> Ms | None:
        """When something is due; None while nothing is, or nobody could hear it."""
        while self._heap and self._heap[0][0] != self._next(self._devices[self._heap[0][2]]):
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def advance(self, now: Ms) -> list[Message]:
        """Tell every device that is due what is wanted of it now, landings first, then whoever waited longest."""
        due = self._take_due(now)
        due.sort(key=lambda one: (not one.is_landing, one.since, one.name))
        messages: list[Message] = []
        for one in due:
            self._notice_silence(one, now)
            if one.due is not None and one.due <= now:
                messages.extend(self._tell(one, now))
            self._close(one, now)
            self._enter(one)
        return messages

    def heard(self) -> list[Heard]:
        """What was heard since the last call."""
        heard, self._heard = self._heard, []
        return heard

    # The wire

    def receive(self, message: Message, now: Ms) -> None:
        """Take in a message from the broker. Anything may come: what is not understood changes nothing."""
        devices = self._routes.get(message.topic, [])
        if self._patterns:
            devices = [*devices, *(one for pattern, one in self._patterns if matches(pattern, message.topic))]
        for one in devices:
            for report in one.dialect.decode(message):
                self._report(one, report, now, retained=message.retain)

    def lost(self) -> None:
        """The broker is gone: nobody hears us, and nobody knows how anything is."""
        self._is_connected = False
        for one in self._devices.values():
            one.due = None
            for part in one.parts:
                part.lost()

    def connected(self, now: Ms) -> None:
        """The broker is there: every device gets what the room wants now."""
        if self._is_connected:
            return
        self._is_connected = True
        for one in self._devices.values():
            self._welcome(one, now)

    # Inside

    def _open_debt(self, one: StagedDevice, attribute: Attribute, now: Ms, before: Value | None) -> None:
        if self._debts.get(one.name, attribute) is not None or self.is_overridden(one.name, attribute):
            return
        known = self.value(one.name, attribute, now)
        debt = self._debts.open(one.name, attribute, known if known is not None else before, now)
        self._heard.append(DebtOpened(debt))

    def _call(self, one: StagedDevice, now: Ms) -> None:
        """It is to be told something as soon as may be."""
        if one.is_online is False or not self._is_connected:
            return
        if one.due is None or one.due > now:
            if one.due is None or one.since < now:
                one.since = now
            one.due = now
        self._enter(one)

    def _next(self, one: StagedDevice) -> Ms | None:
        moments = [moment for moment in (one.due, one.silent_at) if moment is not None]
        return min(moments) if moments else None

    def _enter(self, one: StagedDevice) -> None:
        moment = self._next(one)
        if moment is not None:
            self._entries += 1
            heapq.heappush(self._heap, (moment, self._entries, one.name))

    def _take_due(self, now: Ms) -> list[StagedDevice]:
        due: dict[str, StagedDevice] = {}
        while (deadline := self.next_deadline()) is not None and deadline <= now:
            one = self._devices[heapq.heappop(self._heap)[2]]
            due[one.name] = one
        return list(due.values())

    def _tell(self, one: StagedDevice, now: Ms) -> list[Message]:
        messages: list[Message] = []
        for part in one.parts:
            while (change := part.peek(now)) is not None:
                free = self._spend(one, change, now)
                if free > now:
                    one.due = free
                    return messages
                part.sent(change, now)
                one.told_at = now if one.told_at is None else one.told_at
                messages.extend(self._encoded(one, change))
        later = [moment for part in one.parts if (moment := part.due_after(now)) is not None]
        one.due = min(later, default=None)
        one.since = one.due if one.due is not None else now
        return messages

    def _spend(self, one: StagedDevice, change: Change, now: Ms) -> Ms:
        """When its bridge takes a change; what it takes `now` is counted as sent. Without a bridge that is always."""
        bridge, budget = one.abilities.bridge, one.abilities.budget
        if bridge is None:
            return now
        cost = one.dialect.cost(change)
        free = self._budgets.free_at(bridge, one.name, budget, now, cost)
        if free <= now:
            self._budgets.count(bridge, one.name, budget, now, cost)
        return free

    def _encoded(self, one: StagedDevice, change: Change) -> list[Message]:
        return [
            message if message.expiry is not None else message._replace(expiry=EXPIRY)
            for message in one.dialect.encode(change)
        ]

    def _notice_silence(self, one: StagedDevice, now: Ms) -> None:
        if one.silent_at is not None and one.silent_at <= now:
            one.has_been_called_silent = True
            self._heard.append(Silent(one.name))

    def _report(self, one: StagedDevice, report: Report, now: Ms, *, retained: bool) -> None:
        match report:
            case AvailabilityReport(online):
                self._available(one, now, online=online)
            case ButtonReport(action):
                if not retained:
                    self._heard.append(Pressed(one.name, action))
            case SpeechReport(name, event):
                if not retained:
                    self._heard.append(Spoke(one.name, name, event))
            case AbilitiesReport(abilities):
                one.say_of_itself(sorted(abilities))
            case _:
                one.has_answered = True
                for part in one.parts:
                    for attribute, verdict in part.report(report, now, retained=retained):
                        self._judge(one, attribute, verdict, now)

    def _judge(self, one: StagedDevice, attribute: Attribute, verdict: Meaning, now: Ms) -> None:
        if verdict is Meaning.LEARNT:
            self._heard.append(Learnt(one.name))
        elif verdict is Meaning.HAND:
            self._debts.cancel(one.name, attribute)
            if attribute is Attribute.VOLUME:
                self._take_over_volume(one)
            self._heard.append(TakenByHand(one.name, attribute, self.value(one.name, attribute, now)))
            self._call(one, now)

    def _take_over_volume(self, one: StagedDevice) -> None:
        """A person's volume becomes the session's own level (rule 18), so the attribute stays with us."""
        part = one.part(Attribute.VOLUME)
        if part is not None:
            part.ownerships[Attribute.VOLUME].give_back()

    def _available(self, one: StagedDevice, now: Ms, *, online: bool) -> None:
        was, one.is_online = one.is_online, online
        if online and was is False:
            self._heard.append(Returned(one.name))
            self._welcome(one, now)
        elif not online and was is not False:
            one.due = None
            self._owe_again(one, now)
            for part in one.parts:
                part.lost()
            self._heard.append(Missing(one.name))

    def _welcome(self, one: StagedDevice, now: Ms) -> None:
        if one.closing and self._debts.has_expired(one.name, now):
            expired = self._debts.drop(one.name)
            self._heard.extend(DebtExpired(one.name, debt.attribute) for debt in expired)
            self._release(one)
        if one.wants_anything:
            for part in one.parts:
                part.returned()
            self._call(one, now)

    def _close(self, one: StagedDevice, now: Ms) -> None:
        """Once a device whose session is over has all it was to have, it is paid and free."""
        if not one.closing or one.is_online is False or not self._is_connected:
            return
        if any(part.peek(now) is not None or part.due_after(now) is not None for part in one.parts):
            return
        paid = self._debts.pay(one.name, tuple(dict(part.wants) for part in one.parts), now)
        self._heard.extend(Paid(one.name, debt.attribute) for debt in paid)
        self._release(one)

    def _owe_again(self, one: StagedDevice, now: Ms) -> None:
        """A device that turns out to be away has not heard what it was just paid with."""
        payment = self._debts.doubt(one.name, now)
        if payment is None:
            return
        self._heard.extend(DebtOpened(debt) for debt in payment.debts)
        if one.wants_anything:
            return
        one.closing = True
        for part, wanted in zip(one.parts, payment.wants, strict=True):
            part.wants.update(wanted)

    def _release(self, one: StagedDevice) -> None:
        one.closing = False
        one.due = None
        one.told_at = None
        one.has_answered = one.has_been_called_silent = False
        for part in one.parts:
            part.wants.clear()
            for ownership in part.ownerships.values():
                ownership.release()
            if isinstance(part, StagedPlayer):
                part.release()
