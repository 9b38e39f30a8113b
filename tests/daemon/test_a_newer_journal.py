"""Whoever goes back to an older relax is told so, and finds everything as it was when the newer one is there again."""

import subprocess
import sys
from pathlib import Path

import pytest

from orchestrator.journal.schema import newest
from tests.conftest import LIMIT
from tests.daemon.serving import ENVIRONMENT, write_house
from tests.journal.newer import a_newer_one, content


@pytest.mark.parametrize("end", ["closed", "killed"])
def test_an_older_relax_refuses_a_newer_journal_and_says_the_way_back(end: str, tmp_path: Path) -> None:
    home, state = write_house(tmp_path, 1), tmp_path / "state"
    state.mkdir()
    before = a_newer_one(state / "journal.db", is_killed=end == "killed")
    environment = {**ENVIRONMENT, "RELAX_HOME": str(home), "RELAX_STATE_DIR": str(state), "PYTHONPATH": str(Path.cwd())}
    for command in ("daemon", "history", "why", "doctor"):
        told = subprocess.run(
            [sys.executable, "-m", "orchestrator", command],
            env=environment,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        assert told.returncode == 1, command
        said = " ".join((told.stdout + told.stderr).split())
        assert f"is of version {newest() + 1}, and this relax knows versions up to {newest()}" in said
        assert "Install the newer relax again, or give this one another --state-dir." in said
        assert "Traceback" not in said
        assert content(state) == before
