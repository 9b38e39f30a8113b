"""The files that a home is made of: its own, and the calendars that its schedules name."""

from collections.abc import Iterable
from pathlib import Path

from orchestrator.daemon.scene_repository import file_stamp


class WatchedFiles:
    """As they were when they were looked at last. A file that is not to be had is one that says nothing."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._paths = tuple(path.expanduser() for path in paths)
        self._marks = self._now()
        self._texts = self._said()

    def have_changed(self) -> bool:
        """Whether one was written since the last call. Looks at the files, and reads none.

        While the first is not there nothing has changed: somebody is just writing it.
        """
        here = self._now()
        if not here or here[0] is None:
            return False
        before, self._marks = self._marks, here
        return before != here

    def say_something_else(self) -> bool:
        """Whether there is another text in one than at the last call."""
        before, self._texts = self._texts, self._said()
        return before != self._texts

    def _now(self) -> tuple[object, ...]:
        return tuple(file_stamp(path) for path in self._paths)

    def _said(self) -> tuple[bytes, ...]:
        return tuple(_read(path) for path in self._paths)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
