"""Devices that Home Assistant is told of and that have a dialect of their own: whose they are, and as what.

The command topic says it. Where their own family says nothing of them, what Home Assistant is told is all that is
known.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.devices.discovery.parsing import (
    kelvin,
    light_role,
    mac,
    mapping,
    text,
    texts,
    topic,
)
from orchestrator.devices.wire import number

_SHELLY_1 = re.compile(r"(?P<prefix>shellies/.+)/(?P<part>light|white|color|relay)/(?P<number>\d)/(set|command)")
_SHELLY_2 = re.compile(r"(?P<prefix>.+)/rpc")
_TASMOTA = re.compile(r"(cmnd/(?P<topic>.+)|(?P<first>.+)/cmnd)/(POWER)(?P<number>\d{0,2})", re.IGNORECASE)
_STATUS_TOPIC = re.compile(r"/status/(\w+:\d+)$")
_METHOD = re.compile(r'"method"\s*:\s*"(Light|CCT|RGB|RGBW|RGBCCT|Switch)\.Set"')
_NUMBERED = re.compile(r'"id"\s*:\s*(\d+)')


def native_twin(entity: Mapping[str, Any], by: str) -> FoundDevice | None:
    """The device in its own dialect; None where it has none but Home Assistant's."""
    command = topic(entity.get("command_topic"))
    return (
        _zigbee2mqtt(entity, command, by)
        or _shelly2(entity, command, by)
        or _shelly1(entity, command, by)
        or _tasmota(entity, command, by)
        or _wled(entity, command, by)
    )


def _zigbee2mqtt(entity: Mapping[str, Any], command: str, by: str) -> FoundDevice | None:
    """Not its groups: what is announced of them is what any of their lamps has."""
    device = mapping(entity.get("device"))
    if not any(name.startswith("zigbee2mqtt_0x") for name in texts(device.get("identifiers"))):
        return None
    address, kind = command.removesuffix("/set"), "light" if entity["platform"] == "light" else "switch"
    keys: dict[str, Any] = {"colors": _colours(entity), **_whites(entity)} if kind == "light" else {}
    if kind == "light" and text(device.get("manufacturer")) == "IKEA":
        keys["one_attribute_per_fade"] = True
    where = {"dialect": "zigbee2mqtt", "topic": address, **_base(entity, address)}
    twin = _twin(entity, by, f"zigbee2mqtt:{address}", kind, {**where, **keys})
    called = text(device.get("name"))
    title = f"{called.rpartition('/')[2]} {text(entity.get('name')).lower()}".strip()
    area = called.partition("/")[0] if "/" in called else None
    return replace(twin, title=title or twin.title, area=twin.area or area)


def _base(entity: Mapping[str, Any], address: str) -> dict[str, str]:
    """Its bridge's base topic, where that has a slash: the topic on which the bridge says that it is there has it."""
    listed = entity.get("availability")
    for each in listed if isinstance(listed, list) else [listed]:
        base = topic(mapping(each).get("topic")).removesuffix("/bridge/state")
        if "/" in base and address.startswith(f"{base}/"):
            return {"base": base}
    return {}


def is_of_a_bridge(entity: Mapping[str, Any]) -> bool:
    """Whether Zigbee2MQTT announces it, and it is no lamp and no plug: a setting, a group, the bridge itself."""
    named = texts(mapping(entity.get("device")).get("identifiers"))
    if not any(name.startswith("zigbee2mqtt_") for name in named):
        return False
    is_device = any(name.startswith("zigbee2mqtt_0x") for name in named)
    return not is_device or not str(entity.get("command_topic")).endswith("/set")


def _shelly2(entity: Mapping[str, Any], command: str, by: str) -> FoundDevice | None:
    match = _SHELLY_2.fullmatch(command)
    if match is None:
        return None
    told = " ".join(str(value) for key, value in entity.items() if key.endswith(("template", "_on", "_off")))
    component = _STATUS_TOPIC.search(str(entity.get("state_topic")))
    method, numbered = _METHOD.search(told), _NUMBERED.findall(told)
    if component is not None:
        part = component[1]
    elif method is not None:
        part = f"{method[1].lower()}:{numbered[-1] if numbered else 0}"
    else:
        return None
    prefix, kind = match["prefix"], part.partition(":")[0]
    device_mac = mac(prefix) or next(
        (mac(pair[1]) for pair in _pairs(entity) if isinstance(pair, list) and len(pair) == 2 and pair[0] == "mac"), ""
    )
    where = {"dialect": "shelly2", "topic": prefix, "component": part}
    key = f"shelly:{device_mac or prefix}/{part}"
    if kind == "switch":
        return _twin(entity, by, key, "switch", where)
    if kind not in ("light", "cct", "rgb", "rgbw", "rgbcct"):
        return None
    colours = {"cct": ["temperature"], "rgb": ["rgb"], "rgbw": ["rgb"], "rgbcct": ["temperature", "rgb"]}.get(kind, [])
    return _twin(entity, by, key, "light", {**where, "colors": colours, **_whites(entity)})


def _shelly1(entity: Mapping[str, Any], command: str, by: str) -> FoundDevice | None:
    match = _SHELLY_1.fullmatch(command)
    if match is None:
        return None
    prefix, part, numbered = match["prefix"], match["part"], match["number"]
    where = {"dialect": "shelly1", "topic": prefix, "component": f"{part}:{numbered}"}
    key = f"shelly:{mac(prefix) or prefix}/{part}:{numbered}"
    if part == "relay":
        return _twin(entity, by, key, "switch", where)
    colours = ["rgb"] if part == "color" else _colours(entity)
    whites = {} if part == "color" else _whites(entity)
    return _twin(entity, by, key, "light", {**where, "colors": colours, **whites})


def _tasmota(entity: Mapping[str, Any], command: str, by: str) -> FoundDevice | None:
    match = _TASMOTA.fullmatch(command)
    if match is None:
        return None
    where: dict[str, Any] = {"dialect": "tasmota", "topic": match["topic"] or match["first"]}
    if match["first"]:
        where["full_topic"] = "%topic%/%prefix%/"
    key = f"tasmota:{where['topic']}"
    if entity["platform"] == "light":
        return _twin(entity, by, f"{key}/light", "light", {**where, "colors": _colours(entity), **_whites(entity)})
    output = {"output": int(match["number"])} if match["number"] not in ("", "0", "1") else {}
    return _twin(entity, by, f"{key}/{match['number'] or 1}", "switch", {**where, **output})


def _wled(entity: Mapping[str, Any], command: str, by: str) -> FoundDevice | None:
    colour, effect = topic(entity.get("rgb_command_topic")), topic(entity.get("effect_command_topic"))
    if not command or colour != f"{command}/col" or effect != f"{command}/api":
        return None
    unknown = {"colors": "whether it has a white channel; colours hold until you write `colors`"}
    where = {"dialect": "wled", "topic": command, "colors": ["rgb"]}
    return _twin(entity, by, f"wled:{command}", "light", where, unknown)


def _twin(
    entity: Mapping[str, Any],
    by: str,
    key: str,
    kind: str,
    keys: Mapping[str, Any],
    unknown: Mapping[str, str] | None = None,
) -> FoundDevice:
    device = mapping(entity.get("device"))
    own = text(entity.get("name"))
    title = own or text(device.get("name")) or text(entity.get("object_id")) or text(entity.get("object"))
    about = (text(device.get("manufacturer")), text(device.get("model")))
    plays = kind == "light" and (keys["dialect"] != "tasmota" or bool(entity.get("brightness_command_topic")))
    return FoundDevice(
        (key,),
        {"kind": kind, **keys},
        title,
        (by,),
        area=text(device.get("suggested_area")) or None,
        model=" ".join(part for part in about if part),
        proposed=light_role(title, text(entity.get("object"))) if plays else (),
        unknown={**(unknown or {}), **_not_said(keys, kind)},
        remarks=("only Home Assistant is told of it; its own family says nothing",),
        is_native=False,
    )


def _not_said(keys: Mapping[str, Any], kind: str) -> dict[str, str]:
    if kind == "switch":
        return {"kind": "what it switches, and whether that heats or moves: it plays no role until you cast it"}
    if "temperature" in keys.get("colors", ()) and "coolest" not in keys:
        return {"coolest, warmest": "its range; what its dialect takes holds until you write what the lamp has"}
    return {}


def _pairs(entity: Mapping[str, Any]) -> list[Any]:
    listed = mapping(entity.get("device")).get("connections")
    return listed if isinstance(listed, list) else []


def _colours(entity: Mapping[str, Any]) -> list[str]:
    modes = texts(entity.get("supported_color_modes"))
    whites = "color_temp" in modes or any(entity.get(key) for key in ("color_temp_command_topic", "color_temp"))
    whites = whites or bool(entity.get("max_mireds") or entity.get("max_kelvin"))
    mixes = any(mode in ("rgb", "rgbw", "rgbww", "xy", "hs") for mode in modes)
    mixes = mixes or any(topic(entity.get(f"{name}_command_topic")) for name in ("rgb", "rgbw", "rgbww", "hs", "xy"))
    return [*(["temperature"] if whites else []), *(["rgb"] if mixes else [])]


def _whites(entity: Mapping[str, Any]) -> dict[str, str]:
    """The range of its whites, as a lamp's entry has it; nothing where it is none, or a converter's placeholder."""
    low, high = number(entity.get("min_mireds")), number(entity.get("max_mireds"))
    warm, cool = number(entity.get("min_kelvin")), number(entity.get("max_kelvin"))
    if warm and cool and 1000 <= warm < cool <= 10_000:
        return {"coolest": f"{round(cool)}K", "warmest": f"{round(warm)}K"}
    if low and high and 100 <= low < high <= 1000 and (low, high) != (150, 500):
        return {"coolest": kelvin(low), "warmest": kelvin(high)}
    return {}
