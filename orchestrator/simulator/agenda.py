"""What a simulated device still has to do, and when."""

import heapq
from collections.abc import Callable, Sequence
from typing import TypeAlias

from orchestrator.devices.messages import Message
from orchestrator.units import Ms

Doing: TypeAlias = Callable[[Ms], Sequence[Message]]
"""Does what is due at a moment, and gives the messages that it publishes."""


class Agenda:
    """Doings by their moments; at the same moment in the order in which they were put down."""

    def __init__(self) -> None:
        self._heap: list[tuple[Ms, int, Doing]] = []
        self._count = 0

    def put(self, at: Ms, doing: Doing) -> None:
        self._count += 1
        heapq.heappush(self._heap, (at, self._count, doing))

    def next_deadline(self) -> Ms | None:
        return self._heap[0][0] if self._heap else None

    def advance(self, now: Ms) -> list[Message]:
        """Do all that is due, each at its own moment."""
        messages: list[Message] = []
        while self._heap and self._heap[0][0] <= now:
            at, _, doing = heapq.heappop(self._heap)
            messages.extend(doing(at))
        return messages
