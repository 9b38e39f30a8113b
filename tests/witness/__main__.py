"""`python -m tests.witness`: judge a recording in a file, one by its name, a part of them, or all that there are."""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tests.witness.case import Case
from tests.witness.hearings import Hearing, named, part, whole
from tests.witness.judge import judge
from tests.witness.open_faults import is_open, mended, open_faults
from tests.witness.recording import Recording, read
from tests.witness.relax import DEMO_HOME, RelaxFailed, simulate
from tests.witness.truths.light import largest_step


class Heard(NamedTuple):
    """What came of one recording: its length in seconds, and what was found, a line each."""

    name: str
    seconds: float
    truths: list[str]
    lines: list[str]


def main() -> int:
    """Print a line for each finding, then figures; 1 where there is any."""
    reader = argparse.ArgumentParser(prog="python -m tests.witness", description=__doc__)
    reader.add_argument("files", nargs="*", type=Path, metavar="FILE", help="recordings: `simulate --json --heard`")
    reader.add_argument("--home", type=Path, help="the home file of the recordings, where they have no plan in them")
    reader.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="and how they were begun")
    reader.add_argument("--language", help="and in which language")
    reader.add_argument("--hear", metavar="NAME", help="one recording: 'box-breathing zigbee de rounds=4 60s=stop'")
    reader.add_argument("--part", type=int, metavar="COUNT", help="so many, by chance")
    reader.add_argument("--seed", type=int, default=1, help="which chance")
    reader.add_argument("--keep", type=Path, metavar="FILE", help="with --hear: keep the recording")
    reader.add_argument("--workers", type=int, default=2)
    reader.add_argument("--put-back", action="store_true", help="only: is each fault of the table found")
    given = reader.parse_args()
    began = time.monotonic()
    if given.put_back:
        return put_back(given.workers)
    if given.files:
        heard: Iterable[Heard] = (
            _judged(str(path), read(path, given.home, tuple(given.set), given.language)) for path in given.files
        )
    elif given.hear:
        heard = [_hear(named(given.hear), given.keep)]
    else:
        hearings = whole(given.seed) if given.part is None else part(given.part, given.seed)
        heard = _all(list(dict.fromkeys(hearings)), given.workers)
    code = _told(heard, began)
    if not (given.files or given.hear or given.part):
        _steps()
        code = put_back(given.workers) or code
    return code


def put_back(workers: int) -> int:
    from tests.witness.mended import every_fault

    missed = 0
    for fault, outcome in every_fault(workers):
        missed += outcome != "named"
        print(f"put back: {fault.name} ({fault.truth}): {outcome}", flush=True)
    return 1 if missed else 0


def _all(hearings: list[Hearing], workers: int) -> Iterator[Heard]:
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(_hear, hearings, chunksize=4)


def _hear(hearing: Hearing, keep: Path | None = None) -> Heard:
    try:
        recording = hearing.recorded()
        if keep is not None:
            keep.write_text(recording.text())
        return _judged(hearing.name, recording)
    except RelaxFailed as failed:
        return Heard(hearing.name, 0.0, ["relax failed"], [str(failed)])


def _judged(name: str, recording: Recording) -> Heard:
    findings = judge(recording)
    seconds = max((line.t for line in recording.lines), default=0.0)
    return Heard(name, seconds, [each.truth for each in findings], [str(each) for each in findings])


def _told(heard: Iterable[Heard], began: float) -> int:
    truths: Counter[str] = Counter()
    count, seconds, clean = 0, 0.0, 0
    for each in heard:
        count, seconds, clean = count + 1, seconds + each.seconds, clean + (not each.lines)
        for truth, line in zip(each.truths, each.lines, strict=True):
            known = is_open(each.name, truth, open_faults())
            truths.update([] if known else [truth])
            print(f"known: {line}" if known else line, flush=True)
        if (right := mended(each.name, each.truths, open_faults())) is not None:
            truths.update(["right again"])
            print(right, flush=True)
    print(
        f"{count} recordings, {seconds / 3600:.1f} hours of sessions, in {time.monotonic() - began:.0f} s: "
        f"{clean} without a finding, {truths.total()} findings."
    )
    for truth, number in sorted(truths.items()):
        print(f"  {truth:24} {number}")
    return 1 if truths else 0


def _steps() -> None:
    """The largest step of light at once in the longest evening, lamp by lamp: under 15 %, or one unit."""
    case = Case(simulate("evening-wind-down", DEMO_HOME, settings=("length=45min",)))
    print("evening-wind-down --set length=45min, the largest step of luminance at once:")
    for lamp in case.lamps:
        share, before, after, t = largest_step(case, lamp)
        at = f"{100 * share:.1f} % ({before:.0f} to {after:.0f} of {lamp.units}, at {t:.0f} s)" if share else "one unit"
        print(f"  {lamp.name:10} {at}")


if __name__ == "__main__":
    sys.exit(main())
