"""The slow part of writing, which may wait for a disk: for a thread beside the one that plays."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

LOG_AT_MOST = 4 << 20
"""Bytes of the log from which on it is brought into the file, long before a commit would have to."""


def sync(path: Path) -> None:
    """Have what was committed to a journal on the disk. A disk that refuses is the writer's to notice.

    The log is opened by itself and not through SQLite: its locks are on another file and suffer nothing.
    """
    with suppress(OSError):
        log = os.open(f"{path}-wal", os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fdatasync(log)
            is_long = os.fstat(log).st_size > LOG_AT_MOST
        finally:
            os.close(log)
        if is_long:
            _shorten(path)


def _shorten(path: Path) -> None:
    """Bring into the file what nobody reads from the log any more; the writer goes on meanwhile."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(path, timeout=0)) as connection:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
