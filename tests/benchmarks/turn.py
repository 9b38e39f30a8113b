"""One turn: a responder in a process of its own plays a piece, and the observer says how it was."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from board import wipe
from observer import Arrival, Observer, Trigger
from piece import EVERY_MS, STEP_MS, Piece, Stroke, words_or_payload

from orchestrator.mqtt.address import Address

HERE = Path(__file__).parents[2]
"""The tree that we stand in."""
RESPONDERS = Path(__file__).parent / "responders"
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
    "PYTHONPATH": str(HERE),
}
"""Processes find their bytecode, as those of an installed program do; `keep_bytecode` says where."""
QUIET = 0.4
QUIET_A_ROOM = 0.0005
"""Seconds from ready to the first trigger: what was retained has arrived by then."""
AFTER = 0.1
LATEST = 15.0
"""Seconds to listen after the last message was due; and until when what is missing then may still come, so long that
only what is lost does not."""


class Turn(NamedTuple):
    """What was measured. Moments and lengths are in milliseconds, but for `ready` and `cpu` (seconds); `peak` in MiB.

    `first`: from trigger to first light, one a room. `replies`: from trigger to reply, one a room; the engine gives
    none. `late`: arrival minus due, one a message that came. `gaps`: from one message of a lamp to its next. `rate`:
    messages a second. `cpu`: of the whole process, while it plays.
    """

    first: list[float]
    replies: list[float]
    late: list[float]
    gaps: list[float]
    missing: int
    due: int
    rate: float
    ready: float
    cpu: float
    peak: float


def keep_bytecode(folder: Path) -> None:
    """Keep bytecode in a folder of our own. Whoever starts first compiles."""
    ENVIRONMENT["PYTHONPYCACHEPREFIX"] = str(folder)


def take_turn(responder: str, piece: Piece, triggers: Sequence[Trigger], address: Address, tree: Path = HERE) -> Turn:
    """Start `daemon`, `engine` or `bare`, send it the triggers, listen until all is over, and stop it.

    `tree` is the checkout whose relax plays.
    """
    wipe(address)
    with tempfile.TemporaryDirectory(prefix="relax-bench-") as folder, Observer(address) as observer:
        piece.write(Path(folder), address)
        observer.publish(piece.states, retain=True)
        command = [sys.executable, str(RESPONDERS / f"{responder}.py"), address.host, str(address.port), folder]
        environment = ENVIRONMENT | {"PYTHONPATH": str(tree)}
        began = time.monotonic()
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as process:
            try:
                ready = observer.ready(120.0) - began
                observer.play([], QUIET + piece.rooms * QUIET_A_ROOM)
                process.send_signal(signal.SIGUSR1)
                sent = observer.play(triggers, triggers[-1].at + piece.lasts + AFTER)
                a_room = len(piece.score) + (responder != "engine")
                arrivals = observer.collect(len(sent) * a_room, LATEST)
                process.send_signal(signal.SIGTERM)
                account = json.loads(process.communicate(timeout=120)[0])
            finally:
                process.kill()
    return _judged(piece, sent, arrivals, ready=ready, cpu=account["cpu"], peak=account["peak"])


def _judged(
    piece: Piece, sent: dict[int, float], arrivals: list[Arrival], *, ready: float, cpu: float, peak: float
) -> Turn:
    strokes: dict[int, list[Stroke]] = defaultdict(list)
    for stroke in piece.score:
        strokes[stroke.lamp].append(stroke)
    came: dict[tuple[int, int], list[Arrival]] = defaultdict(list)
    for arrival in arrivals:
        if arrival.topic.startswith("bench/"):
            _, _, its_room, its_lamp, _ = arrival.topic.split("/")
            came[int(its_room), int(its_lamp)].append(arrival)
    replied: dict[int, float] = {}
    for arrival in arrivals:
        if arrival.topic.endswith("/reply") and json.loads(arrival.payload)["ok"]:
            replied[int(arrival.topic.split("/")[2].removeprefix("room-"))] = arrival.at
    replies = [(replied[room] - trigger) * 1000 for room, trigger in sent.items() if room in replied]
    first, late, gaps, missing = [], [], [], 0
    for room, trigger in sent.items():
        everything = [arrival.at for lamp in strokes for arrival in came[room, lamp]]
        if everything:
            first.append((min(everything) - trigger) * 1000)
        for lamp, wanted in strokes.items():
            moments = _steps(wanted, came[room, lamp]) if piece.cast.is_stepped else _cues(wanted, came[room, lamp])
            missing += len(wanted) - len(moments)
            late += [(moment - trigger) * 1000 - at for at, moment in moments]
            gaps += [(after[1] - before[1]) * 1000 for before, after in pairwise(moments)]
    seconds = piece.lasts + (STEP_MS if piece.cast.is_stepped else EVERY_MS) / 1000
    due = len(sent) * len(piece.score)
    return Turn(first, replies, late, gaps, missing, due, len(late) / seconds, ready, cpu, peak)


def _cues(wanted: list[Stroke], came: list[Arrival]) -> list[tuple[int, float]]:
    """When each cue is due and came. Each sets a level of its own, so the payload says which it is."""
    moments = {words_or_payload(arrival.payload): arrival.at for arrival in reversed(came)}
    due = [(stroke.at, words_or_payload(stroke.payload)) for stroke in wanted]
    return [(at, moments[what]) for at, what in due if what in moments]


def _steps(wanted: list[Stroke], came: list[Arrival]) -> list[tuple[int, float]]:
    """When each step is due and came, in order: a step that is late shows what holds then, so levels may differ.

    The last has to be what the fade leads to.
    """
    if not came or came[-1].payload != wanted[-1].payload:
        return []
    return [(stroke.at, arrival.at) for stroke, arrival in zip(wanted, came, strict=False)]
