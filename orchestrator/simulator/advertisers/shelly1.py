"""What a Shelly Gen1 says of itself when it is asked to announce itself, and when it comes up; none of it is retained.

Asked are all on `shellies/command`, one on its own `command`. Several components of one prefix are one device.
"""

from collections.abc import Callable, Sequence
from typing import Any
from zlib import crc32

from orchestrator.devices.abilities import ColourMode
from orchestrator.devices.dialects.shelly1 import Shelly1Settings
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import compact
from orchestrator.home.device import Device

_EVERYBODY = "shellies/command"
_FIRMWARE = "20230913-112003/v1.14.0-gcb84623"
_LAMPS = {ColourMode.NONE: "SHDM-2", ColourMode.TEMPERATURE: "SHBDUO-1"}
_RELAYS = ("SHSW-1", "SHSW-25", "SHSW-44", "SHSW-44")
"""By the number of the last relay."""


class Shelly1Devices:
    """The devices of a home, by prefix."""

    def __init__(self, devices: Sequence[Device]) -> None:
        self._by_prefix: dict[str, list[Device]] = {}
        for device in devices:
            self._by_prefix.setdefault(_settings(device).topic, []).append(device)

    @property
    def topics(self) -> tuple[str, ...]:
        return (_EVERYBODY, *(f"{prefix}/command" for prefix in self._by_prefix))

    def says(self, *, online: bool) -> list[Message]:
        prefixes = self._by_prefix if online else ()
        return [message for prefix in prefixes for message in self._announced(prefix)]

    def answers(self, message: Message, is_online: Callable[[str], bool]) -> list[Message]:
        if message.payload != "announce":
            return []
        meant = self._by_prefix if message.topic == _EVERYBODY else [message.topic.removesuffix("/command")]
        there = [
            prefix for prefix in meant if any(is_online(device.name) for device in self._by_prefix.get(prefix, ()))
        ]
        return [each for prefix in there for each in self._announced(prefix)]

    def _announced(self, prefix: str) -> tuple[Message, ...]:
        mac = f"02A4E0{crc32(prefix.encode()) & 0xFFFFFF:06X}"
        model, mode = _model(self._by_prefix[prefix])
        about: dict[str, Any] = {"model": model, "mac": mac, "ip": "192.0.2.42", "new_fw": False, "fw_ver": _FIRMWARE}
        said = compact(id=prefix.removeprefix("shellies/"), **about, mode=mode)
        return Message("shellies/announce", said), Message(f"{prefix}/announce", said)


def _settings(device: Device) -> Shelly1Settings:
    assert isinstance(device.settings, Shelly1Settings)
    return device.settings


def _model(components: Sequence[Device]) -> tuple[str, str | None]:
    """Model and mode of what has these components."""
    by_part = {_settings(device).part: device for device in components}
    if "color" in by_part:
        light = by_part["color"].abilities.light
        has_whites = light is not None and ColourMode.TEMPERATURE in light.colours
        return ("SHCB-1" if has_whites else "SHRGBW2"), "color"
    if "white" in by_part:
        return "SHRGBW2", "white"
    if "light" in by_part:
        light = by_part["light"].abilities.light
        return _LAMPS[light.colours if light is not None else ColourMode.NONE], None
    if "relay" in by_part:
        last = max(_settings(device).number for device in components if _settings(device).part == "relay")
        return _RELAYS[min(last, 3)], ("relay" if last else None)
    return "SHIX3-1", None
