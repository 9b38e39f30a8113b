"""A room of a home as the checks of light see it: how bright its lamps are, and what it makes of a scene's levels."""

from collections.abc import Mapping

from orchestrator.conductor.room_scale import RoomScale
from orchestrator.devices.abilities import Kind
from orchestrator.home.library import Home
from orchestrator.scenes.checks.lamps import LightRoom
from orchestrator.scenes.checks.melanopic import LAMP_LUX
from orchestrator.values import Attribute


def light_room(
    home: Home, roles: Mapping[str, tuple[str, ...]], scale: RoomScale, *, is_evening: bool = False
) -> LightRoom:
    """The room of a cast. `roles`: the devices that play each role; `is_evening` whatever the scene says of itself."""
    lights = {role: names for role, names in roles.items() if any(_is_light(home, name) for name in names)}
    return LightRoom(
        lux={role: sum(lux_of(home, name) for name in names) for role, names in lights.items()},
        level=lambda level: _level(scale, level),
        is_evening=is_evening,
    )


def lux_of(home: Home, name: str) -> float:
    """What a lamp gives at the eye at its full light: as the home has it, a group's as its members' together."""
    device = home.devices[name]
    if device.settings.lux is not None:
        return device.settings.lux
    return sum(lux_of(home, member) for member in device.members) if device.members else LAMP_LUX


def _is_light(home: Home, name: str) -> bool:
    return Kind.LIGHT in home.devices[name].kinds


def _level(scale: RoomScale, level: float) -> float:
    shown = scale.value(Attribute.LEVEL, level)
    assert isinstance(shown, float)
    return shown
