"""Sessions that wait for a room: three at most in each, half an hour at most (rule 24)."""

from collections import deque
from typing import NamedTuple

from orchestrator.conductor.request import Start
from orchestrator.errors import Reason, Refused
from orchestrator.units import MINUTE, Ms

LONGEST = 3
WAITS_AT_MOST: Ms = 30 * MINUTE


class _Place(NamedTuple):
    start: Start
    until: Ms


class Queue:
    """What waits, by room, first come first served."""

    def __init__(self) -> None:
        self._rooms: dict[str, deque[_Place]] = {}

    def add(self, start: Start, now: Ms) -> None:
        """Wait. Raises Refused where three wait already."""
        waiting = self._rooms.setdefault(start.room, deque())
        if len(waiting) >= LONGEST:
            raise Refused(Reason.ROOM_BUSY, f"In {start.room} {LONGEST} sessions wait already.", "Try again later.")
        waiting.append(_Place(start, now + WAITS_AT_MOST))

    def rooms(self) -> list[str]:
        """The rooms for which something waits."""
        return [room for room, waiting in self._rooms.items() if waiting]

    def next(self, room: str) -> Start:
        """Take the first that waits for a room."""
        return self._rooms[room].popleft().start

    def expired(self, now: Ms) -> list[Start]:
        """Take what has waited too long."""
        gone = [place.start for waiting in self._rooms.values() for place in waiting if place.until <= now]
        for room, waiting in self._rooms.items():
            self._rooms[room] = deque(place for place in waiting if place.until > now)
        return gone

    def next_deadline(self) -> Ms | None:
        """When something will have waited too long."""
        return min((place.until for waiting in self._rooms.values() for place in waiting), default=None)
