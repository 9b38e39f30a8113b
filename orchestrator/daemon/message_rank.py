"""What comes first in a backlog: people's commands, then what happens once, then how devices are."""

from collections.abc import Callable, Iterable
from functools import lru_cache

from orchestrator.devices.abilities import Kind
from orchestrator.home.library import Home
from orchestrator.mqtt.inbox import Rank
from orchestrator.stage.topics import is_wildcard, matches

_HAPPENS_ONCE = frozenset({Kind.BUTTON, Kind.VOICE})
"""Of these each message counts: a press, the end of words."""
_REMEMBERED = 4096


def message_rank(
    home: Home, sources: Iterable[str], is_command: Callable[[str], bool] = lambda _topic: False
) -> Callable[[str], Rank]:
    """What is said on a topic. `sources` are what the home listens to beside devices, `is_command` those of people."""
    momentary, lasting = set(sources), set[str]()
    for device in home.devices.values():
        (lasting if _HAPPENS_ONCE.isdisjoint(device.kinds) else momentary).update(device.dialect.topics)
    states = frozenset(topic for topic in lasting if not is_wildcard(topic) and topic not in momentary)
    patterns = [topic for topic in lasting if is_wildcard(topic)]
    once = [topic for topic in momentary if is_wildcard(topic)]

    @lru_cache(_REMEMBERED)
    def rank(topic: str) -> Rank:
        if is_command(topic):
            return Rank.COMMAND
        if topic in states:
            return Rank.STATE
        if topic in momentary or any(matches(pattern, topic) for pattern in once):
            return Rank.EVENT
        return Rank.STATE if any(matches(pattern, topic) for pattern in patterns) else Rank.EVENT

    return rank
