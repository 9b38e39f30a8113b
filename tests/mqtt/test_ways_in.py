"""The ways to a broker: TLS and what goes wrong with it, websockets, several addresses."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from orchestrator.devices.messages import Message
from orchestrator.errors import BrokerError, BrokerRefused, BrokerUnreachable
from orchestrator.mqtt.address import Address, Tls
from orchestrator.mqtt.connection import Connection
from tests.conftest import LIMIT, Mosquitto, until
from tests.mqtt.certificates import Authority
from tests.mqtt.websocket_relay import relay


async def trouble(address: Address) -> BrokerError:
    """What the first attempt comes to."""
    link = Connection(address, client_id="test", on_message=lambda _message: None)
    async with link:
        await until(lambda: link._trouble is not None or link.is_connected)
        found = link._trouble
    assert found is not None, "it was let in"
    return found


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def encrypted(has_mosquitto: None, tmp_path: Path) -> Iterator[Callable[..., Mosquitto]]:
    """Starts a mosquitto that shows a certificate, with more settings."""
    started: list[Mosquitto] = []

    def start(certificate: tuple[Path, Path], *settings: str) -> Mosquitto:
        own, key = certificate
        lines = ["allow_anonymous true", f"certfile {own}", f"keyfile {key}", *settings]
        started.append(Mosquitto(tmp_path, "\n".join(lines)))
        started[-1].start()
        return started[-1]

    yield start
    for one in started:
        one.kill()


def at(broker: Mosquitto, tls: Tls | None, **more: str) -> Address:
    return Address("localhost", broker.port, tls=tls, **more)  # type: ignore[arg-type]


async def test_an_expired_certificate_of_the_broker_is_said(encrypted, authority):
    broker = encrypted(authority.sign("broker", days="-1"))
    found = await trouble(at(broker, Tls(authority.ca)))
    assert isinstance(found, BrokerRefused)
    assert "has expired" in found.message
    assert "clock" in found.hint


async def test_a_certificate_for_another_name_is_said(encrypted, authority):
    found = await trouble(at(encrypted(authority.sign("broker", "other.local")), Tls(authority.ca)))
    assert "it is for another name than localhost" in found.message


async def test_an_authority_that_nobody_knows_is_said(encrypted, authority):
    found = await trouble(at(encrypted(authority.sign("broker")), Tls()))
    assert "authority is not known here" in found.message
    assert "ca:" in found.hint


async def test_tls_that_was_left_out_is_said(encrypted, authority):
    found = await trouble(at(encrypted(authority.sign("broker")), None))
    assert isinstance(found, BrokerRefused)
    assert "expects TLS" in found.message
    assert "`tls: true`" in found.hint


async def test_tls_that_nobody_speaks_is_said(mosquitto):
    found = await trouble(at(mosquitto, Tls(insecure=True)))
    assert "TLS" in found.message
    assert "8883" in found.hint


async def test_a_certificate_of_ours_that_is_wanted_is_said(encrypted, authority):
    broker = encrypted(authority.sign("broker"), "require_certificate true", f"cafile {authority.ca}")
    found = await trouble(at(broker, Tls(authority.ca)))
    assert "wants a certificate of ours" in found.message
    certificate, key = authority.sign("me", "me")
    async with Connection(
        at(broker, Tls(authority.ca, certificate, key)), client_id="a", on_message=lambda _message: None
    ) as link:
        await link.first(LIMIT)


@pytest.mark.parametrize("version", ["tlsv1.2", "tlsv1.3"])
async def test_a_certificate_of_ours_that_is_not_accepted_is_said(version, encrypted, authority, tmp_path):
    wants = ("require_certificate true", f"cafile {authority.ca}", f"tls_version {version}")
    broker = encrypted(authority.sign("broker"), *wants)
    expired = authority.sign("old", "me", days="-1")
    assert "our certificate has expired" in (await trouble(at(broker, Tls(authority.ca, *expired)))).message
    stranger = Authority(tmp_path, "stranger").sign("me", "me")
    found = await trouble(at(broker, Tls(authority.ca, *stranger)))
    assert "does not accept our certificate" in found.message


async def test_a_key_of_another_certificate_is_said(authority):
    (certificate, _), (_, other) = authority.sign("me"), authority.sign("other")
    found = await trouble(Address(tls=Tls(authority.ca, certificate, other)))
    assert "other.key is of another certificate" in found.message


async def test_a_locked_key_is_said_and_nobody_is_asked_for_its_passphrase(authority):
    certificate, key = authority.sign("me")
    found = await trouble(Address(tls=Tls(authority.ca, certificate, authority.lock(key))))
    assert "locked with a passphrase" in found.message


@pytest.mark.parametrize("name", ["none.pem", "rubbish.pem"])
async def test_a_file_that_is_no_certificate_is_named(name, authority, tmp_path):
    (tmp_path / "rubbish.pem").write_text("rubbish")
    for tls in (
        Tls(tmp_path / name),
        Tls(authority.ca, tmp_path / name),
        Tls(authority.ca, authority.ca, tmp_path / name),
    ):
        found = await trouble(Address(tls=tls))
        assert "cannot be used" in found.message
        assert name in found.message or "PEM" in found.message


# Websockets


async def test_a_websocket_carries_bursts_both_ways_and_comes_back(mosquitto):
    heard: list[Message] = []
    came: list[int] = []
    async with relay(mosquitto.port) as port, Connection(
        Address("127.0.0.1", port, websocket="/mqtt"), client_id="a", subscriptions=["x", "y"],
        on_message=heard.append, on_connected=lambda: came.append(1),
    ) as link:  # fmt: skip
        await link.first(LIMIT)
        burst = [Message("x", f"{number}" + "x" * (number % 300), qos=number % 2) for number in range(1000)]
        link.publish([*burst, Message("y", "z" * 100_000)])
        await until(lambda: len(heard) == 1001)
        mosquitto.restart()
        await until(lambda: len(came) == 2)
        link.publish([Message("y", "again")])
        await until(lambda: heard[-1].payload == "again")
    zero = [message.payload for message in burst if not message.qos]
    assert [message.payload for message in heard if message.payload in set(zero)] == zero


async def test_leaving_over_a_websocket_sends_what_was_published_last(mosquitto):
    heard: list[Message] = []
    async with (
        relay(mosquitto.port) as port,
        Connection(mosquitto.address, client_id="w", subscriptions=["#"], on_message=heard.append) as watcher,
    ):
        await watcher.first(LIMIT)
        will, address = Message("relax/status", "offline"), Address("127.0.0.1", port, websocket="/mqtt")
        async with Connection(address, client_id="a", on_message=lambda _message: None, will=will) as link:
            await link.first(LIMIT)
            link.publish([Message("last", str(number)) for number in range(200)])
        await until(lambda: len(heard) == 201)
    assert heard[-1] == will


async def test_an_encrypted_websocket_is_one(mosquitto, authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.sign("proxy"))
    heard: list[Message] = []
    async with relay(mosquitto.port, context) as port:
        address = Address("localhost", port, tls=Tls(authority.ca), websocket="/mqtt")
        async with Connection(address, client_id="a", subscriptions=["x"], on_message=heard.append) as link:
            await link.first(LIMIT)
            link.publish([Message("x", str(number)) for number in range(500)])
            await until(lambda: len(heard) == 500)


async def test_a_port_without_a_websocket_is_said(mosquitto):
    found = await trouble(Address("127.0.0.1", mosquitto.port, websocket="/mqtt"))
    assert "websocket" in str(found)


async def test_something_that_is_no_websocket_is_said():
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        found = await trouble(Address("127.0.0.1", port, websocket="/ws?token=hush"))
    assert f"ws://127.0.0.1:{port}/ws" in found.message
    assert "hush" not in str(found)


# Several addresses


def nobody() -> Address:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return Address(port=probe.getsockname()[1])


async def test_where_the_first_address_is_silent_the_next_is_taken(mosquitto):
    heard: list[Message] = []
    gone = nobody()
    address = Address(gone.host, gone.port, others=(mosquitto.address,))
    async with Connection(address, client_id="a", subscriptions=["x"], on_message=heard.append) as link:
        await link.first(LIMIT)
        assert link.address == mosquitto.address
        link.publish([Message("x", "there")])
        await until(lambda: heard)


async def test_where_no_address_answers_each_is_named():
    one, two = nobody(), nobody()
    found = await trouble(Address(one.host, one.port, others=(two,)))
    assert isinstance(found, BrokerUnreachable)
    assert str(one) in found.message
    assert str(two) in found.message
