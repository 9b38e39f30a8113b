"""What a light or switch announces of itself to Home Assistant, as settings: it goes before what the home file says.

What an announcement leaves out stays as the home file has it, but for what hangs together: of colours, of topics that
one is told by and of a range of whites all is new, or nothing. It may be anybody's, so what is no topic or no number is
passed over, and of templates only those are run that do no more than look up and reckon (`template.harmless`).
"""

import re
from collections.abc import Collection, Mapping
from typing import Any, get_args

from pydantic import ValidationError

from orchestrator.devices import announcement
from orchestrator.devices.abilities import Kind
from orchestrator.devices.dialects.home_assistant.settings import RGB_MODES, ColourModeName, HomeAssistantSettings
from orchestrator.devices.dialects.home_assistant.topic_settings import TopicSettings
from orchestrator.devices.dialects.template.settings import is_harmless
from orchestrator.devices.reading import KELVIN, MIRED
from orchestrator.devices.settings import DeviceSettings
from orchestrator.devices.wire import number

_PLATFORMS = {Kind.LIGHT: "light", Kind.SWITCH: "switch"}
_MODES = get_args(ColourModeName)
_ONCE = ("color_temp", "hs", "rgb", "xy")
"""How colours were announced before there were colour modes (2021)."""
_ESPHOME = re.compile(r"(esphome v)?20\d\d\.\d{1,2}\.")
_WORDS = ("payload_on", "payload_off", "state_on", "state_off")
_RANGES = {"min_mireds": MIRED, "max_mireds": MIRED, "min_kelvin": KELVIN, "max_kelvin": KELVIN}
_TOGETHER: tuple[frozenset[str], ...] = (
    frozenset({"form", "supported_color_modes", "brightness"})
    | (TopicSettings.model_fields.keys() - DeviceSettings.model_fields.keys()),
    frozenset({*_RANGES, "color_temp_kelvin"}),
    frozenset({"availability", "availability_mode", "availability_topic", "availability_template"})
    | {"payload_available", "payload_not_available"},
)
"""What is all new where any of it is."""


def names(payload: str) -> Collection[str]:
    """The command topics that an announcement is about."""
    return announcement.announced(payload).keys()


def as_announced(settings: HomeAssistantSettings, topic: str, payload: str) -> HomeAssistantSettings | None:
    """The settings with what is announced of its command topic; None where nothing is."""
    component = topic.removeprefix(f"{settings.discovery_prefix}/").partition("/")[0]
    for entity in announcement.announced(payload).get(settings.command_topic or "", ()):
        platform = entity.get("platform") if component == "device" else component
        kind = next((kind for kind, name in _PLATFORMS.items() if name == platform and kind in settings.kinds), None)
        if kind is not None and (said := _said(kind, entity)) is not None:
            return _with(settings, kind, said)
    return None


def _with(settings: HomeAssistantSettings, kind: Kind, said: Mapping[str, Any]) -> HomeAssistantSettings | None:
    try:
        own = {"kind": kind, "dialect": "home_assistant", "command_topic": settings.command_topic}
        heard = HomeAssistantSettings.model_validate({**own, **said})
    except ValidationError:
        return None
    new = {name: getattr(heard, name) for name in heard.model_fields_set - DeviceSettings.model_fields.keys()}
    for group in _TOGETHER:
        if group & new.keys():
            fields = HomeAssistantSettings.model_fields
            new |= {name: fields[name].default for name in group - new.keys()}
    return settings.model_copy(update=new)


def _said(kind: Kind, entity: Mapping[str, Any]) -> dict[str, Any] | None:
    """The keys of an entity that mean something here; None for a light of a schema that we do not speak."""
    said: dict[str, Any] = {}
    left: list[str] = []
    if kind is Kind.LIGHT:
        schema = entity.get("schema", "default")
        if schema not in ("json", "default", "basic") or _is_nonsense(entity.get("supported_color_modes")):
            return None
        said, left = ({"schema": "json", **_json(entity)}, []) if schema == "json" else by_topics(entity)
        said |= _whites(entity)
    if _is_topic(entity.get("state_topic")) and "state" not in left:
        said["state_topic"] = entity["state_topic"]
    said |= {key: str(word) for key in _WORDS if type(word := entity.get(key)) in (str, int, float) and word != ""}
    template = entity.get("value_template")
    if isinstance(template, str) and kind is Kind.SWITCH:
        if is_harmless(template):
            said["value_template"] = template
        else:
            said.pop("state_topic", None)
    if isinstance(entity.get("optimistic"), bool):
        said["optimistic"] = entity["optimistic"]
    scale = number(entity.get("brightness_scale"))
    if scale is not None and 1 <= scale <= 65_535:
        said["brightness_scale"] = int(scale)
    return said | presence(entity)


def _is_nonsense(modes: object) -> bool:
    """Colour modes of which none is one."""
    listed = modes if isinstance(modes, list) else [modes]
    return modes is not None and bool(listed) and not any(isinstance(mode, str) and mode in _MODES for mode in listed)


def _json(entity: Mapping[str, Any]) -> dict[str, Any]:
    """A light that has colours and no brightness is dimmed by its colours (`brightness`, MQTT light, JSON schema)."""
    modes = colour_modes(entity)
    dims_by_colour = not _is_true(entity.get("brightness")) and any(mode in RGB_MODES for mode in modes)
    said: dict[str, Any] = {"supported_color_modes": modes, "brightness": not dims_by_colour}
    if isinstance(entity.get("transition"), bool):
        said["transition"] = entity["transition"]
    if is_esphome(entity):
        said["esphome"] = True
    return said | _scale(entity)


def is_esphome(entity: Mapping[str, Any]) -> bool:
    """By its maker and version (`2026.8.0 (config hash …)`, once `esphome v2024.11.1 …`), whatever topics it has."""
    device = entity.get("device")
    about = device if isinstance(device, dict) else {}
    is_its_maker = str(about.get("manufacturer")).lower() in ("espressif", "esphome")
    return is_its_maker and _ESPHOME.match(str(about.get("sw_version"))) is not None


def colour_modes(entity: Mapping[str, Any]) -> list[str]:
    """The best of what is announced: `onoff` and `brightness` stand alone, and some say them beside others."""
    listed = entity.get("supported_color_modes")
    listed = listed if isinstance(listed, list) else [listed]
    modes = [mode for mode in listed if isinstance(mode, str) and mode in _MODES]
    modes += [mode for mode in _ONCE if not modes and entity.get(mode) is True]
    coloured = [mode for mode in dict.fromkeys(modes) if mode not in ("onoff", "brightness")]
    if coloured:
        return coloured
    dims = "brightness" in modes or (_is_true(entity.get("brightness")) and "onoff" not in modes)
    return ["brightness"] if dims else ["onoff"]


def by_topics(entity: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The keys of the default schema, and the attributes that are left out for templates that are not run."""
    said: dict[str, Any] = {"schema": "default"}
    left: list[str] = []
    for name in ("brightness", "color_temp", "rgb", "rgbw", "rgbww", "xy", "hs"):
        if _is_topic(topic := entity.get(f"{name}_command_topic")):
            template = entity.get(f"{name}_command_template")
            if isinstance(template, str) and not is_harmless(template):
                left.append(name)
                continue
            said[f"{name}_command_topic"] = topic
            said |= {f"{name}_command_template": template} if isinstance(template, str) else {}
            said |= _read(entity, f"{name}_state_topic", f"{name}_value_template", left)
    said |= _read(entity, "color_mode_state_topic", "color_mode_value_template", left)
    own = entity.get("state_value_template") or entity.get("value_template")
    if isinstance(own, str):
        if is_harmless(own):
            said["state_value_template"] = own
        else:
            left.append("state")
    if _is_topic(entity.get("white_command_topic")):
        said["white_command_topic"] = entity["white_command_topic"]
    if entity.get("on_command_type") in ("last", "first", "brightness"):
        said["on_command_type"] = entity["on_command_type"]
    return said | _scale(entity), left


def _read(entity: Mapping[str, Any], topic: str, template: str, left: list[str]) -> dict[str, Any]:
    source = entity.get(template)
    if not _is_topic(entity.get(topic)):
        return {}
    if isinstance(source, str) and not is_harmless(source):
        left.append(topic.removesuffix("_topic"))
        return {}
    return {topic: entity[topic], **({template: source} if isinstance(source, str) else {})}


def _scale(entity: Mapping[str, Any]) -> dict[str, Any]:
    scale = number(entity.get("white_scale"))
    return {"white_scale": int(scale)} if scale is not None and 1 <= scale <= 65_535 else {}


def _whites(entity: Mapping[str, Any]) -> dict[str, Any]:
    """The range of its whites, where that is one."""
    read = {key: number(entity.get(key)) for key in _RANGES}
    said: dict[str, Any] = {
        key: value for key, value in read.items() if value is not None and _RANGES[key][0] <= value <= _RANGES[key][1]
    }
    for low, high in (("min_mireds", "max_mireds"), ("min_kelvin", "max_kelvin")):
        if low in said and high in said and said[low] >= said[high]:
            del said[low], said[high]
    if "color_temp_kelvin" in entity:
        said["color_temp_kelvin"] = _is_true(entity["color_temp_kelvin"])
    return said


def presence(entity: Mapping[str, Any]) -> dict[str, Any]:
    """All topics on which it is said whether it is there, in the keys of the home file."""
    listed = entity.get("availability")
    ways = listed if isinstance(listed, list) else [listed] if isinstance(listed, dict) else []
    own = {
        "topic": entity.get("availability_topic"),
        "value_template": entity.get("availability_template"),
        **{key: entity[key] for key in ("payload_available", "payload_not_available") if key in entity},
    }
    usable = [way for each in (*ways, own) if isinstance(each, dict) and (way := _way(each))]
    if not usable:
        return {}
    mode = entity.get("availability_mode")
    return {"availability": usable, **({"availability_mode": mode} if mode in ("all", "any", "latest") else {})}


def _way(each: Mapping[str, Any]) -> dict[str, str]:
    template = each.get("value_template")
    if not _is_topic(each.get("topic")) or (isinstance(template, str) and not is_harmless(template)):
        return {}
    words = {key: each[key] for key in ("payload_available", "payload_not_available") if isinstance(each.get(key), str)}
    return {"topic": each["topic"], **words, **({"value_template": template} if isinstance(template, str) else {})}


def _is_topic(value: object) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value) <= 512
        and value.isprintable()
        and not value.endswith("/")
        and not any(sign in value for sign in "+#")
    )


def _is_true(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.strip().lower() in ("true", "1", "yes", "on"))
