"""Are the tests awake? `make mutants` makes small mistakes, one at a time, and tells which of them no test notices.

A sample of what could be wrong in session, stage, conductor and journal; each mutant meets the tests that reach its
line, the quickest first. What no test notices is read by a person: it means the same, or a test is missing. Never in
CI: it takes an hour. mutmut and cosmic-ray install here, but neither samples mutants and picks tests by line for each.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from enum import StrEnum
from pathlib import Path

from tests.mutation.mutants import Mutant, mutants
from tests.mutation.picked_tests import LONGEST, PickedTests

ROOMS = ("session", "conductor", "journal", "stage")
REACHING = ("session", "conductor", "stage", "journal", "golden", "model", "storm", "cli")
"""Where the tests are that are asked; those that start processes count no lines."""
TREE = ("orchestrator", "scenes", "tests", "docs", "pyproject.toml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md")
PATIENCE = 30
"""Seconds that a test may take before it counts as hung, which is a way to notice as well."""


class Fate(StrEnum):
    KILLED = "killed"
    SURVIVED = "survived"
    UNREACHED = "no test reaches it"


def measured(folder: Path) -> PickedTests:
    """Run every test once, and count what each reaches. What is in the folder from before is taken as it is."""
    reached, durations = folder / "coverage.db", folder / "durations.xml"
    if not (reached.exists() and durations.exists()):
        folder.mkdir(parents=True, exist_ok=True)
        places = [f"tests/{name}" for name in REACHING if Path("tests", name).is_dir()]
        counting = ["--cov=orchestrator", "--cov-context=test", "--cov-report=", f"--junitxml={durations}"]
        command = [sys.executable, "-m", "pytest", "-q", "-n0", "--dist=no", *places, *counting]
        subprocess.run(command, env={**os.environ, "COVERAGE_FILE": str(reached)}, check=True)
    return PickedTests(reached, durations)


def sampled(rooms: list[str], number: int, seed: int) -> list[Mutant]:
    """So many of these rooms, each place in the code at most once."""
    files = [file for room in rooms for file in sorted(Path("orchestrator", room).glob("*.py"))]
    made = [mutant for file in files for mutant in mutants(str(file), file.read_text(encoding="utf-8"))]
    chance = random.Random(seed)
    chance.shuffle(made)
    places = {(mutant.path, mutant.line, mutant.was): mutant for mutant in made}
    return list(places.values())[:number]


def fate(mutant: Mutant, tests: list[str], tree: Path) -> Fate:
    """Whether any of these tests fails with the mistake in a copy of the tree."""
    if not tests:
        return Fate.UNREACHED
    file = tree / mutant.path
    right = file.read_text(encoding="utf-8")
    file.write_text(mutant.text, encoding="utf-8")
    try:
        told = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-x",
                "-q",
                "-n0",
                "-p",
                "no:cacheprovider",
                "-o",
                f"timeout={PATIENCE}",
                *tests,
            ],
            cwd=tree,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            timeout=60 + 4 * LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Fate.KILLED
    finally:
        file.write_text(right, encoding="utf-8")
    return Fate.SURVIVED if told.returncode == 0 else Fate.KILLED


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--rooms", default=",".join(ROOMS))
    parser.add_argument("--mutants", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--measured", type=Path, help="where what tests reach is kept; measured if it is not there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        tree = Path(name, "tree")
        tree.mkdir()
        for each in TREE:
            (shutil.copytree if Path(each).is_dir() else shutil.copy)(each, tree / each)
        picked = measured(given.measured or Path(name, "measured"))
        fates: Counter[Fate] = Counter()
        for mutant in sampled(given.rooms.split(","), given.mutants, given.seed):
            began = time.monotonic()
            tests = picked.of(mutant.path, range(mutant.line, mutant.last + 1))
            found = fate(mutant, tests, tree)
            fates[found] += 1
            print(f"{found:8} {len(tests):4} tests {time.monotonic() - began:5.1f} s  {mutant}", flush=True)
    total = sum(fates.values())
    print(f"{fates[Fate.KILLED]} of {total} killed: {100 * fates[Fate.KILLED] / max(total, 1):.0f} %", dict(fates))


if __name__ == "__main__":
    main()
