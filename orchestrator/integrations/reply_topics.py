"""Where replies may go that an MQTT 5 client asks for: what it names there is a topic on which *we* would write.

Whoever may write a room's command topic could else have us open a network for new devices, or switch any lamp.
"""

from collections.abc import Sequence
from typing import NamedTuple

from orchestrator.errors import Reason, Refused
from orchestrator.integrations.branch import is_ours
from orchestrator.stage.topics import matches

_SHOWN = 80
LONGEST = 256
"""Letters of a topic for replies."""


class ReplyPlace(NamedTuple):
    """Where the one who asked waits for the reply: None where nobody does, or must not. `refusal` is why not."""

    topic: str | None
    refusal: Refused | None = None


class ReplyTopics:
    """Topics below `<base>/reply/`, and those that match one of the `allowed` filters."""

    def __init__(self, base: str, allowed: Sequence[str] = ()) -> None:
        self._base = base
        self._allowed = tuple(allowed)

    def place(self, wanted: str | None, public: str) -> ReplyPlace:
        """Where a reply goes beside the `public` topic, for who wants it on a topic or on none. Never raises."""
        if wanted is None or wanted == public or self._is_allowed(wanted):
            return ReplyPlace(wanted)
        shown = wanted if len(wanted) <= _SHOWN else f"{wanted[:_SHOWN]}…"
        sentence = f"Nothing was done: no reply may go to {shown!r}."
        hint = f"Wait below {self._base}/reply/, or allow the topic under `reply_topics:` in the home file."
        return ReplyPlace(None, Refused(Reason.REPLY_TOPIC, sentence, hint))

    def _is_allowed(self, topic: str) -> bool:
        if not 0 < len(topic) <= LONGEST or topic.startswith("$") or not topic.isprintable() or set("+#") & set(topic):
            return False
        start = f"{self._base}/reply/"
        if topic.startswith(start):
            return len(topic) > len(start)
        return not is_ours(self._base, topic) and any(matches(pattern, topic) for pattern in self._allowed)
