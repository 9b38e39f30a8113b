"""A websocket in front of a broker (RFC 6455), as proxies have it: frames are cut and joined as it pleases."""

import asyncio
import base64
import hashlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.conftest import LIMIT

_KEY = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


@asynccontextmanager
async def relay(port: int, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port of a websocket that leads to the broker at a port."""
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        with suppress(OSError, asyncio.IncompleteReadError, ssl.SSLError):
            request = await reader.readuntil(b"\r\n\r\n")
            key = next(line.split(b": ")[1] for line in request.split(b"\r\n") if b"websocket-key" in line.lower())
            accept = base64.b64encode(hashlib.sha1(key + _KEY, usedforsecurity=False).digest())
            writer.write(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n"
            )
            from_broker, to_broker = await asyncio.open_connection("127.0.0.1", port)
            inward = asyncio.create_task(_inward(reader, to_broker, writer))
            outward = asyncio.create_task(_outward(from_broker, writer))
            await asyncio.wait([inward, outward], return_when=asyncio.FIRST_COMPLETED)
            for each in (inward, outward):
                each.cancel()
            await asyncio.wait([inward, outward])
            to_broker.close()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as server:
        yield server.sockets[0].getsockname()[1]
    if serving:
        await asyncio.wait(serving, timeout=LIMIT)


async def _inward(reader: asyncio.StreamReader, broker: asyncio.StreamWriter, back: asyncio.StreamWriter) -> None:
    """Frames of the client; paho masks all but its pongs."""
    with suppress(OSError, asyncio.IncompleteReadError):
        while True:
            head = await reader.readexactly(2)
            length = head[1] & 127
            if length > 125:
                length = int.from_bytes(await reader.readexactly(2 if length == 126 else 8), "big")
            mask = await reader.readexactly(4) if head[1] & 128 else bytes(4)
            data = await reader.readexactly(length)
            if head[0] & 15 != 2:
                continue
            broker.write(bytes(byte ^ mask[place % 4] for place, byte in enumerate(data)))
            await broker.drain()
            back.write(b"\x89\x00")  # a ping now and then: no packet of MQTT is in it


async def _outward(broker: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """What the broker says, in frames of any length."""
    with suppress(OSError):
        while data := await broker.read(3000):
            head = bytes((0x82, len(data))) if len(data) < 126 else b"\x82\x7e" + len(data).to_bytes(2, "big")
            writer.write(head + data)
            await writer.drain()
