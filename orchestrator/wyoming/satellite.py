"""The way to one satellite: taken when there is something to say, and left a while after.

A satellite serves one server at a time. While it is ours it is nobody else's; while Home Assistant has it, it hangs up
on us, or says nothing any more: so it is asked whether it hears us before a sound begins. `played` comes when its
loudspeaker is silent; at once where it only hands the sound on, and from some never: so the end of a sound is when its
length is over, or when `played` comes after that.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from orchestrator.errors import WyomingError
from orchestrator.wyoming.connection import Place, WyomingConnection
from orchestrator.wyoming.event import WyomingEvent
from orchestrator.wyoming.sound import SoundFormat

LATE: Final = 0.5
"""Seconds after its length was over in which a sound may still be heard: Home Assistant waits as long."""
SAYS_WITHIN: Final = 4.0
"""Seconds that it has to answer a question: it may play a sound first for who connects. A server that only plays
(wyoming-snd-external) never does."""
FORGETS_WITHIN: Final = 0.3
"""Seconds that a satellite may take to notice that we have left."""
TAKEN: Final = "Another server has it, as Home Assistant may, and it serves one at a time: docs/home.md, wyoming."


class SatelliteLink:
    """One at a time speaks through it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._connection: WyomingConnection | None = None
        self._listening: asyncio.Task[None] | None = None
        self._one_of_us = asyncio.Lock()
        self._stops = 0
        self._played = 0
        self._news = asyncio.Event()
        self._is_gone = False
        self._has_heard = False
        self._answers_pings = False
        """Whether it says at once that we are heard, as all do that Home Assistant can have."""
        self._sounding = False
        self._sent = 0.0

    @property
    def is_open(self) -> bool:
        return self._connection is not None and not self._is_gone

    async def look(self, *, is_to_be_ours: bool) -> None:
        """Whether it is there, and would take us for its server: who is not is told no more than what it is.

        Raises WyomingError while it is not.
        """
        async with self._one_of_us:
            if self.is_open:
                return
            connection = await WyomingConnection.open(self.place)
            try:
                info = await self._asked(connection, WyomingEvent("describe"))
                about = info.data.get("satellite") if info is not None else None
                self._answers_pings = isinstance(about, dict) and bool(about.get("version"))
                if (
                    is_to_be_ours
                    and self._answers_pings
                    and await self._asked(connection, WyomingEvent("ping")) is None
                ):
                    raise self._taken()
            finally:
                await connection.close()
            if is_to_be_ours:
                await pause(FORGETS_WITHIN)

    async def take(self) -> None:
        """It is to hear us, if it does not already. Raises WyomingError where it does not."""
        async with self._one_of_us:
            if not self.is_open:
                await self._leave()
                await self._take()

    async def start(self, form: SoundFormat) -> None:
        """A sound begins, of one that was taken. Raises WyomingError."""
        self._sent, self._sounding = 0.0, True
        await self._send(WyomingEvent("audio-start", {**form._asdict(), "timestamp": 0}))

    async def play(self, sound: bytes, form: SoundFormat) -> None:
        """A part of it. Raises WyomingError."""
        data = {**form._asdict(), "timestamp": round(self._sent * 1000)}
        self._sent += form.lasts(sound)
        await self._send(WyomingEvent("audio-chunk", data, sound))

    async def stop(self) -> None:
        """That was all of it. Raises WyomingError."""
        if self._sounding:
            self._sounding = False
            self._stops += 1
            await self._send(WyomingEvent("audio-stop", {"timestamp": round(self._sent * 1000)}))

    async def silent(self, end: float) -> None:
        """Wait until what was sent is over: `end` by the loop's clock, or what the satellite says after that.

        Raises WyomingError where it is gone before.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout_at(end + LATE):
                await self._until(lambda: self._played >= self._stops)
        await until(end)

    async def leave(self) -> None:
        """Others may have it; what sounds is broken off."""
        async with self._one_of_us:
            with suppress(WyomingError):
                await self.stop()
            await self._leave()

    async def _take(self) -> None:
        connection = await WyomingConnection.open(self.place)
        self._stops = self._played = 0
        self._is_gone = self._has_heard = self._sounding = False
        self._connection = connection
        self._listening = asyncio.create_task(self._listen(connection), name=f"wyoming {self.place}")
        if self._answers_pings:
            await self._send(WyomingEvent("ping"))
            try:
                async with asyncio.timeout(SAYS_WITHIN):
                    await self._until(lambda: self._has_heard)
            except TimeoutError:
                raise self._taken() from None
            finally:
                self._is_gone = self._is_gone or not self._has_heard

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._refuse_gone()
            self._news.clear()
            await self._news.wait()

    async def _leave(self) -> None:
        listening, self._listening = self._listening, None
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.hang_up()
        if listening is not None:
            listening.cancel()
            await asyncio.wait([listening])
        if connection is not None:
            await connection.close()
            await pause(FORGETS_WITHIN)

    async def _asked(self, connection: WyomingConnection, question: WyomingEvent) -> WyomingEvent | None:
        """What it answers; None where it says nothing: it only plays, or listens to somebody else."""
        await connection.send(question)
        with suppress(TimeoutError):
            async with asyncio.timeout(SAYS_WITHIN):
                if (answer := await connection.read()) is not None:
                    return answer
        if connection.has_hung_up:
            raise self._taken() if question.kind == "ping" else self.place.trouble("has hung up.")
        return None

    def _taken(self) -> WyomingError:
        return self.place.trouble("does not take us.", TAKEN)

    async def _send(self, event: WyomingEvent) -> None:
        self._refuse_gone()
        assert self._connection is not None, "a sound was begun"
        try:
            await self._connection.send(event)
        except WyomingError:
            self._is_gone = True
            if self._connection.has_hung_up:
                self._refuse_gone()
            raise

    def _refuse_gone(self) -> None:
        """Who hangs up before it has said anything is somebody else's."""
        if self._is_gone:
            raise self.place.trouble("has hung up.") if self._has_heard else self._taken()

    async def _listen(self, connection: WyomingConnection) -> None:
        """What it says: that something was played, that it would like to know whether we are there, what it hears."""
        try:
            while (event := await connection.read()) is not None:
                self._has_heard = True
                match event.kind:
                    case "played":
                        self._played += 1
                    case "ping":
                        await connection.send(WyomingEvent("pong", event.data))
                    case "run-pipeline":
                        why = {"text": "relax speaks, and does not listen.", "code": "not-listening"}
                        await connection.send(WyomingEvent("error", why))
                self._news.set()
        except WyomingError:
            pass
        finally:
            self._is_gone = True
            self._news.set()


async def until(moment: float) -> None:
    """Nothing but a pause, to a moment by the loop's clock."""
    with suppress(TimeoutError):
        async with asyncio.timeout_at(moment):
            await asyncio.Event().wait()


async def pause(seconds: float) -> None:
    """Nothing but a pause."""
    await until(asyncio.get_running_loop().time() + seconds)
