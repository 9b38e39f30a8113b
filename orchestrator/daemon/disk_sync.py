"""Brings what was committed to the disk itself, so that it survives the machine: beside the rooms, for nobody waits.

A disk may take long, a memory card seconds.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor


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

    def close(self) -> None:
        """Wait until all is on the disk."""
        self._thread.shutdown()
