"""The journal's tables in their versions. Version n is what the files 0001.sql to n make, in order, once each."""

import sqlite3
from contextlib import closing, suppress
from importlib.resources import files
from pathlib import Path

from orchestrator.errors import JournalError

BUSY_MS = 250
"""How long a write waits for somebody who reads or copies the file; the rooms wait with it."""
LOG_PAGES = 4000
"""How long the log gets, in pages of 4 KiB, until a commit itself brings it into the file and waits for the disk."""


def readable(text: bytes) -> str:
    """A text of the file; what is none any more shows, and stops nobody."""
    return text.decode(errors="replace")


def prepare(connection: sqlite3.Connection) -> None:
    """Set what holds for one connection: readers and the writer do not wait for each other.

    A commit does not wait for the disk: it survives the death of the process; for the death of the machine there is
    `Journal.sync`.
    """
    connection.text_factory = readable
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a journal to the newest version; each step is whole or not at all. Raises sqlite3.Error."""
    found = version(connection)
    for number, step in enumerate(_steps()[found:], start=found + 1):
        try:
            connection.executescript(f"BEGIN IMMEDIATE;\n{step}\nPRAGMA user_version = {number};\nCOMMIT;")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.rollback()
            raise


def refuse_newer(path: Path) -> None:
    """Raises JournalError for a journal of a newer relax. Not a byte of it is changed, also where a crash left its log.

    Whoever opens that to write brings the log into the file when they close it.
    """
    found, known = _version_at(path), newest()
    if found > known:
        raise JournalError(
            f"The journal {path} is of version {found}, and this relax knows versions up to {known}: "
            "it was left as it is.",
            "Install the newer relax again, or give this one another --state-dir.",
        )


def _version_at(path: Path) -> int:
    """The version of a file that is only looked at; 0 where there is none, or none that can be read."""
    log = Path(f"{path}-wal")
    with suppress(sqlite3.Error, UnicodeDecodeError, OSError):
        has_log = log.exists() and log.stat().st_size > 0
        mode = "mode=ro" if has_log else "immutable=1"  # the second leaves no files beside it
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True)) as connection:
            return version(connection)
    return 0


def version(connection: sqlite3.Connection) -> int:
    """The version that a file has; 0 for an empty one."""
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    return int(found)


def newest() -> int:
    """The version that this relax writes."""
    return len(_steps())


def tables() -> dict[str, tuple[str, ...]]:
    """The tables of the newest version with their columns, each after those that it refers to."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as empty:
        migrate(empty)
        named = empty.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid").fetchall()
        return {name: tuple(row[1] for row in empty.execute(f"PRAGMA table_info({name})")) for (name,) in named}


def _steps() -> list[str]:
    folder = files("orchestrator.journal") / "migrations"
    named = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".sql")), key=lambda entry: entry.name)
    return [entry.read_text(encoding="utf-8") for entry in named]
