"""What a Tasmota device announces of itself (`tasmota/discovery`, retained): all of its outputs in one."""

from collections.abc import Callable, Sequence
from typing import Any
from zlib import crc32

from orchestrator.devices.abilities import ColourMode, Kind
from orchestrator.devices.dialects.tasmota import TasmotaSettings
from orchestrator.devices.dialects.tasmota.announced import CHANNELS_APART, LIGHT, RELAY
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import compact
from orchestrator.home.device import Device

PLACES = 8
SUBTYPES = {
    ColourMode.NONE: 1,
    ColourMode.TEMPERATURE: 2,
    ColourMode.RGB: 3,
    ColourMode.TEMPERATURE | ColourMode.RGB: 5,
}
"""How many channels a lamp of such colours has (`lt_st`)."""
_OPTIONS = (4, 11, 13, 17, 20, 30, CHANNELS_APART, 73, 82, 114, 117)
_APART = ("Dimmer1", "Dimmer2")
"""What dims colours and white that are two lights (`lk` 0)."""


class TasmotaDevices:
    """The devices of a home: those that are told on the same topics are outputs of one."""

    topics: tuple[str, ...] = ()

    def __init__(self, devices: Sequence[Device]) -> None:
        self._by_topic: dict[str, list[Device]] = {}
        for device in devices:
            if Kind.BUTTON not in device.kinds:
                self._by_topic.setdefault(_settings(device).base(0), []).append(device)

    def says(self, *, online: bool) -> list[Message]:
        return [_announced(topic, outputs) for topic, outputs in self._by_topic.items()] if online else []

    def answers(self, _message: Message, _is_online: Callable[[str], bool]) -> tuple[Message, ...]:
        return ()


def _announced(topic: str, devices: Sequence[Device]) -> Message:
    mac = f"02A4E0{crc32(topic.encode()) & 0xFFFFFF:06X}"
    settings = [_settings(device) for device in devices]
    by_number = {each.output or 1: device for each, device in zip(settings, devices, strict=True)}
    places = max(PLACES, *by_number)
    listed = [_kind(by_number[number]) if number in by_number else 0 for number in range(1, places + 1)]
    own = settings[0]
    dimmers = {each.dims_by(None) for each, kind in zip(settings, map(_kind, devices), strict=True) if kind == LIGHT}
    options = frozenset(option for each in settings for option in each.options(None))
    is_apart = any(dimmer is not None and dimmer.startswith("Channel") for dimmer in dimmers)
    options |= {CHANNELS_APART} if is_apart else set()
    names = [by_number[number].title if number in by_number else None for number in range(1, places + 1)]
    said: dict[str, Any] = {
        "ip": "192.0.2.7", "dn": own.topic, "fn": names if len(devices) > 1 else [own.topic, *[None] * (places - 1)],
        "hn": f"tasmota-{mac[-6:]}", "mac": mac, "md": "Generic", "ty": int("Dimmer3" in dimmers), "if": 0,
        "ofln": "Offline", "onln": "Online", "state": ["OFF", "ON", "TOGGLE", "HOLD"], "sw": "14.4.1", "t": own.topic,
        "ft": own.full_topic, "tp": list(own.prefixes), "rl": listed, "swc": [-1] * places, "swn": [None] * places,
        "btn": [0] * places, "so": {str(option): int(option in options) for option in _OPTIONS},
        "lk": int(not dimmers & set(_APART)), "lt_st": _channels(devices, apart=is_apart), "bat": 0, "dslp": 0,
        "sho": [0] * 4, "ver": 1,
    }  # fmt: skip
    return Message(f"tasmota/discovery/{mac}/config", compact(**said), retain=True)


def _kind(device: Device) -> int:
    """A lamp that nothing dims is one on a relay."""
    light = device.abilities.light
    return LIGHT if light is not None and light.dimmable else RELAY


def _channels(devices: Sequence[Device], *, apart: bool) -> int:
    """Of all its lights together."""
    lights = [device.abilities.light for device in devices if _kind(device) == LIGHT]
    if apart:
        return len(lights)
    colours = ColourMode.NONE
    for light in lights:
        colours |= light.colours if light is not None else ColourMode.NONE
    if len(lights) > 1 and colours == ColourMode.RGB:
        return 4  # colours, and a white of its own
    return SUBTYPES[colours] if lights else 0


def _settings(device: Device) -> TasmotaSettings:
    assert isinstance(device.settings, TasmotaSettings)
    return device.settings
