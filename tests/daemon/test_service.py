"""The service around the conductor: answers, files that change, a disk that is full, a machine that slept."""

import json
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from orchestrator.daemon.clock import boot_clock, local_time
from orchestrator.devices.messages import Message
from orchestrator.home.library import load
from orchestrator.units import HOUR, MINUTE, Percent
from tests.conftest import Mosquitto, until
from tests.daemon.serving import (
    ENVIRONMENT,
    SCENE,
    SECRET,
    House,
    Process,
    client,
    devices,
    facts,
    house,
    room_of,
    write_house,
)

LONG = {"command": "start", "scene": "quiet", "parameters": {"rest": "10min"}}


async def begin(place: House) -> str:
    session: str = (await place.client.ask(LONG))["session"]
    await until(lambda: place.client.state()["status"] == "running")
    return session


# Answers


REFUSALS: list[tuple[dict[str, object], str, str]] = [
    ({"command": "start", "scene": "quite"}, "den", "unknown_scene"),
    ({"command": "start", "scene": "quiet"}, "attic", "unknown_room"),
    ({"command": "start", "scene": "quiet", "parameters": {"rest": "1h"}}, "den", "bad_parameter"),
    ({"command": "start", "scene": "quiet", "parameters": {"soak": "1min"}}, "den", "bad_parameter"),
    ({"command": "goto", "step": "nowhere"}, "den", "unknown_step"),
    ({"command": "give_back", "device": "toaster"}, "den", "unknown_device"),
    ({"command": "give_back", "device": "ceiling"}, "den", "not_now"),
    ({"command": "start", "scene": "quiet"}, "den", "room_busy"),
    ({"command": "fly"}, "den", "malformed"),
    ({"command": "next", "step": "stay"}, "den", "moved_on"),
]


async def test_what_cannot_be_done_is_answered_with_a_code_and_a_sentence(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with house(tmp_path, mosquitto) as place:
        await begin(place)
        await place.client.ask("pause")
        await until(lambda: place.client.state()["status"] == "paused")
        stood = facts(place.client.state())
        for command, room, code in REFUSALS:
            reply = await place.client.ask(command, room)
            assert reply["ok"] is False
            assert reply["error"]["code"] == code, reply
            assert reply["error"]["message"].endswith((".", "?", ")")), reply
        await place.client.caught_up()
        assert facts(place.client.state()) == stood
        await place.client.ask("abort")
        await until(lambda: place.client.state()["status"] == "idle")


async def test_a_retained_command_is_refused(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with client(mosquitto) as somebody:
        start = json.dumps({"command": "start", "scene": "quiet"})
        somebody.connection.publish([Message("relax/rooms/den/command", start, retain=True)])
        await until(lambda: any(message.topic.endswith("/command") for message in somebody.heard))
        async with house(tmp_path, mosquitto) as place:
            await until(place.client.replies)
            assert place.client.replies()[0]["error"]["code"] == "retained"
            assert place.service.playing() == []


async def test_a_bare_word_and_a_start_that_takes_over_work(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with house(tmp_path, mosquitto) as place:
        before = room_of(place.simulator)
        first = await begin(place)
        second = await place.client.ask({"command": "start", "scene": "quiet", "mode": "restart"})
        assert second["session"] != first
        await until(lambda: place.client.state()["id"] == second["session"])
        third = await place.client.ask({"command": "start", "scene": "quiet", "mode": "queued"})
        assert third["queued"] is True
        place.client.connection.publish([Message("relax/rooms/den/command", "stop")])
        await until(lambda: place.client.state()["id"] == third["session"])
        await place.client.ask("stop")
        await until(lambda: room_of(place.simulator) == before)
        rows = place.journal.read("SELECT id, ending FROM sessions ORDER BY started_at")
        assert [name for name, _ in rows] == [first, second["session"], third["session"]]
        assert all(ending == "stopped" for _, ending in rows[1:])


async def test_a_device_taken_by_hand_is_handed_back_and_the_journal_knows(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    async with house(tmp_path, mosquitto) as place:
        await begin(place)
        await until(lambda: place.client.state()["chapter"] == "sink")
        place.simulator.turn("strip", level=Percent(90.0))
        await until(lambda: place.client.state()["overridden"])
        assert place.journal.read("SELECT device FROM overrides")
        assert (await place.client.ask({"command": "give_back", "device": "strip"}))["ok"]
        await until(lambda: not place.client.state()["overridden"])
        assert not place.journal.read("SELECT device FROM overrides")
        await place.client.ask("abort")
        await until(lambda: place.client.state()["status"] == "idle")


async def test_a_next_right_after_the_start_waits_until_it_is_known_how_the_room_was(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    async with house(tmp_path, mosquitto) as place:
        before = room_of(place.simulator)
        start, following = json.dumps(LONG), json.dumps({"command": "next"})
        place.client.connection.publish([Message("relax/rooms/den/command", payload) for payload in (start, following)])
        await until(lambda: place.client.state().get("chapter") == "sink")
        assert [reply["ok"] for reply in place.client.replies()] == [True, True]
        assert place.client.events("snapshot_unknown") == []
        await place.client.ask("stop")
        await until(lambda: room_of(place.simulator) == before)


# Outages


async def test_a_broker_that_dies_again_and_again_changes_nothing_for_the_session(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    async with house(tmp_path, mosquitto) as place:
        before = room_of(place.simulator)
        session = await begin(place)
        await until(lambda: place.client.state()["chapter"] == "sink")
        place.simulator.turn("strip", level=Percent(90.0))
        await until(lambda: place.client.state()["overridden"])
        for _ in range(3):
            mosquitto.restart()
            place.client.heard.clear()
            await until(lambda: place.service.daemon.is_connected and place.client.state())
            assert place.client.state()["id"] == session
        await place.client.ask("stop")
        await until(lambda: place.client.state()["status"] == "idle")
        await until(lambda: room_of(place.simulator) == {**before, "strip": 90})


async def test_a_broker_that_is_not_there_yet_is_waited_for(tmp_path: Path, mosquitto: Mosquitto) -> None:
    write_house(tmp_path, mosquitto.port)
    mosquitto.kill()
    process = Process(tmp_path)
    process.start(FIRST_CONNECT="0.5")
    try:
        await until(lambda: process.says("It is tried again until it answers."))
        mosquitto.start()
        async with client(mosquitto) as somebody:
            await until(lambda: somebody.state().get("status") == "idle")
        assert process.end() == 0
    finally:
        process.kill()


# Disks and clocks


async def test_a_journal_that_cannot_be_written_is_said_and_the_session_runs(
    tmp_path: Path, mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = tmp_path / "file"
    nowhere.write_text("no folder")
    async with house(tmp_path, mosquitto, journal=nowhere / "journal.db") as place:
        before = room_of(place.simulator)
        await begin(place)
        place.service.look()
        place.service.look()
        said = [record.getMessage() for record in caplog.records if "cannot be written" in record.getMessage()]
        assert len(said) == 1
        assert "Sessions go on" in said[0]
        await place.client.ask("stop")
        await until(lambda: room_of(place.simulator) == before)


async def test_a_nap_of_the_machine_is_slept_through_and_a_night_lands_the_room(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    slept = 0

    def boot() -> int:
        return boot_clock() + slept

    async with house(tmp_path, mosquitto, boot=boot) as place:
        before = room_of(place.simulator)
        await begin(place)
        slept += MINUTE
        place.service.look()
        assert place.service.playing() == ["den"]
        assert place.client.state()["status"] == "running"
        slept += 8 * HOUR
        place.service.look()
        await until(lambda: place.client.state()["status"] == "idle")
        assert place.client.state()["last"]["ending"] == "lost"
        await until(lambda: room_of(place.simulator) == before)


async def test_a_clock_that_is_set_back_moves_no_session_and_what_was_told_is_told_again(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    behind = [timedelta()]
    async with house(tmp_path, mosquitto, wall=lambda: local_time() - behind[0]) as place:
        await begin(place)
        chapter, at = place.client.state()["chapter"], place.client.state()["position_at"]
        behind[0] = timedelta(hours=1)
        place.service.look()
        await until(lambda: place.client.state()["position_at"] < at)
        assert place.client.state()["chapter"] == chapter
        place.service.look()
        await place.client.ask("abort")
        await until(lambda: place.client.state()["status"] == "idle")


# Files and signals


async def test_new_scenes_are_taken_up_and_wrong_ones_refused_without_touching_a_session(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    path = write_house(tmp_path, mosquitto.port)
    process = Process(tmp_path)
    async with devices(load(path, ENVIRONMENT), mosquitto), client(mosquitto) as somebody:
        process.start()
        try:
            await until(lambda: somebody.state().get("status") == "idle")
            session = (await somebody.ask(LONG))["session"]
            await until(lambda: somebody.state()["status"] == "running")
            scene = tmp_path / "scenes" / "quiet.yaml"
            scene.write_text(SCENE.replace("step: rise", "stepp: rise"))
            (tmp_path / "scenes" / "second.yaml").write_text(SCENE.replace("scene: quiet", "scene: second"))
            process.tell(signal.SIGHUP)
            await until(lambda: process.says("A scene file is refused"))
            assert process.says("quiet.yaml:")
            await until(lambda: '"scene":"second"' in _catalogue(somebody.heard))
            assert '"scene":"quiet"' in _catalogue(somebody.heard), "the old one stays"
            path.write_text("home: house\nformat: 1\nroomz: {}\n")
            process.tell(signal.SIGHUP)
            await until(lambda: process.says("The new home file is refused, the old one stays in use"))
            assert somebody.state()["id"] == session
            write_house(tmp_path, mosquitto.port)
            path.write_text(path.read_text().replace("  den: {roles", "  loft: {roles"))
            process.tell(signal.SIGHUP)
            await until(lambda: process.says("it is used as soon as nothing is on"))
            assert somebody.state()["id"] == session
            await somebody.ask("stop")
            await until(lambda: somebody.state("loft").get("status") == "idle")
            assert (await somebody.ask("next", "den"))["error"]["code"] == "unknown_room"
            gone = [message.payload for message in somebody.heard if message.topic == "relax/rooms/den/session"]
            assert gone[-1] == "", "what was stored of a room that is gone is cleared"
        finally:
            process.kill()


def _catalogue(heard: list[Message]) -> str:
    return [message.payload for message in heard if message.topic == "relax/scenes"][-1]


async def test_a_new_home_that_its_broker_does_not_let_in_is_refused(tmp_path: Path, mosquitto: Mosquitto) -> None:
    path = write_house(tmp_path, mosquitto.port)
    (tmp_path / "strict").mkdir()
    strict = Mosquitto(tmp_path / "strict", "allow_anonymous false")
    strict.start()
    process = Process(tmp_path)
    try:
        async with client(mosquitto) as somebody:
            process.start()
            await until(lambda: somebody.state().get("status") == "idle")
            path.write_text(path.read_text().replace(str(mosquitto.port), str(strict.port)))
            process.tell(signal.SIGHUP)
            await until(lambda: process.says("The new home file is refused, the old one stays in use"))
            await until(lambda: process.log.read_text().count("relax serves house") == 2)
            assert (await somebody.ask("next"))["error"]["code"] == "not_now"
            assert process.end() == 0
    finally:
        process.kill()
        strict.kill()


def contents(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in folder.iterdir()]


async def test_the_password_is_in_no_log_and_no_journal(tmp_path: Path, mosquitto: Mosquitto) -> None:
    path = write_house(tmp_path, mosquitto.port)
    process = Process(tmp_path, log_format="json")
    async with devices(load(path, ENVIRONMENT), mosquitto), client(mosquitto) as somebody:
        process.start()
        try:
            await until(lambda: somebody.state().get("status") == "idle")
            await somebody.ask({"command": "start", "scene": "quiet"})
            await until(lambda: somebody.state()["status"] == "running")
            mosquitto.restart()
            path.write_text(path.read_text().replace("format: 1", "format: 2"))
            process.tell(signal.SIGHUP)
            await until(lambda: process.says("refused"))
            assert process.end() == 0
        finally:
            process.kill()
        written = contents(tmp_path / "state")
        assert any(b"SQLite" in content for content in written)
        assert not [content for content in (*written, process.log.read_bytes()) if SECRET.encode() in content]
        assert all(SECRET not in message.payload for message in somebody.heard)
        lines = [json.loads(line) for line in process.log.read_text().splitlines()]
        [started] = [line for line in lines if line["message"].startswith("session_started")]
        assert started["room"] == "den"
        assert started["session"].startswith("den-")
