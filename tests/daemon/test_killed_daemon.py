"""The daemon dies at any moment, or is ended: after the next start the session goes on, or the room is as before."""

import asyncio
import os
import random
import signal
import socket
from pathlib import Path

import pytest

from orchestrator.daemon.clock import now
from orchestrator.home.library import load
from orchestrator.journal.reader import Reader
from tests.conftest import LIMIT, Mosquitto, until
from tests.daemon.serving import ENVIRONMENT, Client, Process, client, devices, room_of, write_house

KILLS = int(os.environ.get("RELAX_KILLS", "2"))
"""CI kills twenty times."""


def unfinished(folder: Path) -> list[str]:
    with Reader(folder / "state" / "journal.db") as journal:
        assert journal.read("PRAGMA integrity_check") == [("ok",)]
        return [name for (name,) in journal.read("SELECT id FROM sessions WHERE ending IS NULL")]


def standing(folder: Path, session: str) -> str:
    """The step at which a session stands in the journal."""
    with Reader(folder / "state" / "journal.db") as journal:
        return "".join(
            chapter for (chapter,) in journal.read("SELECT chapter FROM positions WHERE session = ?", (session,))
        )


async def killed(process: Process, somebody: Client) -> None:
    """Kill it. What it had still published is heard by then: the last will comes after all of it."""
    offline = len(somebody.wills())
    process.kill()
    await until(lambda: len(somebody.wills()) > offline)
    somebody.heard.clear()


def debts(folder: Path) -> list[tuple[object, ...]]:
    with Reader(folder / "state" / "journal.db") as journal:
        return journal.read("SELECT device, attribute FROM debts")


@pytest.mark.timeout(600 + 60 * KILLS)
async def test_killed_at_any_moment_the_session_goes_on_or_the_room_is_as_before(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    home = load(write_house(tmp_path, mosquitto.port), ENVIRONMENT)
    process, chance, went_on = Process(tmp_path), random.Random(4711), 0
    async with devices(home, mosquitto) as simulator, client(mosquitto) as somebody:
        before = room_of(simulator)
        process.start()
        try:
            await until(lambda: somebody.state().get("status") == "idle")
            for _ in range(KILLS):
                session = (await somebody.ask({"command": "start", "scene": "quiet"}))["session"]
                await asyncio.sleep(chance.uniform(0.0, 9.0))
                await killed(process, somebody)
                chapter = standing(tmp_path, session)
                process.start()
                await until(lambda: somebody.state().get("status", "starting") != "starting")
                resumed = [event for event in somebody.events("session_resumed") if event["session"] == session]
                if resumed:
                    went_on += 1
                    await until(lambda: somebody.events("step_started"))
                    step = somebody.events("step_started")[0]["details"]["chapter"]
                    assert step == chapter
                    assert unfinished(tmp_path) == [session]
                    await somebody.ask("stop")
                await until(lambda: somebody.state()["status"] == "idle")
                await until(lambda: room_of(simulator) == before)
                await until(lambda: not debts(tmp_path) and not unfinished(tmp_path))
        finally:
            process.kill()
    assert went_on


async def test_an_upgrade_goes_on_with_the_session(tmp_path: Path, mosquitto: Mosquitto) -> None:
    home = load(write_house(tmp_path, mosquitto.port), ENVIRONMENT)
    process = Process(tmp_path)
    async with devices(home, mosquitto) as simulator, client(mosquitto) as somebody:
        before = room_of(simulator)
        process.start()
        try:
            await until(lambda: somebody.state().get("status") == "idle")
            await somebody.ask({"command": "start", "scene": "quiet", "parameters": {"rest": "10min"}})
            await until(lambda: somebody.state()["status"] == "running")
            await somebody.ask("next")
            await somebody.ask("pause")
            assert process.end(signal.SIGTERM) == 0
            assert process.says("Left as they are: den. They go on if relax starts again within 120 s")
            process.start()
            await until(lambda: somebody.events("session_resumed"))
            await until(lambda: (somebody.state()["chapter"], somebody.state()["status"]) == ("sink", "paused"))
            process.tell(signal.SIGINT)
            await until(lambda: room_of(simulator) == before)
            await until(lambda: not unfinished(tmp_path))
            await until(lambda: process.has_ended)
            last = somebody.state()["last"]
            somebody.heard.clear()
            process.start()
            await until(somebody.state)
            assert (somebody.state()["last"]["session"], last["ending"]) == (last["session"], "stopped")
        finally:
            process.kill()


async def test_after_too_long_the_room_is_given_back(tmp_path: Path, mosquitto: Mosquitto) -> None:
    path = write_house(tmp_path, mosquitto.port)
    path.write_text(path.read_text() + "resume_within: 1s\n")
    home, process = load(path, ENVIRONMENT), Process(tmp_path)
    async with devices(home, mosquitto) as simulator, client(mosquitto) as somebody:
        before = room_of(simulator)
        process.start()
        try:
            await until(lambda: somebody.state().get("status") == "idle")
            await somebody.ask({"command": "start", "scene": "quiet", "parameters": {"rest": "10min"}})
            await until(lambda: somebody.state()["status"] == "running" and room_of(simulator) != before)
            assert process.end(signal.SIGTERM) == 0
            assert room_of(simulator) != before
            ended = now()
            await until(lambda: now() > ended + 1200)
            somebody.heard.clear()
            process.start()
            await until(lambda: somebody.state().get("status") == "idle")
            await until(lambda: room_of(simulator) == before)
            assert not somebody.events("announced")
            assert (somebody.state()["last"] or {})["ending"] == "lost"
        finally:
            process.kill()


async def test_systemd_hears_from_the_service_all_its_life(tmp_path: Path, mosquitto: Mosquitto) -> None:
    path = write_house(tmp_path, mosquitto.port)
    process, intent_handler = Process(tmp_path), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    with intent_handler:
        intent_handler.bind(str(tmp_path / "notify"))
        intent_handler.settimeout(LIMIT)
        process.start(NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="600000")
        try:
            assert intent_handler.recv(200) == b"READY=1\nSTATUS=serves house"
            assert [intent_handler.recv(200) for _ in range(3)] == [b"WATCHDOG=1"] * 3
            path.write_text(path.read_text() + "# changed\n")
            process.tell(signal.SIGHUP)
            said = b""
            while not said.startswith(b"RELOADING=1\nMONOTONIC_USEC="):
                said = intent_handler.recv(200)
            while not said.startswith(b"READY=1"):
                said = intent_handler.recv(200)
            assert process.end() == 0
            while said != b"STOPPING=1":
                said = intent_handler.recv(200)
        finally:
            process.kill()
