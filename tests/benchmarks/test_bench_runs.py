"""The benchmark itself: it says all that it is to say, and no cue is missing. No figure is judged here."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = [
    "Start command to first light",
    "Cues, 1 room",
    "Cues, 5 rooms, starts spread",
    "Cues, 5 rooms, worst case: all start in the same instant",
    "lateness (arrival minus due), p50",
    "lateness, p99",
    "lateness, max",
    "to the reply, p99",
    "Full house, 3 rooms at once, 3 lamps and a voice each, journal on",
    "Stepped fade, 1 light",
    "Stepped fade, 5 lights",
    "jitter",
    "peak of resident memory, 1 room",
    "process start to subscribed, 5 rooms",
    "relax --help",
    "relax simulate foot-massage --json",
    "plan() of 60 steps",
    "Aims",
]


@pytest.fixture(scope="module")
def report() -> str:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(ROOT / "tests/benchmarks/run.py"), "--quick"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "\nTook " in done.stdout, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("row", ROWS)
def test_the_report_has_a_row_for_all_that_is_measured(report: str, row: str) -> None:
    assert row in report


def test_no_cue_is_missing_on_either_side(report: str) -> None:
    """A step of a fade may be: where the machine is too late for it the next one takes its place."""
    lines = [line.split() for line in report.splitlines() if line.strip().startswith("missing messages")]
    assert len(lines) == 4
    assert all(line[2:4] == ["0", "0"] for line in lines)
