"""The disk of one machine: a journal's store in memory, with the interface of the one in SQLite, that can be cut off.

The statements are the real ones, in a real SQLite in memory. A commit is whole or not at all; what was committed and
not yet synced may be lost when the power fails, the last of it first.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from orchestrator.journal.schema import migrate, prepare, readable
from orchestrator.journal.store import Statement

CrashPoint = Callable[[str], None]
_SHOWN = ("debts", "sessions", "positions", "overrides")


@cache
def _empty() -> bytes:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    prepare(connection)
    migrate(connection)
    return connection.serialize()


class Disk:
    """What is written survives the process; what is synced survives the machine."""

    def __init__(self, *, remembers: bool) -> None:
        self._remembers = remembers
        self._synced = _empty()
        self._since: list[list[Statement]] = []
        self.connection = self._loaded(self._synced)
        self.takes_nothing = False
        self.tell: Callable[[str], None] | None = None
        """Somebody would like to know what is written."""

    def write(self, statements: list[Statement]) -> None:
        """One transaction. As the store does: what breaks a constraint is left out, and nothing else."""
        if self.takes_nothing:
            raise sqlite3.OperationalError("database or disk is full")
        self._execute(self.connection, statements)
        for statement in statements if self.tell is not None else ():
            if any(table in statement.sql for table in _SHOWN):
                assert self.tell is not None
                self.tell(f"   writes: {statement.sql[:60]} {str(statement.values)[:90]}")
        if self._remembers:
            self._since.append(statements)

    def sync(self) -> None:
        if self._remembers and self._since:
            self._since.clear()
            self._synced = self.connection.serialize()

    def lose_power(self, chance: Random) -> None:
        """Of what was committed since it was last synced, a beginning is there: a torn page ends the log."""
        kept = self._since[: chance.randint(0, len(self._since))]
        self.connection.close()
        self.connection = self._loaded(self._synced)
        self._since = []
        for statements in kept:
            self._execute(self.connection, statements)

    @staticmethod
    def _loaded(image: bytes) -> sqlite3.Connection:
        connection = sqlite3.connect(":memory:", isolation_level=None, cached_statements=256)
        connection.deserialize(image)
        connection.text_factory = readable
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    @staticmethod
    def _execute(connection: sqlite3.Connection, statements: Sequence[Statement]) -> None:
        connection.execute("BEGIN")
        for statement in statements:
            with suppress(sqlite3.IntegrityError):
                connection.execute(statement.sql, statement.values)
        connection.execute("COMMIT")


class MemoryStore:
    """In the place of `orchestrator.journal.store.Store`. `crash` is called before and after each write."""

    def __init__(self, disk: Disk, crash: CrashPoint) -> None:
        self.path = Path("journal.db")
        self.trouble: str | None = None
        self.set_aside: Path | None = None
        self.saved: Sequence[Statement] = ()
        self._disk = disk
        self._crash = crash
        self._pending: list[Statement] = []
        self._notes = 0

    def open(self, _wall: datetime) -> None:
        pass

    def close(self) -> None:
        self.commit()

    def put(self, statement: Statement) -> None:
        self._pending.append(statement)
        self._notes += statement.is_note
        if self._notes >= 64 and self.trouble is None:
            self.commit()

    def commit(self) -> None:
        if not self._pending:
            return
        self._crash("before a write")
        try:
            self._disk.write(self._pending)
        except sqlite3.Error as error:
            self.trouble = f"The journal cannot be written: {error}. After a crash the room would not be given back."
            return
        self._pending, self._notes, self.trouble = [], 0, None
        self._crash("after a write")

    def read(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        self.commit()
        return self._disk.connection.execute(sql, values).fetchall()

    def sync(self) -> None:
        self._disk.sync()
