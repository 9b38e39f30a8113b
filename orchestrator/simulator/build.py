"""The simulated devices of a home file."""

from collections.abc import Mapping

from orchestrator.devices.abilities import ColourMode, Kind, LightAbilities
from orchestrator.devices.dialects.hermes import HermesSettings
from orchestrator.devices.dialects.home_assistant import HomeAssistantSettings
from orchestrator.devices.dialects.relax_speaker import RelaxSpeakerSettings
from orchestrator.devices.dialects.template import TemplateDialect, TemplateSettings
from orchestrator.devices.dialects.zigbee2mqtt import Zigbee2MqttSettings
from orchestrator.devices.wire import share, units
from orchestrator.home.device import Device
from orchestrator.simulator.bulb import Bulb
from orchestrator.simulator.button import Button
from orchestrator.simulator.faults import NONE, Faults
from orchestrator.simulator.firmware.hermes import SimulatedSatellite
from orchestrator.simulator.firmware.home_assistant import HomeAssistantFirmware
from orchestrator.simulator.firmware.template import TemplateFirmware
from orchestrator.simulator.firmware.zigbee2mqtt import Zigbee2MqttFirmware
from orchestrator.simulator.light import Light
from orchestrator.simulator.line import LightLine, Line
from orchestrator.simulator.plug import SimulatedPlug
from orchestrator.simulator.speaker import SimulatedSpeaker
from orchestrator.values import FULL, Colour, Percent, Rgb, Temperature

LEVEL = Percent(70.0)
WHITE = Temperature.of_kelvin(4000)
VOLUME = Percent(30.0)
"""How everything is before: an ordinary evening with the lights on."""


def simulated(devices: Mapping[str, Device], faults: Mapping[str, Faults]) -> dict[str, Line]:
    """One simulated device for each of the home, on its line. Two speakers on one topic are one: the first.

    What cannot be simulated (a sensor, a player or voice behind templates) is left out.
    """
    made: dict[str, Line] = {}
    speakers: set[str] = set()
    for name, device in sorted(devices.items(), key=lambda item: bool(item[1].members)):
        own = faults.get(name, NONE)
        match device.settings:
            case RelaxSpeakerSettings(topic=topic) if topic not in speakers:
                speakers.add(topic)
                made[name] = Line(SimulatedSpeaker(name, topic, VOLUME), own)
            case HermesSettings() as settings:
                made[name] = Line(SimulatedSatellite(name, settings), own)
            case _ if device.abilities.light is not None:
                members = tuple(line for member in device.members if isinstance(line := made.get(member), LightLine))
                made[name] = LightLine(_light(device, device.abilities.light, own, members), own)
            case _ if device.abilities.switch is not None and (firmware := _firmware(device, None)) is not None:
                made[name] = Line(SimulatedPlug(name, firmware), own)
            case _ if Kind.BUTTON in device.kinds:
                made[name] = Line(Button(name, device.settings), own)
            case _:
                pass
    return {name: made[name] for name in devices if name in made}


def _light(device: Device, light: LightAbilities, faults: Faults, members: tuple[LightLine, ...]) -> Light:
    lamp = Bulb(
        share(units(LEVEL, light.steps), light.steps) if light.dimmable else FULL,
        _colour(light),
        jumps=faults.ignores_transitions,
        flashes=faults.full_when_turned_on,
        dimmable=light.dimmable,
    )
    firmware = _firmware(device, light)
    if firmware is None:
        raise TypeError(f"nobody has written how a {device.settings.dialect} light behaves")
    return Light(device.name, lamp, firmware, faults, members)


def _firmware(
    device: Device, light: LightAbilities | None
) -> Zigbee2MqttFirmware | HomeAssistantFirmware | TemplateFirmware | None:
    match device.settings, device.dialect:
        case Zigbee2MqttSettings() as settings, _:
            return Zigbee2MqttFirmware(settings, light)
        case HomeAssistantSettings() as settings, _:
            return HomeAssistantFirmware(settings, light)
        case TemplateSettings() as settings, TemplateDialect() as dialect:
            return TemplateFirmware(settings, dialect, light)
        case _:
            return None


def _colour(light: LightAbilities) -> Colour | None:
    if ColourMode.TEMPERATURE in light.colours:
        return Temperature(min(max(WHITE.mired, light.coolest), light.warmest))
    return Rgb(255.0, 209.0, 163.0) if ColourMode.RGB in light.colours else None
