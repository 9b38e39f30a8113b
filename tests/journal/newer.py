"""A journal of a newer relax, as that left it: closed, or killed, with its last word in the log."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from orchestrator.journal.schema import newest
from tests.journal.lives import begin, opened


def a_newer_one(file: Path, *, is_killed: bool) -> dict[str, bytes]:
    """Make it, with a session that is on; gives its content."""
    living = file.with_name("living.db")
    journal = opened(living)
    begin(journal, "tonight")
    with closing(sqlite3.connect(living)) as newer:
        newer.execute(f"PRAGMA user_version = {newest() + 1}")
        newer.commit()
    if not is_killed:
        journal.close()
    for ending in ("", "-wal", "-shm"):
        if Path(f"{living}{ending}").exists():
            shutil.copyfile(f"{living}{ending}", f"{file}{ending}")
    journal.close()
    for each in file.parent.glob("living.db*"):
        each.unlink()
    return content(file.parent)


def content(folder: Path) -> dict[str, bytes]:
    """The journal itself: the file and its log, not the index of the log, which is made anew for whoever looks."""
    names = ("journal.db", "journal.db-wal")
    return {name: (folder / name).read_bytes() for name in names if (folder / name).exists()}
