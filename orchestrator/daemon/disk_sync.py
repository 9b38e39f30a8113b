"""Brings what was committed to the disk itself, so that it survives the machine: beside the rooms, or before a send.

A disk may take long, a memory card seconds; no room waits for it longer than a step of a fade may be late.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from orchestrator.units import SECOND, Ms

AT_MOST: Ms = 100
"""How long the rooms wait for a disk. One that takes longer is brought up to date while they go on."""


class DiskSync:
    """Of one journal: `sync` waits for its disk. One at a time; what is committed meanwhile is the next one's."""

    def __init__(self, sync: Callable[[], None]) -> None:
        self._sync = sync
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="relax-disk")
        self._last: Future[None] | None = None

    def soon(self) -> None:
        """What is committed now will be on the disk; nobody waits."""
        if self._last is None or self._last.running() or self._last.done():
            self._last = self._thread.submit(self._sync)

    def now(self) -> None:
        """What is committed now is on the disk when this returns, but where the disk takes longer than `AT_MOST`."""
        self.soon()
        assert self._last is not None, "one was asked for just now"
        with suppress(TimeoutError):
            self._last.result(AT_MOST / SECOND)

    def close(self) -> None:
        """Wait until all is on the disk."""
        self._thread.shutdown()
