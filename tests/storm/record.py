"""What came of some evenings, in figures and in words: who failed, of what, and how that is played again."""

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from math import inf
from pathlib import Path
from time import process_time
from typing import NamedTuple

from tests.storm.draw import draw
from tests.storm.evening import Evening
from tests.storm.shrink import fails, shrunk
from tests.storm.watcher import Finding
from tests.storm.world import World

SEEDS = Path(__file__).with_name("seeds.txt")
"""Every seed that ever failed, with one line why: always played."""
CHUNK = 8


class Kept(NamedTuple):
    """An evening that once failed, and why: the shortest one, or as its seed is drawn."""

    seed: int
    why: str
    evening: Evening


class Played(NamedTuple):
    """One evening that was played: what was found, what went wrong in it by kind, and what it cost."""

    seed: int
    findings: list[Finding]
    faults: list[str]
    seconds: float


def kept() -> list[Kept]:
    """What `seeds.txt` has. A line in braces is the evening of the seed above it, whatever that is drawn as today."""
    found: list[Kept] = []
    for line in SEEDS.read_text(encoding="utf-8").splitlines():
        if line.startswith("{"):
            found[-1] = found[-1]._replace(evening=Evening.load(line))
        elif line and not line.startswith("#"):
            seed, kind, why = line.split(maxsplit=2)
            found.append(Kept(int(seed), why, draw(int(seed), is_calm=kind == "calm")))
    return found


def play(seed: int, *, is_calm: bool) -> Played:
    began = process_time()
    evening = draw(seed, is_calm=is_calm)
    return Played(seed, fails(evening), evening.faults, process_time() - began)


def play_all(seeds: Iterable[int], *, is_calm: bool, workers: int) -> Iterator[Played]:
    """Each seed, as they come."""
    one = partial(play, is_calm=is_calm)
    if workers < 2:
        yield from map(one, seeds)
        return
    rest = iter(seeds)
    with ProcessPoolExecutor(workers) as pool:
        while some := list(islice(rest, workers * CHUNK)):
            yield from pool.map(one, some, chunksize=CHUNK // 2)


def told(seed: int, *, is_calm: bool, kind: str | None = None, is_whole: bool = False, seconds: float = inf) -> str:
    """A failure in words: the shortest evening that fails so, what happened in it, and how to play it again.

    It is made shorter for so many seconds at most.
    """
    evening = draw(seed, is_calm=is_calm)
    findings = fails(evening)
    if kind is None and findings:
        kind = findings[0].kind
    if kind is not None and not is_whole:
        evening = shrunk(evening, kind, seconds=seconds)
    world = World(evening)
    if is_whole:
        world.watcher.traces()
    world.play()
    calm = " --calm" if is_calm else ""
    lines = [f"seed {seed}: python -m tests.storm --seed {seed}{calm}", evening.text(), ""]
    lines += [f"{at / 1000:8.2f} s  {sentence}" for at, sentence in world.watcher.trace]
    return "\n".join([*lines, "", *(f"! {finding}" for finding in world.watcher.findings)])


@dataclass
class Tally:
    """The figures of many evenings."""

    evenings: int = 0
    seconds: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    failed: list[tuple[int, str]] = field(default_factory=list)

    def add(self, played: Played) -> None:
        self.evenings += 1
        self.seconds += played.seconds
        self.faults.update(set(played.faults))
        self.failed += [(played.seed, str(finding)) for finding in played.findings]

    def text(self) -> str:
        rate = self.evenings / self.seconds if self.seconds else 0.0
        bad = len({seed for seed, _ in self.failed})
        lines = [f"{self.evenings} evenings, {rate:.1f} a second of one core: {bad} of them wrong."]
        lines += [f"  {kind:15} in {count:6} evenings" for kind, count in self.faults.most_common()]
        return "\n".join(lines)
