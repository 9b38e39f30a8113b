"""All devices of the home: what is wanted, sent, believed and reported, whose it is, and what we owe.

Sans-I/O. Wishes and messages come in, messages and what was heard go out. Moments are real milliseconds of one
monotonic clock. Due devices are told what is wanted *now*: a stage that was called late sends no backlog.
"""

from collections.abc import Collection, Iterable, Mapping

from orchestrator.devices.messages import (
    Change,
    Message,
)
from orchestrator.fade import Fade
from orchestrator.stage.budget import BridgeRates, Budgets
from orchestrator.stage.closing import Closings, GivingBack, giving_back
from orchestrator.stage.debts import AT_MOST, Debts
from orchestrator.stage.due_devices import DueDevices
from orchestrator.stage.evidence import Evidence
from orchestrator.stage.heard import (
    Debt,
    DebtExpired,
    DebtOpened,
    Heard,
    Paid,
    Silent,
)
from orchestrator.stage.ownership import Check
from orchestrator.stage.questions import Questions
from orchestrator.stage.report_handler import ReportHandler
from orchestrator.stage.report_profile import ReportProfile
from orchestrator.stage.sender import Sender
from orchestrator.stage.staged_device import DeviceLike, StagedDevice, earliest, staged
from orchestrator.stage.staged_group import StagedGroup
from orchestrator.stage.staged_light import StagedLight
from orchestrator.stage.staged_player import StagedPlayer
from orchestrator.stage.topics import Listeners
from orchestrator.stage.want import Want
from orchestrator.units import SECOND, Ms
from orchestrator.values import Attribute, Colour, Value

RISE: Ms = 30 * SECOND
"""How long a light takes to what it was that comes up late."""
AT_ONCE: Ms = 2 * SECOND
"""How long a light takes that somebody asked for: as long as any jump."""
_MAY_BE_UNSAID = {Attribute.COLOUR, Attribute.PLAYING}


class Stage:
    """The devices of one home."""

    def __init__(
        self, devices: Iterable[DeviceLike], rates: Mapping[str, BridgeRates], debts_at_most: Ms = AT_MOST
    ) -> None:
        self._devices = {device.name: staged(device) for device in devices}
        self._budgets = Budgets(rates)
        self._debts = Debts(debts_at_most)
        self._closings = Closings(self._debts, self._budgets, self._hear, self.hold_down)
        self._due = DueDevices(self._devices)
        self._sender = Sender(self._budgets, self._due)
        self._questions = Questions(self._budgets, self._has_said_all)
        self._reports = ReportHandler(self._debts, self._closings, self._due, self._hear, self.hold_down)
        self._heard: list[Heard] = []
        self._dark: frozenset[str] = frozenset()
        self._guesses: set[str] = set()
        """Devices of which nobody knew how they were when their session began."""
        self._listeners = Listeners.of((one.dialect, one) for one in self._devices.values())
        self._new_topics: list[str] = []

    def acquaint(self, profiles: Mapping[str, ReportProfile]) -> None:
        """How devices report, as it was learnt in a life before. To be told before anything is wanted."""
        for device, profile in profiles.items():
            self._devices[device].acquaint(profile)

    # What is wanted

    def play(self, devices: Iterable[str], groups: Mapping[str, tuple[str, ...]]) -> None:
        """These devices are a session's from now on: each by itself, but for what all members of a group are told."""
        for device in devices:
            if (group := self._sender.groups.get(device)) is not None:
                for member in group.members:
                    self._sender.groups.pop(member.name, None)
        for name, members in groups.items():
            group = StagedGroup(self._devices[name], tuple(self._devices[member] for member in members))
            self._sender.groups.update(dict.fromkeys(members, group))

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
        part.ownerships[attribute].watch(can_ask=one.can_ask)
        if one.lamp is not None and not want.landing:
            one.lamp.must_not_rise = False
        one.closing = False
        one.forget_closing()
        self._due.call(one, now)

    def guess(self, devices: Collection[str], among: Iterable[str]) -> None:
        """Nobody knows how these devices of a session were: what is wished to be given back to them is a guess."""
        self._guesses.difference_update(among)
        self._guesses.update(devices)

    def owe(self, debt: Debt) -> None:
        """A debt from before: of a session that was cut off, or of a device that was away."""
        self._debts.restore(debt)
        one = self._devices.get(debt.device)
        if one is not None and one.lamp is not None and debt.attribute is Attribute.LEVEL and debt.value == 0.0:
            one.lamp.memory.was_out()

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
                    self._reports.judge(
                        one, Attribute.LEVEL, one.lamp.ownerships[Attribute.LEVEL].take(now, (0.0,)), now
                    )

    def forget_old(self, devices: Iterable[str], now: Ms) -> None:
        """What has been owed for too long is owed no more; a device that is away keeps it until it returns."""
        for one in (self._devices[name] for name in devices):
            if one.closing and one.is_online is not False:
                self._reports.expire(one, now)

    def owe_instead(self, device: str, attribute: Attribute, value: Value) -> None:
        """A session ends so that this is how a device is to be: that is what is owed to it, whenever it comes."""
        changed = self._debts.change(device, attribute, value)
        if changed is not None:
            self._heard.append(DebtOpened(changed))

    def take_its_word(self, device: str, now: Ms) -> list[Attribute]:
        """What a device says before it is told anything is owed to it, and nothing that was guessed: gives of what."""
        one, said = self._devices[device], []
        for attribute in sorted(one.untold):
            if (value := self.value(device, attribute, now)) is None:
                continue
            one.untold.discard(attribute)
            if (learnt := self._debts.learn(device, attribute, value)) is not None:
                self._heard.append(DebtOpened(learnt))
                self._remind(one, attribute)
                said.append(attribute)
        return said

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
        self._due.call(one, now)

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
        self._due.call(one, now)

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
                self._due.call(one, now)

    def go_on(self, devices: Iterable[str], now: Ms) -> None:
        """Lights that are kept low before they go on to what they were go on at once."""
        for one in (self._devices[name] for name in devices):
            for part in one.parts:
                for attribute, want in part.wants.items():
                    if want.rest is not None and want.fade.end <= now < want.rest.start:
                        part.wants[attribute] = want._replace(rest=want.rest._replace(start=now, end=now + AT_ONCE))
                        self._due.call(one, now)

    def leave_to_person(self, device: str, attribute: Attribute) -> None:
        """A person had taken this before: it stays theirs."""
        part = self._devices[device].part(attribute)
        if part is not None and attribute in part.ownerships:
            part.ownerships[attribute].is_hand = True

    def settle(self, devices: Iterable[str], now: Ms) -> None:
        """Their session is over: what is given back is theirs again; what cannot be yet stays owed.

        One that had not said how it was, and was told nothing, is as it was.
        """
        devices = tuple(devices)
        self._questions.forget(devices)
        for name in devices:
            one = self._devices[name]
            if self._is_untouched(one):
                self.drop(name)
                continue
            one.closing = True
            self._reports.look_again(one, now)

    def _is_untouched(self, one: StagedDevice) -> bool:
        debts = self._debts.of(one.name)
        return bool(debts) and all(debt.attribute in one.untold for debt in debts)

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
        self._due.call(one, now)
        return taken

    def tell(self, device: str, change: Change) -> list[Message]:
        """Say something momentary (words, a chime) at once. Nothing goes to a device that is away."""
        one = self._devices[device]
        if one.is_online is False or not self._due.is_connected:
            return []
        return self._sender.encoded(one, change)

    def ask(self, device: str, now: Ms, members: Iterable[str] = ()) -> None:
        """Ask a device how it is, as soon as its bridge takes it; a group, what its members have not said."""
        if self._due.is_connected:
            self._questions.ask(self._devices[device], now, [self._devices[member] for member in members])

    def answer_by(self, device: str) -> Ms | None:
        """When a device that was asked, or is to be, has had time to answer; None for one that was not."""
        return self._questions.answer_by(device)

    # What is known

    def value(self, device: str, attribute: Attribute, now: Ms) -> Value | None:
        """What a device is believed to show; a lamp's level as lightness. None where nobody knows."""
        return self._devices[device].value(attribute, now)

    def knows(self, device: str, now: Ms) -> bool:
        """True where each of its parts has said how it is, and nothing else since: what it never says is not needed."""
        one = self._devices[device]
        light = one.abilities.light
        unneeded = {Attribute.PLAYING} if light is not None and light.says_colour else _MAY_BE_UNSAID
        return self._knows(one, unneeded, now)

    def _has_said_all(self, one: StagedDevice, now: Ms) -> bool:
        """Also the colour of a lamp that is not known to say it."""
        light = one.abilities.light
        unneeded = {Attribute.PLAYING} if light is not None and light.colours else _MAY_BE_UNSAID
        return self._knows(one, unneeded, now)

    def _knows(self, one: StagedDevice, unneeded: Collection[Attribute], now: Ms) -> bool:
        return all(
            (ownership.is_sure or not one.reports) and (attribute in unneeded or part.value(attribute, now) is not None)
            for part in one.parts
            for attribute, ownership in part.ownerships.items()
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

    def giving_back(self, device: str) -> GivingBack:
        """How far a device is that is owed something and is being told it."""
        return giving_back(self._devices[device])

    # Time

    def next_deadline(self) -> Ms | None:
        """When something is due; None while nothing is, or nobody could hear it."""
        return earliest(self._due.next_deadline(), self._questions.due)

    def advance(self, now: Ms) -> list[Message]:
        """Tell every device that is due what is wanted of it now, landings first, then whoever waited longest.

        Who is to be asked comes before those that are not landing: a session waits for the answer.
        """
        due = self._due.take(now)
        due.sort(key=lambda one: (not one.is_landing, one.since, one.name))
        landing = [one for one in due if one.is_landing]
        messages = self._tell(landing, now)
        messages += self._questions.put(now)
        return messages + self._tell(due[len(landing) :], now)

    def _tell(self, due: Iterable[StagedDevice], now: Ms) -> list[Message]:
        messages: list[Message] = []
        for one in due:
            self._notice_silence(one, now)
            messages.extend(self._look_whether_it_followed(one, now))
            if one.due is not None and one.due <= now:
                messages.extend(self._sender.tell(one, now))
            if self._due.is_connected:
                messages.extend(self._closings.look(one, now))
            else:
                one.waits_until = None
            self._due.enter(one)
        return messages

    def heard(self) -> list[Heard]:
        """What was heard since the last call."""
        heard, self._heard = self._heard, []
        return heard

    # The wire

    def receive(self, message: Message, now: Ms) -> None:
        """Take in a message from the broker. Anything may come: what is not understood changes nothing."""
        for one in self._listeners.named(message.topic):
            is_understood = self._reports.understand(one, message, now)
            if not (is_understood or message.retain) and one.is_its_own(message.topic):
                one.answers()  # what it says means nothing to us, and yet it is there
        for one in self._listeners.by_wildcard(message.topic, message.payload):
            self._reports.understand(one, message, now)
            self._new_topics += self._listeners.follow(one.dialect, one)

    def is_of_a_bridge(self, topic: str) -> bool:
        """Whether a bridge says on a topic what it has, and not how anything is."""
        base, slash, part = topic.rpartition("/bridge/")
        is_list = bool(slash) and part in ("devices", "groups", "info")
        return is_list and any(one.abilities.bridge == base for one in self._devices.values())

    def new_topics(self) -> list[str]:
        """Topics on which devices turned out to speak, since the last call: to be subscribed to as well."""
        topics, self._new_topics = self._new_topics, []
        return topics

    def lost(self) -> None:
        """The broker is gone: nobody hears us, and nobody knows how anything is."""
        self._due.is_connected = False
        self._questions.forget()
        for one in self._devices.values():
            one.due = None
            one.forget_closing()
            for part in one.parts:
                part.lost()

    def slept(self, length: Ms, now: Ms) -> None:
        """Our clock stood for so long, and the devices went on: where they got to meanwhile is no hand."""
        for one in self._devices.values():
            for part in one.parts:
                for ownership in part.ownerships.values():
                    ownership.slept(now, length)

    def connected(self, now: Ms) -> None:
        """The broker is there: every device gets what the room wants now."""
        if self._due.is_connected:
            return
        self._due.is_connected = True
        for one in self._devices.values():
            self._reports.welcome(one, now, had_no_power=False)

    # Inside

    def _hear(self, heard: Heard) -> None:
        self._heard.append(heard)

    def _open_debt(self, one: StagedDevice, attribute: Attribute, now: Ms, before: Value | None) -> None:
        if self._debts.get(one.name, attribute) is not None or self.is_overridden(one.name, attribute):
            return
        known = self.value(one.name, attribute, now)
        is_guess = known is None and before is not None and one.name in self._guesses
        debt = self._debts.open(one.name, attribute, known if known is not None else before, now, is_guess=is_guess)
        if known is None:
            one.untold.add(attribute)
        self._heard.append(DebtOpened(debt))

    def _remind(self, one: StagedDevice, attribute: Attribute) -> None:
        """A lamp gets its own colour back in its own words."""
        part, debt = one.part(attribute), self._debts.get(one.name, attribute)
        if attribute is Attribute.COLOUR and isinstance(part, StagedLight) and debt is not None:
            part.before = debt.value if isinstance(debt.value, Colour) else None

    def _notice_silence(self, one: StagedDevice, now: Ms) -> None:
        if one.silent_at is not None and one.silent_at <= now:
            one.has_been_called_silent = True
            self._heard.append(Silent(one.name))

    def _look_whether_it_followed(self, one: StagedDevice, now: Ms) -> list[Message]:
        """A device at rest that has not shown where it was put is asked, and told again: gives the question."""
        doubts_at = one.doubts_at
        if doubts_at is None or doubts_at > now or one.is_online is False or not self._due.is_connected:
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
                    self._due.call(one, now)
        return self._sender.ask(one, now) if is_to_be_asked else []


def _late(debt: Debt, here: Value | None, now: Ms) -> Fade:
    """The way to what is paid late: a light comes up slowly, for whoever is in the dark; all else is done at once."""
    value = debt.value
    assert value is not None, "what nobody knows is owed no more"
    if debt.attribute is not Attribute.LEVEL or not isinstance(value, float) or value == 0.0:
        return Fade.still(now, value)
    origin = min(here, value) if isinstance(here, float) else value
    return Fade(now, now + RISE, origin, value) if here is None or origin < value else Fade.still(now, value)
