"""A light, switch or event of Home Assistant's: in its JSON schema, or a light in the default one."""

from orchestrator.devices.abilities import LightAbilities
from orchestrator.devices.dialects.home_assistant import HomeAssistantSettings
from orchestrator.simulator.advertisers.home_assistant import HomeAssistantAnnouncements
from orchestrator.simulator.firmware import LightFirmware
from orchestrator.simulator.firmware.home_assistant.default_schema import DefaultFirmware
from orchestrator.simulator.firmware.home_assistant.json_schema import JsonFirmware
from orchestrator.simulator.twin import Twin


def _light(settings: HomeAssistantSettings, light: LightAbilities) -> LightFirmware:
    return JsonFirmware(settings, light) if settings.form == "json" else DefaultFirmware(settings, light)


TWIN = Twin(light=_light, switch=JsonFirmware, button=JsonFirmware, advertiser=HomeAssistantAnnouncements)
