"""Records evenings that were cut off, of any relax that ever was.

`python -m tests.golden.record_versions NAME CHECKOUT…` plays them and writes `NAME.json` and the journals beside it.
Each checkout is a folder with a relax of a version of the journal, as `git worktree add` makes it. Its service plays as
a process of its own on a real broker, and is killed; the devices, and whoever asks for something, are of today.
`evenings-3` has versions 1 to 4 (as of 7624364, 60645dd, the commit before 1d8acd3, and 9126c41), `evenings-4` has
version 5 (as of 4f9d320). A relax whose journal has a version more adds a recording of its own:
`… record_versions evenings-5 .`.
"""

import asyncio
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from orchestrator.home.library import read
from orchestrator.simulator.serve import SimulatorService
from orchestrator.units import Percent
from tests.conftest import Mosquitto, until
from tests.daemon.serving import BRIEF, SCENE, Client, client, devices
from tests.golden import judge
from tests.golden.product import State, shown_by
from tests.golden.record_evenings import FOLDER, manifest, packed

HOME = """
home: house
format: 1
devices:
  ceiling: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/ceiling, colors: [temperature]}
  strip: {kind: light, dialect: home_assistant, command_topic: strip/command, state_topic: strip/state,
    availability_topic: strip/status, supported_color_modes: [rgb]}
  speaker: {kind: [player, voice], dialect: relax_speaker, topic: speakers/den}
  burner: {kind: switch, dialect: zigbee2mqtt, topic: zigbee2mqtt/burner}
rooms:
  den: {roles: {main: ceiling, glow: strip, music: speaker, voice: speaker, scent: burner}}
music: {calm: "http://example.invalid/calm.mp3"}
"""
GAPS = (20_000, 1_200_000)
"""Milliseconds after which a session goes on, or does not."""


class Room:
    """The devices, whoever asks, and the service of another version that plays."""

    def __init__(self, simulator: SimulatorService, somebody: Client) -> None:
        self.simulator = simulator
        self.somebody = somebody
        self.hands: dict[tuple[str, str], Any] = {}
        self.away: list[str] = []
        self.paused = False

    def shown(self) -> State:
        return shown_by(self.simulator.simulated, self.simulator.now())

    async def is_in(self, chapter: str) -> None:
        await until(lambda: self.somebody.state().get("chapter") == chapter)

    async def fading(self, seconds: float) -> None:
        await self.is_in("sink")
        await asyncio.sleep(seconds)

    async def pausing(self) -> None:
        await self.fading(4)
        await self.somebody.ask("pause")
        self.paused = True

    async def a_hand(self) -> None:
        await self.fading(5)
        self.simulator.turn("ceiling", level=Percent(93.0))
        await until(lambda: self.somebody.state()["overridden"])
        self.hands["ceiling", "looks"] = self.shown()["ceiling"]["looks"]

    async def landing(self) -> None:
        await self.fading(2)
        await self.somebody.ask("stop")
        await asyncio.sleep(0.1)

    async def owing(self) -> None:
        await self.fading(2)
        self.away.append("strip")
        self.simulator._publish(self.simulator.simulated.offline("strip", self.simulator.now()))
        await until(lambda: self.somebody.state()["missing"])
        await self.somebody.ask("stop")
        await until(lambda: self.somebody.state()["status"] == "idle")
        await asyncio.sleep(2)


class Kind(NamedTuple):
    """A moment, whether the gap is short, and what the next life has to do."""

    moment: str
    play: Callable[[Room], Awaitable[None]]
    is_short: bool
    does: str
    ending: str


KINDS = (
    Kind("in a fade", lambda room: room.fading(1), True, "resume", "finished"),
    Kind("in a fade, for long", lambda room: room.fading(1.5), False, "land", "lost"),
    Kind("paused", Room.pausing, True, "resume", "finished"),
    Kind("after a hand on a lamp", Room.a_hand, True, "resume", "finished"),
    Kind("in the landing of stopped", Room.landing, True, "land", "stopped"),
    Kind("over, and something owed", Room.owing, True, "nothing", "stopped"),
)


async def recorded(checkout: Path, kind: Kind, number: int, folder: Path) -> tuple[dict[str, Any], Path]:
    """Its line of the manifest, and its journal."""
    place = folder / f"{number:03d}"
    (place / "scenes").mkdir(parents=True)
    broker = Mosquitto(place)
    broker.start()
    (place / "home.yaml").write_text(f"{HOME}broker: {{host: 127.0.0.1, port: {broker.port}}}\n")
    for name, text in (("quiet", SCENE), ("brief", BRIEF)):
        (place / "scenes" / f"{name}.yaml").write_text(text)
    async with devices(read(HOME, "house.yaml"), broker) as simulator, client(broker) as somebody:
        room = Room(simulator, somebody)
        before = room.shown()
        process = _served(checkout, place)
        await until(lambda: somebody.state().get("status") == "idle")
        chosen = {"rest": "10min"}
        started = await somebody.ask({"command": "start", "scene": "quiet", "parameters": chosen})
        await kind.play(room)
        state = somebody.state()
        process.kill()
        process.wait()
        found = room.shown()
    broker.kill()
    kept, version, beat = _kept(place / "state" / "journal.db", folder / f"{number:03d}.db")
    return _line(number, version, kind, room, before, found, state, started["session"], beat, chosen), kept


def _served(checkout: Path, place: Path) -> "subprocess.Popen[bytes]":
    """The service of another version."""
    settings = {"RELAX_HOME": str(place / "home.yaml"), "RELAX_STATE_DIR": str(place / "state")}
    with (place / "log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "orchestrator", "daemon"],
            cwd=checkout,
            env={**os.environ, **settings, "PYTHONPATH": str(checkout)},
            stdout=log,
            stderr=log,
        )


def _kept(file: Path, to: Path) -> tuple[Path, int, tuple[str, int, int]]:
    """The journal with its log in it; its version, and its last sign of life."""
    with closing(sqlite3.connect(file)) as journal, closing(sqlite3.connect(to)) as copy:
        journal.backup(copy)
        (version,) = copy.execute("PRAGMA user_version").fetchone()
        beat = copy.execute("SELECT boot_id, boot_ms, wall FROM heartbeat").fetchone()
    return to, version, beat


def _line(
    number: int,
    version: int,
    kind: Kind,
    room: Room,
    before: State,
    found: State,
    state: Mapping[str, Any],
    session: str,
    beat: tuple[str, int, int],
    chosen: Mapping[str, str],
) -> dict[str, Any]:
    gap, (boot, boot_ms, wall) = GAPS[0] if kind.is_short else GAPS[1], beat
    expected = {
        "does": kind.does,
        "session": session,
        "scene": "quiet",
        "language": "en",
        "parameters": chosen,
        "rate": 1.0,
        "ending": kind.ending,
        "chapter": state["chapter"],
        "number": state["number"],
        "paused": room.paused,
        "way": "finish" if kind.does == "resume" else "stopped",
    }
    end = {
        device: {name: value for name, value in shown.items() if name != "level"} for device, shown in before.items()
    }
    for (device, attribute), value in room.hands.items():
        end[device][attribute] = value
    return {
        "number": number,
        "moment": f"version {version}: {kind.moment}",
        "done": [],
        "cut": "",
        "gap": {"kind": "short" if kind.is_short else "long", "seconds": gap / 1000},
        "back": {
            "boot": boot,
            "boot_ms": boot_ms + gap,
            "wall": (datetime.fromtimestamp(wall / 1000, UTC) + timedelta(milliseconds=gap)).isoformat(),
        },
        "expected": {"den": expected},
        "owed": bool(room.away),
        "never": [],
        "then": [[15_000, "den resume"]] if room.paused else [[3000, "plug strip"]] if room.away else [],
        "taken": sorted([device, attribute] for device, attribute in room.hands),
        "before": before,
        "at_cut": found,
        "found": found,
        "away": room.away,
        "end": end,
        "known_fault": "",
    }


async def record(checkouts: list[Path], folder: Path) -> tuple[list[dict[str, Any]], list[Path]]:
    lines: list[dict[str, Any]] = []
    files: list[Path] = []
    for checkout in checkouts:
        for kind in KINDS:
            line, file = await recorded(checkout, kind, len(lines), folder)
            copy = folder / "judged.db"
            copy.write_bytes(file.read_bytes())
            wrong = judge.faults(HOME, line, copy)
            print(line["moment"], wrong or "is taken up as it has to be", flush=True)
            lines.append(line)
            files.append(file)
    return lines, files


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        title, *places = sys.argv[1:]
        recordings, journals = asyncio.run(record([Path(each).absolute() for each in places], Path(name)))
        (FOLDER / f"{title}.json").write_text(manifest(recordings, title, HOME), encoding="utf-8")
        (FOLDER / f"{title}.tar.xz").write_bytes(packed(journals))
