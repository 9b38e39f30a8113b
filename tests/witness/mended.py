"""Faults put back, each in a copy of the tree: the witness must name every one of them.

A row is a small change of a text in the product. Where the text is no longer there, the row is to be written anew.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
COPIED = ("orchestrator", "scenes", "tests")


class Fault(NamedTuple):
    """A text in a file that becomes another one; what is to be heard of it, and the truth that then does not hold."""

    name: str
    file: str
    old: str
    new: str
    hearing: str
    truth: str


FAULTS: tuple[Fault, ...] = ()


def every_fault() -> Iterator[tuple[Fault, bool]]:
    """Each fault, and whether the witness named it."""
    for fault in FAULTS:
        yield fault, is_named(fault)


def is_named(fault: Fault) -> bool:
    """Whether the witness names a fault that is put back. Raises AssertionError where its text is not in the file."""
    with TemporaryDirectory(prefix="relax-put-back-") as folder:
        tree = Path(folder)
        for part in COPIED:
            shutil.copytree(ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__", "payloads"))
        path = tree / fault.file
        text = path.read_text()
        assert text.count(fault.old) == 1, f"{fault.name}: {fault.file} has {fault.old!r} {text.count(fault.old)} times"
        path.write_text(text.replace(fault.old, fault.new))
        return any(line.startswith(fault.truth) for line in heard_in(tree, fault.hearing))


def heard_in(tree: Path, hearing: str) -> list[str]:
    """What the witness says of a recording by the relax of a tree."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "tests.witness", "--hear", hearing]
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout.splitlines()
