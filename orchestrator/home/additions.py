"""Whether a home has a device already that was found: by what it is told, whatever it is called."""

from collections.abc import Iterable
from dataclasses import replace

from orchestrator.devices.dialects import DIALECTS
from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.devices.discovery.parsing import matches
from orchestrator.devices.messages import SetLight, SetSwitch
from orchestrator.devices.settings import DeviceSettings
from orchestrator.home.device import Device
from orchestrator.home.library import Home
from orchestrator.home.proposal import refusal
from orchestrator.units import Percent

_IGNORES_ALL = "#"
_WHO = ("topic", "command_topic", "state_topic", "site", "name", "host", "entity")
_WHICH = ("component", "output", "dimmer", "base", "port")
_GENTLE = (SetLight(Percent(50.0), None), SetSwitch(True))


def known_as(found: FoundDevice, home: Home) -> str | None:
    """What a device is called in a home that has it, in its own dialect or another that tells the same topic."""
    if refusal(found.entry):
        return None
    family = DIALECTS[found.entry["dialect"]]
    settings = family.settings.model_validate(dict(found.entry))
    told = _told(Device("found", settings.kinds, "found", (), settings, family.codec("found", settings)))
    for device in map(_fresh, home.devices.values()):
        is_one_family = settings.dialect == device.settings.dialect
        if _identity(settings) == _identity(device.settings) if is_one_family else told & _told(device):
            return device.name
    return None


def is_ignored(found: FoundDevice, home: Home) -> bool:
    """Whether the home says that nobody is to speak of it: by its address, or a filter that it matches."""
    return any(matches(each, found.address) for each in home.model.ignore)


def offered(found: Iterable[FoundDevice], home: Home) -> list[FoundDevice]:
    """What could play a role, and is neither in the home nor ignored there."""
    if _IGNORES_ALL in home.model.ignore:
        return []
    usable = (device for device in found if device.proposed and not is_ignored(device, home))
    return [device for device in usable if not refusal(device.entry) and known_as(device, home) is None]


def _fresh(device: Device) -> Device:
    """With a codec of its own: that of a home in service is in use."""
    return replace(device, dialect=DIALECTS[device.settings.dialect].codec(device.name, device.settings))


def _identity(settings: DeviceSettings) -> tuple[object, ...]:
    """What says which device it is; a button is another thing than the lamp that it is on."""
    written = {key: getattr(settings, key) for key in type(settings).model_fields}
    first = next((str(written[key]) for key in _WHO if written.get(key)), "") or str(written.get("set", ""))
    which = tuple(str(written.get(key)) for key in _WHICH)
    return first.casefold(), which, [str(kind) for kind in settings.kinds] == ["button"]


def _told(device: Device) -> set[str]:
    return {message.topic for change in _GENTLE for message in device.dialect.encode(change)}
