"""What devices say: what each report means for what is believed of them, wanted of them and owed to them."""

from collections.abc import Callable, Collection
from typing import Final

from orchestrator.devices.messages import (
    AbilitiesReport,
    AvailabilityReport,
    ButtonReport,
    LightAbilitiesReport,
    Message,
    OutOfRangeReport,
    PoweredReport,
    RefusalReport,
    Report,
    SpeechReport,
)
from orchestrator.stage.closing import Closings
from orchestrator.stage.debts import Debts
from orchestrator.stage.due_devices import DueDevices
from orchestrator.stage.heard import (
    DebtExpired,
    Heard,
    Learnt,
    Missing,
    Pressed,
    Returned,
    SaidNonsense,
    Spoke,
    TakenByHand,
    WasRefused,
)
from orchestrator.stage.ownership import Meaning
from orchestrator.stage.staged_device import StagedDevice
from orchestrator.units import SECOND, Ms
from orchestrator.values import Attribute

ITS_WORD: Final[Ms] = 2 * SECOND
"""A lamp that comes back again so soon, or fades in steps, is told nothing before it has had time to say how it is; nor
is a device that never had."""


class ReportHandler:
    """Takes in reports. What concerns others is heard."""

    def __init__(
        self,
        debts: Debts,
        closings: Closings,
        due: DueDevices,
        hear: Callable[[Heard], None],
        hold_down: Callable[[Collection[str]], None],
    ) -> None:
        self._debts = debts
        self._closings = closings
        self._due = due
        self._hear = hear
        self._hold_down = hold_down

    def understand(self, one: StagedDevice, message: Message, now: Ms) -> bool:
        """Take in what a message says of a device. False where that is nothing."""
        reports = one.dialect.decode(message)
        for report in reports:
            one.understand(report)
            self._report(one, report, now, retained=message.retain)
        return bool(reports)

    def _report(self, one: StagedDevice, report: Report, now: Ms, *, retained: bool) -> None:
        match report:
            case AvailabilityReport(online):
                one.is_offline_of_old = retained and not online and one.is_online is not False
                self._available(one, now, online=online)
            case PoweredReport():
                self._powered(one, now)
            case ButtonReport(action):
                if not retained:
                    self._hear(Pressed(one.name, action))
            case SpeechReport(name, event):
                if not retained:
                    self._hear(Spoke(one.name, name, event))
            case AbilitiesReport(abilities):
                one.say_of_itself(sorted(abilities))
            case LightAbilitiesReport(light):
                one.take_light_abilities(light)
                if one.wants_anything:
                    self._due.call(one, now)
            case OutOfRangeReport(what):
                one.nonsense[what] = report
                one.has_answered = True
                if what == "volume":
                    one.doubt(Attribute.VOLUME)
                self._hear(SaidNonsense(one.name, report))
            case RefusalReport(why):
                self._hear(WasRefused(one.name, why))
            case _:
                if one.is_offline_of_old and not retained:
                    one.is_offline_of_old = False
                    self._available(one, now, online=True)
                one.has_answered = True
                if not retained:
                    one.answers()
                for part in one.parts:
                    for attribute, verdict in part.report(report, now, retained=retained):
                        self.judge(one, attribute, verdict, now)
                if one.closing:
                    self.look_again(one, now)
                elif one.in_doubt_until is not None:
                    self._due.enter(one)

    def judge(self, one: StagedDevice, attribute: Attribute, verdict: Meaning, now: Ms) -> None:
        """Act on what a report about an attribute means."""
        if verdict is Meaning.LEARNT:
            self._hear(Learnt(one.name))
            if one.waits_for_morning or (one.lamp is not None and one.lamp.way_back.is_on(now)):
                self._due.call(one, now)
        elif verdict is Meaning.LOST:
            part = one.part(attribute)
            assert part is not None, "it has just spoken of it"
            if one.is_unanswered:
                self._hold_down([one.name])
            part.again(attribute, now)
            self._due.call(one, now)
        elif verdict is Meaning.HAND:
            self._leave_light(one, attribute, now)
            self._debts.cancel(one.name, attribute)
            if attribute is Attribute.VOLUME:
                self._take_over_volume(one, now)
            self._hear(TakenByHand(one.name, attribute, one.value(attribute, now)))
            self._due.call(one, now)

    def _leave_light(self, one: StagedDevice, taken: Attribute, now: Ms) -> None:
        """Who touches a lamp that waits for the morning has it as it is to be: level and colour."""
        if one.lamp is None or not one.lamp.must_not_rise:
            return
        for attribute, ownership in one.lamp.ownerships.items():
            if attribute is not taken and self._debts.get(one.name, attribute) is not None:
                ownership.is_hand = True
                self._debts.cancel(one.name, attribute)
                self._hear(TakenByHand(one.name, attribute, one.value(attribute, now)))

    def _take_over_volume(self, one: StagedDevice, now: Ms) -> None:
        """A person's volume becomes the session's own level (rule 18), so the attribute stays with us."""
        part = one.part(Attribute.VOLUME)
        if part is not None:
            part.ownerships[Attribute.VOLUME].give_back(now)

    def _available(self, one: StagedDevice, now: Ms, *, online: bool) -> None:
        was, one.is_online = one.is_online, online
        if online and was is False:
            self._hear(Returned(one.name))
            self.welcome(one, now, had_no_power=True)
        elif not online and was is not False:
            one.due = None
            one.forget_closing()
            self._closings.doubt(one, now)
            for part in one.parts:
                part.lost()
            self._hear(Missing(one.name))

    def _powered(self, one: StagedDevice, now: Ms) -> None:
        """It has come up anew, though nobody said that it was away: it is as it likes to be then."""
        if one.is_online is False:
            return  # that it is back is still to be said
        for part in one.parts:
            part.lost()
        self.welcome(one, now, had_no_power=True)

    def welcome(self, one: StagedDevice, now: Ms, *, had_no_power: bool) -> None:
        """It is there, or we are: it gets what is wanted of it now, once it has had its say."""
        if one.closing:
            self.expire(one, now)
        if one.closing:
            self._hold_down([one.name])
        if one.wants_anything:
            for part in one.parts:
                part.returned(now, had_no_power=had_no_power)
            self._due.call(one, now)
            has_to_say = one.lamp is not None and one.lamp.has_to_say_how_it_is(now)
            if had_no_power and (has_to_say or one.untold):
                one.due = now + ITS_WORD
                self._due.enter(one)

    def expire(self, one: StagedDevice, now: Ms) -> None:
        """What has been owed to it for too long is owed no more."""
        if self._debts.has_expired(one.name, now):
            for debt in self._debts.drop(one.name):
                self._hear(DebtExpired(one.name, debt.attribute))
            self._closings.let_go(one)

    def look_again(self, one: StagedDevice, now: Ms) -> None:
        """What it said may show that it is given back."""
        one.waits_until = now
        self._due.enter(one)
