"""What Home Assistant's discovery says of a light's colours, as far as we take it: from whoever announces itself there.

Keys may be abbreviated and `~` stands for a topic's beginning (Home Assistant 2026.11, MQTT discovery).
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from orchestrator.devices.wire import fields

PREFIX = "homeassistant"
TOPICS = tuple(f"{PREFIX}/{kind}/{name}/config" for kind in ("light", "device") for name in ("+", "+/+"))
_ABBREVIATED = {
    "cmd_t": "command_topic",
    "sup_clrm": "supported_color_modes",
    "min_mirs": "min_mireds",
    "max_mirs": "max_mireds",
    "min_klv": "min_kelvin",
    "max_klv": "max_kelvin",
}


@lru_cache(maxsize=1)
def announced(payload: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The entities of an announcement by the topic that commands them: the one that it is, or all of a device.

    Their keys are full ones. Every light of the home is told of it, one after the other: it is read once.
    """
    found: dict[str, list[Mapping[str, Any]]] = {}
    for entity in _entities(fields(payload)):
        if isinstance(topic := entity.get("command_topic"), str):
            found.setdefault(topic, []).append(entity)
    return found


def _entities(said: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    parts = said.get("components", said.get("cmps"))
    entities = parts.values() if isinstance(parts, dict) else [said]
    for entity in entities:
        if isinstance(entity, dict):
            full = {_ABBREVIATED.get(str(key), str(key)): value for key, value in entity.items()}
            base, topic = said.get("~", entity.get("~")), full.get("command_topic")
            if isinstance(base, str) and isinstance(topic, str):
                full["command_topic"] = _completed(topic, base)
            yield full


def _completed(topic: str, base: str) -> str:
    if topic.startswith("~"):
        return base + topic[1:]
    return topic[:-1] + base if topic.endswith("~") else topic
