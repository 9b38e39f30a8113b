"""All devices of the home: what is wanted, sent, believed and reported, whose it is, and what we owe.

Sans-I/O. Wishes and messages come in, messages and what was heard go out. Moments are real milliseconds of one
monotonic clock. Due devices are told what is wanted *now*: a stage that was called late sends no backlog.
"""

import heapq
from collections.abc import Collection, Iterable, Mapping

from orchestrator.devices.messages import (
    AbilitiesReport,
    AvailabilityReport,
    ButtonReport,
    Change,
    LightAbilitiesReport,
    Message,
    OutOfRangeReport,
    PoweredReport,
    RefusalReport,
    Report,
    SpeechReport,
)
from orchestrator.fade import Fade
from orchestrator.stage.budget import BridgeRates, Budgets
from orchestrator.stage.closing import Closings
from orchestrator.stage.debts import AT_MOST, Debts
from orchestrator.stage.evidence import Evidence
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
    SaidNonsense,
    Silent,
    Spoke,
    TakenByHand,
    WasRefused,
)
from orchestrator.stage.ownership import Check, Meaning
from orchestrator.stage.report_profile import ReportProfile
from orchestrator.stage.staged_device import DeviceLike, StagedDevice, staged
from orchestrator.stage.staged_group import StagedGroup
from orchestrator.stage.staged_light import StagedLight
from orchestrator.stage.staged_player import StagedPlayer
from orchestrator.stage.topics import Listeners
from orchestrator.stage.want import Want
from orchestrator.units import SECOND, Ms
from orchestrator.values import Attribute, Colour, Value

EXPIRY: Ms = 10 * SECOND
"""A command that a broker still has after so long is about a room that is no more (rule 23)."""


RISE: Ms = 30 * SECOND
"""How long a light takes to what it was that comes up late."""
ITS_WORD: Ms = 2 * SECOND
"""A lamp that comes back again so soon is told nothing before it has had time to say how it is."""
AT_ONCE: Ms = 2 * SECOND
"""How long a light takes that somebody asked for: as long as any jump."""


class Stage:
    """The devices of one home."""

    def __init__(
        self, devices: Iterable[DeviceLike], rates: Mapping[str, BridgeRates], debts_at_most: Ms = AT_MOST
    ) -> None:
        self._devices = {device.name: staged(device) for device in devices}
        self._budgets = Budgets(rates)
        self._debts = Debts(debts_at_most)
        self._closings = Closings(self._debts, self._budgets, self._hear, self.hold_down)
        self._heap: list[tuple[Ms, int, str]] = []
        self._entries = 0
        self._is_connected = True
        self._heard: list[Heard] = []
        self._dark: frozenset[str] = frozenset()
        self._guesses: set[str] = set()
        """Devices of which nobody knew how they were when their session began."""
        self._groups: dict[str, StagedGroup] = {}
        """By its members' names, the group through which they may be told what is the same for all."""
        self._listeners = Listeners((topic, one) for one in self._devices.values() for topic in one.dialect.topics)

    def acquaint(self, profiles: Mapping[str, ReportProfile]) -> None:
        """How devices report, as it was learnt in a life before. To be told before anything is wanted."""
        for device, profile in profiles.items():
            self._devices[device].acquaint(profile)

    # What is wanted

    def play(self, devices: Iterable[str], groups: Mapping[str, tuple[str, ...]]) -> None:
        """These devices are a session's from now on: each by itself, but for what all members of a group are told."""
        for device in devices:
            if (group := self._groups.get(device)) is not None:
                for member in group.members:
                    self._groups.pop(member.name, None)
        for name, members in groups.items():
            group = StagedGroup(self._devices[name], tuple(self._devices[member] for member in members))
            self._groups.update(dict.fromkeys(members, group))

    def wish(self, device: str, attribute: Attribute, want: Want, now: Ms, before: Value | None = None) -> None:
        """Want something of a device. The first wish for an attribute opens a debt.

        `before` is what to give back where the device's own state is not known.
        """
        one = self._devices[device]
        part = one.part(attribute)
        if part is None:
            return
        self._open_debt(one, attribute, now, before)
        self._remind(one, attribute)
        part.want(attribute, want, now)
        part.ownerships[attribute].watch()
        if one.lamp is not None and not want.landing:
            one.lamp.must_not_rise = False
        one.closing = False
        one.forget_closing()
        self._call(one, now)

    def guess(self, devices: Collection[str], among: Iterable[str]) -> None:
        """Nobody knows how these devices of a session were: what is wished to be given back to them is a guess."""
        self._guesses.difference_update(among)
        self._guesses.update(devices)

    def owe(self, debt: Debt) -> None:
        """A debt from before: of a session that was cut off, or of a device that was away."""
        self._debts.restore(debt)

    def resumed(self, debts: Iterable[Debt], lit: Collection[str], now: Ms) -> None:
        """We were away, and what we had told these devices may still be heard of: that is no hand.

        `lit`: what a scene never puts out. One that was on before and is out now was turned off while we were away; not
        one of which nothing was known.
        """
        for debt in debts:
            one = self._devices.get(debt.device)
            part = one.part(debt.attribute) if one is not None else None
            if one is None or part is None:
                continue
            part.ownerships[debt.attribute].resumed(now)
            if one.lamp is None or debt.attribute is not Attribute.LEVEL or debt.device not in lit:
                continue
            if debt.value and not debt.is_guess:
                one.lamp.was_never_out(now)
                if one.lamp.ownerships[Attribute.LEVEL].is_heard_at((0.0,)):
                    self._judge(one, Attribute.LEVEL, one.lamp.ownerships[Attribute.LEVEL].take(now, (0.0,)), now)

    def forget_old(self, devices: Iterable[str], now: Ms) -> None:
        """What has been owed for too long is owed no more; a device that is away keeps it until it returns."""
        for one in (self._devices[name] for name in devices):
            if one.closing and one.is_online is not False:
                self._expire(one, now)

    def owe_instead(self, device: str, attribute: Attribute, value: Value) -> None:
        """A session ends so that this is how a device is to be: that is what is owed to it, whenever it comes."""
        changed = self._debts.change(device, attribute, value)
        if changed is not None:
            self._heard.append(DebtOpened(changed))

    def owe_alone(self, debt: Debt, now: Ms) -> None:
        """A debt of a session that is over: paid now, or when its device comes. What nobody knows is owed no more."""
        if debt.device not in self._devices:
            return
        if debt.value is None:
            self._heard.append(Paid(debt.device, debt.attribute, Evidence.UNKNOWN))
            return
        one = self._devices[debt.device]
        part = one.part(debt.attribute)
        if part is None:
            return
        self.owe(debt)
        self._remind(one, debt.attribute)
        part.want(debt.attribute, Want(_late(debt, part.value(debt.attribute, now), now), landing=True), now)
        one.closing = True
        self.hold_down([one.name])
        self._call(one, now)

    def pay(self, device: str, now: Ms) -> None:
        """Give a device again, slowly, what sessions that are over owe it: somebody wants it now, also at night."""
        one = self._devices[device]
        for part in one.parts:
            part.lost()
        for debt in self._debts.of(device):
            if debt.value is not None:
                self.owe_alone(debt, now)
        if one.lamp is not None:
            one.lamp.must_not_rise = False
        one.forget_closing()
        for part in one.parts:
            if part is not one.lamp:  # which goes its way slowly, from wherever it is
                part.returned(now, had_no_power=False)
        self._call(one, now)

    def drop(self, device: str) -> None:
        """Owe a device no more: somebody wants it as it is."""
        self._heard.extend(DebtExpired(device, debt.attribute) for debt in self._debts.drop(device))
        self._closings.let_go(self._devices[device])

    def hold_down(self, devices: Iterable[str]) -> None:
        """Where it is night, what these lamps are given back makes them no brighter until the morning."""
        for one in (self._devices[name] for name in devices if name in self._dark):
            if one.lamp is not None:
                one.lamp.must_not_rise = True
                if one.is_unanswered:
                    one.lamp.ownerships[Attribute.LEVEL].believe_what_it_said()

    def dark(self, devices: frozenset[str], now: Ms) -> None:
        """Where it is night now. Where it has become day, what was withheld comes up, slowly."""
        dawns, self._dark = self._dark - devices, devices
        for one in (self._devices[name] for name in sorted(dawns)):
            if one.lamp is not None and one.lamp.must_not_rise:
                one.lamp.dawn(now, RISE)
                one.forget_closing()
                self._call(one, now)

    def go_on(self, devices: Iterable[str], now: Ms) -> None:
        """Lights that are kept low before they go on to what they were go on at once."""
        for one in (self._devices[name] for name in devices):
            for part in one.parts:
                for attribute, want in part.wants.items():
                    if want.rest is not None and want.fade.end <= now < want.rest.start:
                        part.wants[attribute] = want._replace(rest=want.rest._replace(start=now, end=now + AT_ONCE))
                        self._call(one, now)

    def leave_to_person(self, device: str, attribute: Attribute) -> None:
        """A person had taken this before: it stays theirs."""
        part = self._devices[device].part(attribute)
        if part is not None and attribute in part.ownerships:
            part.ownerships[attribute].is_hand = True

    def settle(self, devices: Iterable[str], now: Ms) -> None:
        """Their session is over: what is given back is theirs again; what cannot be yet stays owed."""
        for name in devices:
            one = self._devices[name]
            one.closing = True
            self._look_again(one, now)

    def give_back(self, device: str, now: Ms) -> bool:
        """A person hands a device to its session again. False where nobody had taken it."""
        one = self._devices[device]
        if one.lamp is not None:
            one.lamp.must_not_rise = False
        taken = False
        for part in one.parts:
            for attribute, ownership in part.ownerships.items():
                taken = taken or ownership.is_hand
                if ownership.is_hand:
                    ownership.give_back(now)
                    self._open_debt(one, attribute, now, None)
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
            if attribute not in (Attribute.COLOUR, Attribute.PLAYING)
        )

    def own_way(self, device: str, attribute: Attribute, now: Ms) -> Value | None:
        """Where a light's own way goes on from, also while it is away or somebody's; None where nobody knows."""
        lamp = self._devices[device].lamp
        return lamp.own_way(attribute, now) if lamp is not None else self.value(device, attribute, now)

    def staged(self, device: str) -> StagedDevice:
        return self._devices[device]

    def is_away(self, device: str) -> bool:
        return self._devices[device].is_online is False

    def is_surely_away(self, device: str) -> bool:
        """False where that is only what the broker kept: a device that answers is there."""
        one = self._devices[device]
        return one.is_online is False and not one.is_offline_of_old

    def overridden(self, device: str) -> list[Attribute]:
        """What a person has taken of a device."""
        parts = self._devices[device].parts
        return [attribute for part in parts for attribute, ownership in part.ownerships.items() if ownership.is_hand]

    def is_overridden(self, device: str, attribute: Attribute) -> bool:
        part = self._devices[device].part(attribute)
        if isinstance(part, StagedPlayer) and part.is_heard_by_hand:
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

    def rests(self, device: str, now: Ms) -> bool:
        """True where what is to come to it is later, and all else is told."""
        return any(
            want.rest is not None and want.fade.end <= now < want.rest.end
            for part in self._devices[device].parts
            for want in part.wants.values()
        )

    def waits_for_morning(self, device: str) -> bool:
        """True where it is owed light, and it is night."""
        return self._devices[device].waits_for_morning

    def is_unanswered(self, device: str) -> bool:
        """True where a device has had its time to say that it is given back, and has not."""
        return self._devices[device].is_unanswered

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
            messages.extend(self._look_whether_it_followed(one, now))
            if one.due is not None and one.due <= now:
                messages.extend(self._tell(one, now))
            if self._is_connected:
                messages.extend(self._closings.look(one, now))
            else:
                one.waits_until = None
            self._enter(one)
        return messages

    def heard(self) -> list[Heard]:
        """What was heard since the last call."""
        heard, self._heard = self._heard, []
        return heard

    # The wire

    def receive(self, message: Message, now: Ms) -> None:
        """Take in a message from the broker. Anything may come: what is not understood changes nothing."""
        for one in self._listeners.named(message.topic):
            is_understood = self._understand(one, message, now)
            if not (is_understood or message.retain) and one.is_its_own(message.topic):
                one.answers()  # what it says means nothing to us, and yet it is there
        for one in self._listeners.by_wildcard(message.topic):
            self._understand(one, message, now)

    def lost(self) -> None:
        """The broker is gone: nobody hears us, and nobody knows how anything is."""
        self._is_connected = False
        for one in self._devices.values():
            one.due = None
            one.forget_closing()
            for part in one.parts:
                part.lost()

    def connected(self, now: Ms) -> None:
        """The broker is there: every device gets what the room wants now."""
        if self._is_connected:
            return
        self._is_connected = True
        for one in self._devices.values():
            self._welcome(one, now, had_no_power=False)

    # Inside

    def _understand(self, one: StagedDevice, message: Message, now: Ms) -> bool:
        """Take in what a message says of a device. False where that is nothing."""
        reports = one.dialect.decode(message)
        for report in reports:
            one.understand(report)
            self._report(one, report, now, retained=message.retain)
        return bool(reports)

    def _hear(self, heard: Heard) -> None:
        self._heard.append(heard)

    def _open_debt(self, one: StagedDevice, attribute: Attribute, now: Ms, before: Value | None) -> None:
        if self._debts.get(one.name, attribute) is not None or self.is_overridden(one.name, attribute):
            return
        known = self.value(one.name, attribute, now)
        is_guess = known is None and before is not None and one.name in self._guesses
        debt = self._debts.open(one.name, attribute, known if known is not None else before, now, is_guess=is_guess)
        self._heard.append(DebtOpened(debt))

    def _remind(self, one: StagedDevice, attribute: Attribute) -> None:
        """A lamp gets its own colour back in its own words."""
        part, debt = one.part(attribute), self._debts.get(one.name, attribute)
        if attribute is Attribute.COLOUR and isinstance(part, StagedLight) and debt is not None:
            part.before = debt.value if isinstance(debt.value, Colour) else None

    def _call(self, one: StagedDevice, now: Ms) -> None:
        """It is to be told something as soon as may be."""
        if one.is_online is False or not self._is_connected:
            return
        if one.due is None or one.due > now:
            if one.due is None or one.since > now:
                one.since = now
            one.due = now
        self._enter(one)

    def _next(self, one: StagedDevice) -> Ms | None:
        doubts_at = one.doubts_at if self._is_connected and one.is_online is not False else None
        moments = [moment for moment in (one.due, one.silent_at, one.waits_until, doubts_at) if moment is not None]
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
        group = self._groups.get(one.name)
        messages = self._tell_all(group, now) if group is not None else []
        if one.due is None or one.due > now:
            return messages
        if not one.is_landing and (doubted_until := one.in_doubt_until) is not None and doubted_until > now:
            one.due = doubted_until
            return messages
        for part in one.parts:
            while (change := part.peek(now)) is not None:
                free = self._spend(one, change, now)
                if free > now:
                    one.due = free
                    return messages
                is_all = part.sent(change, now)
                one.was_told(now)
                messages.extend(self._encoded(one, change))
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
                messages.extend(self._encoded(group.device, change))
            for one in group.present:
                if free > now:
                    one.due = free
                else:
                    group.part_of(one).sent(change, now)
                    one.was_told(now)
                    _plan(one, now)
                    one.due = now if group.part_of(one).peek(now) is not None else one.due
                self._enter(one)
            if free > now:
                break
        return messages

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

    def _encoded(self, one: StagedDevice, change: Change) -> list[Message]:
        return [
            message if message.expiry is not None else message._replace(expiry=EXPIRY)
            for message in one.dialect.encode(change)
        ]

    def _notice_silence(self, one: StagedDevice, now: Ms) -> None:
        if one.silent_at is not None and one.silent_at <= now:
            one.has_been_called_silent = True
            self._heard.append(Silent(one.name))

    def _look_whether_it_followed(self, one: StagedDevice, now: Ms) -> list[Message]:
        """A device at rest that has not shown where it was put is asked, and told again: gives the question."""
        doubts_at = one.doubts_at
        if doubts_at is None or doubts_at > now or one.is_online is False or not self._is_connected:
            return []
        is_to_be_asked = False
        for part in one.parts:
            for attribute, ownership in part.ownerships.items():
                if ownership.check_at is None or ownership.check_at > now:
                    continue
                check = ownership.check(now, can_ask=one.can_ask)
                is_to_be_asked = is_to_be_asked or check is Check.ASK
                if check is Check.SEND:
                    part.again(attribute, now)
                    self._call(one, now)
        return self._question(one, now) if is_to_be_asked else []

    def _question(self, one: StagedDevice, now: Ms) -> list[Message]:
        """What asks it how it is, where its bridge takes that now: nothing hangs on it."""
        bridge, budget = one.abilities.bridge, one.abilities.budget
        if self._budgets.free_at(bridge, one.name, budget, now, 1) > now:
            return []
        self._budgets.count(bridge, one.name, budget, now, 1)
        one.asked(now)
        return list(one.dialect.query())

    def _report(self, one: StagedDevice, report: Report, now: Ms, *, retained: bool) -> None:
        match report:
            case AvailabilityReport(online):
                one.is_offline_of_old = retained and not online and one.is_online is not False
                self._available(one, now, online=online)
            case PoweredReport():
                self._powered(one, now)
            case ButtonReport(action):
                if not retained:
                    self._heard.append(Pressed(one.name, action))
            case SpeechReport(name, event):
                if not retained:
                    self._heard.append(Spoke(one.name, name, event))
            case AbilitiesReport(abilities):
                one.say_of_itself(sorted(abilities))
            case LightAbilitiesReport(light):
                one.take_light_abilities(light)
                if one.wants_anything:
                    self._call(one, now)
            case OutOfRangeReport(what):
                one.nonsense[what] = report
                one.has_answered = True
                self._heard.append(SaidNonsense(one.name, report))
            case RefusalReport(why):
                self._heard.append(WasRefused(one.name, why))
            case _:
                if one.is_offline_of_old and not retained:
                    one.is_offline_of_old = False
                    self._available(one, now, online=True)
                one.has_answered = True
                if not retained:
                    one.answers()
                for part in one.parts:
                    for attribute, verdict in part.report(report, now, retained=retained):
                        self._judge(one, attribute, verdict, now)
                if one.closing:
                    self._look_again(one, now)
                elif one.in_doubt_until is not None:
                    self._enter(one)

    def _judge(self, one: StagedDevice, attribute: Attribute, verdict: Meaning, now: Ms) -> None:
        if verdict is Meaning.LEARNT:
            self._heard.append(Learnt(one.name))
            if one.waits_for_morning:
                self._call(one, now)
        elif verdict is Meaning.LOST:
            part = one.part(attribute)
            assert part is not None, "it has just spoken of it"
            if one.is_unanswered:
                self.hold_down([one.name])
            part.again(attribute, now)
            self._call(one, now)
        elif verdict is Meaning.HAND:
            self._leave_light(one, attribute, now)
            self._debts.cancel(one.name, attribute)
            if attribute is Attribute.VOLUME:
                self._take_over_volume(one, now)
            self._heard.append(TakenByHand(one.name, attribute, self.value(one.name, attribute, now)))
            self._call(one, now)

    def _leave_light(self, one: StagedDevice, taken: Attribute, now: Ms) -> None:
        """Who touches a lamp that waits for the morning has it as it is to be: level and colour."""
        if one.lamp is None or not one.lamp.must_not_rise:
            return
        for attribute, ownership in one.lamp.ownerships.items():
            if attribute is not taken and self._debts.get(one.name, attribute) is not None:
                ownership.is_hand = True
                self._debts.cancel(one.name, attribute)
                self._heard.append(TakenByHand(one.name, attribute, self.value(one.name, attribute, now)))

    def _take_over_volume(self, one: StagedDevice, now: Ms) -> None:
        """A person's volume becomes the session's own level (rule 18), so the attribute stays with us."""
        part = one.part(Attribute.VOLUME)
        if part is not None:
            part.ownerships[Attribute.VOLUME].give_back(now)

    def _available(self, one: StagedDevice, now: Ms, *, online: bool) -> None:
        was, one.is_online = one.is_online, online
        if online and was is False:
            self._heard.append(Returned(one.name))
            self._welcome(one, now, had_no_power=True)
        elif not online and was is not False:
            one.due = None
            one.forget_closing()
            self._closings.doubt(one, now)
            for part in one.parts:
                part.lost()
            self._heard.append(Missing(one.name))

    def _powered(self, one: StagedDevice, now: Ms) -> None:
        """It has come up anew, though nobody said that it was away: it is as it likes to be then."""
        if one.is_online is False:
            return  # that it is back is still to be said
        for part in one.parts:
            part.lost()
        self._welcome(one, now, had_no_power=True)

    def _welcome(self, one: StagedDevice, now: Ms, *, had_no_power: bool) -> None:
        if one.closing:
            self._expire(one, now)
        if one.closing:
            self.hold_down([one.name])
        if one.wants_anything:
            for part in one.parts:
                part.returned(now, had_no_power=had_no_power)
            self._call(one, now)
            if had_no_power and one.lamp is not None and one.lamp.may_ask_for_light(now):
                one.due = now + ITS_WORD
                self._enter(one)

    def _expire(self, one: StagedDevice, now: Ms) -> None:
        if self._debts.has_expired(one.name, now):
            expired = self._debts.drop(one.name)
            self._heard.extend(DebtExpired(one.name, debt.attribute) for debt in expired)
            self._closings.let_go(one)

    def _look_again(self, one: StagedDevice, now: Ms) -> None:
        """What it said may show that it is given back."""
        one.waits_until = now
        self._enter(one)


def _plan(one: StagedDevice, now: Ms) -> None:
    """When it is to be told something again, now that it is told all that was due."""
    one.due = min((moment for part in one.parts if (moment := part.due_after(now)) is not None), default=None)
    one.since = one.due if one.due is not None else now


def _late(debt: Debt, here: Value | None, now: Ms) -> Fade:
    """The way to what is paid late: a light comes up slowly, for whoever is in the dark; all else is done at once."""
    value = debt.value
    assert value is not None, "what nobody knows is owed no more"
    if debt.attribute is not Attribute.LEVEL or not isinstance(value, float) or value == 0.0:
        return Fade.still(now, value)
    origin = min(here, value) if isinstance(here, float) else value
    return Fade(now, now + RISE, origin, value) if here is None or origin < value else Fade.still(now, value)
