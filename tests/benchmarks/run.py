"""What `relax daemon` costs, beside a bare paho-mqtt responder that sends the same on the same broker: `make bench`.

A report on standard output; exit 1 where a message is missing. `--quick` is a smoke run whose figures mean little and
are not judged: where a machine is busy, a stepped fade leaves out steps that would come late.
"""

import argparse
import asyncio
import gc
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import commands
from figures import Aim, Row, aims_table, percentile, table
from observer import Trigger
from piece import CUES, EVERY_MS, Cast, Piece, cues, fade
from turn import Turn, keep_bytecode, take_turn

from orchestrator.mqtt.address import Address
from orchestrator.mqtt.broker import broker, mosquitto


class Size(NamedTuple):
    """How much is measured. Turns are pairs: the daemon, bare."""

    triggers: int = 150
    start_turns: int = 2
    spread_rooms: Sequence[int] = (1, 50, 200, 1000)
    together_rooms: Sequence[int] = (200, 1000)
    full_rooms: int = 200
    full_turns: int = 2
    cues: int = CUES
    lamps: Sequence[int] = (1, 50, 200)
    fade_turns: int = 2
    fade_seconds: int = 3
    processes: int = 7


QUICK = Size(
    triggers=5,
    start_turns=1,
    spread_rooms=(1, 5),
    together_rooms=(5,),
    full_rooms=3,
    full_turns=1,
    cues=2,
    lamps=(1, 5),
    fade_turns=1,
    fade_seconds=1,
    processes=1,
)
APART = 0.02
"""Seconds from one start to the next where starts are measured."""
FULL = Cast(lamps=3, voice=True)
"""What a room has in a full house."""


class Sides(NamedTuple):
    """The turns of all sides; the engine plays where it tells something."""

    daemon: list[Turn]
    bare: list[Turn]
    engine: list[Turn]

    def row(self, what: str, figure: Callable[[list[Turn]], float], unit: str = "ms") -> Row:
        engine = figure(self.engine) if self.engine else None
        return Row(what, figure(self.daemon), figure(self.bare), unit, engine)


class Bench:
    """One run on one broker. Tables are printed as they come, aims are kept for the end."""

    def __init__(self, address: Address, size: Size) -> None:
        self._address = address
        self._size = size
        self._aims: list[Aim] = []
        self._missing = 0

    def run(self) -> int:
        """How many messages of ours were missing."""
        self._starts()
        turns = self._cues()
        self._full_house()
        self._fades()
        self._memory(turns)
        self._commands()
        self._aims.insert(1, Aim("missing cues and steps", self._missing, 0))
        print(aims_table(self._aims))
        return self._missing

    def _in_turn(self, piece: Piece, triggers: Sequence[Trigger], turns: int, *, engine: bool = False) -> Sides:
        """The daemon, bare, the daemon, bare …; at last the engine."""
        sides = Sides([], [], [])
        for _ in range(turns):
            sides.daemon.append(take_turn("daemon", piece, triggers, self._address))
            sides.bare.append(take_turn("bare", piece, triggers, self._address))
        if engine:
            sides.engine.append(take_turn("engine", piece, triggers, self._address))
        self._missing += sum(turn.missing for turn in sides.daemon)
        return sides

    def _starts(self) -> None:
        size = self._size
        triggers = [Trigger(number * APART, (number,)) for number in range(size.triggers)]
        sides = self._in_turn(cues(size.triggers, 1), triggers, size.start_turns, engine=True)
        rows = [
            sides.row("p50", _first(0.5)),
            sides.row("p99", _first(0.99)),
            sides.row("to the reply, p50", _replied(0.5)),
            sides.row("to the reply, p99", _replied(0.99)),
            sides.row("CPU a start", _cpu_each),
        ]
        print(table(f"Start command to first light, {size.triggers * size.start_turns} starts, 20 ms apart", rows))
        self._aims.append(Aim("start to first light, p50, ratio to bare", rows[0].ratio or 0.0, 1.2))

    def _cues(self) -> dict[int, Sides]:
        """The turns by number of rooms, of the spread starts."""
        by_rooms = {}
        for rooms in self._size.spread_rooms:
            seconds = _spread(rooms)
            is_most = rooms == max(self._size.spread_rooms)
            sides = self._in_turn(cues(rooms, self._size.cues), _spread_out(rooms), 1, engine=is_most)
            by_rooms[rooms] = sides
            start = f"starts spread over {seconds:g} s" if rooms > 1 else "one start"
            self._cue_table(f"Cues, {_many(rooms, 'room')}, {start}", sides)
            if is_most:
                late = percentile(_pooled(sides.daemon), 0.99)
                self._aims.append(Aim(f"cue lateness, p99, {rooms} rooms, starts spread", late, 10, "ms"))
        for rooms in self._size.together_rooms:
            together = [Trigger(0.0, tuple(range(rooms)))]
            sides = self._in_turn(cues(rooms, self._size.cues), together, 1)
            self._cue_table(f"Cues, {_many(rooms, 'room')}, worst case: all start in the same instant", sides)
        return by_rooms

    def _full_house(self) -> None:
        rooms = self._size.full_rooms
        sides = self._in_turn(cues(rooms, self._size.cues, FULL), _spread_out(rooms), self._size.full_turns)
        title = f"Full house, {_many(rooms, 'room')} at once, {FULL.lamps} lamps and a voice each, journal on"
        self._cue_table(title, sides, [sides.row("peak of resident memory", _peak, "MiB")])
        self._aims.append(Aim("full house: missing cues", _lost(sides.daemon), 0))
        self._aims.append(Aim("full house: cue lateness, p99", percentile(_pooled(sides.daemon), 0.99), 20, "ms"))
        self._aims.append(Aim("full house: memory", _peak(sides.daemon), 120, "MiB"))

    def _cue_table(self, title: str, sides: Sides, more: Sequence[Row] = ()) -> None:
        rows = [
            sides.row("lateness (arrival minus due), p50", _late(0.5)),
            sides.row("lateness, p99", _late(0.99)),
            sides.row("lateness, max", _late(1.0)),
            sides.row("last room's first cue after its trigger", _first(1.0)),
            sides.row("CPU a message", _cpu_each),
            sides.row("missing messages", _lost, f"of {sides.daemon[0].due * len(sides.daemon)}"),
        ]
        print(table(f"{title}, {self._size.cues} cues each, one every {EVERY_MS} ms", [*rows, *more]))

    def _fades(self) -> None:
        for lamps in self._size.lamps:
            seconds = self._size.fade_seconds
            sides = self._in_turn(fade(lamps, seconds), [Trigger(0.0, (0,))], self._size.fade_turns)
            rows = [
                sides.row("delivered", lambda turns: _mean([turn.rate for turn in turns]), "msg/s"),
                sides.row("lateness of a step, p50", _late(0.5)),
                sides.row("lateness, p99", _late(0.99)),
                sides.row("jitter: gap off 50 ms, p99", _jitter),
                sides.row("CPU", lambda turns: _mean([turn.cpu for turn in turns]), "s"),
                sides.row("missing steps", _lost, f"of {sides.daemon[0].due * len(sides.daemon)}"),
            ]
            print(table(f"Stepped fade, {_many(lamps, 'light')}, 20 steps a second, {seconds} s", rows))

    def _memory(self, turns: dict[int, Sides]) -> None:
        rows = []
        for rooms in (min(turns), max(turns)):
            name = _many(rooms, "room")
            rows.append(turns[rooms].row(f"peak of resident memory, {name}", _peak, "MiB"))
            rows.append(turns[rooms].row(f"process start to subscribed, {name}", _ready, "s"))
            self._aims.append(Aim(f"memory, {name}", rows[-2].daemon or 0.0, 70, "MiB"))
        print(table("Memory, and time to ready", rows))

    def _commands(self) -> None:
        took, typer = (percentile(times, 0.5) for times in commands.help_beside_typer(self._size.processes))
        row = Row("relax --help, beside `import typer`", took, typer)
        whole = percentile(commands.simulate(max(self._size.processes // 2, 1)), 0.5)
        planning, reading = commands.plan_beside_yaml(60, 3 + self._size.processes)
        rows = [
            row,
            Row("relax simulate foot-massage --json, beside `import typer`", whole, typer),
            Row("plan() of 60 steps, beside reading its YAML", planning, reading),
        ]
        print(table("Commands (whole processes) and planning", rows, "ours", "beside"))
        self._aims.append(Aim("relax --help, ratio to `import typer`", row.ratio or 0.0, 2.5))
        self._aims.append(Aim("relax simulate foot-massage", whole, 800, "ms"))
        self._aims.append(Aim("plan() of 60 steps", planning, 10, "ms"))


def _spread(rooms: int) -> float:
    """Seconds over which starts are spread."""
    return max(rooms / 200, 1.0) if rooms > 1 else 0.0


def _spread_out(rooms: int) -> list[Trigger]:
    return [Trigger(room * _spread(rooms) / rooms, (room,)) for room in range(rooms)]


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"


def _pooled(turns: list[Turn]) -> list[float]:
    return [late for turn in turns for late in turn.late]


def _late(share: float) -> Callable[[list[Turn]], float]:
    return lambda turns: percentile(_pooled(turns), share)


def _first(share: float) -> Callable[[list[Turn]], float]:
    return lambda turns: percentile([first for turn in turns for first in turn.first], share)


def _replied(share: float) -> Callable[[list[Turn]], float]:
    return lambda turns: percentile([reply for turn in turns for reply in turn.replies], share)


def _jitter(turns: list[Turn]) -> float:
    return percentile([abs(gap - 50.0) for turn in turns for gap in turn.gaps], 0.99)


def _cpu_each(turns: list[Turn]) -> float:
    return sum(turn.cpu for turn in turns) * 1000 / sum(turn.due for turn in turns)


def _lost(turns: list[Turn]) -> float:
    return sum(turn.missing for turn in turns)


def _peak(turns: list[Turn]) -> float:
    return max(turn.peak for turn in turns)


def _ready(turns: list[Turn]) -> float:
    return percentile([turn.ready for turn in turns], 0.5)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _machine() -> str:
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"Python {platform.python_version()}, {os.cpu_count()} processors, load before: {load}"


async def _bench(size: Size) -> int:
    which = mosquitto()
    if which is None:
        print("mosquitto is missing: the embedded broker takes its place, and figures do not compare.")
    async with broker() as address:
        print(f"Beside a bare paho-mqtt responder on one {'mosquitto' if which else 'iotcore'}. {_machine()}")
        return Bench(address, size).run()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke run: does everything, measures next to nothing")
    began = time.monotonic()
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    gc.disable()  # the observer is this process
    is_quick = parser.parse_args().quick
    size = QUICK if is_quick else Size()
    with tempfile.TemporaryDirectory(prefix="relax-bench-") as folder:
        keep_bytecode(Path(folder))
        missing = asyncio.run(_bench(size))
    print(f"\nTook {time.monotonic() - began:.0f} s")
    sys.exit(1 if missing and not is_quick else 0)


if __name__ == "__main__":
    main()
