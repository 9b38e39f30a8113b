"""The simulated devices of a home file."""

from collections.abc import Mapping
from typing import Any, TypeVar

from orchestrator.devices.abilities import ColourMode, Kind, LightAbilities
from orchestrator.devices.wire import share, units
from orchestrator.home.device import Device
from orchestrator.simulator.bulb import Bulb
from orchestrator.simulator.button import Button
from orchestrator.simulator.faults import NONE, Faults
from orchestrator.simulator.firmware import LightFirmware, PartOfAWhole
from orchestrator.simulator.light import Light
from orchestrator.simulator.line import LightLine, Line
from orchestrator.simulator.plug import SimulatedPlug
from orchestrator.simulator.twin import twin_of
from orchestrator.units import FULL, Ms, Percent
from orchestrator.values import Colour, Rgb, Temperature

Firmware = TypeVar("Firmware")
LEVEL = Percent(70.0)
WHITE = Temperature.of_kelvin(4000)
"""How every lamp is before: an ordinary evening with the lights on."""


def simulated(devices: Mapping[str, Device], faults: Mapping[str, Faults]) -> dict[str, Line]:
    """One simulated device for each of the home, on its line. Two speakers at one address are one: the first.

    What cannot be simulated is left out: `unsimulated` says what that is.
    """
    made: dict[str, Line] = {}
    sounding: set[tuple[str, str]] = set()
    wholes: dict[str, dict[str, Any]] = {}
    for name, device in sorted(devices.items(), key=lambda item: bool(item[1].members)):
        own, settings, light = faults.get(name, NONE), device.settings, device.abilities.light
        twin = twin_of(settings.dialect)
        if twin.sound is not None and _sounds(device):
            sound = twin.sound(name, settings)
            if (settings.dialect, sound.address) not in sounding:
                sounding.add((settings.dialect, sound.address))
                made[name] = Line(sound, own)
        elif twin.light is not None and light is not None:
            members = tuple(line for member in device.members if isinstance(line := made.get(member), LightLine))
            firmware = _joined(twin.light(settings, light), wholes)
            made[name] = LightLine(_light(name, light, firmware, own, members, twin.says_every), own)
        elif twin.switch is not None and device.abilities.switch is not None:
            made[name] = Line(SimulatedPlug(name, _joined(twin.switch(settings), wholes)), own)
        elif twin.button is not None and Kind.BUTTON in device.kinds:
            made[name] = Line(Button(name, twin.button(settings)), own)
    return {name: made[name] for name in devices if name in made}


def _joined(firmware: Firmware, wholes: dict[str, dict[str, Any]]) -> Firmware:
    """The same, with the others of its device where it is one of several."""
    if isinstance(firmware, PartOfAWhole) and firmware.whole is not None:
        firmware.share(wholes.setdefault(firmware.whole, {}))
    return firmware


def unsimulated(device: Device) -> bool:
    """Whether somebody would miss it in a simulated home: its dialect has no twin for what it is. Never a sensor."""
    twin, abilities = twin_of(device.settings.dialect), device.abilities
    lacks = (
        abilities.light is not None and twin.light is None,
        abilities.switch is not None and twin.switch is None,
        _sounds(device) and twin.sound is None,
        Kind.BUTTON in device.kinds and twin.button is None,
    )
    return any(lacks)


def _sounds(device: Device) -> bool:
    return device.abilities.player is not None or device.abilities.voice is not None


def _light(
    name: str,
    light: LightAbilities,
    firmware: LightFirmware,
    faults: Faults,
    members: tuple[LightLine, ...],
    says_every: Ms,
) -> Light:
    lamp = Bulb(
        share(units(LEVEL, light.steps), light.steps) if light.dimmable else FULL,
        _colour(light),
        jumps=faults.ignores_transitions,
        flashes=faults.full_when_turned_on,
        deaf=faults.deaf,
        dimmable=light.dimmable,
    )
    return Light(name, lamp, firmware, faults, members, says_every)


def _colour(light: LightAbilities) -> Colour | None:
    if ColourMode.TEMPERATURE in light.colours:
        return Temperature(min(max(WHITE.mired, light.coolest), light.warmest))
    return Rgb(255.0, 209.0, 163.0) if ColourMode.RGB in light.colours else None
