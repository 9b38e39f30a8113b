"""This tree beside an earlier commit, in turns in one run: `make bench-against COMMIT=abc123`.

Each round plays the earlier commit, this tree, and the earlier commit once more. A row is slower where this tree's
median is worse than the earlier one's by more than 5 %, and by more than the earlier one differs from itself. Exit 1
where one is.
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

import commands
from figures import percentile
from observer import Trigger
from piece import Cast, Piece, cues, fade
from run import APART, FULL
from turn import HERE, Turn, keep_bytecode, take_turn

from orchestrator.mqtt.address import Address
from orchestrator.mqtt.broker import broker

TOLERATED = 0.05
SLACK = {"ms": 0.05, "MiB": 1.0, "s": 0.02, "": 0.0}
"""Differences that are smaller than this are nothing, whatever they are in percent."""


class Row(NamedTuple):
    """One thing measured, a value a round. Smaller is better. `again` is the earlier commit beside itself."""

    what: str
    unit: str
    before: list[float]
    now: list[float]
    again: list[float]

    @property
    def change(self) -> float:
        """How much slower this tree is, as a share: the median over the rounds, each beside its own neighbours."""
        pairs = zip(self.before, self.now, self.again, strict=True)
        return median(now / ((before + again) / 2) - 1 if before + again else 0.0 for before, now, again in pairs)

    @property
    def noise(self) -> float:
        """How much the earlier commit differs from itself, as a share: the median of the rounds."""
        pairs = zip(self.before, self.again, strict=True)
        return median(
            abs(again - before) / min(again, before) if min(again, before) else 0.0 for before, again in pairs
        )

    @property
    def is_slower(self) -> bool:
        is_something = median(self.now) - median([*self.before, *self.again]) > SLACK[self.unit]
        return is_something and self.change > max(TOLERATED, self.noise)

    def line(self) -> str:
        verdict = "SLOWER" if self.is_slower else ""
        before, now = median([*self.before, *self.again]), median(self.now)
        return (
            f"  {self.what:<58}{before:>9.2f}{now:>9.2f} {self.unit:<4}{100 * self.change:>+7.1f} %"
            f"{100 * self.noise:>7.1f} %  {verdict}"
        ).rstrip()


class Figure(NamedTuple):
    """What is read off a turn."""

    what: str
    unit: str
    of: Callable[[Turn], float]


_LATE_50 = Figure("lateness, p50", "ms", lambda turn: percentile(turn.late, 0.5))
_LATE_99 = Figure("lateness, p99", "ms", lambda turn: percentile(turn.late, 0.99))
_CPU = Figure("CPU a message", "ms", lambda turn: turn.cpu * 1000 / turn.due)
_PEAK = Figure("peak of resident memory", "MiB", lambda turn: turn.peak)
_STARTS = (
    Figure("to first light, p50", "ms", lambda turn: percentile(turn.first, 0.5)),
    Figure("to first light, p99", "ms", lambda turn: percentile(turn.first, 0.99)),
    Figure("to the reply, p50", "ms", lambda turn: percentile(turn.replies, 0.5)),
    _CPU,
    _PEAK,
    Figure("process start to subscribed", "s", lambda turn: turn.ready),
)


def rows_of(rounds: int, earlier: Path, measure: Callable[[Path], Sequence[tuple[str, str, float]]]) -> list[Row]:
    """What `measure` finds in each tree: earlier, now, earlier again, so many rounds."""
    rows: dict[str, Row] = {}
    for _ in range(rounds):
        for place, tree in enumerate((earlier, HERE, earlier)):
            for what, unit, value in measure(tree):
                row = rows.setdefault(what, Row(what, unit, [], [], []))
                (row.before, row.now, row.again)[place].append(value)
    return list(rows.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commit", help="the earlier commit")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    with tempfile.TemporaryDirectory(prefix="relax-bench-") as folder:
        keep_bytecode(Path(folder) / "bytecode")
        earlier = Path(folder) / "earlier"
        earlier.mkdir()
        archive = subprocess.run(["git", "-C", str(HERE), "archive", given.commit], check=True, capture_output=True)
        subprocess.run(["tar", "-x", "-C", str(earlier)], input=archive.stdout, check=True)
        # An installed relax has its scenes inside; a checkout has them beside, in both trees alike.
        slower = asyncio.run(_compare(earlier, given.rounds))
    sys.exit(1 if slower else 0)


async def _compare(earlier: Path, rounds: int) -> int:
    print(f"  {'':<58}{'before':>9}{'now':>9}     {'change':>9}{'noise':>9}")
    slower = 0
    async with broker() as address:
        for title, measure in _measures(address):
            for row in rows_of(rounds, earlier, measure):
                print(row._replace(what=f"{title}: {row.what}").line())
                slower += row.is_slower
    print(f"\n{slower} slower" if slower else "\nNothing is slower.")
    return slower


def _measures(address: Address) -> list[tuple[str, Callable[[Path], list[tuple[str, str, float]]]]]:
    one_by_one = [Trigger(number * APART, (number,)) for number in range(100)]
    spread = [Trigger(room / 200, (room,)) for room in range(200)]
    together = [Trigger(0.0, tuple(range(200)))]
    lamps = Cast(lamps=3)
    return [
        ("100 starts", _played(cues(100, 1), one_by_one, address, _STARTS)),
        ("a room of 3 lamps", _played(cues(1, 10, lamps), [Trigger(0.0, (0,))], address, (_LATE_50, _LATE_99, _CPU))),
        ("200 rooms", _played(cues(200, 10, FULL), spread, address, (_LATE_50, _LATE_99, _CPU, _PEAK))),
        ("200 in one instant", _played(cues(200, 4), together, address, (_LATE_50, _LATE_99, _CPU))),
        ("50 lamps fade in steps", _played(fade(50, 3), [Trigger(0.0, (0,))], address, (_LATE_50, _LATE_99, _CPU))),
        ("relax", _commands),
    ]


def _played(
    piece: Piece, triggers: Sequence[Trigger], address: Address, figures: Sequence[Figure]
) -> Callable[[Path], list[tuple[str, str, float]]]:
    def measure(tree: Path) -> list[tuple[str, str, float]]:
        turn = take_turn("daemon", piece, triggers, address, tree)
        assert not turn.missing, f"{turn.missing} messages are missing"
        return [(figure.what, figure.unit, figure.of(turn)) for figure in figures]

    return measure


def _commands(tree: Path) -> list[tuple[str, str, float]]:
    lines = (("--help",), ("simulate", "foot-massage", "--json"), ("scenes", "check"), ("plan", "foot-massage"))
    return [(" ".join(line), "ms", median(commands.relax(*line, tree=tree) for _ in range(3))) for line in lines]


if __name__ == "__main__":
    main()
