"""Nobody else on the machine reads when somebody rests: the folder is 0700, the journal and all beside it 0600."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.journal.permissions import exposed
from tests.journal.lives import begin, opened


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_journal_is_its_owners_with_its_log_and_its_index(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "state" / "journal.db"
    journal = opened(file)
    begin(journal)
    assert mode(file.parent) == 0o700
    assert {each.name: mode(each) for each in file.parent.iterdir()} == dict.fromkeys(
        ("journal.db", "journal.db-wal", "journal.db-shm", "journal.db.lock", "journal.db.reserve"), 0o600
    )
    journal.close()


def test_what_an_older_relax_left_open_is_tightened_also_the_log_of_a_crash(tmp_path: Path) -> None:
    file = tmp_path / "state" / "journal.db"
    journal = opened(file)
    begin(journal)
    left = {
        each.name: each.read_bytes() for each in file.parent.iterdir() if not each.name.endswith((".lock", ".reserve"))
    }
    journal.close()
    for name, content in {**left, "journal.db.damaged-20250101T000000Z": b"damaged"}.items():
        (file.parent / name).write_bytes(content)
        (file.parent / name).chmod(0o644)
    file.parent.chmod(0o755)
    assert exposed(file) == file
    journal = opened(file)
    assert [found.record.id for found in journal.unfinished(0)] == ["s1"]
    assert {mode(each) for each in file.parent.iterdir()} == {0o600}
    assert mode(file.parent) == 0o700
    assert exposed(file) is None
    journal.close()


def test_a_folder_that_others_use_stays_theirs_and_the_journal_in_it_is_tightened(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "somebody's.txt").touch()
    (tmp_path / "journal.db").touch(0o644)
    journal = opened(tmp_path / "journal.db")
    assert (mode(tmp_path), mode(tmp_path / "journal.db")) == (0o755, 0o600)
    journal.close()


def test_where_permissions_cannot_be_changed_the_journal_is_written_and_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path, _mode: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    (tmp_path / "journal.db").touch(0o644)
    tmp_path.chmod(0o755)
    monkeypatch.setattr(Path, "chmod", refuse)
    journal = opened(tmp_path / "journal.db")
    begin(journal)
    assert journal.trouble is None
    assert exposed(tmp_path / "journal.db") == tmp_path / "journal.db"
    journal.close()
