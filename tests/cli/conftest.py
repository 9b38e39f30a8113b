"""`relax` as a person calls it: in this process where that is enough, as a process of its own where it must be."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
    monkeypatch.setenv("RELAX_STATE_DIR", str(tmp_path / "state"))

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
    with processes(tmp_path) as start:
        yield start


def processor_seconds(*arguments: str) -> float:
    """What a Python with these arguments takes of the processor, from its start to its end. It must end well."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen([sys.executable, *arguments], env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    return used.ru_utime + used.ru_stime


@contextmanager
def processes(folder: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start it as processes in a folder; they end with the block."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **settings: Any) -> "subprocess.Popen[str]":
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "120",
            "RELAX_STATE_DIR": str(folder / "state"),
        }
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **settings}
        command = [sys.executable, "-m", "orchestrator", *arguments]
        started.append(subprocess.Popen(command, cwd=folder, env=environment, text=True, **pipes))
        return started[-1]

    try:
        yield start
    finally:
        for each in started:
            with each:  # closes its pipes, and waits
                each.kill()
