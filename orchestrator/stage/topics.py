"""Topic filters: what a device listens to may have wildcards."""

from collections.abc import Callable, Collection, Iterable
from typing import Generic, TypeVar

from orchestrator.devices.dialect import Dialect, HearsOfItself, SharedTopics

Listener = TypeVar("Listener")
MOST_TOPICS = 64
"""Of one device, with those of which it was heard that it speaks there."""
_MOST = 4096
"""Topics of which it is remembered whom they named: anybody may announce anything."""


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


def _beginnings(topic: str) -> dict[str, None]:
    """What a filter that takes a topic may have before its first wildcard: nothing, its first level, its first two …"""
    found: dict[str, None] = {"": None}
    end = topic.find("/")
    while end >= 0:
        found[topic[:end]] = None
        end = topic.find("/", end + 1)
    found[topic] = None
    return found


def _beginning(pattern: str) -> str:
    """The levels of a filter before its first wildcard."""
    levels = pattern.split("/")
    first = next((index for index, level in enumerate(levels) if level in ("+", "#")), len(levels))
    return "/".join(levels[:first])


class Listeners(Generic[Listener]):
    """Who listens to what. A message costs as much as there are filters with wildcards that begin as its topic does.

    On a topic that many share, it is only whom a message names that hears it, and whom one named there before.
    """

    def __init__(self, filters: Iterable[tuple[str, Listener]] = ()) -> None:
        self._by_name: dict[str, list[Listener]] = {}
        self._by_wildcard: dict[str, dict[str, list[Listener]]] = {}
        """By what is before the first wildcard, and by filter."""
        self._shared: dict[str, tuple[Callable[[str], Collection[str]], dict[str, list[Listener]]]] = {}
        """By filter: whom a payload names, and the listeners by name."""
        self._named: dict[str, list[Listener]] = {}
        """Whom a message has named, by its topic."""
        self._known: dict[Dialect, dict[str, None]] = {}
        """Where each codec is heard."""
        for pattern, listener in filters:
            self.add(pattern, listener)

    @classmethod
    def of(cls, hearers: Iterable[tuple[Dialect, Listener]]) -> "Listeners[Listener]":
        """Of codecs, each with who hears what it can read."""
        listeners = cls()
        for dialect, listener in hearers:
            shared = dialect.shared if isinstance(dialect, HearsOfItself) else None
            listeners._known[dialect] = dict.fromkeys(dialect.topics)
            for pattern in listeners._known[dialect]:
                if shared is not None and pattern in shared.topics:
                    listeners.add_named(pattern, shared, listener)
                else:
                    listeners.add(pattern, listener)
        return listeners

    def follow(self, dialect: Dialect, listener: Listener) -> list[str]:
        """Hear a codec where it has come to know that its device speaks; gives these topics.

        Within reason: anybody may announce anything.
        """
        known = self._known.setdefault(dialect, {})
        new = [topic for topic in dialect.topics if topic not in known][: MOST_TOPICS - len(known)]
        for topic in new:
            known[topic] = None
            self.add(topic, listener)
        return new

    def add(self, pattern: str, listener: Listener) -> None:
        """It hears whatever comes by a filter."""
        listeners = self._by_wildcard.setdefault(_beginning(pattern), {}) if is_wildcard(pattern) else self._by_name
        listeners.setdefault(pattern, []).append(listener)

    def add_named(self, pattern: str, shared: SharedTopics, listener: Listener) -> None:
        """It hears what names it."""
        _, by_name = self._shared.setdefault(pattern, (shared.names, {}))
        by_name.setdefault(shared.name, []).append(listener)

    def named(self, topic: str) -> list[Listener]:
        """Who listens to this topic by its name."""
        return self._by_name.get(topic, [])

    def by_wildcard(self, topic: str, payload: str = "") -> list[Listener]:
        """Who listens to this topic among others; of those that share it, who is named."""
        if not self._by_wildcard and not self._shared:
            return []
        heard = [
            each
            for beginning in _beginnings(topic)
            for pattern, some in self._by_wildcard.get(beginning, {}).items()
            if matches(pattern, topic)
            for each in some
        ]
        for pattern, (names, by_name) in self._shared.items():
            if matches(pattern, topic):
                heard += self._meant(topic, names(payload), by_name)
        return heard

    def _meant(self, topic: str, names: Collection[str], by_name: dict[str, list[Listener]]) -> list[Listener]:
        before = self._named.get(topic, [])
        now = [each for name in names if name in by_name for each in by_name[name]]
        if now and (topic in self._named or len(self._named) < _MOST):
            self._named[topic] = now
        return [*now, *(each for each in before if not any(each is other for other in now))]
