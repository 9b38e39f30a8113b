"""What a Shelly Gen2 or later answers of itself as a whole: `Shelly.GetDeviceInfo`, `.GetComponents`, `.GetStatus`.

Components come in pages, as a Plus RGBW PM was captured to give them. How a component is it says itself, when it is
asked: here only its id stands for that. Several of one prefix are one device.
"""

from collections.abc import Callable, Sequence
from typing import Any
from zlib import crc32

from orchestrator.devices.abilities import LightAbilities
from orchestrator.devices.dialects.shelly2 import Shelly2Settings
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import compact, fields, number
from orchestrator.home.device import Device
from orchestrator.units import SECOND, Ms

OWN_TRANSITION: Ms = 3 * SECOND
"""As a Plus RGBW PM comes out of its box."""
_PAGE = 11
_NOT_FOUND = 404
_APPS = {
    "light": ("DimmerG3", "S3DM-0A101WWL"),
    "cct": ("DuoBulbG3", "S3BL-D010009AEU"),
    "rgb": ("PlusRGBWPM", "SNDC-0D4P10WW"),
    "rgbw": ("PlusRGBWPM", "SNDC-0D4P10WW"),
    "rgbcct": ("MulticolorBulbG3", "S3BL-C010007AEU"),
    "switch": ("Plus1PM", "SNSW-001P16EU"),
    "input": ("PlusI4", "SNSN-0024X"),
}


class Shelly2Devices:
    """The devices of a home, by prefix."""

    def __init__(self, devices: Sequence[Device]) -> None:
        self._by_prefix: dict[str, dict[str, Device]] = {}
        for device in devices:
            settings = _settings(device)
            self._by_prefix.setdefault(settings.topic, {})[settings.place] = device

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(f"{prefix}/rpc" for prefix in self._by_prefix)

    def says(self, *, online: bool) -> tuple[Message, ...]:
        """That it is there its components say."""
        del online
        return ()

    def answers(self, message: Message, is_online: Callable[[str], bool]) -> tuple[Message, ...]:
        prefix, said = message.topic.removesuffix("/rpc"), fields(message.payload)
        namespace, _, method = str(said.get("method")).partition(".")
        components, source = self._by_prefix.get(prefix, {}), said.get("src")
        if namespace != "Shelly" or not isinstance(source, str):
            return ()
        if not any(is_online(device.name) for device in components.values()):
            return ()
        params = said.get("params")
        answer = _answered(prefix, components, method, params if isinstance(params, dict) else {})
        told = compact(id=said.get("id"), src=_id(prefix), dst=source, **answer)
        return (Message(f"{source}/rpc", told),)


def config_of(settings: Shelly2Settings, light: LightAbilities | None, name: str | None = None) -> dict[str, Any]:
    """The configuration of a component, as far as anybody asks for it."""
    config: dict[str, Any] = {"id": settings.number, "name": name}
    if settings.part == "input":
        return config | {"type": "button", "enable": True, "invert": False, "factory_reset": True}
    if light is not None and settings.part == "cct":
        config["ct_range"] = [round(1_000_000 / light.warmest), round(1_000_000 / light.coolest)]
    if settings.part == "switch":
        return config | {"initial_state": "off", "auto_on": False, "auto_off": False}
    return config | {
        "transition_duration": OWN_TRANSITION // SECOND,
        "initial_state": "restore_last",
        "min_brightness_on_toggle": 0,
        "night_mode": {"enable": False, "brightness": 50, "active_between": []},
    }


def _settings(device: Device) -> Shelly2Settings:
    assert isinstance(device.settings, Shelly2Settings)
    return device.settings


def _id(prefix: str) -> str:
    return prefix.rpartition("/")[2]


def _answered(prefix: str, components: dict[str, Device], method: str, params: dict[str, Any]) -> dict[str, Any]:
    match method:
        case "GetDeviceInfo":
            return {"result": _about(prefix, components)}
        case "GetComponents":
            return {"result": _page(_configs(prefix, components), params)}
        case "GetStatus":
            return {"result": {key: _status(config) for key, config in _configs(prefix, components).items()}}
    return {"error": {"code": _NOT_FOUND, "message": f"No handler for Shelly.{method}"}}


def _about(prefix: str, components: dict[str, Device]) -> dict[str, Any]:
    app, model = _APPS[_settings(next(iter(components.values()))).part]
    return {
        "name": _name(components),
        "id": _id(prefix),
        "mac": _mac(prefix),
        "slot": 0,
        "model": model,
        "gen": 3 if model.startswith("S3") else 2,
        "fw_id": "20260423-102510/2.0.0-g8c7700a",
        "ver": "2.0.0",
        "app": app,
        "auth_en": False,
        "auth_domain": None,
    }


def _name(components: dict[str, Device]) -> str | None:
    """A device of one component is called what that is called."""
    if len(components) > 1:
        return None
    (device,) = components.values()
    return device.settings.title


def _mac(prefix: str) -> str:
    own = _id(prefix)[-12:].upper()
    is_one = len(own) == 12 and not set(own) - set("0123456789ABCDEF")
    return own if is_one else f"02A4E0{crc32(prefix.encode()) & 0xFFFFFF:06X}"


def _configs(prefix: str, components: dict[str, Device]) -> dict[str, dict[str, Any]]:
    """By component, those beside lamps and relays as well; sorted, as they were captured."""
    own = {place: _config(device, is_alone=len(components) == 1) for place, device in components.items()}
    mqtt = {"enable": True, "topic_prefix": prefix, "rpc_ntf": True, "status_ntf": True, "enable_rpc": True}
    others: dict[str, dict[str, Any]] = {
        "ble": {"enable": False},
        "bthome": {},
        "cloud": {"enable": False},
        "mqtt": mqtt | {"enable_control": True, "user": None},
        "sys": {"device": {"name": _name(components), "mac": _mac(prefix), "discoverable": True}},
        "wifi": {"ap": {"enable": False}},
        "ws": {"enable": False},
    }
    return dict(sorted((own | others).items()))


def _config(device: Device, *, is_alone: bool) -> dict[str, Any]:
    return config_of(_settings(device), device.abilities.light, None if is_alone else device.settings.title)


def _page(configs: dict[str, dict[str, Any]], params: dict[str, Any]) -> dict[str, Any]:
    """Without `include` only what they are called."""
    offset, asked = int(number(params.get("offset")) or 0), params.get("include")
    include = asked if isinstance(asked, list) else []
    components = [
        {"key": key}
        | ({"status": _status(config)} if "status" in include else {})
        | ({"config": config} if "config" in include else {})
        for key, config in list(configs.items())[offset : offset + _PAGE]
    ]
    return {"components": components, "cfg_rev": 1, "offset": offset, "total": len(configs)}


def _status(config: dict[str, Any]) -> dict[str, Any]:
    return {"id": config["id"]} if "id" in config else {}
