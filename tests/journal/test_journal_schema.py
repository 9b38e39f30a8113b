"""Every version of the journal that was ever written can be read, and a newer one is left alone."""

import sqlite3
from pathlib import Path

import pytest

from orchestrator.errors import JournalError
from orchestrator.events.session import Ending
from orchestrator.journal.journal import Journal
from orchestrator.journal.reader import Reader
from orchestrator.journal.schema import migrate, newest, version
from orchestrator.units import MINUTE
from tests.journal.lives import COLOUR, EVENING, LEVEL, VOLUME, beat, opened
from tests.journal.newer import a_newer_one, content
from tests.journal.test_learnt_of_devices import known

VERSIONS = sorted((Path(__file__).parent / "versions").glob("*.sql"))


def version_of(old: Path) -> int:
    return int(old.stem)


def tables(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """Each column, with its table."""
    names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return {(name, str(column[1:])) for (name,) in names for column in connection.execute(f"PRAGMA table_info({name})")}


def test_there_is_an_old_journal_of_each_version() -> None:
    assert [int(old.stem) for old in VERSIONS] == list(range(1, newest() + 1))


@pytest.mark.parametrize("old", VERSIONS, ids=lambda old: old.stem)
def test_an_old_journal_becomes_a_new_one(old: Path, tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    connection = sqlite3.connect(file)
    connection.executescript(old.read_text())
    assert version(connection) == int(old.stem)
    connection.close()

    journal = opened(file)
    assert journal.trouble is None
    assert journal.set_aside is None
    (found,) = journal.unfinished(0)
    assert found.record.id == "two"
    assert found.record.roles == {"main": ("ceiling",), "music": ("sonos",), "voice": ("sonos",)}
    assert found.position is not None
    assert found.position.chapter == "strokes:left"
    assert found.by_hand == (("sonos", VOLUME),)
    assert {(debt.device, debt.attribute) for debt in found.debts} == {("ceiling", LEVEL), ("ceiling", COLOUR)}
    assert journal.last_heartbeat() == beat(2_010_000)
    marks, choices = journal.schedule_marks(), journal.chosen()
    assert [(name, mark.playing and mark.playing[:2]) for name, mark in marks.items()] == [("wind-down", ("two", 0))][
        : version_of(old) - 1
    ]
    assert [(each.room, each.scene) for each in choices] == [("bedroom", "foot-massage")][: max(version_of(old) - 2, 0)]
    assert list(known(journal)) == ["ceiling"][: max(version_of(old) - 4, 0)]
    assert journal.read("SELECT ending, lasted FROM sessions WHERE id = 'one'") == [(Ending.FINISHED, 25 * MINUTE)]
    journal.close()

    connection, fresh = sqlite3.connect(file), sqlite3.connect(":memory:")
    migrate(fresh)
    assert version(connection) == newest()
    assert tables(connection) == tables(fresh)
    connection.close()
    fresh.close()


def test_to_migrate_again_changes_nothing() -> None:
    connection = sqlite3.connect(":memory:")
    migrate(connection)
    before = tables(connection)
    migrate(connection)
    assert tables(connection) == before
    connection.close()


def test_a_step_that_fails_leaves_the_version_before(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = sqlite3.connect(":memory:")
    migrate(connection)
    before = version(connection)
    steps = [*[""] * before, "CREATE TABLE one (a);", "CREATE TABLE two (a); CREATE TABLE one (a);"]
    monkeypatch.setattr("orchestrator.journal.schema._steps", lambda: steps)
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        migrate(connection)
    assert version(connection) == before + 1
    assert connection.execute("SELECT name FROM sqlite_schema WHERE name = 'two'").fetchall() == []
    connection.close()


@pytest.mark.parametrize("end", ["closed", "killed"])
def test_not_a_byte_of_a_newer_journal_is_changed(end: str, tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    before = a_newer_one(file, is_killed=end == "killed")
    with pytest.raises(JournalError, match=f"of version {newest() + 1}") as caught:
        Journal(file).open(EVENING, 0)
    assert "Install the newer relax again" in caught.value.hint
    with pytest.raises(JournalError, match=f"knows versions up to {newest()}: it was left as it is"), Reader(file):
        pass
    assert content(tmp_path) == before
    if end == "closed":
        assert [each.name for each in tmp_path.glob("journal.db-*")] == []


def test_a_journal_that_is_not_there_is_said() -> None:
    with pytest.raises(JournalError, match="There is no journal"), Reader(Path("nowhere/journal.db")):
        pass
