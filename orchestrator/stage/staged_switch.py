"""A switch on the stage: on or off."""

from orchestrator.devices.abilities import SwitchAbilities
from orchestrator.devices.messages import Change, Report, SetSwitch, SwitchReport
from orchestrator.stage.accuracy import Scale
from orchestrator.stage.lateness import Lateness
from orchestrator.stage.ownership import Meaning, Ownership
from orchestrator.stage.want import Want
from orchestrator.units import Ms
from orchestrator.values import Attribute, Value


class StagedSwitch:
    """One switch."""

    def __init__(self, abilities: SwitchAbilities, lateness: Lateness | None = None) -> None:
        self.abilities = abilities
        self.wants: dict[Attribute, Want] = {}
        lateness = lateness if lateness is not None else Lateness(abilities.settle)
        self.ownerships = {Attribute.ON: Ownership(Scale(1.0, 0.4, share=0.0), lateness)}
        self._is_to_be_told_again = False

    def want(self, attribute: Attribute, want: Want, now: Ms) -> None:
        del now
        self.wants[attribute] = want
        self.ownerships[attribute].land((float(bool(want.at(want.ends))),) if want.landing else None)

    def value(self, attribute: Attribute, now: Ms) -> Value | None:
        here = self.ownerships[attribute].at(now)
        return here[0] > 0.5 if here is not None else None

    def is_shown(self, attribute: Attribute, *, can_ask: bool) -> bool:
        """In a landing: whether it has said that it is as it was."""
        return self.ownerships[attribute].is_shown(can_ask=can_ask)

    def is_told_of(self, attribute: Attribute) -> bool:
        """True once the switch has said it of itself."""
        return self.ownerships[attribute].is_told_of

    def due_after(self, now: Ms) -> Ms | None:
        del now
        return None

    def peek(self, now: Ms) -> Change | None:
        want = self.wants.get(Attribute.ON)
        ownership = self.ownerships[Attribute.ON]
        if want is None or ownership.is_hand:
            return None
        if self.value(Attribute.ON, now) == want.at(now) and not self._is_to_be_told_again:
            return None
        return SetSwitch(bool(want.at(now)))

    def sent(self, change: Change, now: Ms) -> bool:
        """A command went out. True where there is nothing else to tell it now."""
        assert isinstance(change, SetSwitch)
        self._is_to_be_told_again = False
        self.ownerships[Attribute.ON].command(now, (float(change.on),), 0)
        return True

    def report(self, report: Report, now: Ms, *, retained: bool) -> list[tuple[Attribute, Meaning]]:
        if not isinstance(report, SwitchReport):
            return []
        return [(Attribute.ON, self.ownerships[Attribute.ON].report(now, (float(report.on),), retained=retained))]

    def lost(self) -> None:
        self.ownerships[Attribute.ON].forget()

    def returned(self, now: Ms, *, had_no_power: bool) -> None:
        """Its state is unknown, so it is sent again."""
        del had_no_power
        self.ownerships[Attribute.ON].returned(now)

    def again(self, attribute: Attribute, now: Ms) -> None:
        """What it was told last is to be told once more: it may not have heard."""
        del now
        self._is_to_be_told_again = attribute in self.wants
