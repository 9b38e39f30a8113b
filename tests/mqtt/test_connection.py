"""The connection against a real mosquitto, and against what a network does."""

import asyncio
import logging
import shutil
import signal
import socket
import subprocess
from contextlib import asynccontextmanager, suppress

import pytest

from orchestrator.devices.messages import Message
from orchestrator.errors import BrokerRefused, BrokerUnreachable
from orchestrator.mqtt.address import Address, Tls
from orchestrator.mqtt.broker import broker
from orchestrator.mqtt.connection import Connection
from tests.conftest import LIMIT, Mosquitto, until
from tests.far_end.slow_way import SlowWay


class Heard(list[Message]):
    """A connection's messages, and how often it came and went."""

    def __init__(self):
        super().__init__()
        self.connects = 0
        self.losses: list[str] = []

    def connected(self):
        self.connects += 1

    @property
    def payloads(self):
        return [message.payload for message in self]

    async def lost(self, times):
        await until(lambda: len(self.losses) == times)

    async def times(self, payload, times):
        await until(lambda: self.payloads.count(payload) == times)


@pytest.fixture
def heard():
    return Heard()


def connection(address, heard, *topics, name="test", **more):
    return Connection(
        address,
        client_id=name,
        subscriptions=topics,
        on_message=heard.append,
        on_connected=heard.connected,
        on_lost=heard.losses.append,
        **more,
    )


async def trouble(link):
    """Raises what the first attempt came to, however long that took."""
    await until(lambda: link._trouble is not None)
    await link.first(0.01)


async def test_what_is_published_is_received(mosquitto, heard):
    async with connection(mosquitto.address, heard, "room/#") as link:
        await link.first(LIMIT)
        assert link.is_connected
        assert link.publish([Message("room/lamp", '{"on": true}'), Message("elsewhere", "x")]) == 2
        await until(lambda: heard)
    assert heard == [Message("room/lamp", '{"on": true}')]
    assert not link.is_connected


async def test_a_stored_message_has_its_retain_flag_and_a_fresh_one_has_not(mosquitto, heard):
    async with connection(mosquitto.address, Heard(), name="before") as before:
        await before.first(LIMIT)
        before.publish([Message("lamp/state", "old", retain=True)])
    async with connection(mosquitto.address, heard, "lamp/state") as link:
        await link.first(LIMIT)
        await until(lambda: heard)
        link.publish([Message("lamp/state", "new", retain=True)])
        await until(lambda: len(heard) == 2)
    assert [(message.payload, message.retain) for message in heard] == [("old", True), ("new", False)]


@pytest.mark.parametrize("qos", [0, 1, 2])
async def test_a_burst_of_a_thousand_keeps_its_order(mosquitto, heard, qos):
    burst = [Message("burst", str(number), qos=qos) for number in range(1000)]
    async with connection(mosquitto.address, heard, "burst") as link:
        await link.first(LIMIT)
        assert link.publish(burst) == 1000
        await until(lambda: len(heard) == 1000)
    assert heard.payloads == [message.payload for message in burst]


async def test_qualities_in_one_burst_keep_their_order(mosquitto, heard):
    burst = [Message("burst", str(number), qos=number % 7 == 3) for number in range(100)]
    async with connection(mosquitto.address, heard, "burst") as link:
        await link.first(LIMIT)
        link.publish(burst)
        await until(lambda: len(heard) == 100)
    zero = [message.payload for message in burst if message.qos == 0]
    assert [payload for payload in heard.payloads if payload in zero] == zero


async def test_more_than_the_socket_takes_arrives_in_order(mosquitto, heard):
    burst = [Message("burst", f"{number:5}" + "x" * 4000) for number in range(3000)]
    async with connection(mosquitto.address, heard, "burst") as link:
        await link.first(LIMIT)
        assert link.publish(burst) == 3000
        await until(lambda: len(heard) == 3000)
    assert [int(payload[:5]) for payload in heard.payloads] == list(range(3000))


async def test_what_waits_for_a_full_socket_goes_with_the_connection(mosquitto, heard):
    async with connection(mosquitto.address, heard, "now") as link:
        await link.first(LIMIT)
        mosquitto.signal(signal.SIGSTOP)
        went = [link.publish([Message("burst", "x" * 8000)] * 1000) for _ in range(12)]
        assert went[0] == 1000
        assert went[-1] == 0
        mosquitto.kill()
        await until(lambda: heard.losses)
        mosquitto.start()
        await until(lambda: heard.connects == 2)
        assert link.publish([Message("now", "right")]) == 1
        await until(lambda: heard)
    assert heard.payloads == ["right"]


async def test_a_burst_longer_than_any_backlog_goes_through_a_free_socket(mosquitto, heard):
    async with connection(mosquitto.address, heard, "last") as link:
        await link.first(LIMIT)
        assert link.publish([Message("burst", "x")] * 25_000 + [Message("last", "x")]) == 25_001
        await until(lambda: heard)


async def test_a_wrong_filter_does_not_take_the_others_with_it(mosquitto, heard, caplog):
    async with connection(mosquitto.address, heard, "a", "b/#/c", "d") as link:
        await link.first(LIMIT)
        link.publish([Message("a", "1"), Message("d", "2")])
        await until(lambda: len(heard) == 2)
    assert "'b/#/c'" in caplog.text


async def test_what_was_published_last_arrives_although_we_leave_at_once(mosquitto, heard):
    async with connection(mosquitto.address, heard, "#", name="other") as other:
        await other.first(LIMIT)
        async with connection(mosquitto.address, Heard(), "#") as link:
            await link.first(LIMIT)
            link.publish([Message("last", str(number)) for number in range(500)])
        await until(lambda: len(heard) == 500)


async def test_topics_asked_for_later_are_asked_for_on_every_connect(mosquitto, heard):
    async with connection(mosquitto.address, heard, "a") as link:
        await link.first(LIMIT)
        link.subscribe(["b", "a"])
        mosquitto.restart()
        await until(lambda: heard.connects == 2)
        link.publish([Message("a", "1"), Message("b", "2")])
        await until(lambda: len(heard) == 2)
    assert heard.payloads == ["1", "2"]


async def test_a_broker_that_restarts_twice_is_found_twice(mosquitto, heard):
    async with connection(mosquitto.address, heard, "echo", birth=Message("echo", "born")) as link:
        await until(lambda: heard.payloads == ["born"])
        for time in (1, 2):
            mosquitto.kill()
            await heard.lost(time)
            assert not link.is_connected
            mosquitto.start()
            await heard.times("born", time + 1)
        link.publish([Message("echo", "still here")])
        await until(lambda: "still here" in heard.payloads)
    assert heard.connects == 3


async def test_without_a_connection_nothing_is_kept_for_later(mosquitto, heard):
    async with connection(mosquitto.address, heard, "lamp") as link:
        await link.first(LIMIT)
        mosquitto.kill()
        await until(lambda: heard.losses)
        assert link.publish([Message("lamp", "stale")]) == 0
        mosquitto.start()
        await until(lambda: heard.connects == 2)
        assert link.publish([Message("lamp", "now")]) == 1
        await until(lambda: heard)
    assert heard.payloads == ["now"]


async def test_the_last_will_is_published_when_we_vanish_and_when_we_leave(mosquitto, heard):
    will = Message("status", "offline", retain=True)
    async with connection(mosquitto.address, heard, "status", name="watcher") as watcher:
        await watcher.first(LIMIT)
        async with connection(mosquitto.address, Heard(), will=will, birth=Message("status", "online")) as link:
            await link.first(LIMIT)
            await until(lambda: heard.payloads == ["online"])
            link._link.drop("vanished")
            await until(lambda: heard.payloads == ["online", "offline", "online"])
        await until(lambda: heard.payloads == ["online", "offline", "online", "offline"])


async def test_a_broker_that_falls_silent_is_lost(mosquitto, heard):
    async with connection(mosquitto.address, heard, keepalive=1) as link:
        await link.first(LIMIT)
        mosquitto.signal(signal.SIGSTOP)
        try:
            await until(lambda: heard.losses)
        finally:
            mosquitto.signal(signal.SIGCONT)
        assert heard.losses == ["keep alive timeout"]
        await until(lambda: heard.connects == 2)


async def test_how_far_the_broker_is_away_is_known_by_its_own_answer(mosquitto, heard):
    with SlowWay(mosquitto.port, 0.1) as way:
        async with connection(Address(port=way.port), heard, "home/#", name="far") as far:
            await far.first(LIMIT)
            await until(lambda: far.round_trip)
            far_away = far.round_trip
            assert far_away >= 0.2
        assert far.round_trip == 0.0
    async with connection(mosquitto.address, heard, "home/#", name="near") as near:
        await near.first(LIMIT)
        await until(lambda: near.round_trip)
        assert near.round_trip < far_away


async def test_a_quiet_connection_is_kept(mosquitto, heard):
    """The broker allows half as long again: a whole second in which this process has to come to its turn."""
    async with connection(mosquitto.address, heard, keepalive=2) as link:
        await link.first(LIMIT)
        await asyncio.sleep(3.5)
        assert link.is_connected
    assert heard.losses == []


async def test_the_second_message_of_a_burst_does_not_wait_for_the_first(mosquitto, heard):
    async with connection(mosquitto.address, heard) as link:
        await link.first(LIMIT)
        assert link._link._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_a_handler_that_raises_is_logged_and_the_next_message_comes(mosquitto, caplog):
    calls = []

    def handler(message):
        calls.append(message.payload)
        if message.payload == "bad":
            raise ZeroDivisionError

    link = Connection(mosquitto.address, client_id="test", subscriptions=["x"], on_message=handler)
    async with link:
        await link.first(LIMIT)
        link.publish([Message("x", "bad"), Message("x", "good")])
        await until(lambda: len(calls) == 2)
        assert link.is_connected
    assert "ZeroDivisionError" in caplog.text


async def test_a_handler_may_answer_at_once_and_may_meet_a_broken_connection(mosquitto):
    heard = []

    def handler(message):
        heard.append(message.payload)
        if message.payload == "ask":
            link.publish([Message("x", "answer")])
        if message.payload == "break":
            mosquitto.kill()
            link.publish([Message("x", "y" * 100_000, qos=number % 2) for number in range(100)])

    link = Connection(mosquitto.address, client_id="test", subscriptions=["x"], on_message=handler)
    async with link:
        await link.first(LIMIT)
        link.publish([Message("x", "ask")])
        await until(lambda: heard == ["ask", "answer"])
        link.publish([Message("x", "break")])
        await until(lambda: not link.is_connected)


async def test_hostile_payloads_do_no_harm_and_the_rest_comes(mosquitto, heard):
    hostile = [b"a\xff\xfe", b"\x80" * 3, b"x" * (256 * 1024 + 1), b"\xed\xa0\x80", b"fine"]
    async with connection(mosquitto.address, heard, "#") as link:
        await link.first(LIMIT)
        with Raw(mosquitto.port) as other:
            for payload in hostile:
                other.publish(b"x", payload)
        await until(lambda: "fine" in heard.payloads)
        assert link.is_connected
    assert heard.payloads == ["a\ufffd\ufffd", "\ufffd" * 3, "\ufffd" * 3, "fine"]


@pytest.mark.parametrize("qos", [0, 1])
async def test_a_question_says_where_the_answer_goes_where_the_broker_speaks_5(mosquitto, heard, qos):
    question = Message("ask", "?", qos=qos, reply_to="answers/me", correlation=b"\x00\xff7")
    async with connection(mosquitto.address, heard, "ask") as link:
        await link.first(LIMIT)
        link.publish([question, Message("ask", "!", qos=qos, correlation=b"")])
        await until(lambda: len(heard) == 2)
    assert heard == [question._replace(qos=0), Message("ask", "!", correlation=b"")]


async def test_a_question_is_only_a_payload_where_the_broker_speaks_3(mosquitto, heard):
    async with connection(mosquitto.address, heard, "ask") as link:
        link._terms[link.address].version_5 = False
        await link.first(LIMIT)
        link.publish([Message("ask", "?", reply_to="answers/me", correlation=b"7")])
        await until(lambda: heard)
    assert heard == [Message("ask", "?")]


@pytest.mark.parametrize("topic", ["a/#", "", "x" * 70_000])
async def test_a_message_that_no_broker_takes_is_left_out(mosquitto, heard, topic, caplog):
    async with connection(mosquitto.address, heard, "ok") as link:
        await link.first(LIMIT)
        assert link.publish([Message("ok", "1"), Message(topic, "2"), Message("ok", "3")]) == 2
        await until(lambda: len(heard) == 2)
    assert "Not published" in caplog.text


@pytest.mark.parametrize("qos", [0, 1])
async def test_a_message_expires_where_the_broker_speaks_5(mosquitto, heard, qos):
    async with connection(mosquitto.address, heard, "x") as link:
        await link.first(LIMIT)
        assert link.speaks_version_5
        with Raw(mosquitto.port, subscribe=b"x") as other:
            link.publish([Message("x", "soon stale", qos=qos, expiry=7500)])
            await until(lambda: heard)
            assert b"\x02\x00\x00\x00\x08soon stale" in other.read()


# Getting in


async def test_nobody_there_is_said_with_the_address(heard):
    async with connection(Address(port=_nobody()), heard) as link:
        with pytest.raises(BrokerUnreachable, match=r"127\.0\.0\.1:\d+: connection refused") as told:
            await trouble(link)
        assert "relax broker" in told.value.hint
        assert link.publish([Message("x", "y")]) == 0


async def test_an_unknown_name_is_said(heard):
    async with connection(Address("no-such-host.invalid"), heard) as link:
        with pytest.raises(BrokerUnreachable, match=r"no-such-host\.invalid"):
            await trouble(link)


async def test_a_broker_that_comes_later_is_found(mosquitto, heard):
    mosquitto.kill()
    async with connection(mosquitto.address, heard) as link:
        with pytest.raises(BrokerUnreachable):
            await trouble(link)
        mosquitto.start()
        await until(lambda: link.is_connected)


async def test_trouble_is_said_aloud_once(mosquitto, heard, caplog):
    caplog.set_level(logging.DEBUG)

    def said():
        return [record for record in caplog.records if str(mosquitto.port) in record.getMessage()]

    async with connection(mosquitto.address, heard) as link:
        await link.first(LIMIT)
        mosquitto.kill()
        await until(lambda: len(said()) >= 3)
        mosquitto.start()
        await until(lambda: heard.connects == 2)
    assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) == 1


async def test_a_wrong_password_is_refused_and_never_shown(has_mosquitto, tmp_path, heard, caplog):
    caplog.set_level(logging.DEBUG)
    mosquitto = _with_password(tmp_path)
    try:
        address = Address(port=mosquitto.port, username="relax", password="wrong-secret")
        async with connection(address, heard) as link:
            with pytest.raises(BrokerRefused, match="not authorized") as told:
                await link.first(LIMIT)
        assert "password" in told.value.hint
        right = Address(port=mosquitto.port, username="relax", password="right-secret")
        async with connection(right, heard, "x") as link:
            await link.first(LIMIT)
    finally:
        mosquitto.kill()
    assert "secret" not in caplog.text + repr(right) + str(right) + str(told.value)


async def test_cancelled_while_connecting_and_connected_afterwards(mosquitto, heard):
    for _ in range(20):
        async with asyncio.timeout(LIMIT), connection(mosquitto.address, heard, "x"):
            await asyncio.sleep(0)
    mosquitto.signal(signal.SIGSTOP)
    try:
        async with connection(mosquitto.address, heard, "x") as link:
            with pytest.raises(BrokerUnreachable, match="in time"):
                await link.first(0.1)
    finally:
        mosquitto.signal(signal.SIGCONT)
    async with connection(mosquitto.address, heard, "x") as link:
        await link.first(LIMIT)
        link.publish([Message("x", "after all")])
        await until(lambda: heard)


async def test_a_broker_of_version_3_is_taken_as_it_is(heard, monkeypatch):
    monkeypatch.setattr("orchestrator.mqtt.broker.mosquitto", lambda: None)
    async with broker() as address, connection(address, heard, "x") as link:
        await link.first(LIMIT)
        assert not link.speaks_version_5
        burst = [Message("x", str(number), expiry=1000) for number in range(1000)]
        link.publish(burst)
        await until(lambda: len(heard) == 1000)
        assert heard.payloads == [message.payload for message in burst]


async def test_something_that_is_no_broker_is_said(heard):
    async def hang_up(reader, writer):
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server, connection(Address(port=server.sockets[0].getsockname()[1]), heard) as link:
        with pytest.raises(BrokerUnreachable, match="hangs up"):
            await trouble(link)


@asynccontextmanager
async def pretended(answer):
    """A server that sends what `answer` makes of the first packet, and then says nothing."""
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader, writer):
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        with suppress(ConnectionError):
            writer.write(answer(await reader.read(1000)))
            await reader.read()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield Address(port=server.sockets[0].getsockname()[1])
    if serving:
        await asyncio.wait(serving, timeout=LIMIT)


async def test_a_broker_that_says_no_to_5_is_asked_in_3(heard):
    def answer(packet):
        return b"\x20\x02\x00\x01" if packet[8] == 5 else b"\x20\x02\x00\x00"

    async with pretended(answer) as address, connection(address, heard) as link:
        await link.first(LIMIT)
        assert not link.speaks_version_5


async def test_a_busy_broker_is_asked_again(heard):
    async with pretended(lambda _: b"\x20\x03\x00\x89\x00") as address, connection(address, heard) as link:
        with pytest.raises(BrokerUnreachable, match="server busy"):
            await trouble(link)


@pytest.mark.parametrize(
    "garbage", [b"\x30\x02\xff\xff", b"\x30\x00", b"\xf0\x00", b"\x30\xff\xff\xff\xff\xff", b"\x90\x01\x00"]
)
async def test_a_broker_that_sends_nonsense_is_left_and_asked_again(heard, garbage):
    welcome = b"\x20\x03\x00\x00\x00"
    async with pretended(lambda _: welcome + garbage) as address, connection(address, heard):
        await until(lambda: heard.connects >= 2)
    assert heard == []


async def test_we_leave_at_once_while_the_other_side_is_silent(heard, monkeypatch):
    """Who waited for the other side to the end would wait for ever here."""
    monkeypatch.setattr("orchestrator.mqtt.link.PATIENCE", 10 * LIMIT)
    monkeypatch.setattr("orchestrator.mqtt.dialling.PATIENCE", 10 * LIMIT)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = Address(port=silent.getsockname()[1], tls=Tls(insecure=True))
        async with asyncio.timeout(LIMIT), connection(address, heard) as link:
            with pytest.raises(BrokerUnreachable):
                await link.first(0.1)


# TLS


async def test_an_encrypted_connection_with_our_own_authority(tls, heard):
    mosquitto, ca = tls
    async with connection(Address("localhost", mosquitto.port, tls=Tls(ca=ca)), heard, "x") as link:
        await link.first(LIMIT)
        burst = [Message("x", f"{number}" + "x" * 500) for number in range(1000)]
        link.publish(burst)
        await until(lambda: len(heard) == 1000)
        mosquitto.restart()
        await until(lambda: heard.connects == 2)
    assert heard.payloads == [message.payload for message in burst]


async def test_a_certificate_that_nobody_vouches_for_is_refused(tls, heard):
    mosquitto, _ = tls
    async with connection(Address("localhost", mosquitto.port, tls=Tls()), heard) as link:
        with pytest.raises(BrokerRefused, match="not trusted"):
            await link.first(LIMIT)


async def test_an_insecure_connection_trusts_anybody(tls, heard):
    mosquitto, _ = tls
    async with connection(Address("127.0.0.1", mosquitto.port, tls=Tls(insecure=True)), heard) as link:
        await link.first(LIMIT)


async def test_a_certificate_file_that_is_missing_is_named(tls, heard, tmp_path):
    mosquitto, _ = tls
    async with connection(Address("localhost", mosquitto.port, tls=Tls(ca=tmp_path / "none.pem")), heard) as link:
        with pytest.raises(BrokerRefused, match=r"none\.pem"):
            await link.first(LIMIT)


async def test_tls_against_a_plain_port_is_refused(mosquitto, heard):
    async with connection(Address("localhost", mosquitto.port, tls=Tls(insecure=True)), heard) as link:
        with pytest.raises((BrokerRefused, BrokerUnreachable), match=str(mosquitto.port)):
            await trouble(link)


@pytest.fixture
def tls(has_mosquitto, tmp_path):
    """A mosquitto with a certificate of our own authority, and the authority's file."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make certificates with")

    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=tmp_path, check=True, capture_output=True)

    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key",
            "-out", "ca.pem", "-subj", "/CN=Test authority", "-days", "2")  # fmt: skip
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "broker.key",
            "-out", "broker.csr", "-subj", "/CN=localhost")  # fmt: skip
    (tmp_path / "names").write_text("subjectAltName=DNS:localhost\n")
    openssl("x509", "-req", "-in", "broker.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out",
            "broker.pem", "-days", "2", "-extfile", "names")  # fmt: skip
    settings = f"allow_anonymous true\ncertfile {tmp_path}/broker.pem\nkeyfile {tmp_path}/broker.key"
    broker = Mosquitto(tmp_path, settings)
    broker.start()
    yield broker, tmp_path / "ca.pem"
    broker.kill()


def _with_password(folder):
    if shutil.which("mosquitto_passwd") is None:
        pytest.skip("no mosquitto_passwd")
    secrets = folder / "passwords"
    subprocess.run(["mosquitto_passwd", "-c", "-b", secrets, "relax", "right-secret"], check=True, capture_output=True)
    broker = Mosquitto(folder, f"allow_anonymous false\npassword_file {secrets}")
    broker.start()
    return broker


def _nobody():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Raw:
    """Bytes to a broker and back, with no library in between (MQTT 5)."""

    def __init__(self, port, subscribe=None):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=LIMIT)
        self.socket.sendall(b"\x10\x10\x00\x04MQTT\x05\x02\x00\x00\x00\x00\x03raw")
        assert self.socket.recv(100)[0] == 0x20
        if subscribe is not None:
            self.socket.sendall(bytes((0x82, 6 + len(subscribe), 0, 1, 0, 0, len(subscribe))) + subscribe + b"\x00")
            assert self.socket.recv(100)[0] == 0x90

    def publish(self, topic, payload):
        body = len(topic).to_bytes(2, "big") + topic + b"\x00" + payload
        length, digits = len(body), b""
        while length > 127:
            digits += bytes((length % 128 | 128,))
            length //= 128
        self.socket.sendall(b"\x30" + digits + bytes((length,)) + body)

    def read(self):
        return self.socket.recv(1000)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
