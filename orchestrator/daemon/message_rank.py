"""What comes first in a backlog: people's commands, then what happens once, then how devices are."""

from collections.abc import Callable, Iterable
from functools import lru_cache

from orchestrator.devices.abilities import Kind
from orchestrator.home.library import Home
from orchestrator.mqtt.inbox import Rank
from orchestrator.stage.topics import matches

_HAPPENS_ONCE = frozenset({Kind.BUTTON, Kind.VOICE})
"""Of these each message counts: a press, the end of words."""
_REMEMBERED = 4096


def message_rank(
    home: Home, sources: Iterable[str], is_command: Callable[[str], bool] = lambda _topic: False
) -> Callable[[str], Rank]:
    """What is said on a topic. `sources` are what the home listens to beside devices, `is_command` those of people."""
    lasting = [device for device in home.devices.values() if _HAPPENS_ONCE.isdisjoint(device.kinds)]
    others = [device for device in home.devices.values() if device not in lasting]
    momentary = {*sources, *(topic for device in others for topic in device.dialect.topics)}
    filters = [topic for device in lasting for topic in device.dialect.topics]
    states = frozenset(topic for topic in filters if not _is_pattern(topic) and topic not in momentary)
    patterns = [topic for topic in filters if _is_pattern(topic)]
    once = [topic for topic in momentary if _is_pattern(topic)]

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


def _is_pattern(topic: str) -> bool:
    return "+" in topic or "#" in topic
