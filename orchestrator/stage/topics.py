"""Topic filters: what a device listens to may have wildcards."""

from collections.abc import Iterable
from typing import Generic, TypeVar

Listener = TypeVar("Listener")


def is_wildcard(pattern: str) -> bool:
    """Whether a topic filter takes more than the one topic that it names."""
    return "+" in pattern or "#" in pattern


def matches(pattern: str, topic: str) -> bool:
    """Whether a topic filter takes a topic (MQTT 5, 4.7)."""
    wanted, given = pattern.split("/"), topic.split("/")
    for index, level in enumerate(wanted):
        if level == "#":
            return True
        if index >= len(given) or level not in ("+", given[index]):
            return False
    return len(wanted) == len(given)


class Listeners(Generic[Listener]):
    """Who listens to what. A message costs as much as there are filters with wildcards, however many listen to each."""

    def __init__(self, filters: Iterable[tuple[str, Listener]]) -> None:
        self._by_name: dict[str, list[Listener]] = {}
        self._by_wildcard: dict[str, list[Listener]] = {}
        for pattern, listener in filters:
            listeners = self._by_wildcard if is_wildcard(pattern) else self._by_name
            listeners.setdefault(pattern, []).append(listener)

    def named(self, topic: str) -> list[Listener]:
        """Who listens to this topic by its name."""
        return self._by_name.get(topic, [])

    def by_wildcard(self, topic: str) -> list[Listener]:
        """Who listens to this topic among others."""
        if not self._by_wildcard:
            return []
        return [each for pattern, some in self._by_wildcard.items() if matches(pattern, topic) for each in some]
