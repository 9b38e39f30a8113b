"""One branch of our topics, `<base>/rooms/…` or `<base>/schedules/…`: who is meant on it, and where answers go."""

from collections.abc import Iterable, Sequence

from orchestrator.devices.messages import Message
from orchestrator.documents.faults import near
from orchestrator.errors import Reason, Refused
from orchestrator.integrations.outgoing import Reply
from orchestrator.units import SECOND, Ms

BRANCHES = ("status", "scenes", "new_devices", "health", "rooms", "schedules", "reply")
STALE: Ms = 60 * SECOND
"""An answer or an event that nobody fetched by then tells nobody anything."""


class Branch:
    """Topics are `<base>/<kind>s/<name>/<leaf>`; `names` are those that the home has."""

    def __init__(self, base: str, kind: str, names: Iterable[str], unknown: Reason) -> None:
        self._base = base
        self._kind = kind
        self._unknown = unknown
        self.names = tuple(names)

    def topic(self, name: str, leaf: str) -> str:
        return f"{self._base}/{self._kind}s/{name}/{leaf}"

    def all(self, leaf: str) -> str:
        """The filter for this leaf of every name."""
        return self.topic("+", leaf)

    def name_in(self, topic: str, leaf: str) -> str | None:
        """The name in a topic with this leaf, whether the home has it or not; None for any other topic."""
        start, end = f"{self._base}/{self._kind}s/", f"/{leaf}"
        if not (topic.startswith(start) and topic.endswith(end) and len(topic) >= len(start) + len(end)):
            return None
        name = topic[len(start) : -len(end)]
        return name if "/" not in name else None

    def refuse_unknown(self, name: str) -> None:
        """Raises Refused for a name that the home does not have."""
        if name not in self.names:
            short = name if len(name) <= 40 else f"{name[:40]}…"
            sentence = f"There is no {self._kind} {short!r}{near(short, self.names)}"
            raise Refused(self._unknown, sentence if sentence.endswith("?") else f"{sentence}.")

    def cleared(self, message: Message, leaf: str, leaves: Sequence[str] = ()) -> list[Message]:
        """What clears all that a former self has stored for a name that this home does not have (any more).

        It is known by a stored message with `leaf`; `leaves` are all that may be stored, that one alone by default.
        """
        name = self.name_in(message.topic, leaf)
        if name is None or name in self.names or not message.retain or not message.payload:
            return []
        return self.clearing(name, leaves or (leaf,))

    def clearing(self, name: str, leaves: Sequence[str]) -> list[Message]:
        """What clears these stored messages."""
        return [Message(self.topic(name, leaf), "", retain=True) for leaf in leaves]

    def replies(self, name: str, reply: Reply, reply_to: str | None, correlation: bytes | None) -> list[Message]:
        """Where everybody looks, and where the one who asked waits for it."""
        public = Message(self.topic(name, "reply"), reply.payload(), expiry=STALE)
        if reply_to is None or reply_to == public.topic:
            return [public] if reply_to is None else [public._replace(correlation=correlation)]
        return [public, public._replace(topic=reply_to, correlation=correlation)]


def is_ours(base: str, topic: str) -> bool:
    """True for topics that no device has anything to do with."""
    branch = topic.removeprefix(f"{base}/").partition("/")[0]
    return topic.startswith(f"{base}/") and branch in BRANCHES
