"""The power goes while a session is on: what the disk had by then decides what can be given back, and it is said."""

import os
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest

from orchestrator.devices.messages import Message
from orchestrator.home.library import load
from orchestrator.journal.journal import Journal
from orchestrator.mqtt.connection import Connection
from tests.conftest import LIMIT, Mosquitto, until
from tests.daemon.serving import ENVIRONMENT, Process, client, devices, house, room_of, write_house

FRAME = 4096 + 24


async def test_what_is_owed_is_on_its_way_to_the_disk_before_its_message_goes(
    tmp_path: Path, mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, publish, sync = threading.Event(), Connection.publish, Journal.sync
    on_its_way: list[bool] = []

    def syncing(journal: Journal) -> None:
        began.set()
        sync(journal)

    def publishing(connection: Connection, messages: Iterable[Message]) -> int:
        going = list(messages)
        if any(message.topic == "zigbee2mqtt/ceiling/set" for message in going) and not on_its_way:
            on_its_way.append(began.wait(LIMIT))
        return publish(connection, going)

    monkeypatch.setattr(Journal, "sync", syncing)
    async with house(tmp_path, mosquitto) as life:
        await life.client.caught_up()
        monkeypatch.setattr(Connection, "publish", publishing)
        began.clear()
        await life.client.ask({"command": "start", "scene": "brief"})
        await until(lambda: on_its_way)
    assert on_its_way == [True]


@pytest.mark.parametrize("lost", ["all of the session", "its last commits"])
async def test_after_a_power_cut_the_room_is_given_back_as_far_as_the_disk_tells(
    lost: str, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    home, log = load(write_house(tmp_path, mosquitto.port), ENVIRONMENT), tmp_path / "state" / "journal.db-wal"
    process = Process(tmp_path)
    async with devices(home, mosquitto) as simulator, client(mosquitto) as somebody:
        before = room_of(simulator)
        process.start()
        try:
            await until(lambda: somebody.state().get("status") == "idle")
            await somebody.caught_up()
            kept = log.stat().st_size
            await somebody.ask({"command": "start", "scene": "quiet", "parameters": {"rest": "10min"}})
            await until(lambda: room_of(simulator)["burner"] is True and room_of(simulator) != before)
            if lost == "its last commits":
                kept = log.stat().st_size
            await until(lambda: somebody.state()["chapter"] == "sink")
            process.kill()
            assert log.stat().st_size > kept + FRAME
            with log.open("r+b") as torn:
                torn.truncate(kept + FRAME)
                torn.seek(kept + 24)
                torn.write(os.urandom(512))
            somebody.heard.clear()
            process.start()
            await until(lambda: somebody.state().get("status", "starting") != "starting")
            if lost == "its last commits":
                assert (somebody.state()["status"], somebody.state()["chapter"]) == ("running", "arrive")
                await somebody.ask("stop")
                await until(lambda: room_of(simulator) == before)
            else:
                assert somebody.state()["status"] == "idle"
                assert "quiet was cut off here, and the journal does not know" in somebody.state()["problem"]
                await until(lambda: (room_of(simulator)["burner"], room_of(simulator)["music"]) == (False, ""))
            assert process.end() == 0
        finally:
            process.kill()
