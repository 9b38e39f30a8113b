"""An entry of Home Assistant's configuration, or of its discovery, as it was copied: what means nothing here goes."""

from collections.abc import Mapping
from typing import Any

MEANS_NOTHING_HERE = frozenset(
    (
        *("name", "unique_id", "object_id", "default_entity_id", "platform", "device", "origin", "icon"),
        *("entity_picture", "entity_category", "enabled_by_default", "device_class", "encoding", "qos", "retain"),
        *("json_attributes_topic", "json_attributes_template", "group", "message_expiry_interval", "event_types"),
        *("color_mode", "effect", "effect_list", "flash", "flash_time_short", "flash_time_long"),
        *("effect_command_topic", "effect_command_template", "effect_state_topic", "effect_value_template"),
    )
)
"""How Home Assistant shows the thing, and what sessions have no use for: `retain` above all."""
_ONCE = {"color_temp": "color_temp", "rgb": "rgb", "hs": "hs", "xy": "xy"}
"""The flags in which it said what colours a lamp has, before `supported_color_modes`."""
_SCHEMAS = {"json": "json", "default": "default", "basic": "default"}


TAKEN = MEANS_NOTHING_HERE | {"schema", *_ONCE}
"""What may stand in a copied entry beside the keys that are known here."""


def taken_over(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The entry in the keys that are known here. Raises ValueError for a kind of light that we do not speak.

    What is told on several topics is of the default schema, also where nobody says so.
    """
    kept = {key: value for key, value in entry.items() if key not in MEANS_NOTHING_HERE}
    by_topics = any(key.endswith("_command_topic") for key in kept)
    schema = kept.pop("schema", "default" if by_topics else "json")
    if schema not in _SCHEMAS:
        raise ValueError(f"a light of the schema `{schema}` is none that we speak; describe it by `dialect: template`")
    if (known := _SCHEMAS[schema]) != "json":
        kept["schema"] = known
        if "value_template" in kept and "light" in (kept.get("kind"), *_listed(kept.get("kind"))):
            kept.setdefault("state_value_template", kept.pop("value_template"))
        kept.pop("supported_color_modes", None)
        kept.pop("brightness", None)
    modes = [mode for flag, mode in _ONCE.items() if isinstance(kept.get(flag), bool) and kept.pop(flag)]
    if modes and known == "json":
        kept.setdefault("supported_color_modes", modes)
    if isinstance(kept.get("availability"), dict):
        kept["availability"] = [kept["availability"]]
    return kept


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
