"""What a broker takes and does not take: it is kept, said with the topic, and what fits goes."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from orchestrator.devices.messages import Message
from orchestrator.errors import BrokerUnreachable
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.connection import Connection
from orchestrator.mqtt.limits import Limits
from orchestrator.mqtt.link import Link
from tests.conftest import LIMIT, Mosquitto, until

CONNACK, PUBLISH, SUBSCRIBE, DISCONNECT = 0x20, 0x30, 0x80, 0xE0


class Spoken(list[bytes]):
    """The packets that a client sent to a pretended broker, and how often it came."""

    def __init__(self) -> None:
        super().__init__()
        self.connecting: list[bytes] = []

    @property
    def connects(self) -> int:
        return len(self.connecting)

    def published(self) -> list[bytes]:
        return [packet for packet in self if packet[0] & 0xF0 == PUBLISH]


@asynccontextmanager
async def pretended(
    properties: bytes,
    refuse: Callable[[bytes], bytes] = lambda _packet: b"",
    welcome: Callable[[bytes], bytes] = lambda _connect: b"",
) -> AsyncIterator[tuple[Address, Spoken]]:
    """A broker of MQTT 5 with these properties; `refuse` and `welcome` may say something else and hang up."""
    spoken, serving = Spoken(), set[asyncio.Task[None]]()

    async def packet(reader: asyncio.StreamReader) -> bytes:
        kind, length, shift = (await reader.readexactly(1)), 0, 0
        while True:
            (digit,) = await reader.readexactly(1)
            length |= (digit & 127) << shift
            shift += 7
            if digit < 128:
                return kind + await reader.readexactly(length)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            connect = await packet(reader)
            spoken.connecting.append(connect)
            answer = welcome(connect)
            writer.write(answer or bytes((CONNACK, 3 + len(properties), 0, 0, len(properties))) + properties)
            while not answer:
                said = await packet(reader)
                spoken.append(said)
                if said[0] & 0xF0 == SUBSCRIBE:
                    writer.write(bytes((0x90, 4)) + said[1:3] + b"\x00\x00")
                if bye := refuse(said):
                    writer.write(bye)
                    break
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield Address(port=server.sockets[0].getsockname()[1]), spoken
    if serving:
        await asyncio.wait(serving, timeout=LIMIT)


def connection(address: Address, heard: list[Message], *topics: str, **more: object) -> Connection:
    return Connection(address, client_id="relax-home", subscriptions=topics, on_message=heard.append, **more)  # type: ignore[arg-type]


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.fixture
def small(has_mosquitto: None, tmp_path: Path) -> Iterator[Mosquitto]:
    """The broker of the case `live-broker-limits/max_packet.conf`."""
    broker = Mosquitto(tmp_path, "allow_anonymous true\nmax_packet_size 2000")
    broker.start()
    yield broker
    broker.kill()


async def test_what_is_too_large_for_the_broker_is_named_and_the_rest_goes(small, caplog):
    heard: list[Message] = []
    async with connection(small.address, heard, "relax/#") as link:
        await link.first(LIMIT)
        assert link.limits.packet == 2000
        large = Message("relax/scenes", "x" * 3000, retain=True)
        assert link.publish([large, Message("relax/status", "online"), large._replace(qos=1)]) == 1
        assert link.publish([large, Message("relax/other", "y" * 1900)]) == 1
        await until(lambda: len(heard) == 2)
        assert link.is_connected
    assert [message.topic for message in heard] == ["relax/status", "relax/other"]
    (said,) = warnings(caplog)
    assert "relax/scenes" in said
    assert "2000" in said


async def test_the_longest_packet_that_fits_is_sent(small):
    heard: list[Message] = []
    async with connection(small.address, heard, "x") as link:
        await link.first(LIMIT)
        fitting = [Message("x", "y" * length) for length in range(1980, 2001)]
        went = link.publish(fitting)
        await until(lambda: len(heard) == went)
        assert link.is_connected
    assert 5 < went < len(fitting)


async def test_more_topics_than_a_packet_holds_are_asked_for_in_several(small):
    heard: list[Message] = []
    topics = [f"zigbee2mqtt/a_lamp_with_a_long_name_{number}" for number in range(300)]
    async with connection(small.address, heard, *topics) as link:
        await link.first(LIMIT)
        link.publish([Message(topic, "on") for topic in topics])
        await until(lambda: len(heard) == 300)


async def test_a_broker_of_3_that_cuts_off_long_packets_is_found_out(small, caplog, monkeypatch):
    """It does not say what it takes: see whether it was the length, and keep to that."""
    monkeypatch.setattr("orchestrator.mqtt.backoff.wait_when_cut", lambda _times, _chance: 0.05)
    heard: list[Message] = []
    state = [Message("relax/scenes", "x" * 3000, retain=True), Message("relax/status", "there")]
    link: Connection = connection(small.address, heard, "relax/status", on_connected=lambda: link.publish(state))
    link._terms[small.address].version_5 = False
    async with link:
        await until(lambda: "there" in [message.payload for message in heard])
        await asyncio.sleep(0.5)
        assert link.is_connected
        assert not link.speaks_version_5
    said = warnings(caplog)
    assert any("at once, 3 times" in each and "relax/scenes" in each for each in said)
    assert any("Not published on relax/scenes" in each for each in said)
    assert len(said) < 6


async def test_a_broker_that_keeps_nothing_gets_nothing_to_keep(caplog):
    async with pretended(b"\x25\x00") as (address, spoken):
        will = Message("relax/status", "offline", retain=True)
        link = connection(address, [], will=will, birth=Message("relax/status", "online", retain=True))
        async with link:
            await link.first(LIMIT)
            link.publish([Message("gone", "", retain=True), Message("relax/x", "y", qos=1, retain=True)])
            await until(lambda: len(spoken.published()) == 2)
    assert [packet[0] & 1 for packet in spoken.published()] == [0] * len(spoken.published())
    assert any("keeps no messages" in each for each in link.limits.sentences())


async def test_a_broker_that_refuses_a_will_that_is_to_be_kept_is_given_one_that_is_not():
    def welcome(connect: bytes) -> bytes:
        return bytes((CONNACK, 3, 0, 154, 0)) if connect[8] & 0x20 else b""

    async with pretended(b"\x25\x00", welcome=welcome) as (address, spoken):
        async with connection(address, [], will=Message("relax/status", "offline", retain=True)) as link:
            await link.first(LIMIT)
            assert link.is_connected
        assert spoken.connects == 2


async def test_a_broker_without_quality_1_gets_quality_0():
    async with pretended(b"\x24\x00") as (address, spoken), connection(address, []) as link:
        await link.first(LIMIT)
        link.publish([Message("a", "b", qos=2), Message("a", "b", qos=1)])
        await until(lambda: len(spoken.published()) == 2)
        assert [packet[0] & 0x06 for packet in spoken.published()] == [0, 0]


async def test_the_keepalive_that_the_broker_wants_is_kept():
    async with pretended(b"\x13\x00\x01") as (address, spoken), connection(address, []) as link:
        await link.first(LIMIT)
        await until(lambda: any(packet[0] == 0xC0 for packet in spoken))


async def test_the_client_id_that_the_broker_assigns_is_kept():
    def refuse(packet: bytes) -> bytes:
        return b"\x00" if packet[0] & 0xF0 == PUBLISH else b""

    async with pretended(b"\x12\x00\x05given", refuse) as (address, spoken), connection(address, []) as link:
        await link.first(LIMIT)
        link.publish([Message("a", "b")])
        await until(lambda: spoken.connects == 2)
    assert [connect[-5:] for connect in spoken.connecting] == [b"-home", b"given"]


async def test_a_broker_without_wildcards_is_asked_for_the_other_topics_and_it_is_said(caplog):
    async with pretended(b"\x28\x00") as (address, spoken), connection(address, [], "a/+/c", "a/b") as link:
        await link.first(LIMIT)
        await until(lambda: [packet for packet in spoken if packet[0] & 0xF0 == SUBSCRIBE])
        assert b"a/+/c" not in b"".join(spoken)
    assert any("a/+/c" in each for each in warnings(caplog))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (142, "another client has the id 'relax-home'"),
        (149, "does not take"),
        (135, "access list"),
        (151, "says too much"),
        (152, "log"),
        (None, "a second relax with the client id 'relax-home'"),
    ],
)
async def test_a_connection_that_is_ended_at_once_again_and_again_backs_off_and_is_explained(
    code, words, caplog, monkeypatch
):
    waits: list[int] = []

    def wait(times: int, _chance: float) -> float:
        waits.append(times)
        return 0.01

    monkeypatch.setattr("orchestrator.mqtt.backoff.wait_when_cut", wait)
    bye = b"" if code is None else bytes((DISCONNECT, 1, code))

    def refuse(packet: bytes) -> bytes:
        return (bye or b"\x00") if packet[0] & 0xF0 == PUBLISH else b""

    async with pretended(b"", refuse) as (address, spoken):
        link = connection(address, [], "x", birth=Message("relax/status", "online"))
        async with link:
            await until(lambda: spoken.connects >= 8)
    said = warnings(caplog)
    assert any(words in each for each in said)
    assert len(said) <= 5
    assert waits[:4] == [0, 1, 2, 3]


async def test_a_packet_that_the_broker_says_is_too_large_is_not_sent_again():
    def refuse(packet: bytes) -> bytes:
        return bytes((DISCONNECT, 1, 149)) if packet[0] & 0xF0 == PUBLISH and len(packet) > 2000 else b""

    async with pretended(b"", refuse) as (address, spoken):
        state = [Message("relax/scenes", "x" * 30_000), Message("relax/status", "online")]
        link: Connection = connection(address, [], on_connected=lambda: link.publish(state))
        async with link:
            await until(lambda: spoken and b"relax/status" in spoken[-1] and len(spoken[-1]) < 100)
            assert link.is_connected


def test_a_broker_that_says_nothing_takes_everything():
    assert Limits.of(None) == Limits()
    message = Message("a", "b", qos=2, retain=True)
    assert Limits().fitted(message) == message


async def test_a_broker_that_hangs_up_on_what_is_to_be_kept_gets_nothing_to_keep_from_then_on():
    def refuse(packet: bytes) -> bytes:
        return bytes((DISCONNECT, 1, 154)) if packet[0] & 0xF1 == PUBLISH | 1 else b""

    async with pretended(b"", refuse) as (address, spoken):
        async with connection(address, [], birth=Message("relax/status", "online", retain=True)):
            await until(lambda: spoken and spoken[-1][0] == PUBLISH)
        assert spoken.connects == 2


async def test_a_broker_that_goes_while_it_is_greeted_is_not_taken_for_one_of_3(monkeypatch):
    opened: list[bool] = []

    async def open_link(link: Link) -> bool:
        """It hangs up, is not there the next moment, and comes back."""
        opened.append(link._terms.version_5)
        if len(opened) == 1:
            link._terms.version_5 = False
            return False
        raise BrokerUnreachable("It is away.")

    monkeypatch.setattr(Link, "open", open_link)
    async with connection(Address(), []):
        await until(lambda: len(opened) == 3)
    assert opened == [True, False, True]


async def test_two_with_one_client_id_throw_each_other_out_ever_less_often_and_say_so(mosquitto, caplog, monkeypatch):
    waits: list[int] = []

    def wait(times: int, _chance: float) -> float:
        waits.append(times)
        return 0.01

    monkeypatch.setattr("orchestrator.mqtt.backoff.wait_when_cut", wait)
    async with connection(mosquitto.address, []), connection(mosquitto.address, []):
        await until(lambda: waits.count(3) == 2)
    assert len([each for each in warnings(caplog) if "id 'relax-home'" in each]) == 2
