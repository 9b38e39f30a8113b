"""What the journal could not be told, the states that the broker keeps of the rooms tell the next life."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from orchestrator.daemon import service
from orchestrator.daemon.clock import local_time, now
from orchestrator.daemon.retained_states import HEARD_WITHIN, RetainedStates
from orchestrator.daemon.scene_repository import read_scenes
from orchestrator.devices.messages import Message
from orchestrator.home.library import load
from orchestrator.integrations.interface import Interface
from orchestrator.journal.journal import Journal
from orchestrator.journal.store import Store
from tests.conftest import Mosquitto, until
from tests.daemon.serving import ENVIRONMENT, Process, client, devices, house, room_of, write_house


async def crashed_after_landing(folder: Path, mosquitto: Mosquitto) -> tuple[Path, str]:
    """A session lands while the journal takes nothing, and then all dies: the journal that is left, and the session."""
    file, left = folder / "state" / "journal.db", folder / "left"
    async with house(folder, mosquitto, journal=file) as life:
        session = (await life.client.ask({"command": "start", "scene": "brief"}))["session"]
        await until(lambda: life.client.state()["status"] == "running")
        with closing(sqlite3.connect(file)) as somebody:
            somebody.execute("BEGIN IMMEDIATE")  # as good as a disk that takes nothing
            await until(lambda: life.client.state()["status"] == "idle")
            await until(lambda: life.client.state()["owed"] == [])
            assert life.client.state()["last"]["session"] == session
            await until(lambda: life.journal.trouble is not None)
            left.mkdir()
            for each in file.parent.glob("journal.db*"):
                shutil.copy(each, left)
            somebody.rollback()
    return left / file.name, session


async def test_a_session_that_landed_is_not_played_again_where_the_journal_took_nothing(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    left, session = await crashed_after_landing(tmp_path, mosquitto)
    async with house(tmp_path, mosquitto, more=None, journal=left) as life:
        assert life.client.state()["status"] == "idle"
        assert (life.client.state()["last"]["session"], life.client.state()["last"]["ending"]) == (session, "finished")
        assert life.client.state()["owed"] == []
        await life.client.caught_up()
        assert not life.client.events("session_resumed")
        assert not life.client.events("landed")
        assert life.journal.unfinished(0) == []
        assert life.journal.open_debts(0) == []
        ((ending,),) = life.journal.read("SELECT ending FROM sessions WHERE id = ?", (session,))
        assert ending == "finished"


async def test_nor_where_the_journal_still_takes_nothing_in_the_next_life(
    tmp_path: Path, mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    left, session = await crashed_after_landing(tmp_path, mosquitto)
    monkeypatch.setattr(Store, "_write", full)
    async with house(tmp_path, mosquitto, more=None, journal=left) as life:
        assert life.journal.trouble is not None
        assert [each.record.id for each in life.journal.unfinished(0)] == [session]
        assert life.client.state()["status"] == "idle"
        assert life.client.state()["owed"] == []
        await life.client.caught_up()
        assert not life.client.events("session_resumed")
        monkeypatch.undo()
        life.journal.flush()
        assert life.journal.unfinished(0) == []
        assert life.journal.open_debts(0) == []


async def test_what_was_asked_before_the_room_was_known_is_done_after(tmp_path: Path, mosquitto: Mosquitto) -> None:
    left, session = await crashed_after_landing(tmp_path, mosquitto)
    async with house(tmp_path, mosquitto, more=None, journal=left) as life:
        reply = await life.client.ask({"command": "start", "scene": "brief"})
        assert reply["ok"]
        await until(lambda: (life.client.state()["last"] or {}).get("session") == reply["session"])
        assert [event["session"] for event in life.client.events("landed")] == [reply["session"]]
        assert reply["session"] != session


async def test_a_state_that_is_none_or_older_than_the_journal_changes_nothing(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    left, session = await crashed_after_landing(tmp_path, mosquitto)
    for number, payload in enumerate(('{"status": "idle", "last": {"session": 7}}', "[]", '{"status": "idle"}')):
        async with client(mosquitto) as somebody:
            somebody.connection.publish([Message("relax/rooms/den/session", payload, retain=True)])
            await until(lambda: bool(somebody.heard))
        folder = tmp_path / f"again-{number}"
        shutil.copytree(left.parent, folder)
        async with house(tmp_path, mosquitto, more=None, journal=folder / left.name) as life:
            await until(lambda: life.client.events("session_resumed"))
            assert life.client.events("session_resumed")[0]["session"] == session
            await life.client.ask("abort")
            await until(lambda: life.client.state()["status"] == "idle")


async def test_a_session_of_which_no_journal_knows_is_said_and_does_no_harm_any_more(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    async with house(tmp_path, mosquitto, journal=tmp_path / "first" / "journal.db") as life:
        session = (await life.client.ask({"command": "start", "scene": "quiet", "parameters": {"rest": "10min"}}))[
            "session"
        ]
        await until(lambda: life.client.state()["status"] == "running")
        await until(lambda: room_of(life.simulator)["burner"] is True and bool(room_of(life.simulator)["music"]))
        kept = life.client.heard_of("relax/rooms/den/session")[-1]
        await life.client.ask("abort")
        await until(lambda: life.client.state()["status"] == "idle")
        # As a crash leaves it: the room as the scene had it, the state stored, the journal gone.
        life.simulator.turn("burner", on=True)
    async with client(mosquitto) as somebody:
        somebody.connection.publish([kept._replace(retain=True)])
        await until(lambda: bool(somebody.heard_of("relax/rooms/den/session")))
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "journal.db").write_bytes(b"this is no journal any more " * 100)
    async with house(tmp_path, mosquitto, more=None, journal=tmp_path / "second" / "journal.db") as life:
        await life.client.caught_up()
        state = life.client.state()
        assert (state["status"], state["last"], state["id"]) == ("idle", None, None)
        assert "quiet was cut off here, and the journal does not know how the room was before" in state["problem"]
        assert "The journal was damaged, and is kept as journal.db.damaged-" in state["problem"]
        await until(lambda: room_of(life.simulator)["burner"] is False)
        assert not life.client.events("landed")
        await life.client.ask({"command": "start", "scene": "brief"})
        await until(lambda: life.client.state()["status"] == "running")
        assert "cut off" not in life.client.state()["problem"]
        assert session not in str(life.journal.read("SELECT id FROM sessions"))


@pytest.mark.parametrize("damage", ["the history", "all of it"])
async def test_a_journal_that_the_crash_damaged_gives_the_room_back_as_far_as_it_can_be_read(
    damage: str, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    home, file = load(write_house(tmp_path, mosquitto.port), ENVIRONMENT), tmp_path / "state" / "journal.db"
    process = Process(tmp_path)
    async with devices(home, mosquitto) as simulator, client(mosquitto) as somebody:
        before = room_of(simulator)
        process.start()
        try:
            await until(lambda: somebody.state().get("status") == "idle")
            await somebody.ask({"command": "start", "scene": "quiet", "parameters": {"rest": "10min"}})
            await until(lambda: room_of(simulator)["burner"] is True and room_of(simulator) != before)
            await until(lambda: somebody.state()["step"] is not None)
            process.kill()
            somebody.heard.clear()
            with closing(sqlite3.connect(file)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                try:
                    pages = connection.execute("SELECT pageno FROM dbstat WHERE name = 'events'").fetchall()
                except sqlite3.OperationalError:
                    pytest.skip("this SQLite has no dbstat")
            content = bytearray(file.read_bytes())
            for (page,) in (
                pages if damage == "the history" else [(number + 1,) for number in range(len(content) // 4096)]
            ):
                content[(page - 1) * 4096 : page * 4096] = b"\xa5" * 4096
            file.write_bytes(content)
            process.start()
            await until(lambda: "The journal was damaged" in str(somebody.state().get("problem")))
            assert len(list(file.parent.glob("journal.db.damaged-*"))) >= 1
            if damage == "the history":
                assert "was taken over" in somebody.state()["problem"]
                await until(lambda: bool(somebody.events("session_resumed")))
                await somebody.ask("stop")
                await until(lambda: room_of(simulator) == before)
            else:
                assert "Nothing of it could be read" in somebody.state()["problem"]
                assert "quiet was cut off here" in somebody.state()["problem"]
                assert (somebody.state()["status"], somebody.state()["last"]) == ("idle", None)
                await until(lambda: room_of(simulator)["burner"] is False and not room_of(simulator)["music"])
            assert process.end() == 0
        finally:
            process.kill()


async def test_a_fault_while_the_past_is_taken_up_keeps_nobody_from_playing(
    tmp_path: Path, mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(*_arguments: object) -> None:
        raise LookupError("nobody thought of this")

    monkeypatch.setattr(service, "recover", stumble)
    async with house(tmp_path, mosquitto) as life:
        reply = await life.client.ask({"command": "start", "scene": "brief"})
        assert reply["ok"]
        await until(lambda: (life.client.state()["last"] or {}).get("ending") == "finished")
    assert caplog.text.count("could not be taken up") == 1


async def test_a_broker_that_lets_nobody_hear_himself_is_waited_for_two_seconds_and_no_longer(
    tmp_path: Path, mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RetainedStates, "take", lambda *_: None)
    home = load(write_house(tmp_path, mosquitto.port), ENVIRONMENT)
    repository, _ = read_scenes([tmp_path / "scenes"])
    journal = Journal(tmp_path / "state" / "journal.db")
    journal.open(local_time(), now())
    async with client(mosquitto) as somebody:
        began = now()
        async with service.Service(home, repository, journal, Interface(["den"])):
            assert HEARD_WITHIN - 200 <= now() - began <= HEARD_WITHIN + 3000
            await until(lambda: bool(somebody.state()))
    journal.close()


async def test_a_session_that_was_cut_off_before_it_began_has_done_nothing_to_the_room(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    """It asked the devices how they are. What plays and what is on there is a person's."""
    starting = Message(
        "relax/rooms/den/session", '{"status": "starting", "id": "den-1", "scene": "quiet"}', retain=True
    )
    async with client(mosquitto) as somebody:
        somebody.connection.publish([starting])
        await until(lambda: bool(somebody.heard_of("relax/rooms/den/session")))
    async with house(tmp_path, mosquitto, journal=tmp_path / "journal.db") as life:
        before = room_of(life.simulator)
        await life.client.caught_up()
        assert (life.client.state()["status"], life.client.state()["problem"]) == ("idle", None)
        assert life.journal.open_debts(0) == []
        assert room_of(life.simulator) == before
