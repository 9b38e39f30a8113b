"""An entry of Home Assistant's configuration, or of its discovery, as it was copied: what means nothing here goes."""

from collections.abc import Mapping
from typing import Any

MEANS_NOTHING_HERE = frozenset(
    (
        *("name", "unique_id", "object_id", "default_entity_id", "platform", "device", "origin", "icon"),
        *("entity_picture", "entity_category", "enabled_by_default", "device_class", "encoding", "qos", "retain"),
        *("optimistic", "availability_mode", "json_attributes_topic", "json_attributes_template", "group"),
        *("color_mode", "effect", "effect_list", "flash", "flash_time_short", "flash_time_long", "white_scale"),
        *("event_types",),
    )
)
"""How Home Assistant shows the thing, and what sessions have no use for."""
_ONCE = {"color_temp": "color_temp", "rgb": "rgb", "hs": "hs", "xy": "xy"}
"""The flags in which it said what colours a lamp has, before `supported_color_modes`."""
_AVAILABILITY = {
    "topic": "availability_topic",
    "payload_available": "payload_available",
    "payload_not_available": "payload_not_available",
    "value_template": "availability_template",
}


TAKEN = MEANS_NOTHING_HERE | {"schema", "availability", *_ONCE}
"""What may stand in a copied entry beside the keys that are known here."""


def taken_over(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The entry in the keys that are known here. Raises ValueError for a kind of light that we do not speak."""
    schema = entry.get("schema", "json")
    if schema != "json":
        raise ValueError(f"a light of the schema `{schema}` is none that we speak; describe it by `dialect: template`")
    kept = {key: value for key, value in entry.items() if key not in MEANS_NOTHING_HERE and key != "schema"}
    modes = [mode for flag, mode in _ONCE.items() if isinstance(kept.get(flag), bool) and kept.pop(flag)]
    if modes:
        kept.setdefault("supported_color_modes", modes)
    if isinstance(kept.get("availability"), list) and kept["availability"]:
        last = kept.pop("availability")[-1]  # its bridge's stands before its own
        if isinstance(last, dict):
            named = {_AVAILABILITY.get(key, f"availability.{key}"): value for key, value in last.items()}
            kept = {**named, **kept}
    return kept
