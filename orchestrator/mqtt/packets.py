"""PUBLISH packets of quality 0, packed by hand: a burst of them leaves in one `send()`.

paho packs and sends each by itself, with a lock, a condition and a system call: about ten times the processor time (see
docs/decisions/0002-publish-packets-by-hand.md). Layout: MQTT 3.1.1 and MQTT 5, section 3.3.
"""

import struct
from functools import lru_cache

from orchestrator.devices.messages import Message

_PUBLISH = 0x30
_RETAIN = 0x01
_EXPIRY = 0x02
_RESPONSE_TOPIC = 0x08
_CORRELATION = 0x09
_LONGEST = 268_435_455


def publish_packet(message: Message, *, version_5: bool) -> bytes:
    """A message as one packet. Its `qos` is not looked at; its properties need MQTT 5, expiry is rounded up to seconds.

    Raises ValueError for what no broker takes: a topic that is empty, too long or has a wildcard in it, a text that is
    not UTF-8, a correlation above 64 KiB, a payload above 256 MiB.
    """
    topic = _topic(message.topic)
    properties = _properties(message) if version_5 else b""
    payload = message.payload.encode()
    length = len(topic) + len(properties) + len(payload)
    head = bytes([_PUBLISH | _RETAIN]) if message.retain else bytes([_PUBLISH])
    return b"".join((head, _variable(length), topic, properties, payload))


def expiry_seconds(expiry: int) -> int:
    """Whole seconds, never 0: MQTT 5 would drop the message at once."""
    return max(1, -(-expiry // 1000))


@lru_cache(maxsize=4096)
def _topic(topic: str) -> bytes:
    """A topic name with its length, as section 1.5.4 has it. The same few are sent all evening."""
    encoded = topic.encode()
    if not encoded or len(encoded) > 0xFFFF or any(sign in topic for sign in "+#\0"):
        raise ValueError(f"Not a topic to publish to: {topic[:80]!r}")
    return struct.pack("!H", len(encoded)) + encoded


def _properties(message: Message) -> bytes:
    """The properties of MQTT 5 with their length, in the order of their numbers."""
    if message.reply_to is None and message.correlation is None:
        return _only_expiry(message.expiry)
    parts = [_only_expiry(message.expiry)[1:]]
    if message.reply_to is not None:
        parts.append(bytes([_RESPONSE_TOPIC]) + _topic(message.reply_to))
    if message.correlation is not None:
        if len(message.correlation) > 0xFFFF:
            raise ValueError(f"Too long to correlate by: {len(message.correlation)} bytes")
        parts.append(struct.pack("!BH", _CORRELATION, len(message.correlation)) + message.correlation)
    body = b"".join(parts)
    return _variable(len(body)) + body


@lru_cache(maxsize=64)
def _only_expiry(expiry: int | None) -> bytes:
    """Properties with their length: none, or the Message Expiry Interval (section 3.3.2.3.3)."""
    if expiry is None:
        return b"\x00"
    return struct.pack("!BBI", 5, _EXPIRY, min(expiry_seconds(expiry), 0xFFFF_FFFF))


def _variable(length: int) -> bytes:
    """A Variable Byte Integer: seven bits a byte, lowest first (section 1.5.5)."""
    if length < 0x80:
        return bytes((length,))
    if length > _LONGEST:
        raise ValueError(f"Too long to publish: {length} bytes")
    digits = bytearray()
    while length:
        length, digit = divmod(length, 0x80)
        digits.append(digit | 0x80 if length else digit)
    return bytes(digits)
