"""A disk that is full, read-only or damaged never stops a session, and what is owed is written as soon as it can be."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from orchestrator.conductor.journal_entries import Owed
from orchestrator.errors import JournalError
from orchestrator.events.device import CommandSent
from orchestrator.events.session import Ending
from orchestrator.events.step import Paused, StepStarted
from orchestrator.journal.journal import Journal
from orchestrator.journal.reader import Reader
from orchestrator.journal.reserve import SIZE
from orchestrator.journal.store import NOTES_AT_MOST
from orchestrator.stage.heard import Debt
from tests.journal.lives import EVENING, LEVEL, beat, begin, happened, opened


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of half a megabyte, of its own; skipped where this process may not mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(place)], check=False, capture_output=True
    )
    if not mounted or mounted.returncode != 0:
        pytest.skip("may not mount a small disk here; test_a_file_that_may_not_grow does the same with a limit")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def large_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of twelve megabytes, of its own; skipped where this process may not mount one."""
    place = tmp_path / "large"
    place.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(place)], check=False, capture_output=True
    )
    if not mounted or mounted.returncode != 0:
        pytest.skip("may not mount a small disk here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path) -> Path:
    """Use up a disk; gives the file that does."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    assert os.statvfs(disk).f_bfree == 0
    return ballast


def live(journal: Journal, name: str) -> None:
    """A session begins, something happens, a sign of life is left: none of it may raise."""
    begin(journal, name)
    journal.record(happened(2000, StepStarted("settle", "Settle", 1, 9), name))
    journal.record(happened(3000, Paused("settle"), name))
    journal.heartbeat(beat(10_000), 10_000)
    journal.flush()


def troubled(journal: Journal) -> bool:
    """Asked anew each time: mypy would take what it was for what it is."""
    return journal.trouble is not None


def sessions(journal: Journal) -> list[str]:
    return [found.record.id for found in journal.unfinished(0)]


def test_a_full_disk_is_said_and_all_is_written_once_there_is_room(small_disk: Path) -> None:
    journal = opened(small_disk / "journal.db")
    live(journal, "before")
    ballast = fill(small_disk)
    for number in range(20):
        live(journal, f"full-{number}")
    assert "the disk is full" in str(journal.trouble)
    ballast.unlink()
    live(journal, "after")
    assert not troubled(journal)
    assert set(sessions(journal)) == {"before", "after", *(f"full-{number}" for number in range(20))}
    assert journal.read("PRAGMA integrity_check") == [("ok",)]
    journal.close()


def test_on_a_full_disk_what_rooms_are_owed_still_goes_into_the_room_that_was_kept_for_it(
    large_disk: Path, tmp_path: Path
) -> None:
    file, left = large_disk / "journal.db", tmp_path / "left"
    journal = opened(file)
    live(journal, "before")
    ballast = fill(large_disk)
    for number in range(10):
        live(journal, f"full-{number}")
    for beats in range(2000):  # hours of it
        journal.heartbeat(beat(10_000 + beats), 10_000 + beats)
    journal.end("before", Ending.FINISHED, 20_000)
    assert "The disk of the journal" in str(journal.trouble)
    assert "still goes into room that was kept for it" in str(journal.trouble)
    shutil.copytree(large_disk, left, ignore=shutil.ignore_patterns("ballast", "*.lock"))
    after_a_kill = opened(left / "journal.db")
    assert set(sessions(after_a_kill)) == {f"full-{number}" for number in range(10)}
    assert {debt.device for debt in after_a_kill.open_debts(0)} == {"ceiling"}
    after_a_kill.close()
    ballast.unlink()
    journal.heartbeat(beat(30_000), 30_000)
    assert not troubled(journal)
    ((count,),) = journal.read("SELECT count(*) FROM events WHERE session = 'full-9'")
    assert count == 2
    assert (large_disk / "journal.db.reserve").stat().st_size == SIZE
    journal.close()


def test_a_life_that_begins_on_a_full_disk_has_the_room_that_the_last_one_kept(large_disk: Path) -> None:
    journal = opened(large_disk / "journal.db")
    live(journal, "before")
    journal.close()
    fill(large_disk)
    journal = opened(large_disk / "journal.db")
    live(journal, "full")
    assert troubled(journal)
    assert sessions(journal) == ["before", "full"]
    journal.close()


def test_a_reserve_is_given_up_for_a_full_disk_alone(tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal.db")
    with sqlite3.connect(tmp_path / "journal.db") as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        begin(journal, "busy")
        assert "locked" in str(journal.trouble)
        somebody.rollback()
    somebody.close()
    assert (tmp_path / "journal.db.reserve").exists()
    journal.close()


def test_an_event_of_nobody_takes_nothing_with_it_on_a_full_disk(small_disk: Path) -> None:
    journal = opened(small_disk / "journal.db")
    live(journal, "before")
    ballast = fill(small_disk)
    for number in range(20):
        begin(journal, f"full-{number}")
        journal.record(happened(2000, Paused("settle"), "nobody"))
        journal.flush()
    ballast.unlink()
    live(journal, "after")
    assert not troubled(journal)
    assert set(sessions(journal)) == {"before", "after", *(f"full-{number}" for number in range(20))}
    journal.close()


def test_a_disk_that_is_full_from_the_start_is_used_once_there_is_room(small_disk: Path) -> None:
    ballast = fill(small_disk)
    journal = opened(small_disk / "journal.db")
    assert troubled(journal)
    live(journal, "full")
    assert sessions(journal) == []
    ballast.unlink()
    journal.flush()
    assert not troubled(journal)
    assert sessions(journal) == ["full"]
    journal.close()


def test_a_read_only_disk_can_be_read_and_is_written_when_it_can_be_again(small_disk: Path) -> None:
    journal = opened(small_disk / "journal.db")
    live(journal, "before")
    journal.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    journal = opened(small_disk / "journal.db")
    assert troubled(journal)
    assert sessions(journal) == ["before"]
    live(journal, "after")
    assert "read-only" in str(journal.trouble).lower() or "cannot be opened" in str(journal.trouble)
    with Reader(small_disk / "journal.db") as reader:
        assert reader.read("SELECT id FROM sessions") == [("before",)]
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    journal.flush()
    assert not troubled(journal)
    assert sessions(journal) == ["after", "before"]
    journal.close()


GROWS = """
import resource, sys
from pathlib import Path
from tests.journal.lives import begin, happened, opened

journal = opened(Path(sys.argv[1]))
begin(journal, "before")
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))
for number in range(40):
    begin(journal, f"full-{number}")
assert journal.trouble and "cannot be written" in journal.trouble, journal.trouble
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
begin(journal, "after")
assert journal.trouble is None, journal.trouble
journal.close()
"""


def test_a_file_that_may_not_grow_is_caught_up_with_later(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    done = subprocess.run([sys.executable, "-c", GROWS, str(file)], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    journal = opened(file)
    assert len(sessions(journal)) == 42
    journal.close()


def test_a_file_that_cannot_be_written_is_trouble_and_no_error(tmp_path: Path) -> None:
    (tmp_path / "journal.db").mkdir()
    journal = opened(tmp_path / "journal.db")
    live(journal, "s1")
    assert "cannot be opened" in str(journal.trouble)
    assert sessions(journal) == []
    assert journal.last_heartbeat() is None
    journal.close()
    (tmp_path / "file").touch()
    journal = opened(tmp_path / "file" / "journal.db")
    live(journal, "s1")
    assert troubled(journal)
    journal.close()


@pytest.mark.parametrize("damage", ["garbage", "truncated", "scribbled"])
def test_a_damaged_journal_is_set_aside_and_a_new_one_begun(damage: str, tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    journal = opened(file)
    for number in range(50):
        live(journal, f"s{number}")
    journal.close()
    content = file.read_bytes()
    spoilt = {
        "garbage": b"This is no database at all. " * 500,
        "truncated": content[: len(content) * 2 // 3],
        "scribbled": content[:8192] + os.urandom(len(content) - 8192),
    }[damage]
    file.write_bytes(spoilt)
    if damage == "garbage":
        with pytest.raises(JournalError, match="damaged"), Reader(file):
            pass
    journal = opened(file)
    assert not troubled(journal)
    assert journal.set_aside == tmp_path / "journal.db.damaged-20261122T213000Z"
    assert journal.set_aside.read_bytes() == spoilt
    assert sessions(journal) == []
    live(journal, "new")
    journal.close()
    journal = opened(file)
    assert journal.set_aside is None
    assert sessions(journal) == ["new"]
    journal.close()


def test_a_journal_that_is_damaged_under_way_is_begun_anew_with_what_is_owed(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    journal = opened(file)
    begin(journal, "s1")
    journal.write([Owed("long over", Debt("strip", LEVEL, 30.0, 0))], 1000)
    journal.choose("den", "foot-massage", {"feet": "left"})
    with sqlite3.connect(file) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()
    with file.open("r+b") as raw:
        raw.write(b"\xff" * 16384)
    begin(journal, "s2", "den")
    journal.flush()
    assert journal.set_aside is not None
    assert not troubled(journal)
    assert sessions(journal) == ["s1", "s2"]
    assert {debt.device for debt in journal.open_debts(0)} == {"ceiling", "strip"}
    assert [each.room for each in journal.chosen()] == ["den"]
    journal.close()


def test_an_empty_file_is_a_new_journal(tmp_path: Path) -> None:
    (tmp_path / "journal.db").touch()
    journal = opened(tmp_path / "journal.db")
    assert not troubled(journal)
    assert journal.set_aside is None
    journal.close()


def test_notes_that_no_disk_takes_do_not_fill_the_memory_and_debts_are_kept(tmp_path: Path) -> None:
    place = tmp_path / "journal.db"
    place.mkdir()
    journal = opened(place)
    begin(journal, "s1")
    for at in range(3 * NOTES_AT_MOST):
        journal.tell("bedroom", at, CommandSent("lamp", "", 0), "s1")
    place.rmdir()
    journal.flush()
    assert not troubled(journal)
    ((count, first),) = journal.read("SELECT count(*), min(at) FROM events")
    assert NOTES_AT_MOST <= count <= 2 * NOTES_AT_MOST
    assert first > round(EVENING.timestamp() * 1000)
    assert sessions(journal) == ["s1"]
    assert len(journal.open_debts(0)) == 2
    journal.close()


def test_what_cannot_be_read_is_said_until_something_is_written_again(tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal.db")
    begin(journal, "s1")
    assert journal.read("SELECT id FROM nowhere") == []
    assert "no such table" in str(journal.trouble)
    begin(journal, "s2")
    assert not troubled(journal)
    assert sessions(journal) == ["s1", "s2"]
    journal.close()
