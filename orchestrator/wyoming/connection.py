"""A connection to a Wyoming server: events out and in, none of them waited for without end."""

import asyncio
import os
import socket
from typing import Final, NamedTuple

from orchestrator.errors import WyomingError
from orchestrator.wyoming.event import LONGEST_LINE, NotWyoming, WyomingEvent, read_event

CONNECTS_WITHIN: Final = 3.0
TAKES_WITHIN: Final = 3.0
"""Seconds that a server has to take what it is sent."""

CLOSES_WITHIN: Final = 1.0


class Place(NamedTuple):
    """Where a server listens, and what it is to us: a home has two for one voice."""

    host: str
    port: int
    what: str = "Wyoming server"

    @classmethod
    def of(cls, text: str, what: str) -> "Place":
        name, _, port = text.rpartition(":")
        return cls(name, int(port), what)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def trouble(self, does: str, hint: str = "") -> WyomingError:
        """What is wrong with it: `does` follows its name."""
        return WyomingError(f"The {self.what} at {self} {does}", hint)

    def silence(self, does: str, hint: str = "") -> WyomingError:
        """The same of one that is there, or may be, and says nothing in time."""
        return WyomingError(f"The {self.what} at {self} {does}", hint, cause=f"{self} is silent")


class WyomingConnection:
    """Open; leave it with `close`."""

    def __init__(self, place: Place, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._place = place
        self._reader = reader
        self._writer = writer
        self.has_hung_up = False
        """Whether the other side has; one that hangs has not."""

    @classmethod
    async def open(cls, place: Place) -> "WyomingConnection":
        """Raises WyomingError where nobody answers."""
        try:
            async with asyncio.timeout(CONNECTS_WITHIN):
                reader, writer = await asyncio.open_connection(place.host, place.port, limit=LONGEST_LINE)
        except TimeoutError:
            raise place.silence("does not answer.", "Is it switched on, and the address right?") from None
        except (socket.gaierror, UnicodeError):
            raise place.trouble("is nowhere to be found: nobody knows that name.", "Is it right?") from None
        except OSError as error:
            why = f": {os.strerror(error.errno).lower()}" if error.errno else ""
            raise place.trouble(f"does not listen{why}.", "Does the program run there?") from None
        return cls(place, reader, writer)

    async def send(self, event: WyomingEvent) -> None:
        """Raises WyomingError where it hangs, or has hung up."""
        try:
            self._writer.write(event.bytes())
            async with asyncio.timeout(TAKES_WITHIN):
                await self._writer.drain()
        except TimeoutError:
            raise self._place.silence("hangs: it takes no more sound.", "Restart it.") from None
        except OSError:
            self.has_hung_up = True
            raise self._place.trouble("has hung up.") from None

    async def read(self) -> WyomingEvent | None:
        """The next event, whenever it comes; None where the other side has hung up. Raises WyomingError."""
        try:
            event = await read_event(self._reader)
        except NotWyoming as error:
            raise self._place.trouble(f"does not speak Wyoming ({error}).", "Is it the right port?") from None
        self.has_hung_up = event is None
        return event

    async def answer(self, seconds: float) -> WyomingEvent:
        """The next event within so long. Raises WyomingError."""
        try:
            async with asyncio.timeout(seconds):
                event = await self.read()
        except TimeoutError:
            raise self._place.silence(f"has not answered within {seconds:g} s.") from None
        if event is None:
            raise self._place.trouble("has hung up.")
        return event

    def hang_up(self) -> None:
        """Say nothing more; `close` waits until that is done."""
        self._writer.close()

    async def close(self) -> None:
        """Hang up, on one that takes nothing more as well."""
        self.hang_up()
        try:
            async with asyncio.timeout(CLOSES_WITHIN):
                await self._writer.wait_closed()
        except (OSError, TimeoutError):
            pass
        finally:
            self._writer.transport.abort()


async def described(place: Place, seconds: float) -> WyomingEvent:
    """What a server says that it is: its event `info`. Raises WyomingError."""
    connection = await WyomingConnection.open(place)
    try:
        await connection.send(WyomingEvent("describe"))
        async with asyncio.timeout(seconds):
            while (event := await connection.answer(seconds)).kind != "info":
                pass
    except TimeoutError:
        raise place.silence("does not say what it is.", "Is it a Wyoming server?") from None
    finally:
        await connection.close()
    return event
