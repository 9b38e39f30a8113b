"""The states of entities as Home Assistant tells them: whole once, and then what changes of each (`a`, `c`, `r`).

Source: websocket_api/messages.py of Home Assistant 2026.11. What comes may be anything.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from orchestrator.devices.dialects.hass.entity_state import EntityState


class EntityStates(dict[str, EntityState]):
    """The states that are known, by entity."""

    def take(self, event: object) -> Iterator[tuple[str, EntityState | None]]:
        """Each entity of which something was said, as it is now; None for one that is gone."""
        said = event if isinstance(event, dict) else {}
        for entity, whole in _each(said.get("a")):
            if isinstance(whole.get("s"), str):
                self[entity] = EntityState(whole["s"], _attributes(whole))
                yield entity, self[entity]
        for entity, change in _each(said.get("c")):
            if entity in self:
                self[entity] = _changed(self[entity], change)
                yield entity, self[entity]
        gone = said.get("r")
        for entity in gone if isinstance(gone, list) else ():
            if isinstance(entity, str):
                self.pop(entity, None)
                yield entity, None


def _each(part: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for entity, said in part.items() if isinstance(part, dict) else ():
        if isinstance(said, dict):
            yield entity, said


def _attributes(said: Mapping[str, Any]) -> dict[str, Any]:
    attributes = said.get("a")
    return attributes if isinstance(attributes, dict) else {}


def _changed(before: EntityState, change: Mapping[str, Any]) -> EntityState:
    more, less = (part if isinstance(part := change.get(sign), dict) else {} for sign in "+-")
    named = less.get("a")
    gone = {each for each in named if isinstance(each, str)} if isinstance(named, list) else set()
    attributes = {key: value for key, value in before.attributes.items() if key not in gone} | _attributes(more)
    word = more.get("s")
    return EntityState(word if isinstance(word, str) else before.word, attributes)
