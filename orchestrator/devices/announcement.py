"""What Home Assistant's discovery says of its entities, in full keys: from whoever announces itself there.

Keys may be abbreviated, and `~` stands for a topic's beginning, or its end (Home Assistant 2026.11, MQTT discovery).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from orchestrator.devices.wire import fields

PREFIX = "homeassistant"
"""Below which Home Assistant is told, unless somebody has set it otherwise."""
DEEPEST_PREFIX = 3
"""How many levels it may have: `home/cottage/discovery`."""
LENT = "lent"
"""Below which, of our own base topic, Home Assistant tells us of what it lends."""
_ABBREVIATED = {
    "avty": "availability",
    "avty_mode": "availability_mode",
    "avty_t": "availability_topic",
    "avty_tpl": "availability_template",
    "clrm_stat_t": "color_mode_state_topic",
    "clrm_val_tpl": "color_mode_value_template",
    "bri_cmd_t": "brightness_command_topic",
    "bri_cmd_tpl": "brightness_command_template",
    "bri_scl": "brightness_scale",
    "bri_stat_t": "brightness_state_topic",
    "bri_val_tpl": "brightness_value_template",
    "clr_temp_cmd_t": "color_temp_command_topic",
    "clr_temp_cmd_tpl": "color_temp_command_template",
    "clr_temp_k": "color_temp_kelvin",
    "clr_temp_stat_t": "color_temp_state_topic",
    "clr_temp_val_tpl": "color_temp_value_template",
    "cdevs": "child_devices",
    "cmd_t": "command_topic",
    "cmd_on_tpl": "command_on_template",
    "cmps": "components",
    "cmd_off_tpl": "command_off_template",
    "dev": "device",
    "dev_cla": "device_class",
    "ent_cat": "entity_category",
    "evt_typ": "event_types",
    "fx_cmd_t": "effect_command_topic",
    "fx_list": "effect_list",
    "fx_stat_t": "effect_state_topic",
    "fx_val_tpl": "effect_value_template",
    "grp": "group",
    "hs_cmd_t": "hs_command_topic",
    "hs_cmd_tpl": "hs_command_template",
    "hs_stat_t": "hs_state_topic",
    "hs_val_tpl": "hs_value_template",
    "max_k": "max_kelvin",
    "max_klv": "max_kelvin",
    "max_mirs": "max_mireds",
    "min_k": "min_kelvin",
    "min_klv": "min_kelvin",
    "min_mirs": "min_mireds",
    "o": "origin",
    "obj_id": "object_id",
    "on_cmd_type": "on_command_type",
    "opt": "optimistic",
    "p": "platform",
    "pl_avail": "payload_available",
    "pl_not_avail": "payload_not_available",
    "pl_off": "payload_off",
    "pl_on": "payload_on",
    "rgb_cmd_t": "rgb_command_topic",
    "rgb_cmd_tpl": "rgb_command_template",
    "rgb_stat_t": "rgb_state_topic",
    "rgb_val_tpl": "rgb_value_template",
    "rgbw_cmd_t": "rgbw_command_topic",
    "rgbw_cmd_tpl": "rgbw_command_template",
    "rgbw_stat_t": "rgbw_state_topic",
    "rgbw_val_tpl": "rgbw_value_template",
    "rgbww_cmd_t": "rgbww_command_topic",
    "rgbww_cmd_tpl": "rgbww_command_template",
    "rgbww_stat_t": "rgbww_state_topic",
    "rgbww_val_tpl": "rgbww_value_template",
    "stat_off": "state_off",
    "stat_on": "state_on",
    "stat_t": "state_topic",
    "stat_tpl": "state_template",
    "stat_val_tpl": "state_value_template",
    "sup_clrm": "supported_color_modes",
    "t": "topic",
    "uniq_id": "unique_id",
    "val_tpl": "value_template",
    "whit_cmd_t": "white_command_topic",
    "whit_scl": "white_scale",
    "xy_cmd_t": "xy_command_topic",
    "xy_cmd_tpl": "xy_command_template",
    "xy_stat_t": "xy_state_topic",
    "xy_val_tpl": "xy_value_template",
}
_OF_A_DEVICE = {
    "cns": "connections",
    "ids": "identifiers",
    "mdl": "model",
    "mf": "manufacturer",
    "sa": "suggested_area",
    "sw": "sw_version",
}


def topics(platform: str, prefix: str = PREFIX) -> tuple[str, ...]:
    """Where entities of a platform are announced: by themselves, or as parts of a device."""
    return tuple(f"{prefix}/{kind}/{name}/config" for kind in (platform, "device") for name in ("+", "+/+"))


class AnnouncedAt(NamedTuple):
    """Where something is announced: below which prefix, as what, under which name."""

    prefix: str
    component: str
    object: str


def place(topic: str, components: Collection[str]) -> AnnouncedAt | None:
    """Of an announcement of one of these components, below a prefix of at most three levels; None for what is none."""
    levels = topic.split("/")
    for depth in range(1, DEEPEST_PREFIX + 1):
        if len(levels) - depth in (3, 4) and levels[depth] in components and levels[-1] == "config":
            return AnnouncedAt("/".join(levels[:depth]), levels[depth], levels[-2])
    return None


def is_one(topic: str, prefix: str = PREFIX) -> bool:
    """Whether something is announced on a topic."""
    return topic.startswith(f"{prefix}/") and topic.endswith("/config")


@lru_cache(maxsize=1)
def announced(payload: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The entities of an announcement by the topic that commands them: the one that it is, or all of a device.

    Every light of the home is told of it, one after the other: it is read once.
    """
    found: dict[str, list[Mapping[str, Any]]] = {}
    for entity in entities(payload):
        if isinstance(topic := entity.get("command_topic"), str):
            found.setdefault(topic, []).append(entity)
    return found


def entities(payload: str) -> Iterator[Mapping[str, Any]]:
    """The entities of an announcement: the one that it is, or all components of a device, each with what all share.

    Home Assistant 2026 takes devices within a device (`child_devices`), each with components of its own.
    """
    said = _full(fields(payload), _ABBREVIATED)
    children = said.pop("child_devices", None)
    if not isinstance(children, list):
        yield from _of_one(said)
        return
    if "components" in said:
        yield from _of_one(said)
    for child in children:
        about = _full(child, _ABBREVIATED) if isinstance(child, dict) else {}
        if isinstance(parts := about.pop("components", None), dict):
            yield from _of_one({**said, "device": about, "components": parts})


def _of_one(said: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Those of one device."""
    parts = said.get("components")
    shared = {key: value for key, value in said.items() if key != "components"}
    for entity in parts.values() if isinstance(parts, dict) else [{}]:
        if isinstance(entity, dict):
            full = {**shared, **_full(entity, _ABBREVIATED)}
            if isinstance(device := full.get("device"), dict):
                full["device"] = _full(device, _OF_A_DEVICE)
            if isinstance(listed := full.get("availability"), list | dict):
                ways = listed if isinstance(listed, list) else [listed]
                full["availability"] = [_full(each, _ABBREVIATED) if isinstance(each, dict) else each for each in ways]
            base = full.get("~")
            yield _completed(full, base) if isinstance(base, str) else full


def _full(entry: Mapping[Any, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(str(key), str(key)): value for key, value in entry.items()}


def _completed(entity: Mapping[str, Any], base: str) -> dict[str, Any]:
    """Each topic with `~` replaced, those of its availability too."""
    full = {
        key: _with_base(value, base) if key.endswith("topic") and isinstance(value, str) else value
        for key, value in entity.items()
    }
    if isinstance(listed := full.get("availability"), list):
        full["availability"] = [_completed(each, base) if isinstance(each, dict) else each for each in listed]
    return full


def _with_base(topic: str, base: str) -> str:
    if topic.startswith("~"):
        return base + topic[1:]
    return topic[:-1] + base if topic.endswith("~") else topic
