"""The service dies after its journal took what a turn has done, and before a word of it went out: nothing is lost.

Owing twice is safe, owing nothing is not: whatever the journal has closed by then has been shown.
"""

import os
from pathlib import Path

import pytest

from orchestrator.home.library import load
from orchestrator.journal.reader import Reader
from tests.conftest import Mosquitto, until
from tests.daemon.serving import ENVIRONMENT, Client, Process, client, devices, room_of, write_house

RUNS = int(os.environ.get("RELAX_AIMED_KILLS", "1"))
"""How many of these moments are tried, the most telling first. 20 are all of them; CI tries three."""
CLOSING = "Settled,Ended"
MOMENTS = [
    (CLOSING, 0, "stop"),
    (CLOSING, 1, "abort"),
    ("Begun", 0, "finish"),
    (CLOSING, 0, "finish"),
    (CLOSING, 0, "abort"),
    (CLOSING, 2, "abort"),
    *((CLOSING, number, "stop") for number in (1, 2, 3)),
    *(("Settled", number, "stop") for number in range(3)),
    *(("Ended", 0, way) for way in ("finish", "stop", "abort")),
    *(("Entered", number, "finish") for number in range(4)),
    ("Owed", 0, "finish"),
]
"""A kind of entry, the number of the turn that has one, and how the session comes to its end."""


def left(folder: Path) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """What is owed, and the sessions that have not ended."""
    with Reader(folder / "state" / "journal.db") as journal:
        return (
            journal.read("SELECT device, attribute FROM debts"),
            journal.read("SELECT id FROM sessions WHERE ending IS NULL"),
        )


def has_ended(somebody: Client) -> bool:
    """Whether a session was on, and is over."""
    return bool(somebody.state().get("last"))


@pytest.mark.parametrize(("kind", "number", "way"), MOMENTS[:RUNS])
async def test_killed_between_the_commit_and_the_sending_the_room_is_given_back(
    kind: str, number: int, way: str, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    home = load(write_house(tmp_path, mosquitto.port), ENVIRONMENT)
    process = Process(tmp_path)
    async with devices(home, mosquitto) as simulator, client(mosquitto) as somebody:
        before = room_of(simulator)
        try:
            process.start(CUT_AT=kind, CUT_NUMBER=str(number))
            await until(lambda: somebody.state().get("status") == "idle")
            somebody.tell({"command": "start", "scene": "quiet", "parameters": {"rest": "1s"}})
            if way != "finish":
                await until(lambda: process.has_ended or room_of(simulator)["music"] != before["music"])
                somebody.tell(way)
            await until(lambda: process.has_ended or (left(tmp_path) == ([], []) and has_ended(somebody)))
            assert process.says("cut short before") or number > 0, "how many turns there are is the moment's"
            process.kill()
            somebody.heard.clear()
            process.start()
            await until(lambda: somebody.state().get("status", "starting") != "starting")
            if somebody.state()["status"] != "idle":
                somebody.tell("stop")
            await until(lambda: somebody.state()["status"] == "idle")
            await until(lambda: room_of(simulator) == before)
            await until(lambda: left(tmp_path) == ([], []))
        finally:
            process.kill()
