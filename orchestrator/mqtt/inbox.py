"""What has come from the broker and waits to be handled. Pure: in a backlog people go first, and reports grow no queue.

While whoever handles messages keeps up, they are handled as they came. Else a command overtakes reports, and of what
waits on one topic only the newest is kept: what a lamp showed a moment before is no use to anybody.
"""

from collections import deque
from collections.abc import Callable
from enum import IntEnum

from orchestrator.devices.messages import Message

FULL = 1000
"""Messages that wait. With so many no more is read: the broker has them meanwhile."""


class Rank(IntEnum):
    """What is said on a topic. The number is how many messages of it may wait; of the first all of them."""

    COMMAND = 0
    """Somebody waits for an answer: goes first, and none is lost."""
    EVENT = 64
    """Each message counts: a press, the end of words, a doorbell."""
    STATE = 8
    """Each says how something is. Devices that tell one thing a message (Tasmota, Shelly) say a few in a row."""


class Inbox:
    """Messages in the order in which they are to be handled."""

    def __init__(self, rank: Callable[[str], Rank]) -> None:
        self._rank = rank
        self._commands: deque[Message] = deque()
        self._others: deque[list[Message]] = deque()
        """One entry a message; it is empty where a newer one has taken its place."""
        self._of_topic: dict[str, deque[list[Message]]] = {}
        self._passed = 0

    def __len__(self) -> int:
        return len(self._commands) + len(self._others) - self._passed

    @property
    def is_full(self) -> bool:
        return len(self) >= FULL

    def put(self, message: Message) -> None:
        """Take a message in. The oldest of its topic goes where too many wait."""
        rank = self._rank(message.topic)
        if rank is Rank.COMMAND:
            self._commands.append(message)
            return
        waiting = self._of_topic.setdefault(message.topic, deque())
        if len(waiting) >= rank:
            waiting.popleft().clear()
            self._passed += 1
        entry = [message]
        waiting.append(entry)
        self._others.append(entry)

    def take(self) -> Message | None:
        """The next to be handled; None where nothing waits."""
        if self._commands:
            return self._commands.popleft()
        while self._others:
            entry = self._others.popleft()
            if not entry:
                self._passed -= 1
                continue
            message = entry[0]
            waiting = self._of_topic[message.topic]
            waiting.popleft()
            if not waiting:
                del self._of_topic[message.topic]
            return message
        return None

    def clear(self) -> None:
        self._commands.clear()
        self._others.clear()
        self._of_topic.clear()
        self._passed = 0
