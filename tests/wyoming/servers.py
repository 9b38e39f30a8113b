"""A satellite and a text-to-speech server on loopback, as wyoming-satellite 1.4 and wyoming-piper 2 behave.

Their framing is their own, so that ours is not judged by itself.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

RATE = 16_000
PIPER = {"en_GB": "en_GB-alba-medium", "de_DE": "de_DE-thorsten-medium"}


def sound_of(text: str, letter: float = 0.01) -> bytes:
    """So many seconds a letter of a level tone, 16 bits, one channel."""
    return (1000).to_bytes(2, "little", signed=True) * round(RATE * letter * len(text))


async def read(reader: asyncio.StreamReader) -> tuple[str, dict[str, Any], bytes] | None:
    line = await reader.readline()
    if not line:
        return None
    header = json.loads(line)
    data = dict(header.get("data") or {})
    if header.get("data_length"):
        data |= json.loads(await reader.readexactly(header["data_length"]))
    payload = await reader.readexactly(header.get("payload_length") or 0)
    return header["type"], data, payload


def write(writer: asyncio.StreamWriter, kind: str, data: dict[str, Any] | None = None, payload: bytes = b"") -> None:
    told = json.dumps(data, ensure_ascii=False).encode() if data else b""
    line = {"type": kind, "version": "1.8.0", **({"data_length": len(told)} if told else {})}
    line |= {"payload_length": len(payload)} if payload else {}
    writer.write(json.dumps(line).encode() + b"\n" + told + payload)


@dataclass
class Server:
    """Whoever connects has a task of its own, which ends when the server does."""

    port: int = 0
    writers: set[asyncio.StreamWriter] = field(default_factory=set)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    server: asyncio.Server | None = None

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def deal_with(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raise NotImplementedError

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        self.writers.add(writer)
        try:
            await self.deal_with(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.writers.discard(writer)
            writer.close()

    async def listen(self) -> None:
        self.gone.clear()
        self.server = await asyncio.start_server(self.connected, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def vanish(self) -> None:
        """Everything of it is gone."""
        assert self.server is not None
        self.server.close()
        for writer in list(self.writers):
            writer.transport.abort()
        self.gone.set()
        if self.tasks:
            await asyncio.wait(self.tasks)
        await self.server.wait_closed()


@dataclass
class SatelliteServer(Server):
    """Serves one server at a time. `played`: when it says so: `after` its sound is over, at `once`, or `never`."""

    played: str = "after"
    is_taken: bool = False
    """Somebody else has it: who says anything but `describe` is hung up on, or is not heard any more (`is_deaf`)."""
    is_deaf: bool = False
    """As wyoming-satellite with wyoming 1.5: it leaves the connection open."""
    answers: bool = True
    """False as wyoming-snd-external 1.0: it plays, and answers nothing else."""
    version: str | None = "1.4.1"
    """One before 1.1 says none, and answers no `ping`."""
    hangs: bool = False
    """It answers what it is, and then takes nothing more."""
    events: list[tuple[str, dict[str, Any], bytes]] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    owner: asyncio.StreamWriter | None = None
    timers: list[asyncio.TimerHandle] = field(default_factory=list)

    async def vanish(self) -> None:
        for timer in self.timers:
            timer.cancel()
        await super().vanish()

    async def deal_with(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        begun, length = 0.0, 0.0
        try:
            while (event := await read(reader)) is not None:
                kind, data, payload = event
                if kind in ("describe", "ping") and not self.answers:
                    continue
                if kind == "ping" and self.version is None:
                    continue
                if kind == "describe":
                    write(
                        writer, "info", {"satellite": {"name": "bedroom", "installed": True, "version": self.version}}
                    )
                    continue
                if self.is_taken or self.owner not in (None, writer):
                    if self.is_deaf:
                        await self.gone.wait()
                    return
                self.owner = writer
                if self.hangs and kind != "ping":
                    await self.gone.wait()
                now = asyncio.get_running_loop().time()
                if kind == "ping":
                    write(writer, "pong", data)
                    continue
                self.events.append(event)
                self.moments.append(now)
                if kind == "audio-start":
                    begun, length = now, 0.0
                elif kind == "audio-chunk":
                    length += len(payload) / data["rate"] / data["width"] / data["channels"]
                elif kind == "audio-stop" and self.played != "never":
                    late = max(begun + length - now, 0.0) if self.played == "after" else 0.0
                    self.timers.append(asyncio.get_running_loop().call_later(late, write, writer, "played"))
        finally:
            if self.owner is writer:
                self.owner = None

    def say(self, kind: str, data: dict[str, Any] | None = None, payload: bytes = b"") -> None:
        """To whose it is."""
        assert self.owner is not None
        write(self.owner, kind, data, payload)

    def of(self, kind: str) -> list[tuple[dict[str, Any], bytes]]:
        return [(data, payload) for each, data, payload in self.events if each == kind]

    @property
    def sound(self) -> bytes:
        return b"".join(payload for _, payload in self.of("audio-chunk"))


@dataclass
class SpeechServer(Server):
    """Makes a tone of words. `wrong`: what it does instead of that."""

    wrong: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    letter: float = 0.01

    async def deal_with(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.wrong == "nonsense":
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            await writer.drain()
            return
        while (event := await read(reader)) is not None:
            kind, data, _ = event
            if kind == "describe":
                voices = [{"name": name, "languages": [each], "installed": True} for each, name in PIPER.items()]
                distant = {"name": "fr_FR-siwis-medium", "languages": ["fr_FR"], "installed": False}
                write(writer, "info", {"tts": [{"name": "piper", "installed": True, "voices": [distant, *voices]}]})
            elif kind == "synthesize":
                self.asked.append(data)
                await self.answer(writer, data["text"])
            await writer.drain()

    async def answer(self, writer: asyncio.StreamWriter, text: str) -> None:
        form = {"rate": RATE, "width": 2, "channels": 1}
        if self.wrong == "hangs":
            await self.gone.wait()
        if self.wrong == "error":
            write(writer, "error", {"text": "no such voice", "code": "VoiceNotFound"})
            return
        if self.wrong == "hangs up":
            writer.close()
            return
        sound = b"" if self.wrong == "silent" else sound_of(text, self.letter)
        write(writer, "audio-start", form)
        for start in range(0, len(sound), 2000):
            write(writer, "audio-chunk", form, sound[start : start + 2000])
        write(writer, "audio-stop", {"timestamp": None})


@asynccontextmanager
async def listening(*servers: Server) -> AsyncIterator[None]:
    """They listen while the block is entered, and are gone after it."""
    for server in servers:
        await server.listen()
    try:
        yield
    finally:
        for server in servers:
            await server.vanish()
