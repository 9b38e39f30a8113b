"""Full light at once in a room, session or not, which stays: what an alarm does."""

from collections.abc import Callable, Iterable, Mapping

from orchestrator.conductor.group_members import members_in
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


def lamps_of(room: RoomModel, devices: Mapping[str, Device], owes: Callable[[str], bool]) -> list[str]:
    """The lamps that a room casts in whatever role, a group's as a session plays them; each once."""
    names = (name for cast in room.roles.values() for name in ([cast] if isinstance(cast, str) else cast))
    lights = [name for name in dict.fromkeys(names) if Kind.LIGHT in devices[name].kinds]
    groups = {name: members_in(devices[name], devices) for name in lights if not owes(name)}
    lamps = dict.fromkeys(lamp for name in lights for lamp in groups.get(name) or (name,))
    grouped = {member for name in lights if not groups.get(name) for member in devices[name].members}
    return [name for name in lamps if name not in grouped]


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
