"""The broker that we bring along: mosquitto where there is one, iotcore where there is none."""

import importlib.util
import os
import signal
import socket
import subprocess
import sys

import psutil
import pytest

from orchestrator.devices.messages import Message
from orchestrator.errors import RelaxError
from orchestrator.mqtt import broker as brokers
from orchestrator.mqtt.broker import broker
from orchestrator.mqtt.connection import Connection
from tests.conftest import LIMIT, until


@pytest.fixture(params=["mosquitto", "iotcore"])
def kind(request, monkeypatch):
    if request.param == "mosquitto":
        request.getfixturevalue("has_mosquitto")
    else:
        monkeypatch.setattr(brokers, "mosquitto", lambda: None)
    return request.param


def _children():
    return psutil.Process().children(recursive=True)


def _lives(process):
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def _python(program):
    return subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)


async def test_a_broker_carries_messages_and_is_gone_afterwards(kind):
    heard: list[Message] = []
    async with broker() as address:
        assert address.host == "127.0.0.1"
        async with Connection(address, client_id="a", subscriptions=["x"], on_message=heard.append) as link:
            await link.first(LIMIT)
            link.publish([Message("x", "y" * 200_000), Message("x", "short")])
            await until(lambda: len(heard) == 2)
    assert [len(message.payload) for message in heard] == [200_000, 5]
    assert _children() == []
    with socket.socket() as probe:
        assert probe.connect_ex((address.host, address.port)) != 0


async def test_a_broker_keeps_what_is_retained_and_publishes_last_wills(kind):
    heard, echo = list[Message](), list[Message]()
    async with broker() as address:
        will, birth = (Message("status", word, retain=True) for word in ("offline", "online"))
        link = Connection(
            address, client_id="a", will=will, birth=birth, subscriptions=["status"], on_message=echo.append
        )
        async with link:
            await until(lambda: echo)  # iotcore may hang up on somebody who has just come
        async with Connection(address, client_id="b", subscriptions=["status"], on_message=heard.append):
            await until(lambda: heard)
    assert heard[0] == Message("status", "offline", retain=True)


async def test_a_broker_listens_on_loopback_only(kind):
    async with broker() as address:
        listening = {
            connection.laddr.ip
            for child in _children()
            for connection in child.net_connections()
            if connection.status == psutil.CONN_LISTEN
        }
    assert listening == {address.host}


async def test_a_port_that_was_asked_for_is_used(kind):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    async with broker(port) as address:
        assert str(address) == f"127.0.0.1:{port}"


async def test_a_port_that_is_taken_is_said():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(RelaxError, match=f"127.0.0.1:{port}: address already in use"):
            async with broker(port):
                pass


async def test_no_broker_installed_is_said_with_what_to_install(monkeypatch):
    monkeypatch.setattr(brokers, "mosquitto", lambda: None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(RelaxError, match="Install mosquitto"):
        async with broker():
            pass


async def test_two_brokers_do_not_meet(kind):
    heard: list[Message] = []
    async with broker() as one, broker() as two:
        assert one != two
        async with (
            Connection(one, client_id="a", subscriptions=["x"], on_message=heard.append) as first,
            Connection(two, client_id="b", on_message=heard.append) as second,
        ):
            await first.first(LIMIT)
            await second.first(LIMIT)
            second.publish([Message("x", "theirs")])
            first.publish([Message("x", "ours")])
            await until(lambda: heard)
    assert [message.payload for message in heard] == ["ours"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_a_broker_never_outlives_us(kind, how):
    without = "brokers.mosquitto = lambda: None\n" if kind == "iotcore" else ""
    program = (
        "import asyncio\nfrom orchestrator.mqtt import broker as brokers\n" + without + "async def main():\n"
        "    async with brokers.broker() as address:\n"
        "        print(address, flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    with _python(program) as parent:
        parent.stdout.readline()
        children = psutil.Process(parent.pid).children()
        assert children
        os.kill(parent.pid, how)
    await until(lambda: not any(_lives(child) for child in children))
