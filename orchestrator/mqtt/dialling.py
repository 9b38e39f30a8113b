"""The part of a connection that blocks: a fresh paho client, and how it reaches the broker."""

import asyncio
import os
import socket
import ssl
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from orchestrator.devices.messages import Message
from orchestrator.errors import BrokerError
from orchestrator.mqtt import tls_mistakes
from orchestrator.mqtt.address import Address, Tls

LARGEST_PAYLOAD = 256 * 1024
"""Bytes. Nothing that a device says is longer; what is, is dropped, by the broker already where it speaks MQTT 5."""
PATIENCE = 5.0
"""Seconds for all of name lookup, TCP, TLS and CONNACK."""
_GREETING = 2.0
_UNHEARD_MS = 10_000
"""What the broker's host has not acknowledged by then is stale, as a command to a device is after 10 s."""


class _TidyClient(Client):
    """Closes its socket where no websocket comes of it: paho would leave that to the garbage collector."""

    raw: socket.socket | None = None

    def _create_socket_connection(self) -> socket.socket:
        self.raw = super()._create_socket_connection()
        return self.raw

    def _ssl_wrap_socket(self, tcp_sock: socket.socket) -> ssl.SSLSocket:
        self.raw = encrypted = super()._ssl_wrap_socket(tcp_sock)
        return encrypted

    def close_raw(self) -> None:
        if self.raw is not None:
            self.raw.close()


def fresh_client(client_id: str, will: Message | None, address: Address, *, version_5: bool) -> _TidyClient:
    """A paho client that has done nothing yet."""
    client = _TidyClient(
        CallbackAPIVersion.VERSION2,
        client_id=client_id,
        protocol=MQTTProtocolVersion.MQTTv5 if version_5 else MQTTProtocolVersion.MQTTv311,
        transport="tcp" if address.websocket is None else "websockets",
        reconnect_on_failure=False,
    )
    client.connect_timeout = PATIENCE
    if will is not None:
        client.will_set(will.topic, will.payload, will.qos, will.retain)
    client.on_socket_open = _tune
    client.on_socket_register_write = lambda *_: None  # with it paho only queues, and who watches the socket writes
    return client


def connect(client: _TidyClient, address: Address, keepalive: int, *, version_5: bool) -> None:
    """Name lookup, TCP, TLS, websocket; CONNECT waits in paho's queue. Blocks for `PATIENCE`; raises what these do."""
    if address.username is not None:
        client.username_pw_set(address.username, address.password)
    if address.tls is not None:
        client.tls_set_context(address.tls.context())
        client.tls_insecure_set(address.tls.insecure)
    if address.websocket is not None:
        client.ws_set_options(path=address.websocket)
    properties = None
    if version_5:
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.MaximumPacketSize = LARGEST_PAYLOAD + 0x1_0000 + 0x400  # with a topic and properties
    try:
        client.connect(address.host, address.port, keepalive, properties=properties)
    except Exception:
        client.close_raw()
        raise


async def in_a_thread(blocking: Callable[[], None], given_up: Callable[[], None]) -> None:
    """Wait for something that blocks; `given_up` is called in the loop when it ends and nobody waits any more.

    A daemon thread and not the loop's executor: Ctrl-C must not wait for a name server that is silent.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def settle(error: Exception | None) -> None:
        if done.cancelled():
            given_up()
        elif error is None:
            done.set_result(None)
        else:
            done.set_exception(error)

    def work() -> None:
        outcome: Exception | None = None
        try:
            blocking()
        except Exception as error:  # noqa: BLE001 told to the one who waits, whatever it is
            outcome = error
        with suppress(RuntimeError):  # the loop is closed: the process is about to end
            loop.call_soon_threadsafe(settle, outcome)

    threading.Thread(target=work, name="mqtt dialling", daemon=True).start()
    await done


def _tune(_client: Client, _userdata: object, sock: Any) -> None:
    """No waiting for company (Nagle holds the second message of a burst for 40 ms), no hope for a host that is gone."""
    with socket.socket(fileno=os.dup(sock.fileno())) as same:  # a websocket of paho's has no options of its own
        same.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if sys.platform == "linux":
            same.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNHEARD_MS)


async def mistake_in_tls(address: Address) -> BrokerError | None:
    """What a broker that hung up has against TLS as we speak it, or against our speaking without; None: nothing.

    It may say so only after the handshake, and who has written by then does not hear it: so this greets and listens.
    """
    found: list[BrokerError] = []

    def greet() -> None:
        tls = address.tls or Tls(insecure=True)
        with socket.create_connection((address.host, address.port), timeout=_GREETING) as plain:
            try:
                with tls.context().wrap_socket(plain, server_hostname=address.host) as encrypted:
                    if address.tls is None:
                        found.append(tls_mistakes.expected(address))
                    else:
                        encrypted.recv(1)
            except ssl.SSLError as error:
                if address.tls is not None:
                    found.append(tls_mistakes.from_handshake(address, error))
                elif "ALERT" in (error.reason or ""):
                    found.append(tls_mistakes.expected(address))

    with suppress(OSError, ValueError, BrokerError):
        await in_a_thread(greet, lambda: None)
    return next(iter(found), None)
