"""A connection to Home Assistant's WebSocket API: in with a token, commands with answers, and what it tells by itself.

Source: developers.home-assistant.io/docs/api/websocket. Nothing is waited for without end.
"""

import asyncio
import json
import logging
import re
import socket
import ssl
from collections.abc import Callable, Mapping
from typing import Any, Final, Self
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI, WebSocketException

from orchestrator.errors import HomeAssistantError, HomeAssistantRefused
from orchestrator.hass.access import HassAccess

CONNECTS_WITHIN: Final = 10.0
ANSWERS_WITHIN: Final = 20.0
"""Seconds for a question. How long a service takes is its own business."""
LOOKS_EVERY: Final = 10.0
"""Seconds from one look whether it is there to the next, and for the answer to that."""
OLDEST: Final = (2023, 1)
"""The first with whites in kelvin everywhere (light.turn_on: color_temp_kelvin)."""
LONGEST: Final = 64 * 1024 * 1024
"""Bytes of one message: a big home's registry has some."""
MAKE_ONE = "Make one in Home Assistant: your profile, Security, Long-lived access tokens."

_frames = logging.getLogger(f"{__name__}.frames")
_frames.setLevel(logging.WARNING)
"""The library would log each frame, and the token in the first of them."""

Answer = Callable[[bool, Any], None]
"""Called with whether it was done, and what came of it, or why not: None where it has hung up meanwhile."""


class HassConnection:
    """Open; leave it with `close`. `serve` has to run for anything to come in."""

    def __init__(self, access: HassAccess, websocket: ClientConnection, version: str) -> None:
        self._access = access
        self._websocket = websocket
        self.version = version
        self._asked = 0
        self._answers: dict[int, Answer] = {}
        self._events: dict[int, Callable[[Any], None]] = {}
        self._out: asyncio.Queue[str] = asyncio.Queue()

    @classmethod
    async def open(cls, access: HassAccess) -> Self:
        """Raises HomeAssistantError where nobody answers, HomeAssistantRefused where it says no."""
        where = access.place
        try:
            async with asyncio.timeout(CONNECTS_WITHIN):
                websocket = await connect(
                    access.url,
                    proxy=None,
                    logger=_frames,
                    compression=None,
                    max_size=LONGEST,
                    open_timeout=None,
                    ping_interval=LOOKS_EVERY,
                    ping_timeout=LOOKS_EVERY,
                    close_timeout=1.0,
                )
                try:
                    return cls(access, websocket, await _let_in(websocket, access))
                except BaseException:
                    await websocket.close()
                    raise
        except TimeoutError:
            raise HomeAssistantError(f"Home Assistant at {where} does not answer.", "Is it on?") from None
        except socket.gaierror:
            host, hint = urlsplit(access.url).hostname, "Is the address of Home Assistant right?"
            raise HomeAssistantError(f"Nobody knows where {host} is.", hint) from None
        except ssl.SSLError as error:
            why = getattr(error, "verify_message", "") or error.reason or "no encryption"
            hint = "Write the name that its certificate is for, or http:// where it has none."
            raise HomeAssistantRefused(f"Home Assistant at {where} cannot be trusted: {why}.", hint) from None
        except (InvalidHandshake, InvalidURI):
            hint = "Write the address at which you open it in a browser, with its port."
            raise HomeAssistantRefused(f"What answers at {where} is no Home Assistant.", hint) from None
        except ConnectionClosed:
            raise HomeAssistantError(f"Home Assistant at {where} has hung up.") from None
        except OSError:
            hint = "Is it on, and is the port right? It is 8123, unless somebody changed it."
            raise HomeAssistantError(f"Nobody listens at {where}.", hint) from None

    def ask(self, kind: str, on_answer: Answer, /, **keys: Any) -> None:
        """A command. Never waits."""
        self._asked += 1
        self._answers[self._asked] = on_answer
        self._out.put_nowait(_text(id=self._asked, type=kind, **keys))

    def subscribe(self, kind: str, on_event: Callable[[Any], None], on_answer: Answer, /, **keys: Any) -> None:
        self._events[self._asked + 1] = on_event
        self.ask(kind, on_answer, **keys)

    async def answer(self, kind: str, /, **keys: Any) -> Any:
        """What a command gives. Raises HomeAssistantError."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def take(is_done: bool, result: Any) -> None:
            if not future.done():
                why = "it has hung up" if result is None else result
                error = HomeAssistantError(f"Home Assistant says to {kind}: {why}")
                future.set_result(result) if is_done else future.set_exception(error)

        self.ask(kind, take, **keys)
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                return await future
        except TimeoutError:
            raise HomeAssistantError(f"Home Assistant does not answer: {kind}.") from None

    async def serve(self) -> None:
        """Carry both ways until it hangs up: raises HomeAssistantError then."""
        writing = asyncio.create_task(self._write(), name="hass writes")
        try:
            async for text in self._websocket:
                self._take(text)
        except WebSocketException:
            pass
        finally:
            writing.cancel()
            await asyncio.wait([writing])
            self._hang_up()
        raise HomeAssistantError(f"Home Assistant at {self._access.place} has hung up.")

    async def flushed(self) -> None:
        """All that it was given to send is on its way."""
        await self._out.join()

    async def close(self) -> None:
        await self._websocket.close()

    async def _write(self) -> None:
        try:
            while True:
                await self._websocket.send(await self._out.get())
                self._out.task_done()
        except WebSocketException:
            return

    def _take(self, text: str | bytes) -> None:
        said = _read(text)
        number, kind = said.get("id"), said.get("type")
        if not isinstance(number, int):
            return
        if kind == "event" and number in self._events:
            self._events[number](said.get("event"))
        elif kind == "result" and (on_answer := self._answers.pop(number, None)) is not None:
            if said.get("success") is True:
                on_answer(True, said.get("result"))
            else:
                error = said.get("error")
                why = error.get("message") if isinstance(error, dict) else None
                on_answer(False, str(why)[:300] if why else "it does not say why")

    def _hang_up(self) -> None:
        """Nobody waits for an answer any more."""
        waiting, self._answers = list(self._answers.values()), {}
        for on_answer in waiting:
            on_answer(False, None)


async def _let_in(websocket: ClientConnection, access: HassAccess) -> str:
    """Its version, once it has taken the token. Raises HomeAssistantRefused."""
    where = access.place
    greeting = _read(await websocket.recv())
    if greeting.get("type") != "auth_required":
        raise HomeAssistantRefused(f"What answers at {where} is no Home Assistant.", "Is the address right?")
    version = str(greeting.get("ha_version", ""))
    if (known := _numbers(version)) and known < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        message = f"Home Assistant at {where} is version {version}; relax needs {oldest} or newer."
        raise HomeAssistantRefused(message, "Update it.")
    await websocket.send(_text(type="auth", access_token=access.token))
    answer = _read(await websocket.recv())
    if answer.get("type") != "auth_ok":
        raise HomeAssistantRefused(f"Home Assistant at {where} does not take the token.", MAKE_ONE)
    return str(answer.get("ha_version", version))


def _numbers(version: str) -> tuple[int, int] | None:
    found = re.match(r"(\d{1,4})\.(\d{1,4})", version)
    return (int(found[1]), int(found[2])) if found else None


def _text(**keys: Any) -> str:
    return json.dumps(keys, ensure_ascii=False)


def _read(text: str | bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
