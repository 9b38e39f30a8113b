"""What was announced, so that what changes is announced again, and what is ours no more is taken away."""

import json
from collections.abc import Iterable
from typing import Any, Self

from orchestrator.devices.messages import Message
from orchestrator.home.library import Home
from orchestrator.home.model import HomeAssistantModel
from orchestrator.integrations.home_assistant.device import discovery_payload
from orchestrator.integrations.home_assistant.hub import CONNECTION, hub_payload
from orchestrator.integrations.home_assistant.payload import ORIGIN, DiscoveryPayload
from orchestrator.integrations.home_assistant.room import AnnouncedRoom
from orchestrator.integrations.home_assistant.topics import Topics


class Announcements:
    """Of a home with these rooms. `prefix` None: nothing is told, and what was announced before is taken away."""

    def __init__(self, base: str, prefix: str | None, rooms: Iterable[str] = (), *, proposes_ids: bool = True) -> None:
        self._topics = Topics(base, prefix or "homeassistant")
        self._rooms = frozenset(rooms)
        self._is_on = prefix is not None
        self._proposes_ids = proposes_ids
        self._told: dict[str, DiscoveryPayload] = {}
        self._found: dict[str, str] = {}
        """What the broker had stored as we connected: it tells it once for each of our filters that it fits."""

    @classmethod
    def of(cls, home: Home, base: str) -> Self:
        """As the home file wants it."""
        wanted = home.model.home_assistant
        if not isinstance(wanted, HomeAssistantModel) or not wanted.rooms:
            return cls(base, None, home.model.rooms)
        return cls(base, wanted.prefix, home.model.rooms, proposes_ids=wanted.entity_ids == "relax")

    @property
    def is_on(self) -> bool:
        """Whether Home Assistant is told anything."""
        return self._is_on

    def subscriptions(self) -> list[str]:
        """What a former self left behind; and Home Assistant's birth."""
        topics = self._topics
        ours = [topics.every_config, topics.every_hub]
        if self._is_on and "/" in topics.prefix:
            ours += [topics.config("+"), topics.hub_config]
        return [*ours, *topics.births] if self._is_on else ours

    def is_ours(self, topic: str) -> bool:
        """True for topics of which we have to know."""
        return self._topics.is_config(topic) or self.is_birth_topic(topic)

    def is_birth_topic(self, topic: str) -> bool:
        """Where Home Assistant says that it is there, and the broker that it is gone."""
        return self._is_on and topic in self._topics.births

    def is_birth(self, message: Message) -> bool:
        """Whether Home Assistant says that it has started; what is stored says nothing of now."""
        return self.is_birth_topic(message.topic) and message.payload == "online" and not message.retain

    def connected(self) -> None:
        """The broker tells anew what it has stored."""
        self._found.clear()

    def announce(self, room: AnnouncedRoom, *, again: bool = False) -> list[Message]:
        """A room as it is now, where that is news; `again`: in any case.

        What a room has no more is first taken away, in a message that is not stored: stored is only what holds.
        """
        if not self._is_on:
            return []
        made = discovery_payload(room, self._topics, proposes_ids=self._proposes_ids)
        return self._announced(self._topics.config(room.name), made, again=again)

    def announce_hub(self, language: str, *, again: bool = False) -> list[Message]:
        """Relax itself, where that is news; `again`: in any case."""
        if not self._is_on:
            return []
        made = hub_payload(self._topics, language, proposes_ids=self._proposes_ids)
        return self._announced(self._topics.hub_config, made, again=again)

    def found(self, message: Message) -> list[Message]:
        """What follows from an announcement that the broker had stored: it is cleared where the room is none of now.

        Where it is, components of a former self's that are gone are taken away, at once or with the first `announce`.
        Nothing is done about what is not ours.
        """
        if not message.retain or not message.payload or not self._topics.is_config(message.topic):
            return []
        stored = _payload(message.payload)
        if stored is None or not self._is_of_us(stored) or self._found.get(message.topic) == message.payload:
            return []
        self._found[message.topic] = message.payload
        if not self._is_on or message.topic not in self._places():
            return [Message(message.topic, "", retain=True)]
        made = self._told.setdefault(message.topic, stored)
        farewell = made.farewell(stored)
        return [Message(message.topic, _json(farewell))] if farewell is not None else []

    def _places(self) -> set[str]:
        """Where something of this home is announced."""
        return {self._topics.hub_config, *(self._topics.config(room) for room in self._rooms)}

    def _announced(self, topic: str, made: DiscoveryPayload, *, again: bool) -> list[Message]:
        before = self._told.get(topic)
        if made == before and not again:
            return []
        self._told[topic] = made
        farewell = made.farewell(before) if before is not None else None
        gone = [Message(topic, _json(farewell))] if farewell is not None else []
        return [*gone, Message(topic, _json(made.json()), retain=True)]

    def _is_of_us(self, stored: DiscoveryPayload) -> bool:
        """Whether a daemon with our base topic announced it."""
        origin, availability = stored.head.get("origin"), stored.head.get("availability")
        if not isinstance(origin, dict) or origin.get("name") != ORIGIN:
            return False
        status, hub = f"{self._topics.base}/status", stored.components.get(CONNECTION, {})
        return hub.get("state_topic") == status or (
            isinstance(availability, list) and {"topic": status} in availability
        )


def _payload(text: str) -> DiscoveryPayload | None:
    """A stored announcement; None for what is none."""
    try:
        found: Any = json.loads(text)
    except ValueError:
        return None
    components = found.pop("components", None) if isinstance(found, dict) else None
    if not isinstance(components, dict):
        return None
    named = {key: each for key, each in components.items() if isinstance(each, dict) and "platform" in each}
    return DiscoveryPayload(found, named)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
