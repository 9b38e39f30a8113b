"""`relax` as a person calls it: in this process where that is enough, as a process of its own where it must be."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from orchestrator.cli.entry import main

ROOT = Path(__file__).parents[2]


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def relax(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Done]:
    """Call it in an empty folder, in a pipe 120 wide; what it said and its exit code."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RELAX_HOME", raising=False)
    monkeypatch.setenv("COLUMNS", "120")

    def call(*arguments: str) -> Done:
        with pytest.raises(SystemExit) as left:
            main(arguments)
        said = capsys.readouterr()
        assert isinstance(left.value.code, int)
        return Done(left.value.code, said.out, said.err)

    return call


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start it as a process; it does not outlive its test."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **settings: Any) -> "subprocess.Popen[str]":
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **settings}
        command = [sys.executable, "-m", "orchestrator", *arguments]
        started.append(subprocess.Popen(command, cwd=tmp_path, env=environment, text=True, **pipes))
        return started[-1]

    yield start
    for each in started:
        with each:  # closes its pipes, and waits
            each.kill()
