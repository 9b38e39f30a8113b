"""What is announced of one device, in two parts, and what takes away what it has no more."""

from typing import Any, NamedTuple

from orchestrator.integrations.home_assistant.components import Component

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
