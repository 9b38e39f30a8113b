"""Virtual time: one clock for the world, and for each process in it an event loop that the world turns.

What a process sees as its clocks are its own: they stand while its machine sleeps, and its wall may be set.
"""

import asyncio
import heapq
import math
from asyncio import events
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from orchestrator.units import Ms

Happens: TypeAlias = Callable[[], None]


class Agenda:
    """What is to happen in the world, by its moment; at one moment in the order in which it was put down."""

    def __init__(self) -> None:
        self.now: Ms = 0
        self._heap: list[tuple[Ms, int, Happens]] = []
        self._count = 0

    def __len__(self) -> int:
        return len(self._heap)

    def after(self, length: Ms, happens: Happens) -> None:
        self.at(self.now + max(length, 0), happens)

    def at(self, moment: Ms, happens: Happens) -> None:
        self._count += 1
        heapq.heappush(self._heap, (moment, self._count, happens))

    def next(self) -> Ms | None:
        return self._heap[0][0] if self._heap else None

    def take(self) -> Happens | None:
        """The next that is due now."""
        return heapq.heappop(self._heap)[2] if self._heap and self._heap[0][0] <= self.now else None


class Machine:
    """The computer that a process runs on: it may sleep, be set, and be started anew."""

    def __init__(self, agenda: Agenda, wall: datetime) -> None:
        self._agenda = agenda
        self.boot_id = "boot-0"
        self._boots = 0
        self._booted: Ms = -3_600_000
        self._slept: Ms = 0
        self._wall = wall
        self.stands_until: Ms = 0
        """Nothing runs on it before this moment of the world: it sleeps, or has too much else to do."""

    def monotonic(self) -> Ms:
        """Stands while the machine sleeps."""
        return self._agenda.now - self._booted - self._slept

    def boot_clock(self) -> Ms:
        return self._agenda.now - self._booted

    def wall(self) -> datetime:
        return self._wall + timedelta(milliseconds=self._agenda.now)

    def world_time(self, monotonic: float) -> Ms:
        """When, in the world, its monotonic clock shows so many milliseconds: a whole millisecond, never too early."""
        return math.ceil(monotonic - 1e-6) + self._booted + self._slept

    def sleep(self, length: Ms) -> None:
        self._slept += length
        self.stall(length)

    def stall(self, length: Ms) -> None:
        """It is busy with something else."""
        self.stands_until = max(self.stands_until, self._agenda.now + length)

    def set_wall(self, by: Ms) -> None:
        self._wall += timedelta(milliseconds=by)

    def boot(self) -> None:
        """It starts anew."""
        self._boots += 1
        self.boot_id = f"boot-{self._boots}"
        self._booted, self._slept = self._agenda.now - 20_000, 0


class _NoSelector:
    """Nothing ever comes from outside."""

    def select(self, _timeout: float | None) -> list[Any]:
        return []


class VirtualLoop(asyncio.BaseEventLoop):
    """asyncio's own loop, whose clock is the machine's and which only runs while the world turns it."""

    def __init__(self, machine: Machine) -> None:
        super().__init__()
        self._machine = machine
        self._selector = _NoSelector()
        self._clock_resolution = 1e-9
        self.disk: Ms = 3
        """How long what is handed to a thread takes: a journal that is brought to the disk."""
        self.is_stopped = False

    def time(self) -> float:
        return self._machine.monotonic() / 1000

    def next(self) -> Ms | None:
        """When, in the world, there is something to do."""
        if self.is_stopped:
            return None
        inside: Any = self
        moment: Ms | None = None
        if inside._ready:
            moment = 0
        else:
            scheduled = inside._scheduled
            while scheduled and scheduled[0]._cancelled:
                heapq.heappop(scheduled)._scheduled = False
                inside._timer_cancelled_count -= 1
            if scheduled:
                moment = self._machine.world_time(scheduled[0]._when * 1000)
        return max(moment, self._machine.stands_until) if moment is not None else None

    def turn(self) -> None:
        """Run what is ready, once."""
        inside: Any = self
        events._set_running_loop(self)
        try:
            inside._run_once()
        finally:
            events._set_running_loop(None)

    def stop_for_good(self) -> None:
        """The process is no more: nothing that it meant to do is done."""
        inside: Any = self
        self.is_stopped = True
        inside._ready.clear()
        inside._scheduled.clear()

    def bury(self) -> None:
        """Nobody asks whether it was closed in order."""
        inside: Any = self
        self.stop_for_good()
        inside._closed = True

    # What BaseEventLoop leaves to its kinds

    def _process_events(self, event_list: list[Any]) -> None:
        del event_list

    def _write_to_self(self) -> None:
        pass


def afternoon() -> datetime:
    return datetime(2026, 6, 14, 13, 0, tzinfo=UTC)
