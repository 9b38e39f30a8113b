"""The file behind the journal: one writer, and no trouble of the disk's ever reaches a session.

What cannot be written stays in a queue, in order, and goes with the next commit; a file that is damaged is set aside
and a new one begun.
"""

import fcntl
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from orchestrator.errors import JournalError
from orchestrator.journal.permissions import make_private
from orchestrator.journal.reader import connect_to_read
from orchestrator.journal.reserve import Reserve
from orchestrator.journal.schema import migrate, prepare, refuse_newer

NOTES_AT_MOST = 20_000
"""How many notes wait for a disk that takes none; older ones are then let go. What is owed is never let go."""
NOTES_AT_ONCE = 64
"""How many notes wait for a commit: writing a thousand at once would hold up the rooms for as long as a fade's step."""

_CAUSES = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "the file, or its disk, is read-only",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_PERM: "it may not be written",
    sqlite3.SQLITE_BUSY: "somebody else keeps it locked",
    sqlite3.SQLITE_IOERR: "the disk refuses to write",
}
_TIGHT = (
    "The disk of the journal {path} is full. What rooms are owed still goes into room that was kept for it,"
    " history does not. Make room on the disk."
)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_TOOBIG)
"""The last: nothing that we write is too big, but a length that was written over is."""


class Statement(NamedTuple):
    """One change. A note may be lost, the rest may not."""

    sql: str
    values: tuple[Any, ...]
    is_note: bool = False


class Store:
    """The file and what is still to be written to it.

    `refill` gives what a file that is begun anew must have, `nonsense` names a table with a row that means nothing, and
    `salvage` gives what can still be read of a damaged file.
    """

    def __init__(
        self,
        path: Path,
        refill: Callable[[], Sequence[Statement]] = tuple,
        salvage: Callable[[Path], Sequence[Statement]] = lambda _path: (),
        nonsense: Callable[[sqlite3.Connection], str | None] = lambda _connection: None,
    ) -> None:
        self.path = path
        self.trouble: str | None = None
        self.set_aside: Path | None = None
        self.saved: Sequence[Statement] = ()
        """What was read of it."""
        self._refill = refill
        self._salvage = salvage
        self._nonsense = nonsense
        self._connection: sqlite3.Connection | None = None
        self._lock: int | None = None
        self._pending: list[Statement] = []
        self._notes = 0
        self._today = datetime.fromtimestamp(0, UTC)
        self._reserve = Reserve(path)

    def open(self, wall: datetime) -> None:
        """Raises JournalError for a file of a newer relax, and where another process writes to it.

        Anything else that is wrong is `trouble`, and tried again with each commit.
        """
        self._today = wall
        try:
            make_private(self.path)
            self._take_lock()
        except OSError as error:
            self._note_trouble(error.strerror or str(error))
        try:
            if self._try_connecting(is_first=True):
                self._reserve.hold()
            elif self._reserve.give_up():
                self._try_connecting(is_first=True)
        except JournalError:
            self.close()
            raise

    def close(self) -> None:
        """Write what is left, and let go of the file."""
        self.commit()
        self._disconnect()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def put(self, statement: Statement) -> None:
        """Have this written with the next commit. A note that finds many waiting has them written."""
        if statement.is_note and self._notes >= NOTES_AT_ONCE and self.trouble is None:
            self.commit()
        self._pending.append(statement)
        self._notes += statement.is_note
        if self._notes > 2 * NOTES_AT_MOST:
            self._let_notes_go()

    def commit(self) -> None:
        """Write all that waits, whole or not at all. Where that fails it goes on waiting, and `trouble` says why.

        On a full disk what is no note still goes into the room that was kept for it.
        """
        if not self._pending:
            return
        if self._connection is None and not self._try_connecting():
            return
        is_tight = self._reserve.is_spent and not self._reserve.hold()
        waiting = [each for each in self._pending if not each.is_note] if is_tight else self._pending
        try:
            if waiting:
                self._write(waiting)
        except sqlite3.Error as error:
            self._fail(error)
            if self._is_damaged(error) and self._try_connecting(is_first=True):
                self._begin_anew()
            elif self._reserve.give_up():
                self.commit()
            return
        self._pending = [each for each in self._pending if each.is_note] if is_tight else []
        self._notes = len(self._pending)
        self.trouble = _TIGHT.format(path=self.path) if is_tight else None
        if is_tight:
            self._shorten()

    def read(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows, with all that was put before; none where the file cannot be read."""
        self.commit()
        try:
            if self._connection is not None:
                return self._connection.execute(sql, values).fetchall()
            with suppress(JournalError):
                connection = connect_to_read(self.path)
                try:
                    return connection.execute(sql, values).fetchall()
                finally:
                    connection.close()
        except sqlite3.Error as error:
            self._fail(error)
        return []

    # Inside

    def _take_lock(self) -> None:
        self._lock = os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            self._lock = None
            raise JournalError(
                f"Another relax daemon writes the journal {self.path}.",
                "Stop it, or give this one another --state-dir.",
            ) from None

    def _try_connecting(self, *, is_first: bool = False) -> bool:
        try:
            self._connect(is_first=is_first)
        except sqlite3.Error as error:
            self._fail(error)
            if not is_first or not self._is_damaged(error):
                return False
            saved = self._salvage(self.path)
            if not self._put_aside():
                return False
            self.trouble, self.saved = None, saved
            self._pending = [*saved, *self._pending]
            return self._try_connecting()
        return True

    def _connect(self, *, is_first: bool) -> None:
        with suppress(OSError):  # SQLite says better why it cannot be
            make_private(self.path)
        refuse_newer(self.path)
        connection = sqlite3.connect(self.path, isolation_level=None)
        try:
            prepare(connection)
            if is_first:
                _refuse_damage(connection)
            migrate(connection)
            if is_first:
                self._refuse_nonsense(connection)
        except UnicodeDecodeError:  # what SQLite says of a damaged schema has its bytes in it
            connection.close()
            raise _damage("its schema makes no sense") from None
        except BaseException:
            connection.close()
            raise
        self._connection = connection

    def _refuse_nonsense(self, connection: sqlite3.Connection) -> None:
        if (table := self._nonsense(connection)) is not None:
            raise _damage(f"{table} makes no sense")

    def _shorten(self) -> None:
        """Have the log begin at its start again: on a full disk it must not grow."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _write(self, statements: Sequence[Statement]) -> None:
        """All in one transaction, but for what is of a session that the file does not know, as after a damage.

        SQLite undoes the one statement that breaks a constraint and no other.
        """
        connection = self._connection
        assert connection is not None
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in statements:
                with suppress(sqlite3.IntegrityError):
                    connection.execute(statement.sql, statement.values)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
            raise

    def _begin_anew(self) -> None:
        self._pending = [*self._refill(), *self._pending]
        with suppress(sqlite3.Error):
            self._write(self._pending)
            self._pending.clear()
            self._notes = 0

    def _put_aside(self) -> bool:
        """Keep a damaged file under another name, with its log: somebody may mend it."""
        stem = f"{self.path.name}.damaged-{self._today.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        names = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
        aside = next(place for name in names if not (place := self.path.with_name(name)).exists())
        try:
            for ending in ("", "-wal", "-shm"):
                old = Path(f"{self.path}{ending}")
                if old.exists():
                    old.replace(f"{aside}{ending}")
        except OSError as error:
            self._note_trouble(f"it is damaged and cannot be set aside: {error.strerror}")
            return False
        self.set_aside = aside
        return True

    def _let_notes_go(self) -> None:
        excess = self._notes - NOTES_AT_MOST
        kept: list[Statement] = []
        for statement in self._pending:
            if statement.is_note and excess > 0:
                excess -= 1
            else:
                kept.append(statement)
        self._pending, self._notes = kept, NOTES_AT_MOST

    def _fail(self, error: sqlite3.Error) -> None:
        """Remember the trouble; the next try is with a fresh connection, for the disk may be another by then."""
        self._disconnect()
        self._note_trouble("it is damaged" if self._is_damaged(error) else _CAUSES.get(_code(error), str(error)))

    def _note_trouble(self, cause: str) -> None:
        self.trouble = (
            f"The journal {self.path} cannot be written: {cause}. "
            "Sessions go on, but after a crash the room would not be given back."
        )

    @staticmethod
    def _is_damaged(error: sqlite3.Error) -> bool:
        return _code(error) in _DAMAGED


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _refuse_damage(connection: sqlite3.Connection) -> None:
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise _damage(str(verdict))


def _damage(what: str) -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError(what)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error
