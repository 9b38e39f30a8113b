"""Whether a device is there, by all topics on which that is said, together as Home Assistant's `availability_mode` is.

`latest` is what was said last. But of what the broker has kept nobody knows which was: then one that is away is away.
"""

from collections.abc import Sequence
from typing import Literal

from orchestrator.devices.dialects.home_assistant.settings import AvailabilityTopic
from orchestrator.devices.dialects.template.settings import template
from orchestrator.devices.messages import AvailabilityReport, Message


class Presence:
    """What was said on each of its topics."""

    def __init__(self, ways: Sequence[AvailabilityTopic], mode: Literal["all", "any", "latest"]) -> None:
        self._ways = ways
        self._mode = mode
        self._said: dict[str, bool] = {}
        self.topics = tuple(dict.fromkeys(way.topic for way in ways))

    def hear(self, message: Message) -> tuple[AvailabilityReport, ...]:
        """Nothing where that is of other topics, or says nothing, or not all that counts was heard."""
        if message.topic not in self.topics:
            return ()
        for way in self._ways:
            if way.topic != message.topic:
                continue
            word = read(message.payload, way.value_template)
            said = {way.payload_available: True, way.payload_not_available: False}.get(word)
            if said is not None:
                self._said[way.topic] = said
                return self._together(said, is_old=message.retain)
        return ()

    def _together(self, said: bool, *, is_old: bool) -> tuple[AvailabilityReport, ...]:
        topics = self.topics
        if self._mode == "latest" and not is_old:
            return (AvailabilityReport(said),)
        if self._mode == "any":
            is_there = any(self._said.values())
            return (AvailabilityReport(is_there),) if is_there or len(self._said) == len(topics) else ()
        if not all(self._said.values()):
            return (AvailabilityReport(False),)
        return (AvailabilityReport(True),) if len(self._said) == len(topics) or self._mode == "latest" else ()


def read(payload: str, source: str | None) -> str:
    """What a payload says, by its template where it has one; empty where that does not fit."""
    return payload.strip() if source is None else (template(source).read(payload) or "")
