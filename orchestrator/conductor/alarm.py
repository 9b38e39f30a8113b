"""Full light at once in a room, session or not, which stays: what an alarm does."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from orchestrator.conductor.group_members import groups_in
from orchestrator.devices.abilities import Kind
from orchestrator.fade import Fade
from orchestrator.home.device import Device
from orchestrator.home.model import RoomModel
from orchestrator.stage.stage import Stage
from orchestrator.stage.want import Want
from orchestrator.units import Ms, Percent
from orchestrator.values import Attribute, Temperature

AT_ONCE: Ms = 500
"""Lights never change faster: user-needs 3.1, our limit for room light."""
WHITE = Temperature.of_kelvin(4000)
"""Neutral: one sees well by it, and every lamp with whites has it or something near."""


class RoomLamps(NamedTuple):
    """The lamps that a room casts in whatever role, each once; and the members of its groups, which are among them."""

    lamps: list[str]
    groups: dict[str, tuple[str, ...]]


def lamps_of(room: RoomModel, devices: Mapping[str, Device], owes: Callable[[str], bool]) -> RoomLamps:
    """What an alarm lights in a room. A group that is owed something itself is lit as one device."""
    names = (name for cast in room.roles.values() for name in ([cast] if isinstance(cast, str) else cast))
    lights = [name for name in dict.fromkeys(names) if Kind.LIGHT in devices[name].kinds]
    groups = groups_in([name for name in lights if not owes(name)], devices)
    lamps = dict.fromkeys(lamp for name in lights for lamp in groups.get(name, (name,)))
    grouped = {member for name in lights if name not in groups for member in devices[name].members}
    return RoomLamps([name for name in lamps if name not in grouped], groups)


def light(lamps: Iterable[str], level: Percent, stage: Stage, now: Ms) -> tuple[str, ...]:
    """Bring lamps up to a level and leave them there: nobody is owed anything for them afterwards.

    A hand counts for nothing here, and no lamp becomes darker. Gives the lamps that are told; what is away is not, for
    it would light up when it returns, perhaps in the night.
    """
    told = tuple(lamp for lamp in lamps if not stage.is_away(lamp))
    for lamp in told:
        stage.give_back(lamp, now)
        here = stage.value(lamp, Attribute.LEVEL, now)
        shown = here if isinstance(here, float) else float(level)
        fade = Fade(now, now + AT_ONCE, shown, max(float(level), shown))
        for attribute, way in ((Attribute.LEVEL, fade), (Attribute.COLOUR, Fade.still(now, WHITE))):
            stage.wish(lamp, attribute, Want(way, landing=True), now)
            stage.owe_instead(lamp, attribute, way.target)  # whatever comes late: this, and not the dark before
    stage.settle(told, now)
    return told
