"""The one place that knows time: a monotonic clock in whole milliseconds, and a timer that is on time."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from orchestrator.units import Ms

EARLY: Ms = 30
"""How early a timer first wakes. The kernel may oversleep a long wait by 0.1 %, a short one hardly at all."""


def now() -> Ms:
    """Milliseconds of the monotonic clock, the event loop's own."""
    return time.monotonic_ns() // 1_000_000


def local_time() -> datetime:
    """The wall clock with its zone: for records, schedules and the question whether it is night."""
    return datetime.now().astimezone()  # noqa: TID251 - the one place


def local_zone() -> ZoneInfo:
    """The zone of this machine, with its summers and winters; UTC where the system does not say."""
    try:
        name = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
        if name:
            return ZoneInfo(name)
        with Path("/etc/localtime").open("rb") as file:
            return ZoneInfo.from_file(file, key="localtime")
    except (OSError, ValueError, KeyError):
        return ZoneInfo("UTC")


def boot_clock() -> Ms:
    """Milliseconds since the machine started, sleep included; where the system does not say, as `now`."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime_ns(clock) // 1_000_000


def boot_id() -> str:
    """What tells this start of the machine from any other; empty where the system does not say."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


class Timer:
    """Calls back at one moment, the last that was set. It wakes early once and then aims again."""

    def __init__(self, callback: Callable[[], None]) -> None:
        self._callback = callback
        self._loop = asyncio.get_running_loop()
        self._handle: asyncio.TimerHandle | None = None
        self._deadline: Ms | None = None

    def set(self, deadline: Ms | None) -> None:
        """Call back at `deadline`; never with None."""
        if deadline == self._deadline and self._handle is not None:
            return
        self.cancel()
        self._deadline = deadline
        if deadline is not None:
            self._aim(deadline)

    def cancel(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
        self._deadline = None

    def _aim(self, deadline: Ms) -> None:
        if deadline - now() > 2 * EARLY:
            self._handle = self._loop.call_at((deadline - EARLY) / 1000, self._aim, deadline)
        else:
            self._handle = self._loop.call_at(deadline / 1000, self._fire)

    def _fire(self) -> None:
        self._handle = self._deadline = None
        self._callback()
