"""A state of Home Assistant's as it comes: the word, and its attributes. And what is told it: a call of a service."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from orchestrator.devices.wire import compact, fields, number

UNAVAILABLE, UNKNOWN = "unavailable", "unknown"


class EntityState(NamedTuple):
    """`word` is what it is: `on`, `playing`, a moment."""

    word: str
    attributes: Mapping[str, Any]

    @classmethod
    def read(cls, payload: str) -> "EntityState | None":
        """None for what is no state."""
        said = fields(payload)
        word, attributes = said.get("state"), said.get("attributes")
        return cls(word, attributes if isinstance(attributes, dict) else {}) if isinstance(word, str) else None

    @property
    def is_real(self) -> bool:
        """False for one whose integration has not said how it is: what stands there is of earlier, or nothing.

        One whose state nobody ever says (`assumed_state`) is as it is.
        """
        if self.word == UNAVAILABLE or self.attributes.get("restored") is True:
            return False
        return self.word != UNKNOWN or self.attributes.get("assumed_state") is True

    @property
    def features(self) -> int:
        """Bits, which each domain has its own."""
        read = number(self.attributes.get("supported_features"))
        return int(read) if read is not None and 0 <= read <= _MOST else 0

    def has(self, feature: int) -> bool:
        return bool(self.features & feature)


_MOST: Final = 2**62


class ServiceCall(NamedTuple):
    """`service` is its domain and name: `light.turn_on`."""

    service: str
    data: Mapping[str, Any]
    entity: str

    def payload(self) -> str:
        """As `call_service` has it."""
        domain, _, name = self.service.partition(".")
        return compact(domain=domain, service=name, service_data=dict(self.data), target={"entity_id": self.entity})
