"""What can still be read of a damaged journal: row by row, from both ends of each table, and only what makes sense.

A page that is gone takes its rows with it and no others; what is owed is a few lines of a file that is mostly history.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from orchestrator.events.session import Ending
from orchestrator.journal.codec import facts_of, roles_of, tracks_of, value_of
from orchestrator.journal.queries import mark_of, wall
from orchestrator.journal.schema import readable, tables
from orchestrator.journal.store import Statement
from orchestrator.values import Attribute

LEFT = "events"
"""History is not worth the wait: it stays readable, as far as it is, in the file that is kept."""

Row = Mapping[str, Any]


def nonsense(connection: sqlite3.Connection) -> str | None:
    """The first table with a row that nobody could make sense of; None where all is well. Raises sqlite3.Error."""
    for table, columns in _looked_into().items():
        for row in connection.execute(f"SELECT {', '.join(columns)} FROM {table}"):  # noqa: S608 our own names
            if not _is_sound(table, dict(zip(columns, row, strict=True))):
                return table
    return None


def salvaged(path: Path) -> list[Statement]:
    """What puts the rows that are whole into a new journal; nothing where the file cannot be opened at all."""
    statements: list[Statement] = []
    with (
        suppress(sqlite3.Error, UnicodeDecodeError),
        closing(sqlite3.connect(path, isolation_level=None)) as connection,
    ):
        connection.text_factory = readable
        for table, columns in _looked_into().items():
            named, places = ", ".join(columns), ", ".join("?" * len(columns))
            sql = f"INSERT OR IGNORE INTO {table} ({named}) VALUES ({places})"  # noqa: S608 our own names
            rows = dict.fromkeys(_rows(connection, table, columns))
            statements += [
                Statement(sql, row) for row in rows if _is_sound(table, dict(zip(columns, row, strict=True)))
            ]
    return statements


def _looked_into() -> dict[str, tuple[str, ...]]:
    return {table: columns for table, columns in tables().items() if table != LEFT}


def _rows(connection: sqlite3.Connection, table: str, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    """From the first on until one cannot be read, then from the last on. A table that is not there has none."""
    for order in (f"{key} {way}" for way in ("ASC", "DESC") for key in ("rowid", columns[0])):
        sql = f"SELECT {', '.join(columns)} FROM {table} NOT INDEXED ORDER BY {order}"  # noqa: S608 our own names
        with suppress(sqlite3.Error, UnicodeDecodeError):  # a table without a rowid, or the page that is gone
            yield from connection.execute(sql)


def _is_sound(table: str, row: Row) -> bool:
    """Whether whoever reads the new journal can make sense of a row."""
    try:
        _CHECKS.get(table, _no_check)(row)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return False
    return True


def _no_check(_row: Row) -> None:
    pass


def _session(row: Row) -> None:
    facts_of(row["parameters"]), roles_of(row["roles"])
    for name in ("landing", "ending"):
        if row[name] is not None:
            Ending(row[name])
    for name in ("started_at", "ended_at"):
        if row[name] is not None:
            wall(row[name])
    _whole(row, "rate", "lasted")
    _text(row, "id", "room", "scene", "source", "language", "trigger")


def _value(row: Row) -> None:
    _text(row, "device")
    Attribute(row["attribute"])
    value_of(row["value"])
    if "since" in row:
        wall(row["since"])


def _hand(row: Row) -> None:
    _text(row, "device")
    Attribute(row["attribute"])


def _position(row: Row) -> None:
    tracks_of(row["touched"])
    _text(row, "chapter")
    _whole(row, "number", "paused", "resumes")


def _beat(row: Row) -> None:
    wall(row["wall"])
    _whole(row, "boot_ms")
    _text(row, "boot_id")


def _mark(row: Row) -> None:
    mark_of(tuple(row.values()))


def _choice(row: Row) -> None:
    facts_of(row["parameters"])
    _text(row, "room", "scene")


def _text(row: Row, *names: str) -> None:
    """Raises TypeError."""
    for name in names:
        row[name].encode()


def _whole(row: Row, *names: str) -> None:
    """Raises TypeError."""
    for name in names:
        range(row[name])


_CHECKS: dict[str, Callable[[Row], None]] = {
    "sessions": _session,
    "snapshots": _value,
    "debts": _value,
    "overrides": _hand,
    "positions": _position,
    "heartbeat": _beat,
    "schedule_marks": _mark,
    "choices": _choice,
}
