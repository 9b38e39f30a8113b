"""A switch on the stage: on or off."""

from orchestrator.devices.abilities import SwitchAbilities
from orchestrator.devices.messages import Change, Report, SetSwitch, SwitchReport
from orchestrator.stage.ownership import Meaning, Ownership
from orchestrator.stage.want import Want
from orchestrator.units import Ms
from orchestrator.values import Attribute, Value


class StagedSwitch:
    """One switch."""

    def __init__(self, abilities: SwitchAbilities) -> None:
        self.abilities = abilities
        self.wants: dict[Attribute, Want] = {}
        self.ownerships = {Attribute.ON: Ownership(abilities.settle, 0.5, (0.0, 1.0))}

    def want(self, attribute: Attribute, want: Want, now: Ms) -> None:
        del now
        self.wants[attribute] = want

    def value(self, attribute: Attribute, now: Ms) -> Value | None:
        here = self.ownerships[attribute].at(now)
        return here[0] > 0.5 if here is not None else None

    def is_confirmed(self, attribute: Attribute) -> bool:
        """False from a command on until the switch says that it has done it."""
        return self.ownerships[attribute].is_confirmed

    def is_told_of(self, attribute: Attribute) -> bool:
        """True once the switch has said it of itself."""
        return self.ownerships[attribute].is_told_of

    def due_after(self, now: Ms) -> Ms | None:
        del now
        return None

    def peek(self, now: Ms) -> Change | None:
        want = self.wants.get(Attribute.ON)
        ownership = self.ownerships[Attribute.ON]
        if want is None or ownership.is_hand or self.value(Attribute.ON, now) == want.at(now):
            return None
        return SetSwitch(bool(want.at(now)))

    def sent(self, change: Change, now: Ms) -> bool:
        """A command went out. True where there is nothing else to tell it now."""
        assert isinstance(change, SetSwitch)
        self.ownerships[Attribute.ON].command(now, (float(change.on),), 0)
        return True

    def report(self, report: Report, now: Ms, *, retained: bool) -> list[tuple[Attribute, Meaning]]:
        if not isinstance(report, SwitchReport):
            return []
        return [(Attribute.ON, self.ownerships[Attribute.ON].report(now, (float(report.on),), retained=retained))]

    def lost(self) -> None:
        self.ownerships[Attribute.ON].forget()

    def returned(self) -> None:
        """Its state is unknown, so it is sent again."""
