"""A session driven by nothing but mosquitto_pub and mosquitto_sub."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestrator.home.library import load
from tests.conftest import Mosquitto, until
from tests.daemon.serving import ENVIRONMENT, Listener, Process, devices, publish, room_of, write_house

COMMAND = ("-t", "relax/rooms/den/command", "-m", "next")


@pytest.fixture
def process(tmp_path: Path, mosquitto: Mosquitto) -> Iterator[Process]:
    write_house(tmp_path, mosquitto.port)
    one = Process(tmp_path)
    one.start()
    yield one
    one.kill()


class Person:
    """Somebody at a shell."""

    def __init__(self, folder: Path, port: int) -> None:
        self._port = port
        self._sub = Listener(folder, port, "-v", "-t", "relax/#")

    def heard(self, leaf: str) -> list[Any]:
        topic = f"relax/rooms/den/{leaf} "
        return [json.loads(line.removeprefix(topic)) for line in self._sub.lines() if line.startswith(topic + "{")]

    async def say(self, command: str) -> dict[str, Any]:
        """Publish it, and wait for the reply."""
        before = len(self.heard("reply"))
        publish(self._port, "-t", "relax/rooms/den/command", "-m", command)
        await until(lambda: len(self.heard("reply")) > before)
        reply: dict[str, Any] = self.heard("reply")[-1]
        return reply

    async def sees(self, **facts: object) -> dict[str, Any]:
        """Wait until the room stands like this."""

        def stands() -> bool:
            states = self.heard("session")
            return bool(states) and facts.items() <= states[-1].items()

        await until(stands)
        state: dict[str, Any] = self.heard("session")[-1]
        return state

    def leave(self) -> None:
        self._sub.close()


async def test_start_pause_resume_next_back_extend_stop(tmp_path: Path, mosquitto: Mosquitto, process: Process) -> None:
    async with devices(load(tmp_path / "home.yaml", ENVIRONMENT), mosquitto) as simulator:
        person = Person(tmp_path, mosquitto.port)
        try:
            await person.sees(status="idle")
            before = room_of(simulator)
            start = {"command": "start", "scene": "quiet", "parameters": {"rest": "5min"}, "request_id": "one"}
            began = await person.say(json.dumps(start))
            assert (began["ok"], began["request_id"]) == (True, "one")
            state = await person.sees(status="running", chapter="arrive")
            assert state["id"] == began["session"]
            assert (await person.say(json.dumps(start)))["session"] == began["session"], "answered again, not acted on"
            assert (await person.say("pause"))["ok"]
            await person.sees(status="paused")
            assert (await person.say("resume"))["ok"]
            await person.sees(status="running")
            assert (await person.say("next"))["ok"]
            usual = (await person.sees(chapter="sink"))["remaining"]
            assert (await person.say("extend 2min"))["ok"]
            await until(lambda: person.heard("session")[-1]["remaining"] > usual + 100)
            assert (await person.say("back"))["ok"]
            await person.sees(chapter="arrive")
            refused = await person.say('{"command": "next", "step": "sink"}')
            assert refused["error"]["code"] == "moved_on"
            assert (await person.say("stop"))["ok"]
            last = (await person.sees(status="idle"))["last"]
            assert (last["session"], last["ending"]) == (began["session"], "stopped")
            await until(lambda: room_of(simulator) == before)
        finally:
            person.leave()


async def test_an_answer_goes_where_the_asker_waits(tmp_path: Path, mosquitto: Mosquitto, process: Process) -> None:
    await until(lambda: process.says("relax serves"))
    waiting = Listener(tmp_path, mosquitto.port, "-V", "5", "-t", "relax/reply/me", "-F", "%D %p")
    seen = Listener(tmp_path, mosquitto.port, "-v", "-t", "#")
    try:
        await until(lambda: any("relax/status" in line for line in seen.lines()))
        waits = ("-V", "5", "-D", "publish", "response-topic", "relax/reply/me")
        five = (*waits, "-D", "publish", "correlation-data", "q7")
        publish(mosquitto.port, *five, "-t", "relax/rooms/den/command", "-m", "next")
        await until(waiting.lines)
        correlation, _, reply = waiting.lines()[0].partition(" ")
        assert correlation == "q7"
        assert json.loads(reply)["error"]["code"] == "not_now"
    finally:
        waiting.close()
        seen.close()


async def test_a_client_that_may_only_command_a_room_writes_on_no_topic_but_those_for_replies(
    tmp_path: Path, mosquitto: Mosquitto, process: Process
) -> None:
    await until(lambda: process.says("relax serves"))
    seen = Listener(tmp_path, mosquitto.port, "-v", "-t", "#")
    elsewhere = ["zigbee2mqtt/bridge/request/permit_join", "zigbee2mqtt/ceiling/set", "homeassistant/light/x/config"]
    try:
        await until(lambda: any("relax/status" in line for line in seen.lines()))
        for topic in (*elsewhere, "relax/reply/me"):
            publish(mosquitto.port, "-V", "5", "-D", "publish", "response-topic", topic, *COMMAND)
        await until(lambda: any(line.startswith("relax/reply/me ") for line in seen.lines()))
        heard = [line.partition(" ") for line in seen.lines()]
        assert not [topic for topic, _, _ in heard if topic in elsewhere]
        replies = [json.loads(payload)["error"]["code"] for topic, _, payload in heard if topic.endswith("den/reply")]
        assert replies == ["reply_topic"] * len(elsewhere) + ["not_now"]
        assert process.says("no reply may go to 'zigbee2mqtt/bridge/request/permit_join'")
    finally:
        seen.close()


async def test_the_status_is_online_while_it_serves_and_offline_when_it_was_killed(
    tmp_path: Path, mosquitto: Mosquitto, process: Process
) -> None:
    status = Listener(tmp_path, mosquitto.port, "-t", "relax/status")
    try:
        await until(lambda: status.lines()[-1:] == ["online"])
        process.kill()
        await until(lambda: status.lines()[-1:] == ["offline"])
    finally:
        status.close()
