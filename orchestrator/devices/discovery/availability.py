"""Where an entity of Home Assistant's says whether it is there: one topic for the home file, all of them in play."""

from collections.abc import Mapping
from typing import Any

from orchestrator.devices.dialects.template.settings import is_harmless
from orchestrator.devices.discovery.parsing import objects, text, topic


def nearest_availability(entity: Mapping[str, Any], unknown: dict[str, str]) -> dict[str, Any]:
    """One topic: of several the one that is nearest to the device, and of those as near the one in plain words."""
    listed = entity.get("availability")
    ways = [_way(entity, "availability_topic", "availability_template")]
    ways += [
        _way(each, "topic", "value_template") for each in objects(listed if isinstance(listed, list) else [listed])
    ]
    ways = [way for way in ways if way]
    if not ways:
        return {}
    command = str(entity.get("command_topic"))
    usable = [way for way in ways if is_harmless(way.get("availability_template", ""))]
    if not usable:
        unknown["availability_topic"] = "it says with a template of its own whether it is there"
        return {}
    nearest = max(
        usable, key=lambda way: (_common(way["availability_topic"], command), "availability_template" not in way)
    )
    plain = {"payload_available": "online", "payload_not_available": "offline"}
    return {key: value for key, value in nearest.items() if plain.get(key) != value}


def _way(entity: Mapping[str, Any], topic_key: str, template_key: str) -> dict[str, str]:
    name = topic(entity.get(topic_key))
    if not name:
        return {}
    template = entity.get(template_key)
    words = {key: text(entity.get(key)) for key in ("payload_available", "payload_not_available")}
    return {
        "availability_topic": name,
        **({"availability_template": template.strip()} if isinstance(template, str) and template.strip() else {}),
        **{key: word for key, word in words.items() if word},
    }


def _common(one: str, other: str) -> int:
    """How many levels two topics have in common."""
    count = 0
    for ours, theirs in zip(one.split("/"), other.split("/"), strict=False):
        if ours != theirs:
            break
        count += 1
    return count
