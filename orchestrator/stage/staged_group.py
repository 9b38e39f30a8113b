"""A group on the stage: a way to tell several devices the same with one message. What it shows is what they show."""

from typing import NamedTuple

from orchestrator.devices.abilities import FadeBy, LightAbilities
from orchestrator.devices.messages import Change, SetLight, SetSwitch
from orchestrator.stage.staged_device import Part, StagedDevice
from orchestrator.units import Ms


class StagedGroup(NamedTuple):
    """`device` is the group itself, with its dialect and its budget; `members` are what a message to it reaches."""

    device: StagedDevice
    members: tuple[StagedDevice, ...]

    @property
    def present(self) -> list[StagedDevice]:
        """The members that are not known to be away: these have heard what the group was told."""
        return [one for one in self.members if one.is_online is not False]

    def common(self, now: Ms) -> Change | None:
        """The next command of all that are there, where it is the same for each; None where they are told one by one.

        What a person has taken of one member a message to the group would take back.
        """
        there = self.present
        if len(there) < 2 or self.device.is_online is False or any(one.is_anyones_hand for one in self.members):
            return None
        first, *others = [self._next(one, now) for one in there]
        if first is None or not self._takes(first) or any(other != first for other in others):
            return None
        return first

    def part_of(self, member: StagedDevice) -> Part:
        """The part of a member that the group reaches."""
        return next(part for part in member.parts if isinstance(part, type(self.device.parts[0])))

    def _next(self, member: StagedDevice, now: Ms) -> Change | None:
        return self.part_of(member).peek(now)

    def _takes(self, change: Change) -> bool:
        """Whether the group can be told it as its members can. What is told to lamps that are out is each one's own."""
        match change:
            case SetSwitch():
                return self.device.abilities.switch is not None
            case SetLight():
                light = self.device.abilities.light
                return light is not None and _can(light, change)
            case _:
                return False


def _can(light: LightAbilities, change: SetLight) -> bool:
    level, colour, transition = change
    if level is not None and 0.0 < level < 100.0 and not light.dimmable:
        return False
    if transition and (light.fade is not FadeBy.NATIVE or transition > light.longest_fade):
        return False
    if transition and level is not None and colour is not None and light.one_attribute_per_fade:
        return False
    return colour is None or light.nearest(colour) == colour
