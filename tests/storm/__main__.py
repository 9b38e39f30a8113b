"""`python -m tests.storm`: play evenings by their seeds, one of them with its trace, or every point of a crash.

--seeds 0-999          so many evenings; prints each failure, as short as it gets
--seed 4711            one evening again, with its trace
--crashes              every point of the script of a minute, killed and without power
--scenes 300           so many points of each shipped scene; 0: all
"""

import argparse
import os
import sys
import time
from collections.abc import Collection, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import count

from tests.storm import crashes
from tests.storm.evening import Evening
from tests.storm.record import Tally, play_all, told

TOLD = 5
"""So many failures are made short and told in words."""


def main() -> int:
    """1 where anything is wrong."""
    reader = argparse.ArgumentParser(
        prog="python -m tests.storm", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reader.add_argument("--seeds", metavar="FIRST-LAST", help="evenings of these seeds; `FIRST-`: for --seconds")
    reader.add_argument("--seconds", type=float, default=0.0, help="no new evening after so long")
    reader.add_argument("--seed", type=int, help="one evening, as short as it fails")
    reader.add_argument("--whole", action="store_true", help="with --seed: all of it, with every message and write")
    reader.add_argument("--calm", action="store_true", help="without what only evidence tells from a hand")
    reader.add_argument("--crashes", action="store_true", help="every crash point of the script")
    reader.add_argument("--scenes", type=int, metavar="COUNT", help="crash points of each shipped scene; 0: all")
    reader.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = reader.parse_args()
    code = 0
    if given.seed is not None:
        text = told(given.seed, is_calm=given.calm, is_whole=given.whole)
        print(text)
        code = int("\n! " in text)
    if given.seeds is not None:
        code = _evenings(_seeds(given.seeds, given.seconds), given.calm, given.workers) or code
    if given.crashes:
        code = _crashes("the script", crashes.SCRIPT, None, given.workers) or code
        code = _crashes("the script, without power", crashes.SCRIPT, None, given.workers, power=True) or code
    for scene in crashes.SCENES if given.scenes is not None else ():
        code = _crashes(scene, crashes.scene_script(scene), given.scenes or None, given.workers) or code
    return code


def _seeds(text: str, seconds: float) -> Iterable[int]:
    first, _, last = text.partition("-")
    end = time.monotonic() + seconds if seconds else float("inf")
    for seed in range(int(first), int(last) + 1) if last else count(int(first)):
        if time.monotonic() > end:
            return
        yield seed


def _evenings(seeds: Iterable[int], is_calm: bool, workers: int) -> int:
    tally = Tally()
    for played in play_all(seeds, is_calm=is_calm, workers=workers):
        tally.add(played)
        for finding in played.findings:
            print(f"seed {played.seed}: {finding}", flush=True)
    for seed in list(dict.fromkeys(seed for seed, _ in tally.failed))[:TOLD]:
        print(f"\n{told(seed, is_calm=is_calm)}", flush=True)
    print(f"\n{tally.text()}")
    return int(bool(tally.failed))


def _crashes(name: str, evening: Evening, sample: int | None, workers: int, *, power: bool = False) -> int:
    total = crashes.points(evening)
    wanted = range(1, total + 1) if sample is None else crashes.sampled(total, sample, name)
    began = time.monotonic()
    found = 0
    for each in cuts(evening, wanted, workers, power=power):
        found += bool(each.findings)
        for finding in each.findings:
            print(f"{name}, point {each.point}: {finding}", flush=True)
    seconds = time.monotonic() - began
    print(f"{name}: {len(wanted)} of {total} crash points in {seconds:.0f} s, {found} of them wrong.", flush=True)
    return int(bool(found))


def cuts(evening: Evening, wanted: Collection[int], workers: int, *, power: bool = False) -> list[crashes.Cut]:
    """What comes of each of these points; workers share them."""
    order = sorted(wanted)
    parts = [set(order[start::workers]) for start in range(workers)]
    one = partial(crashes.every_cut, evening, power=power)
    if workers < 2:
        return one(parts[0])
    with ProcessPoolExecutor(workers) as pool:
        return sorted(cut for part in pool.map(one, parts) for cut in part)


if __name__ == "__main__":
    sys.exit(main())
