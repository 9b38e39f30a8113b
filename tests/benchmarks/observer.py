"""The observer: sends the triggers and notes when each message arrives, both by its own clock.

A client of its own, not paho: it takes what is there in one `recv()`, notes the moment once, and reads it afterwards.
"""

import select
import socket
import struct
import time
from collections.abc import Sequence
from types import TracebackType
from typing import NamedTuple, Self

from orchestrator.devices.messages import Message
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.packets import publish_packet

_CONNECT = b"\x10\x14\x00\x04MQTT\x04\x02\x00\x00\x00\x08observer"
_PUBLISH = 0x30
STATUS = "relax/status"
_FILTERS = ("bench/lamp/+/+/set", "relax/rooms/+/reply", STATUS)
_LARGE = 1 << 20


class Arrival(NamedTuple):
    """A message, and when it came (seconds)."""

    at: float
    topic: str
    payload: str


class Trigger(NamedTuple):
    """Rooms to start together, at a moment after the beginning (seconds)."""

    at: float
    rooms: tuple[int, ...]


class Observer:
    """One connection, MQTT 3.1.1, quality 0. Use it in `with`."""

    def __init__(self, address: Address) -> None:
        self._socket = socket.create_connection((address.host, address.port), timeout=10)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._chunks: list[tuple[float, bytes]] = []
        self._rest = b""

    def __enter__(self) -> Self:
        self._socket.sendall(_CONNECT)
        self.publish([(STATUS, "")], retain=True)  # whoever served before
        filters = b"".join(_text(name) + b"\x00" for name in _FILTERS)
        self._socket.sendall(b"\x82" + bytes([len(filters) + 2]) + b"\x00\x01" + filters)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def publish(self, messages: Sequence[tuple[str, str]], *, retain: bool = False) -> None:
        packets = [publish_packet(Message(*message, retain=retain), version_5=False) for message in messages]
        self._socket.sendall(b"".join(packets))

    def ready(self, within: float) -> float:
        """When a responder said that it is online. Raises TimeoutError."""
        limit = time.monotonic() + within
        while (left := limit - time.monotonic()) > 0:
            self._take(left)
            for arrival in self._arrivals():
                if (arrival.topic, arrival.payload) == (STATUS, "online"):
                    return arrival.at
        raise TimeoutError("nobody came online in time")

    def play(self, triggers: Sequence[Trigger], lasts: float) -> dict[int, float]:
        """Send triggers at their moments and listen, `lasts` seconds in all. Gives when each room was triggered."""
        sent: dict[int, float] = {}
        coming = [(trigger.at, trigger.rooms, b"".join(_start(room) for room in trigger.rooms)) for trigger in triggers]
        coming.reverse()
        began = time.monotonic()
        while (now := time.monotonic()) < began + lasts:
            if coming and now >= began + coming[-1][0]:
                _, rooms, packets = coming.pop()
                sent.update(dict.fromkeys(rooms, time.monotonic()))
                self._socket.sendall(packets)
                continue
            until = began + (coming[-1][0] if coming else lasts)
            self._take(max(until - now, 0.0))
        return sent

    def collect(self, count: int, within: float) -> list[Arrival]:
        """What came, after waiting until so many have; no longer than `within` seconds."""
        limit = time.monotonic() + within
        came = self._arrivals()
        while len(came) < count and time.monotonic() < limit:
            self._take(0.05)
            came += self._arrivals()
        return came

    def _arrivals(self) -> list[Arrival]:
        return [_arrival(moment, body) for moment, head, body in self._packets() if head & 0xF0 == _PUBLISH]

    def _take(self, within: float) -> None:
        readable, _, _ = select.select([self._socket], [], [], within)
        if readable:
            chunk = self._socket.recv(_LARGE)
            self._chunks.append((time.monotonic(), chunk))
            if not chunk:
                raise ConnectionError("the broker hung up on the observer")

    def _packets(self) -> list[tuple[float, int, bytes]]:
        """All whole packets since the last call: the moment of their last byte, first byte, body."""
        found = []
        data = self._rest
        for moment, chunk in self._chunks:
            data += chunk
            place = 0
            while (packet := _packet(data, place)) is not None:
                start, end = packet
                found.append((moment, data[place], data[start:end]))
                place = end
            data = data[place:]
        self._chunks, self._rest = [], data
        return found


def _packet(data: bytes, place: int) -> tuple[int, int] | None:
    """Where the body of the packet at a place begins and ends; None where it is not whole yet."""
    length, shift, start = 0, 0, place + 1
    while start < len(data):
        digit = data[start]
        length |= (digit & 0x7F) << shift
        shift, start = shift + 7, start + 1
        if digit < 0x80:
            return (start, start + length) if start + length <= len(data) else None
    return None


def _arrival(moment: float, body: bytes) -> Arrival:
    (length,) = struct.unpack_from("!H", body)
    return Arrival(moment, body[2 : 2 + length].decode(), body[2 + length :].decode())


def _start(room: int) -> bytes:
    request = f'{{"command":"start","scene":"bench","request_id":"start-{room}"}}'
    return publish_packet(Message(f"relax/rooms/room-{room}/command", request), version_5=False)


def _text(text: str) -> bytes:
    return struct.pack("!H", len(text)) + text.encode()
