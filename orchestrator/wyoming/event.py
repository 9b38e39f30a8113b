"""Wyoming's events as bytes: a line of JSON, then more data and a payload, each as long as the line says.

Source: the README of rhasspy/wyoming, and its library 1.10. Nothing that comes in is believed before it was looked at.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

LONGEST_LINE: Final = 64 * 1024
LONGEST_DATA: Final = 4 * 1024 * 1024
"""Piper's list of all its voices has half of a megabyte."""
LONGEST_PAYLOAD: Final = 16 * 1024 * 1024
"""Five minutes of sound in one piece."""
_VERSION: Final = "1.5.0"
"""Of the protocol that we speak: what is told here has meant the same since."""


class NotWyoming(ValueError):
    """What came is no event."""


class WyomingEvent(NamedTuple):
    """`kind` is its type: `describe`, `audio-chunk`."""

    kind: str
    data: Mapping[str, Any] = {}
    payload: bytes = b""

    def bytes(self) -> bytes:
        """As it goes over the wire: always with data, or wyoming 1.5 stumbles where it looks for some."""
        line: dict[str, Any] = {"type": self.kind, "version": _VERSION, "data": {}}
        data = json.dumps(self.data, ensure_ascii=False).encode() if self.data else b""
        if data:
            line["data_length"] = len(data)
        if self.payload:
            line["payload_length"] = len(self.payload)
        return json.dumps(line).encode() + b"\n" + data + self.payload


async def read_event(reader: asyncio.StreamReader) -> WyomingEvent | None:
    """The next event; None where the other side has hung up. Raises NotWyoming for what is none."""
    try:
        line = await reader.readuntil(b"\n")
        header = _fields(line)
        data = header.get("data")
        data = dict(data) if isinstance(data, dict) else {}
        length = _length(header, "data_length", LONGEST_DATA)
        if length:
            data |= _fields(await reader.readexactly(length))
        payload = await reader.readexactly(_length(header, "payload_length", LONGEST_PAYLOAD))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    except asyncio.LimitOverrunError:
        raise NotWyoming("a line without an end") from None
    kind = header.get("type")
    if not isinstance(kind, str):
        raise NotWyoming("an event without a type")
    return WyomingEvent(kind, data, payload)


def _fields(text: bytes) -> dict[str, Any]:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        raise NotWyoming("no JSON object")
    return read


def _length(header: Mapping[str, Any], key: str, most: int) -> int:
    length = header.get(key)
    if length is None:
        return 0
    if isinstance(length, bool) or not isinstance(length, int) or not 0 <= length <= most:
        raise NotWyoming(f"a {key} of {str(length)[:20]}")
    return length
