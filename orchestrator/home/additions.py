"""Whether a home has a device already that was found: by what it is told, whatever it is called."""

from orchestrator.devices.dialects import DIALECTS
from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.devices.messages import SetLight, SetSwitch
from orchestrator.devices.settings import DeviceSettings
from orchestrator.home.device import Device
from orchestrator.home.library import Home
from orchestrator.home.proposal import refusal
from orchestrator.units import Percent

_WHO = ("topic", "command_topic", "state_topic", "site", "name", "host")
_WHICH = ("component", "output", "dimmer", "base", "port")
_GENTLE = (SetLight(Percent(50.0), None), SetSwitch(True))


def known_as(found: FoundDevice, home: Home) -> str | None:
    """What a device is called in a home that has it, in its own dialect or another that tells the same topic."""
    if refusal(found.entry):
        return None
    family = DIALECTS[found.entry["dialect"]]
    settings = family.settings.model_validate(dict(found.entry))
    told = _told(Device("found", settings.kinds, "found", (), settings, family.codec("found", settings)))
    for device in home.devices.values():
        is_one_family = settings.dialect == device.settings.dialect
        if _identity(settings) == _identity(device.settings) if is_one_family else told & _told(device):
            return device.name
    return None


def _identity(settings: DeviceSettings) -> tuple[object, ...]:
    """What says which device it is; a button is another thing than the lamp that it is on."""
    first = next((str(getattr(settings, key)) for key in _WHO if getattr(settings, key, None)), "")
    if not first:
        first = str(getattr(settings, "set", ""))
    which = tuple(str(getattr(settings, key, None)) for key in _WHICH)
    return first.casefold(), which, [str(kind) for kind in settings.kinds] == ["button"]


def _told(device: Device) -> set[str]:
    return {message.topic for change in _GENTLE for message in device.dialect.encode(change)}
