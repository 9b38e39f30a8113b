"""What has come from the broker and waits to be handled: in a backlog people go first, and reports grow no queue. Pure.

While whoever handles messages keeps up, they are handled as they came. Else commands overtake all, presses and
doorbells overtake reports, and of what waits on one topic only the newest is kept: what a lamp showed a moment before
is no use to anybody.
"""

from collections import deque
from collections.abc import Callable
from enum import IntEnum

from orchestrator.devices.messages import Message

A_BACKLOG = 32
"""Messages that wait; what comes in one gulp is no backlog, and keeps its order."""
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


class _Entry:
    """A message that waits, with its number; without one where a newer has taken its place."""

    __slots__ = ("message", "number")

    def __init__(self, number: int, message: Message) -> None:
        self.number = number
        self.message: Message | None = message


class Inbox:
    """Messages in the order in which they are to be handled."""

    def __init__(self, rank: Callable[[str], Rank]) -> None:
        self._rank = rank
        self._queues: dict[Rank, deque[_Entry]] = {each: deque() for each in Rank}
        self._of_topic: dict[str, deque[_Entry]] = {}
        self._number = 0
        self._waiting = 0

    def __len__(self) -> int:
        return self._waiting

    @property
    def is_full(self) -> bool:
        return self._waiting >= FULL

    def put(self, message: Message) -> None:
        """Take a message in. The oldest of its topic goes where too many wait."""
        rank = self._rank(message.topic)
        self._number += 1
        self._waiting += 1
        entry = _Entry(self._number, message)
        self._queues[rank].append(entry)
        if rank is Rank.COMMAND:
            return
        same = self._of_topic.setdefault(message.topic, deque())
        if len(same) >= rank:
            same.popleft().message = None
            self._waiting -= 1
        same.append(entry)

    def take(self) -> Message | None:
        """The next to be handled; None where nothing waits."""
        waiting = [queue for queue in self._queues.values() if self._first(queue) is not None]
        if not waiting:
            return None
        queue = waiting[0] if self._waiting > A_BACKLOG else min(waiting, key=lambda each: each[0].number)
        message = queue.popleft().message
        assert message is not None
        self._waiting -= 1
        if queue is not self._queues[Rank.COMMAND]:
            same = self._of_topic[message.topic]
            same.popleft()
            if not same:
                del self._of_topic[message.topic]
        return message

    def clear(self) -> None:
        for queue in self._queues.values():
            queue.clear()
        self._of_topic.clear()
        self._waiting = 0

    @staticmethod
    def _first(queue: deque[_Entry]) -> _Entry | None:
        """The first that still waits."""
        while queue and queue[0].message is None:
            queue.popleft()
        return queue[0] if queue else None
