"""What is known to be wrong and not mended yet: `open.txt`. It is told each time, and fails nothing else."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import NamedTuple

OPEN = Path(__file__).with_name("open.txt")


class OpenFault(NamedTuple):
    """Recordings by their name or a pattern, the truths that they miss, and why."""

    pattern: str
    truths: frozenset[str]
    why: str


@cache
def open_faults() -> tuple[OpenFault, ...]:
    """Every line of `open.txt`."""
    return in_lines(OPEN.read_text(encoding="utf-8"))


def in_lines(text: str) -> tuple[OpenFault, ...]:
    """Every line that is no remark."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    parts = [[part.strip() for part in line.split("|")] for line in lines]
    return tuple(
        OpenFault(name, frozenset(each.strip() for each in truths.split(",")), why) for name, truths, why in parts
    )


def is_open(name: str, truth: str, faults: Iterable[OpenFault]) -> bool:
    """Whether it is known that this recording misses this truth."""
    return any(truth in each.truths and fnmatchcase(name, each.pattern) for each in faults)


def mended(name: str, truths: Iterable[str], faults: Iterable[OpenFault]) -> str | None:
    """A sentence where a recording that stands there by its very name has nothing wrong any more."""
    stands = any(each.pattern == name for each in faults)
    return f"{name} is right: take its line out of {OPEN.name}" if stands and not set(truths) else None
