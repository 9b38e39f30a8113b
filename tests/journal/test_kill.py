"""Killed at any moment, the journal opens and agrees with itself: no session is half begun."""

import os
import random
import select
import signal
import subprocess
import sys
from pathlib import Path

from tests.journal.lives import SNAPSHOT, beginning, opened

WRITES = """
import sys
from itertools import count
from pathlib import Path
from orchestrator.events.step import StepStarted
from orchestrator.conductor.journal_entries import Ended, Settled
from orchestrator.events.session import Ending
from tests.journal.lives import LEVEL, beat, begin, entered, happened, opened

journal = opened(Path(sys.argv[1]))
for number in count(int(sys.argv[2])):
    name = f"s{number}"
    begin(journal, name, at=0)
    print(name, flush=True)
    journal.write([entered(1, "settle", name)], 1)
    journal.record(happened(2, StepStarted("settle", "Settle", 1, 9)))
    journal.heartbeat(beat(number), number)
    if number % 2:
        journal.write([Settled(name, "ceiling", LEVEL, by_hand=False), Ended(name, Ending.FINISHED, 3)], 3)
"""
KILLS = int(os.environ.get("RELAX_KILLS", "6"))
"""CI kills twenty times."""


def test_killed_at_any_moment_no_session_is_half_begun(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    chance = random.Random(1)
    told = 0
    for _ in range(KILLS):
        told = _killed_after(file, told, chance.uniform(0.0, 0.05))
        journal = opened(file)
        assert journal.trouble is None
        assert journal.set_aside is None
        assert journal.read("PRAGMA integrity_check") == [("ok",)]
        assert journal.read("PRAGMA foreign_key_check") == []
        ((begun,),) = journal.read("SELECT count(*) FROM sessions")
        assert told <= begun <= told + 1, "what was said to be written is written"
        ((whole,),) = journal.read(
            "SELECT count(*) FROM sessions WHERE (SELECT count(*) FROM snapshots WHERE session = id) = ?"
            " AND (ending IS NOT NULL OR EXISTS (SELECT 1 FROM scene_texts WHERE session = id))",
            (len(SNAPSHOT),),
        )
        assert whole == begun
        assert journal.open_debts(0), "the last one's debts are there"
        assert all(found.record.scene_text for found in journal.unfinished(0))
        told = begun
        journal.close()
    assert told > KILLS
    assert len(beginning()) == 3


def _killed_after(file: Path, first: int, seconds: float) -> int:
    """Write, and be killed some time after the first session; gives how many sessions there must be."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITES, str(file), str(first)], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    assert writer.stdout is not None
    begun = [writer.stdout.readline()]
    select.select([], [], [], seconds)
    os.kill(writer.pid, signal.SIGKILL)
    begun += writer.stdout.readlines()
    writer.wait()
    writer.stdout.close()
    assert begun[0], "it ran"
    return first + sum(1 for line in begun if line.endswith("\n"))
