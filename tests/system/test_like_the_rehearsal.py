"""What a recorder hears on a real mosquitto is what the simulation printed, in order and on time."""

import asyncio
import os

import pytest

from orchestrator.conductor.rehearsal import Rehearsal, Sent
from orchestrator.daemon.clock import now
from tests.conftest import Mosquitto
from tests.system.house import DEMO, house, said, start_of

SECONDS = int(os.environ.get("RELAX_TEST_SECONDS", "25"))
"""How much of the session is compared, in real time. CI takes two minutes."""
LAST_PLACE = 0.0101
"""Of a volume; of chromaticity and of a rounded length it is more than enough."""
A_TENTH = 0.101
"""Of a second: the last place of a transition."""
LATEST = 50
"""Milliseconds that a message may be from its time."""


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


@pytest.mark.timeout(SECONDS + 120)
async def test_the_recorder_hears_what_the_rehearsal_printed(mosquitto: Mosquitto) -> None:
    printed = []
    for item in Rehearsal(DEMO, start_of()).play():
        if isinstance(item, Sent):
            if item.at >= SECONDS * 1000:
                break
            printed.append(item)
    async with house(mosquitto.address) as place:
        began = now()
        place.daemon.start(start_of())
        async with asyncio.timeout(SECONDS + 30):
            while now() < began + SECONDS * 1000 + 500:  # noqa: ASYNC110 real time is what is measured
                await asyncio.sleep(0.1)
        heard = [(at, message) for at, message in place.heard if at < began + SECONDS * 1000 + 500]
        first = heard[0][0]
        queries = [entry for entry in heard if entry[1].topic.endswith("/get")]
        assert not queries
        heard = heard[: len(printed)]
        assert len(heard) == len(printed)
        for (_, message), item in zip(heard, printed, strict=True):
            assert is_the_same(said(message), said(item.message)), (message, item.message)
        late = [abs((at - first) - item.at) for (at, _), item in zip(heard, printed, strict=True)]
        assert max(late) <= LATEST
