"""What a recorder hears on a real mosquitto is what the simulation printed, in order, and on time as the machine is."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestrator.conductor.rehearsal import Rehearsal, Sent
from orchestrator.devices.messages import Message
from tests.conftest import Mosquitto, until
from tests.system.house import DEMO, house, said, start_of

SECONDS = int(os.environ.get("RELAX_TEST_SECONDS", "15"))
"""How much of the session is compared, in real time. CI takes two minutes."""
LAST_PLACE = 0.0101
"""Of a volume; of chromaticity and of a rounded length it is more than enough."""
A_TENTH = 0.101
"""Of a second: the last place of a transition."""
LATEST = 50
"""Milliseconds that a message may be from its time where the machine has time for everybody …"""
BESIDE = 5
"""… and how often, beside that, what a bare responder is late in the same round …"""
LATEST_OF_ALL = 150
"""… but no later than this, apart from what the kernel keeps us waiting for a processor while a message is due."""
ROUNDS = 6
"""At most: a machine that stumbles does not do so each time at the same message; we would. Mostly one is enough."""
BARE = Path(__file__).with_name("bare.py")


def is_the_same(one: object, other: object) -> bool:
    """Equal but for the last place: a value worked out a millisecond later may be rounded the other way."""
    if isinstance(one, dict) and isinstance(other, dict):
        lengths = abs(one.get("transition", 0) - other.get("transition", 0)) <= A_TENTH
        rest = (key for key in one if key != "transition")
        return one.keys() == other.keys() and lengths and all(is_the_same(one[key], other[key]) for key in rest)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(is_the_same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int) and isinstance(other, int):
        return abs(one - other) <= 1
    if isinstance(one, float | int) and isinstance(other, float | int):
        return abs(one - other) <= LAST_PLACE
    return one == other


@pytest.mark.timeout(600 + 2 * ROUNDS * SECONDS)
async def test_the_recorder_hears_what_the_rehearsal_printed(mosquitto: Mosquitto) -> None:
    printed = []
    for item in Rehearsal(DEMO, start_of()).play():
        if isinstance(item, Sent):
            if item.at >= SECONDS * 1000:
                break
            printed.append(item)
    open_still = dict(enumerate(printed))
    for _ in range(ROUNDS):
        heard, waits, bare = await heard_beside_a_bare_responder(mosquitto, [item.at for item in printed])
        limit = min(LATEST + BESIDE * bare, LATEST_OF_ALL)
        first = heard[0][0]
        for number, item in list(open_still.items()):
            at, message = heard[number]
            late = abs(at - first - item.at) - waits[number]
            if late <= limit and is_the_same(said(message), said(item.message)):
                del open_still[number]
        if not open_still:
            return
    assert not open_still, [(item, heard[number], waits[number], bare) for number, item in open_still.items()]


async def heard_beside_a_bare_responder(
    mosquitto: Mosquitto, moments: list[int]
) -> tuple[list[tuple[int, Message]], list[float], float]:
    """As many messages as the rehearsal has, with their moments; how long this process waited for a processor since the
    moment before, for each; and how late the bare responder was at most."""
    command = [sys.executable, str(BARE), str(mosquitto.port), json.dumps(moments)]
    waited: list[float] = []
    async with house(mosquitto.address, on_heard=lambda: waited.append(kept_waiting())) as place:
        bare = await asyncio.create_subprocess_exec(*command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert bare.stdout is not None
        assert await bare.stdout.readline() == b"ready\n"
        before = kept_waiting()
        place.daemon.start(start_of())
        noted, _ = await bare.communicate(b"go\n")
        await until(lambda: len(place.heard) >= len(moments))
    heard = place.heard[: len(moments)]
    assert not [message for _, message in heard if message.topic.endswith("/get")]
    since = {due: min(waited[number - 1 : number] or [before]) for number, due in reversed(list(enumerate(moments)))}
    waits = [now - since[due] for now, due in zip(waited, moments, strict=False)]
    return heard, waits, max(json.loads(noted))


def kept_waiting() -> float:
    """Milliseconds that this thread could have run and had no processor, since its start; 0 where nobody tells."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1_000_000
    except OSError:
        return 0.0
