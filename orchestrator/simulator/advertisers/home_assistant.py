"""What a device announces to Home Assistant, retained: as ESPHome 2026.8 in abbreviated keys, or by topics."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from zlib import crc32

from orchestrator.devices.abilities import Kind
from orchestrator.devices.dialects.home_assistant import HomeAssistantSettings
from orchestrator.devices.dialects.home_assistant.topic_settings import TopicSettings
from orchestrator.devices.messages import Message
from orchestrator.devices.settings import DeviceSettings
from orchestrator.devices.wire import compact
from orchestrator.home.device import Device

_COMPONENTS = {Kind.LIGHT: "light", Kind.SWITCH: "switch", Kind.BUTTON: "event"}
_EVENTS = ("press", "double_press", "long_press")
_MAKER = {"mf": "Espressif", "mdl": "esp32", "sw": "2026.8.0 (config hash 0x0dd1e1e6)"}


class HomeAssistantAnnouncements:
    """One announcement for each entity; those of one node name the same device."""

    topics: tuple[str, ...] = ()

    def __init__(self, devices: Sequence[Device]) -> None:
        self._devices = devices

    def says(self, *, online: bool) -> list[Message]:
        """They stay when it goes."""
        return [message for device in self._devices for message in _announced(device)] if online else []

    def answers(self, _message: Message, _is_online: Callable[[str], bool]) -> tuple[Message, ...]:
        return ()


def _announced(device: Device) -> Iterator[Message]:
    settings = device.settings
    assert isinstance(settings, HomeAssistantSettings)
    levels = (settings.command_topic or settings.state_topic or device.name).split("/")
    node, entity = levels[0], levels[-2] if levels[-1] == "command" and len(levels) > 2 else device.name
    for kind, component in _COMPONENTS.items():
        if kind in device.kinds:
            mac = f"02a4e0{crc32(node.encode()) & 0xFFFFFF:06x}"
            said = {
                "name": device.title,
                "stat_t": settings.state_topic,
                "cmd_t": settings.command_topic,
                "avty_t": settings.availability_topic,
                "avty_tpl": settings.availability_template,
                **_several(settings),
                **_unusual(settings, {"pl_avail": "payload_available", "pl_not_avail": "payload_not_available"}),
                **(_light(settings) if kind is Kind.LIGHT else {}),
                **(_switch(settings) if kind is Kind.SWITCH else {}),
                **({"evt_typ": _EVENTS} if kind is Kind.BUTTON else {}),
                "uniq_id": f"ESP{component}{device.name}",
                "dev": {"ids": mac, "name": node, **_MAKER, "cns": [["mac", mac]]},
            }
            yield Message(
                f"{settings.discovery_prefix}/{component}/{node}/{entity}/config", compact(**said), retain=True
            )


def _several(settings: HomeAssistantSettings) -> dict[str, Any]:
    """Where it says on several topics whether it is there."""
    ways = [way.model_dump(exclude_none=True) for way in settings.availability]
    return {"availability": ways, "availability_mode": settings.availability_mode} if ways else {}


def _light(settings: HomeAssistantSettings) -> dict[str, Any]:
    said: dict[str, Any] = _json(settings) if settings.form == "json" else _by_topics(settings)
    if settings.dims_by_brightness and settings.brightness_scale != 255:
        said["bri_scl"] = settings.brightness_scale
    if settings.white_scale != 255:
        said["white_scale"] = settings.white_scale
    if "color_temp" in settings.modes:
        if settings.color_temp_kelvin:
            said["clr_temp_k"] = True
        if settings.min_kelvin and settings.max_kelvin:
            said |= {"min_k": round(settings.min_kelvin), "max_k": round(settings.max_kelvin)}
        else:
            said |= {"min_mirs": round(settings.min_mireds), "max_mirs": round(settings.max_mireds)}
    return said


def _json(settings: HomeAssistantSettings) -> dict[str, Any]:
    said: dict[str, Any] = {"schema": "json", "supported_color_modes": settings.supported_color_modes}
    if settings.dims_by_brightness:
        said["brightness"] = True
    return said if settings.transition else said | {"transition": False}


def _by_topics(settings: HomeAssistantSettings) -> dict[str, Any]:
    """Whatever it has of the default schema, which is the one where none is named."""
    names = settings.model_fields_set & (TopicSettings.model_fields.keys() - DeviceSettings.model_fields.keys())
    words = {"pl_on": "payload_on", "pl_off": "payload_off"}
    said = {name: getattr(settings, name) for name in sorted(names)}
    return {key: value for key, value in said.items() if value is not None} | _unusual(settings, words)


def _switch(settings: HomeAssistantSettings) -> dict[str, Any]:
    words = {"pl_on": "payload_on", "pl_off": "payload_off", "stat_on": "state_on", "stat_off": "state_off"}
    return _unusual(settings, words) | {"val_tpl": settings.value_template}


def _unusual(settings: HomeAssistantSettings, words: dict[str, str]) -> dict[str, Any]:
    """Words that are not those that Home Assistant takes where none are said."""
    fields = HomeAssistantSettings.model_fields
    return {short: word for short, key in words.items() if (word := getattr(settings, key)) != fields[key].default}
