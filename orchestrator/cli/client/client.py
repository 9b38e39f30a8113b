"""The daemon as its clients see it: whether it is there, how its rooms stand, what it answers."""

import asyncio
import json
import secrets
from collections.abc import Mapping
from contextlib import AsyncExitStack
from types import TracebackType
from typing import NamedTuple, Self, TypeVar

from pydantic import BaseModel, ValidationError

from orchestrator.cli.client.daemon_address import DaemonAddress
from orchestrator.devices.messages import Message
from orchestrator.documents.plain_text import printable_json
from orchestrator.errors import BrokerUnreachable, Refused
from orchestrator.integrations.outgoing import EventMessage, NewDevices, Reply, Scenes, ScheduleState, SessionState
from orchestrator.mqtt.connection import Connection

CONNECT_WITHIN = 3.0
"""Seconds that the broker has to answer."""
PRESENCE_WITHIN = 2.0
"""Seconds that the broker has to say that the daemon is there."""
ANSWER_WITHIN = 5.0
"""Seconds that the daemon has to answer; a command that is older is not delivered any more."""
_QUIET = 0.05
_QUIET_AT_MOST = 1.0

_M = TypeVar("_M", bound=BaseModel)


class News(NamedTuple):
    """How a room stands now, or what happened in it; without a room whether the daemon is there."""

    room: str
    what: SessionState | EventMessage | bool


class Client:
    """Use it in `async with`; raises BrokerError on entry where there is no broker, or no daemon.

    `states` are the rooms as they stand, `schedules` those, `scenes` what can be started, None where that was not to
    be had; `new_devices` what the broker has and the home has not.
    """

    def __init__(self, where: DaemonAddress) -> None:
        self.where = where
        self.states: dict[str, SessionState] = {}
        self.schedules: dict[str, ScheduleState] = {}
        self.scenes: Scenes | None = None
        self.new_devices = NewDevices()
        self._news: asyncio.Queue[News | None] = asyncio.Queue()
        self._asked: dict[str, asyncio.Future[Reply]] = {}
        self._online = asyncio.Event()
        self._heard = asyncio.Event()
        self._stack = AsyncExitStack()
        self._is_inside = False
        base = where.base
        self._connection = Connection(
            where.address,
            client_id=f"relax-cli-{secrets.token_hex(4)}",
            # The status comes last: what the broker has stored of the rooms is there by then.
            subscriptions=[
                *(f"{base}/rooms/+/{leaf}" for leaf in ("session", "event", "reply")),
                *(f"{base}/schedules/+/{leaf}" for leaf in ("state", "reply")),
                f"{base}/scenes",
                f"{base}/new_devices",
            ],
            on_message=self._receive,
            on_connected=lambda: self._connection.subscribe([f"{base}/status"]),
            on_lost=lambda _reason: self._presence(online=False),
        )

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self._connection)
        try:
            await self._connection.first(CONNECT_WITHIN)
            await self._present()
        except BaseException:
            await self._stack.aclose()
            raise
        self._is_inside = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def ask(self, room: str, command: Mapping[str, object]) -> Reply:
        """Tell a room something. Raises Refused with the daemon's sentence, BrokerUnreachable without an answer."""
        return await self._ask(f"{self.where.base}/rooms/{room}/command", command)

    async def ask_schedule(self, schedule: str, command: Mapping[str, object]) -> Reply:
        """Tell a schedule something. Raises Refused, BrokerUnreachable."""
        return await self._ask(f"{self.where.base}/schedules/{schedule}/command", command)

    async def _ask(self, topic: str, command: Mapping[str, object]) -> Reply:
        request_id = secrets.token_hex(8)
        payload = json.dumps({**command, "request_id": request_id}, ensure_ascii=False)
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._asked[request_id] = answer
        try:
            self._connection.publish([Message(topic, payload, expiry=round(ANSWER_WITHIN * 1000))])
            async with asyncio.timeout(ANSWER_WITHIN):
                reply = await answer
        except TimeoutError:
            raise BrokerUnreachable(
                f"The daemon at {self.where.address} did not answer within {ANSWER_WITHIN:.0f} s.",
                "Perhaps it did it all the same: relax status says.",
            ) from None
        finally:
            del self._asked[request_id]
        if reply.error is not None:
            raise Refused(reply.error.code, reply.error.message)
        return reply

    async def next(self) -> News | None:
        """What is new, one after the other, from the beginning on; None after `leave`."""
        return await self._news.get()

    def latest(self) -> list[News]:
        """What is new and was not taken yet."""
        found: list[News] = []
        while not self._news.empty():
            each = self._news.get_nowait()
            found += [each] if each is not None else []
        return found

    def leave(self) -> None:
        """Let `next` give None: whoever waits for more has seen enough."""
        self._news.put_nowait(None)

    async def settle(self) -> None:
        """Wait until nothing more comes at once: what belongs together comes in one burst."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _QUIET_AT_MOST
        while loop.time() < deadline:
            self._heard.clear()
            try:
                async with asyncio.timeout(_QUIET):
                    await self._heard.wait()
            except TimeoutError:
                return

    async def _present(self) -> None:
        try:
            async with asyncio.timeout(PRESENCE_WITHIN):
                await self._online.wait()
        except TimeoutError:
            raise BrokerUnreachable(
                f"No relax daemon is at the broker {self.where.address} (it would say so on {self.where.base}/status).",
                "Start it: relax daemon --home FILE. Without one: relax run SCENE --standalone",
            ) from None
        await self.settle()

    def _receive(self, message: Message) -> None:
        self._heard.set()
        path = message.topic.removeprefix(f"{self.where.base}/").split("/")
        match path:
            case ["status"]:
                self._presence(online=message.payload == "online")
            case ["scenes"]:
                self.scenes = _read(Scenes, message.payload)
            case ["new_devices"]:
                self.new_devices = _read(NewDevices, message.payload) or NewDevices()
            case ["rooms", room, "session"]:
                state = _read(SessionState, message.payload)
                if state is not None:
                    self.states[room] = state
                    self._news.put_nowait(News(room, state))
                else:
                    self.states.pop(room, None)
            case ["rooms", room, "event"]:
                event = _read(EventMessage, message.payload)
                if event is not None:
                    self._news.put_nowait(News(room, event))
            case ["schedules", name, "state"]:
                schedule = _read(ScheduleState, message.payload)
                if schedule is not None:
                    self.schedules[name] = schedule
                else:
                    self.schedules.pop(name, None)
            case ["rooms" | "schedules", _, "reply"]:
                self._take(_read(Reply, message.payload))
            case _:
                pass

    def _presence(self, *, online: bool) -> None:
        if online is self._online.is_set():
            return
        if online:
            self._online.set()
        else:
            self._online.clear()
        if self._is_inside:
            self._news.put_nowait(News("", online))

    def _take(self, reply: Reply | None) -> None:
        answer = self._asked.get(reply.request_id or "") if reply is not None else None
        if answer is not None and reply is not None and not answer.done():
            answer.set_result(reply)


def _read(model: type[_M], payload: str) -> _M | None:
    """What a payload says; keys of a newer daemon are left aside. None where it says nothing that we understand."""
    try:
        return model.model_validate_json(printable_json(payload), extra="ignore")
    except ValidationError:
        return None
