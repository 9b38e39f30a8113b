"""A damaged page takes its own rows with it: what is owed and who played is read from the rest, or left out."""

import os
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from orchestrator.events.session import Ending
from orchestrator.events.step import StepStarted
from orchestrator.journal.journal import Journal
from orchestrator.journal.salvage import salvaged
from orchestrator.journal.schema import tables
from tests.journal.lives import beat, begin, entered, happened, opened

PAGE = 4096


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A journal of many evenings, the last of which was cut off."""
    path = tmp_path / "journal.db"
    journal = opened(path)
    for number in range(60):
        begin(journal, f"old-{number}")
        for at in range(30):
            journal.record(happened(2000 + at, StepStarted("settle", "Settle down " * 9, 1, 9), f"old-{number}"))
        journal.end(f"old-{number}", Ending.FINISHED, 5000)
    begin(journal, "tonight")
    journal.write([entered(3, "strokes", "tonight")], 2000)
    journal.choose("den", "foot-massage", {"feet": "left"})
    journal.heartbeat(beat(10_000), 10_000)
    journal.close()
    return path


def pages_of(path: Path, *names: str) -> list[int]:
    """The pages, from 0, that these tables and their indexes are made of."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            rows = connection.execute("SELECT name, pageno FROM dbstat").fetchall()
        except sqlite3.OperationalError:
            pytest.skip("this SQLite has no dbstat")
    return [page - 1 for name, page in rows if name in names]


def spoil(path: Path, pages: list[int]) -> None:
    with path.open("r+b") as raw:
        for page in pages:
            raw.seek(page * PAGE)
            raw.write(os.urandom(PAGE))


def known(journal: Journal) -> tuple[list[str], set[str]]:
    return [found.record.id for found in journal.unfinished(0)], {debt.device for debt in journal.open_debts(0)}


def test_damage_to_the_history_costs_nothing_but_history(file: Path) -> None:
    spoil(file, pages_of(file, "events"))
    journal = opened(file)
    assert journal.set_aside is not None
    assert known(journal) == (["tonight"], {"ceiling"})
    (unfinished,) = journal.unfinished(0)
    assert unfinished.position is not None
    assert (unfinished.position.number, unfinished.record.scene_text) == (3, "scene: foot-massage\n# Füße\n")
    assert len(unfinished.snapshot) == 3
    assert [each.room for each in journal.chosen()] == ["den"]
    last = journal.last_heartbeat()
    assert last is not None
    assert last.boot_id == "boot-1"
    assert len(journal.read("SELECT id FROM sessions")) == 61
    assert "was taken over" in str(journal.problem)
    journal.close()
    journal = opened(file)
    assert journal.problem is None
    journal.close()


def test_damage_to_the_sessions_leaves_what_is_owed(file: Path) -> None:
    spoil(file, pages_of(file, "sessions")[1:] or pages_of(file, "sessions"))
    journal = opened(file)
    assert known(journal)[1] == {"ceiling"}
    journal.close()


@pytest.mark.parametrize("seed", range(25))
def test_whatever_is_damaged_the_journal_opens_and_can_be_asked_everything(file: Path, seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(file.read_bytes())
    for _ in range(chance.choice((1, 8, 60))):
        start = chance.randrange(100, len(content))
        length = chance.choice((1, 40, 3000))
        content[start : start + length] = chance.randbytes(len(content[start : start + length]))
    file.write_bytes(content)
    journal = opened(file)
    known(journal)
    journal.chosen()
    journal.schedule_marks()
    journal.last_heartbeat()
    journal.last_in("bedroom")
    begin(journal, "new")
    journal.flush()
    assert journal.trouble is None
    assert "new" in known(journal)[0]
    journal.close()


def test_what_makes_no_sense_is_left_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    journal = opened(path)
    begin(journal, "good")
    for statement, values in (
        ("INSERT INTO debts VALUES (?, ?, ?, ?, ?)", ("strip", "level", "{", 5, "good")),
        ("INSERT INTO debts VALUES (?, ?, ?, ?, ?)", ("strip", "taste", "5", 5, "good")),
        ("INSERT INTO debts VALUES (?, ?, ?, ?, ?)", ("strip", "volume", "5", "x", "good")),
        ("INSERT INTO choices VALUES (?, ?, ?)", ("den", "foot-massage", "no JSON")),
        ("UPDATE positions SET touched = ?", ("[7",)),
    ):
        with closing(sqlite3.connect(path)) as somebody, somebody:
            somebody.execute(statement, values)
    journal.close()
    devices = {statement.values[0] for statement in salvaged(path) if "INTO debts" in statement.sql}
    assert devices == {"ceiling"}
    assert not [statement for statement in salvaged(path) if "INTO choices" in statement.sql]


def test_a_file_that_is_whole_and_says_nonsense_is_damaged_too(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    journal = opened(path)
    begin(journal, "good")
    journal.close()
    with closing(sqlite3.connect(path)) as somebody, somebody:
        somebody.execute("INSERT INTO debts VALUES ('strip', 'taste', '5', 5, 'good')")
    journal = opened(path)
    assert journal.set_aside is not None
    assert known(journal) == (["good"], {"ceiling"})
    journal.close()


def test_every_table_but_the_history_is_looked_into() -> None:
    assert next(iter(tables())) == "sessions"
    assert {"debts", "positions", "heartbeat", "schedule_marks", "choices", "events"} <= tables().keys()
