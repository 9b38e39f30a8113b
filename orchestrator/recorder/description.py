"""What a bridge, or Home Assistant's discovery, says of a device: who made it, what it is, what runs on it."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from orchestrator.devices.dialects.zigbee2mqtt import Zigbee2MqttSettings
from orchestrator.devices.messages import Message
from orchestrator.home.device import Device
from orchestrator.recorder.exercise import GENTLE

_OF_A_DEVICE = (
    *("type", "supported", "disabled", "interview_completed", "interview_state", "power_source"),
    *("manufacturer", "model_id", "software_build_id", "date_code"),
)
_OF_A_DEFINITION = ("vendor", "model", "description", "source", "supports_ota", "exposes", "options")
_ABBREVIATED = {"mf": "manufacturer", "mdl": "model", "sw": "sw_version"}


class Description(NamedTuple):
    """Empty where nobody says it. `bridge` is what stands between, with its version.

    `said` are the messages that say it, as topic and JSON value, with only what describes.
    """

    vendor: str = ""
    model: str = ""
    firmware: str = ""
    bridge: str = ""
    said: tuple[tuple[str, Any], ...] = ()


class Describer(Protocol):
    """Knows where one device is described, and reads it out of what was heard there."""

    @property
    def topics(self) -> Sequence[str]: ...

    def describe(self, messages: Sequence[Message]) -> Description: ...


class ByZigbee2Mqtt:
    """The retained lists of a Zigbee2MQTT bridge: of each device its definition."""

    def __init__(self, device: Device, _prefix: str) -> None:
        assert isinstance(device.settings, Zigbee2MqttSettings)
        self._bridge = f"{device.settings.bridge}/bridge"
        self._friendly_name = device.settings.topic.removeprefix(f"{device.settings.bridge}/")

    @property
    def topics(self) -> tuple[str, ...]:
        """The log is heard by the dialect, and is about all devices: it is no word of this one's."""
        return (f"{self._bridge}/devices", f"{self._bridge}/groups", f"{self._bridge}/info", f"{self._bridge}/logging")

    def describe(self, messages: Sequence[Message]) -> Description:
        heard = {message.topic: _read(message.payload) for message in messages if message.topic in self.topics}
        info = heard.get(f"{self._bridge}/info")
        bridge = f"Zigbee2MQTT {info.get('version', '')}".strip() if isinstance(info, dict) else ""
        entry = self._entry(heard.get(f"{self._bridge}/devices"))
        if entry is None:
            group = self._entry(heard.get(f"{self._bridge}/groups"))
            return Description(model="group of lamps" if group is not None else "", bridge=bridge)
        definition = entry.get("definition")
        definition = _only(definition, _OF_A_DEFINITION) if isinstance(definition, dict) else {}
        return Description(
            vendor=_text(definition.get("vendor") or entry.get("manufacturer")),
            model=_text(definition.get("model") or entry.get("model_id")),
            firmware=_text(entry.get("software_build_id")),
            bridge=bridge,
            said=((f"{self._bridge}/devices", [{**_only(entry, _OF_A_DEVICE), "definition": definition or None}]),),
        )

    def _entry(self, listed: Any) -> dict[str, Any] | None:
        entries = listed if isinstance(listed, list) else []
        named = (each for each in entries if isinstance(each, dict))
        return next((each for each in named if each.get("friendly_name") == self._friendly_name), None)


class ByDiscovery:
    """Home Assistant's discovery: the announcement that names a topic of the device."""

    def __init__(self, device: Device, prefix: str) -> None:
        dialect = device.dialect
        told = (message.topic for change in GENTLE for message in dialect.encode(change))
        self._own = {*dialect.topics, *told}
        self._prefix = prefix

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"{self._prefix}/+/+/config", f"{self._prefix}/+/+/+/config")

    def describe(self, messages: Sequence[Message]) -> Description:
        for message in messages:
            config = _read(message.payload) if message.topic.endswith("/config") else None
            if isinstance(config, dict) and self._own & set(_topics(config, "")):
                about = config.get("device", config.get("dev"))
                about = about if isinstance(about, dict) else {}
                about = {_ABBREVIATED.get(key, key): value for key, value in about.items()}
                return Description(
                    vendor=_text(about.get("manufacturer")),
                    model=_text(about.get("model")),
                    firmware=_text(about.get("sw_version")),
                    said=((message.topic, config),),
                )
        return Description()


_BY_DIALECT: Mapping[str, Callable[[Device, str], Describer]] = {"zigbee2mqtt": ByZigbee2Mqtt}


def describer(device: Device, prefix: str) -> Describer:
    """Whoever describes a device of this dialect; `prefix` is where Home Assistant's discovery is announced."""
    return _BY_DIALECT.get(device.settings.dialect, ByDiscovery)(device, prefix)


def _topics(value: Any, base: str) -> Iterator[str]:
    """The texts of an announcement, each with `~` replaced by its base."""
    match value:
        case dict():
            base = _text(value.get("~")) or base
            for each in value.values():
                yield from _topics(each, base)
        case list():
            for each in value:
                yield from _topics(each, base)
        case str():
            yield (
                f"{base}{value[1:]}"
                if value.startswith("~")
                else f"{value[:-1]}{base}"
                if value.endswith("~")
                else value
            )


def _only(entry: dict[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    return {key: entry[key] for key in keys if key in entry}


def _read(payload: str) -> Any:
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        return None


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
