"""Somebody says thousands of things a second: people are heard, and what floods is named."""

import asyncio
import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.daemon.message_rank import message_rank
from orchestrator.devices.messages import Message
from orchestrator.home.library import Home, read
from orchestrator.mqtt.connection import Connection
from orchestrator.mqtt.inbox import Rank
from tests.conftest import LIMIT, Mosquitto, until
from tests.daemon.serving import ENVIRONMENT, HOME, house

LAMP = "zigbee2mqtt/ceiling"


def _packet(topic: str, payload: str) -> bytes:
    body = len(topic).to_bytes(2, "big") + topic.encode() + b"\x00" + payload.encode()
    return bytes((0x30, len(body) % 128 | 128, len(body) // 128)) + body


def pour(port: int, topic: str, payloads: Iterator[str]) -> None:
    """All of it, as fast as the broker takes it."""
    with socket.create_connection(("127.0.0.1", port), timeout=LIMIT) as flood:
        flood.sendall(b"\x10\x12\x00\x04MQTT\x05\x02\x00\x00\x00\x00\x05flood")
        assert flood.recv(100)[0] == 0x20
        flood.sendall(b"".join(_packet(topic, f"{payload:<128}") for payload in payloads))


def states(number: int, last: str = "") -> Iterator[str]:
    yield from (f'{{"state": "ON", "brightness": {count % 200 + 20}}}' for count in range(number))
    if last:
        yield last


async def test_a_lamp_that_floods_is_named_and_a_command_is_answered_all_the_same(
    tmp_path: Path, mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    async with house(tmp_path, mosquitto) as place:
        assert (await place.client.ask({"command": "start", "scene": "quiet", "parameters": {"rest": "10min"}}))["ok"]
        pouring = asyncio.create_task(asyncio.to_thread(pour, mosquitto.port, LAMP, states(20_000)))
        for _ in range(5):
            assert (await place.client.ask("pause"))["ok"]
            assert (await place.client.ask("resume"))["ok"]
        await pouring
        await until(lambda: f"{LAMP} floods" in caplog.text)
        assert (await place.client.ask("abort"))["ok"]
        await until(lambda: place.client.state()["status"] == "idle")
    assert caplog.text.count("floods") == 1


async def test_a_lamp_that_flooded_is_asked_how_it_is(
    tmp_path: Path, mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrator.mqtt.floods.FIRST_REST", 0.5)
    heard: list[Message] = []
    async with (
        house(tmp_path, mosquitto) as place,
        Connection(mosquitto.address, client_id="z", subscriptions=[f"{LAMP}/get"], on_message=heard.append) as watcher,
    ):
        await watcher.first(LIMIT)
        await place.client.caught_up()
        heard.clear()
        await asyncio.to_thread(pour, mosquitto.port, LAMP, states(2000))
        await until(lambda: heard)
    assert "brightness" in heard[0].payload


async def test_in_a_backlog_a_command_overtakes_reports_and_of_these_the_newest_is_read(mosquitto: Mosquitto) -> None:
    lamps = [f"lamp/{number}" for number in range(10)]
    heard: list[Message] = []

    def handle(message: Message) -> None:
        """Slowly, as a small computer would."""
        heard.append(message)
        sum(range(300_000))

    def rank(topic: str) -> Rank:
        return Rank.COMMAND if topic == "command" else Rank.STATE

    topics = ["command", *lamps]
    async with Connection(mosquitto.address, client_id="a", subscriptions=topics, on_message=handle, rank=rank) as link:
        await link.first(LIMIT)
        reports = [Message(lamp, str(number)) for number in range(55) for lamp in lamps]
        link.publish([*reports, Message("command", "stop")])
        await until(lambda: {message.topic for message in heard if message.payload == "54"} == set(lamps))
    came = [message.topic for message in heard]
    assert came.index("command") < len(heard) - len(lamps)
    assert len(heard) < len(reports)
    for lamp in lamps:
        said = [int(message.payload) for message in heard if message.topic == lamp]
        assert said == sorted(said)


@pytest.fixture
def home() -> Home:
    more = 'interruptions:\n  bell: {topic: home/bell, equals: "on", do: pause}\n'
    return read(HOME.format(port=1883) + more, "home.yaml", ENVIRONMENT)


def test_commands_come_before_presses_and_these_before_how_lamps_are(home: Home) -> None:
    rank = message_rank(home, ["home/bell"], lambda topic: topic.startswith("relax/"))
    assert rank("relax/rooms/den/command") is Rank.COMMAND
    assert rank(LAMP) is Rank.STATE
    assert rank("home/bell") is Rank.EVENT
    assert rank("never/heard/of") is Rank.EVENT
    for device in home.devices.values():
        if "voice" in device.kinds:
            assert {rank(topic) for topic in device.dialect.topics} == {Rank.EVENT}


async def test_what_was_stored_is_read_however_much_it_is(
    mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[Message] = []
    async with Connection(mosquitto.address, client_id="b", on_message=heard.append) as before:
        await before.first(LIMIT)
        before.publish(Message(f"room/{number}", "x", retain=True) for number in range(2000))
        await until(lambda: before.publish([Message("x", "y")]))
    async with Connection(
        mosquitto.address,
        client_id="a",
        subscriptions=["room/+"],
        on_message=heard.append,
        rank=lambda _topic: Rank.STATE,
    ):
        await until(lambda: len(heard) == 2000)
    assert "floods" not in caplog.text


async def test_a_flood_over_ever_new_topics_of_one_filter_is_a_flood(
    mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[Message] = []

    def rank(topic: str) -> Rank:
        return Rank.COMMAND if topic == "command" else Rank.STATE

    topics = ["command", "stat/plug/+"]
    async with Connection(
        mosquitto.address, client_id="a", subscriptions=topics, on_message=heard.append, rank=rank
    ) as link:
        await link.first(LIMIT)
        link.publish([*(Message(f"stat/plug/{number}", "x") for number in range(5000)), Message("command", "stop")])
        await until(lambda: any(message.topic == "command" for message in heard))
    assert "stat/plug/+ floods" in caplog.text
    assert len(heard) < 2000


async def test_fades_have_their_turn_however_much_is_said(mosquitto: Mosquitto) -> None:
    """Each message takes a millisecond at least: in the 20 ms of a share there are no more than so many."""
    loop = asyncio.get_running_loop()
    turns, heard = 0, list[int]()

    def turn() -> None:
        nonlocal turns
        turns += 1
        if len(heard) < 1000:
            loop.call_soon(turn)

    def handle(_message: Message) -> None:
        until_then = loop.time() + 0.001
        while loop.time() < until_then:
            pass
        heard.append(turns)

    async with Connection(mosquitto.address, client_id="a", subscriptions=["command"], on_message=handle) as link:
        await link.first(LIMIT)
        loop.call_soon(turn)
        link.publish([Message("command", "next")] * 1000)
        await until(lambda: len(heard) == 1000)
    assert max(Counter(heard).values()) <= 2 * 21
