"""Reading a journal, beside the daemon that writes it or without one."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from orchestrator.errors import JournalError
from orchestrator.journal.schema import readable, refuse_newer, version


class Readable(Protocol):
    """What history, trace and why are told from: the daemon's journal, or a reader."""

    def read(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows."""
        ...


class Reader:
    """A journal that is only read. Use it in `with`; raises JournalError where there is none that this relax reads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        self._connection = connect_to_read(self._path)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def read(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows. Raises JournalError where the file is damaged."""
        assert self._connection is not None
        try:
            return self._connection.execute(sql, values).fetchall()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise _damaged(self._path, error) from None

    def refuse_damage(self) -> None:
        """Look through the whole file. Raises JournalError where it is damaged."""
        for (verdict,) in self.read("PRAGMA quick_check(1)"):
            if verdict != "ok":
                raise _damaged(self._path, ValueError(str(verdict).splitlines()[-1]))


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, beside a daemon or without one. Raises JournalError, sqlite3.Error."""
    if not path.exists():
        raise JournalError(f"There is no journal at {path}.", "It begins with the daemon: relax daemon.")
    refuse_newer(path)
    address = path.absolute().as_uri()
    for mode in ("mode=ro", "immutable=1"):  # the second: on a disk that is read-only the first may find no log
        connection = sqlite3.connect(f"{address}?{mode}", uri=True, isolation_level=None)
        connection.text_factory = readable
        try:
            found = version(connection)
        except sqlite3.OperationalError:
            connection.close()
            continue
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            connection.close()
            raise _damaged(path, error) from None
        if found > 0:
            return connection
        connection.close()
        raise JournalError(f"The journal {path} is empty.", "It begins with the daemon: relax daemon.")
    raise JournalError(f"The journal {path} cannot be opened.", "Look at who may read it.")


def _damaged(path: Path, error: Exception) -> JournalError:
    return JournalError(f"The journal {path} is damaged: {error}.", "The daemon sets it aside when it starts.")
