"""What Home Assistant lends: its own devices, each announced below relax's base topic by its custom integration.

`relax/lent/light/sofa/config` has what Home Assistant's discovery would have, so that the dialect `home_assistant`
reads it; a speaker has its kinds and the topic of its contract. Each is in the area in which it stands there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from orchestrator.devices import announcement
from orchestrator.devices.abilities import Kind
from orchestrator.devices.discovery.discoverer import Discoverer
from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.devices.discovery.home_assistant import device_of, title_of
from orchestrator.devices.discovery.parsing import BASES, keep, mapping, text, texts, topic
from orchestrator.devices.messages import Message

_SPEAKERS = ("speaker", "satellite")
_PLATFORMS = ("light", "switch", "event", *_SPEAKERS)
_SPEAK = {kind.value: kind for kind in (Kind.PLAYER, Kind.VOICE)}


class LentDiscovery(Discoverer):
    """All that is lent, below base topics of at most three levels."""

    topics = tuple(f"{base}/{announcement.LENT}/{platform}/+/config" for base in BASES for platform in _PLATFORMS)

    def __init__(self) -> None:
        self._said: dict[str, str] = {}

    def hear(self, message: Message) -> None:
        levels = message.topic.split("/")
        if len(levels) < 5 or levels[-4] != announcement.LENT or levels[-3] not in _PLATFORMS or levels[-1] != "config":
            return
        if message.payload:
            keep(self._said, message.topic, message.payload)
        else:
            self._said.pop(message.topic, None)

    def found(self) -> Iterator[FoundDevice]:
        for by, payload in self._said.items():
            platform, name = by.split("/")[-3:-1]
            for entity in announcement.entities(payload):
                full = {**entity, "platform": platform, "object": name}
                device = _speaker(full, by) if platform in _SPEAKERS else _device(full, by)
                if device is not None:
                    yield device


def _device(entity: Mapping[str, Any], by: str) -> FoundDevice | None:
    """What is announced of it later it hears itself, where this one is announced."""
    found = device_of(entity, by)
    if found is None or found.kinds == (Kind.BUTTON,):
        return found
    return replace(found, entry={**found.entry, "discovery_prefix": "/".join(by.split("/")[:-3])})


def _speaker(entity: Mapping[str, Any], by: str) -> FoundDevice | None:
    address = topic(entity.get("topic"))
    kinds = tuple(_SPEAK[word] for word in texts(entity.get("kind")) if word in _SPEAK)
    if not address or not kinds:
        return None
    named = [kind.value for kind in kinds]
    entry: dict[str, Any] = {
        "kind": named if len(named) > 1 else named[0],
        "dialect": "relax_speaker",
        "topic": address,
    }
    if carrier := topic(entity.get("availability_topic")):
        entry["availability_topic"] = carrier
    device = mapping(entity.get("device"))
    return FoundDevice(
        (f"speaker:{address}",),
        entry,
        title_of(entity),
        (by,),
        area=text(device.get("suggested_area")) or None,
        model=" ".join(part for key in ("manufacturer", "model") if (part := text(device.get(key)))),
        proposed=kinds,
    )
