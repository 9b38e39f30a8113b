"""A room as a device of Home Assistant: the payload by which it appears."""

from typing import Any, NamedTuple

from orchestrator import __version__
from orchestrator.integrations.home_assistant import components
from orchestrator.integrations.home_assistant.components import Component
from orchestrator.integrations.home_assistant.parameters import parameters
from orchestrator.integrations.home_assistant.room import AnnouncedRoom
from orchestrator.integrations.home_assistant.schedules import schedules
from orchestrator.integrations.home_assistant.topics import Topics

ORIGIN = "relax"


class DiscoveryPayload(NamedTuple):
    """What is announced of a room, in two parts: whose it is, and what it has."""

    head: dict[str, Any]
    components: dict[str, Component]

    def json(self) -> dict[str, Any]:
        """As it is published."""
        return {**self.head, "components": self.components}

    def farewell(self, before: "DiscoveryPayload") -> dict[str, Any] | None:
        """What removes the components that were there before and are not any more; None where all stay.

        To leave a component out removes nothing in Home Assistant: it wants to be told so, with its platform alone.
        """
        gone = {
            key: {"platform": component["platform"]}
            for key, component in before.components.items()
            if self.components.get(key, {}).get("platform") != component["platform"]
        }
        return {**self.head, "components": gone} if gone else None


def discovery_payload(room: AnnouncedRoom, topics: Topics) -> DiscoveryPayload:
    """The whole. Ids come from the base topic and the room's name, which stay; never from a title."""
    own = components.named(components.controls(room, topics) | components.readings(room, topics), room.language)
    entities = own | parameters(room, topics) | schedules(room, topics)
    return DiscoveryPayload(
        {
            "device": {
                "identifiers": [f"{topics.slug}_{room.name}"],
                "name": f"Relax {room.title}",
                "manufacturer": ORIGIN,
                "model": "Room",
                "sw_version": __version__,
            },
            "origin": {"name": ORIGIN, "sw_version": __version__},
            "availability": [{"topic": f"{topics.base}/status"}, {"topic": topics.room(room.name, "status")}],
            "availability_mode": "all",
        },
        {key: _identified(key, each, room, topics) for key, each in entities.items()}
        | components.triggers(room, topics),
    )


def _identified(key: str, component: Component, room: AnnouncedRoom, topics: Topics) -> Component:
    """With its ids. Home Assistant's own id of an entity is proposed once; a person may change it."""
    platform = component["platform"]
    readable = key.removesuffix(f"_{platform}") if key.startswith("set_") else key
    entity = f"{topics.slug}_{room.name}_{readable}".replace("-", "_").lower()
    return {
        "platform": platform,
        "unique_id": topics.unique(room.name, key),
        "default_entity_id": f"{platform}.{entity}",
        **component,
    }
