"""The power goes: the last commits are lost and the last page is torn. The journal opens, and is as it was at a commit.

What had been on the disk by then is in it. Nothing is called damaged: a log that ends early is what SQLite expects.
"""

import random
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from orchestrator.conductor.journal_entries import Ended, Settled
from orchestrator.events.session import Ending
from orchestrator.events.step import StepStarted
from orchestrator.journal.disk import LOG_AT_MOST
from orchestrator.journal.journal import Journal
from tests.journal.lives import COLOUR, LEVEL, beat, begin, entered, happened, opened

FRAME = 4096 + 24
HEAD = 32
Known = tuple[tuple[str, ...], tuple[tuple[str, str], ...]]
"""The sessions that have not ended, and what is owed."""


class Moment(NamedTuple):
    """After a commit: how long the log was, and what the journal knew."""

    length: int
    known: Known


class Past(NamedTuple):
    """A journal as the power found it. `synced`: how long its log was when it was last on the disk itself."""

    file: Path
    moments: list[Moment]
    synced: int


def log_of(file: Path) -> Path:
    return Path(f"{file}-wal")


def known(journal: Journal) -> Known:
    return (
        tuple(found.record.id for found in journal.unfinished(0)),
        tuple(sorted((debt.device, str(debt.attribute)) for debt in journal.open_debts(0))),
    )


def evenings(journal: Journal, file: Path, numbers: range) -> list[Moment]:
    """Sessions that begin, play and end, each in a few commits."""
    moments = []

    def note() -> None:
        moments.append(Moment(log_of(file).stat().st_size, known(journal)))

    for number in numbers:
        name = f"s{number}"
        begin(journal, name)
        note()
        journal.record(happened(2, StepStarted("settle", "Settle", 1, 9), name))
        journal.write([entered(1, "settle", name)], 1)
        note()
        journal.heartbeat(beat(number), number)
        note()
        settled = [Settled(name, "ceiling", attribute, by_hand=False) for attribute in (LEVEL, COLOUR)]
        journal.write([Ended(name, Ending.FINISHED, 3)], 3)
        note()
        journal.write(settled, 4)
        note()
    return moments


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Past:
    folder = tmp_path_factory.mktemp("past")
    file, left = folder / "journal.db", folder / "left.db"
    journal = opened(file)
    first = evenings(journal, file, range(3))
    journal.sync()
    moments = [first[-1], *evenings(journal, file, range(3, 7))]
    for ending in ("", "-wal", "-shm"):
        shutil.copyfile(f"{file}{ending}", f"{left}{ending}")
    journal.close()
    return Past(left, moments, first[-1].length)


def cut(past: Past, to: Path, chance: random.Random) -> Path:
    """What is left of it: a log that ends anywhere after what was on the disk, whose last pages came or did not."""
    file = to / "journal.db"
    shutil.copyfile(past.file, file)
    log = bytearray(log_of(past.file).read_bytes())
    end = chance.randrange(past.synced, len(log) + 1)
    kind = chance.choice(["shorter", "zeros", "torn", "a hole"])
    if kind == "shorter":
        log = log[:end]
    elif kind == "zeros":  # the length is written before what is there
        log[end:] = bytes(len(log) - end)
    elif kind == "torn":
        log = log[: end + FRAME]
        log[end : end + 512] = chance.randbytes(len(log[end : end + 512]))
    else:
        log[end : end + FRAME] = bytes(len(log[end : end + FRAME]))
    log_of(file).write_bytes(log)
    if chance.random() < 0.5:
        Path(f"{file}-shm").write_bytes(chance.randbytes(32768))
    return file


@pytest.mark.parametrize("seed", range(40))
def test_it_is_as_it_was_at_a_commit_that_is_no_older_than_the_disk_was_told(
    past: Past, seed: int, tmp_path: Path
) -> None:
    journal = opened(cut(past, tmp_path, random.Random(seed)))
    assert journal.set_aside is None
    assert journal.problem is None
    assert known(journal) in [moment.known for moment in past.moments]
    assert journal.read("PRAGMA integrity_check") == [("ok",)]
    begin(journal, "new")
    assert "new" in known(journal)[0]
    journal.close()


def test_each_commit_is_lost_whole_or_not_at_all(past: Past, tmp_path: Path) -> None:
    """Cut behind each commit, and one byte before its end."""
    shutil.copyfile(past.file, tmp_path / "journal.db")
    log = log_of(past.file).read_bytes()
    for before, moment in zip(past.moments, past.moments[1:], strict=False):
        assert (moment.length - HEAD) % FRAME == 0
        for length, wanted in ((moment.length, moment.known), (moment.length - 1, before.known)):
            file = tmp_path / f"{length}.db"
            shutil.copyfile(past.file, file)
            log_of(file).write_bytes(log[:length])
            journal = opened(file)
            assert known(journal) == wanted
            journal.close()


@pytest.mark.parametrize("seed", range(8))
def test_the_power_goes_while_the_log_is_brought_into_the_file(seed: int, tmp_path: Path) -> None:
    """Some of its pages have been written over, some have not: the log has them all."""
    chance, file, left = random.Random(seed), tmp_path / "journal.db", tmp_path / "left.db"
    journal = opened(file)
    moments = evenings(journal, file, range(5))
    old, log = file.read_bytes(), log_of(file).read_bytes()
    journal.close()
    new = bytearray(file.read_bytes())
    for start in range(0, len(new), 4096):
        if chance.random() < 0.5:
            new[start : start + 4096] = old[start : start + 4096].ljust(min(4096, len(new) - start), b"\0")
    left.write_bytes(new)
    log_of(left).write_bytes(log)
    journal = opened(left)
    assert journal.problem is None
    assert known(journal) == moments[-1].known
    journal.close()
    assert len(log) < LOG_AT_MOST
