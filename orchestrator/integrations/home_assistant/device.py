"""A room as a device of Home Assistant: the payload by which it appears."""

from orchestrator import __version__
from orchestrator.integrations.home_assistant import components
from orchestrator.integrations.home_assistant.components import Component
from orchestrator.integrations.home_assistant.parameters import parameters
from orchestrator.integrations.home_assistant.payload import ORIGIN, DiscoveryPayload
from orchestrator.integrations.home_assistant.room import AnnouncedRoom
from orchestrator.integrations.home_assistant.schedules import schedules
from orchestrator.integrations.home_assistant.topics import Topics


def discovery_payload(room: AnnouncedRoom, topics: Topics, *, proposes_ids: bool = True) -> DiscoveryPayload:
    """The whole. Ids come from the base topic and the room's name, which stay; never from a title.

    Without `proposes_ids` Home Assistant makes the ids of its entities as it makes all others.
    """
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
                "suggested_area": room.title,
                "via_device": topics.slug,
            },
            "origin": {"name": ORIGIN, "sw_version": __version__},
            "availability": components.room_availability(room, topics),
            "availability_mode": "all",
        },
        {key: _identified(key, each, room, topics, proposes_ids=proposes_ids) for key, each in entities.items()}
        | components.triggers(room, topics),
    )


def _identified(
    key: str, component: Component, room: AnnouncedRoom, topics: Topics, *, proposes_ids: bool
) -> Component:
    """With its ids. Home Assistant's own id of an entity is proposed once; a person may change it."""
    platform = component["platform"]
    readable = key.removesuffix(f"_{platform}") if key.startswith("set_") else key
    entity = f"{topics.slug}_{room.name}_{readable}".replace("-", "_").lower()
    return {
        "platform": platform,
        "unique_id": topics.unique(room.name, key),
        **({"default_entity_id": f"{platform}.{entity}"} if proposes_ids else {}),
        **component,
    }
