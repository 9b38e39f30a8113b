"""relax itself as a device of Home Assistant, which every room names as the one that it is reached through."""

from orchestrator import __version__
from orchestrator.integrations.home_assistant import templates
from orchestrator.integrations.home_assistant.components import Component
from orchestrator.integrations.home_assistant.payload import ORIGIN, DiscoveryPayload
from orchestrator.integrations.home_assistant.topics import Topics
from orchestrator.integrations.home_assistant.words import name

CONNECTION = "connection"
"""The component that says whether relax is there: it alone is available when relax is not."""


def hub_payload(topics: Topics, language: str, *, proposes_ids: bool = True) -> DiscoveryPayload:
    """Whether it is there, whether all is well, what went wrong last, its version, and what is new at the broker."""
    online, health = f"{topics.base}/status", f"{topics.base}/health"
    here = {"entity_category": "diagnostic", "availability": [{"topic": online}]}
    found: dict[str, Component] = {
        CONNECTION: {
            "platform": "binary_sensor",
            "entity_category": "diagnostic",
            "device_class": "connectivity",
            "state_topic": online,
            "payload_on": "online",
            "payload_off": "offline",
        },
        "health": {
            **here,
            "platform": "binary_sensor",
            "device_class": "problem",
            "state_topic": health,
            "value_template": templates.flag("value_json.problem"),
        },
        "last_problem": {
            **here,
            "platform": "sensor",
            "icon": "mdi:alert-circle-outline",
            "state_topic": health,
            "value_template": templates.first_words("value_json.problem"),
            "json_attributes_topic": health,
            "json_attributes_template": templates.attributes(
                problem="value_json.problem", when="value_json.problem_since"
            ),
        },
        "version": {
            **here,
            "platform": "sensor",
            "icon": "mdi:tag-outline",
            "state_topic": health,
            "value_template": templates.state("value_json.version"),
        },
        "new_devices": {
            **here,
            "platform": "sensor",
            "icon": "mdi:new-box",
            "state_topic": f"{topics.base}/new_devices",
            "value_template": templates.state("value_json.count"),
            "availability": [
                {"topic": online},
                {"topic": f"{topics.base}/new_devices", "value_template": templates.is_there("value_json.count")},
            ],
            "availability_mode": "all",
            "json_attributes_topic": f"{topics.base}/new_devices",
            "json_attributes_template": templates.attributes(devices="value_json.devices"),
        },
    }
    return DiscoveryPayload(
        {
            "device": {
                "identifiers": [topics.slug],
                "name": ORIGIN,
                "manufacturer": ORIGIN,
                "model": "Hub",
                "sw_version": __version__,
            },
            "origin": {"name": ORIGIN, "sw_version": __version__},
        },
        {
            key: {
                "unique_id": f"{topics.slug}__{key}",
                **({"default_entity_id": _entity(component, key, topics)} if proposes_ids else {}),
                "name": name(key, language),
                **component,
            }
            for key, component in found.items()
        },
    )


def _entity(component: Component, key: str, topics: Topics) -> str:
    return f"{component['platform']}.{topics.slug}_{key}".replace("-", "_").lower()
