"""A small Home Assistant on loopback: its WebSocket API as version 2026.11 was heard to speak it, with its own framing.

`tests/system/test_home_assistant_devices.py` asks the real one the same and compares what the two say.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

TOKEN = "open-sesame-4711"
VERSION = "2026.11.0"
LIGHT = {"supported_color_modes": ["color_temp", "xy"], "supported_features": 32, "min_color_temp_kelvin": 2000,
         "max_color_temp_kelvin": 6535}  # fmt: skip


@dataclass
class FakeHomeAssistant:
    """`takes` are the seconds that a call of an entity takes, `lags` those after which its state is polled.

    `refuses`: why each call of a service is refused.
    """

    states: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    engines: list[dict[str, Any]] = field(default_factory=list)
    version: str = VERSION
    greeting: str = "auth_required"
    is_running: bool = True
    takes: dict[str, float] = field(default_factory=dict)
    lags: dict[str, float] = field(default_factory=dict)
    refuses: dict[str, str] = field(default_factory=dict)
    registries: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    port: int = 0
    calls: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    logins: int = 0
    at_once: dict[str, int] = field(default_factory=dict)
    most_at_once: dict[str, int] = field(default_factory=dict)
    _server: Server | None = None
    _subscribed: dict[ServerConnection, tuple[int, set[str]]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/api/websocket"

    async def listen(self) -> None:
        self._server = await serve(self._deal_with, "127.0.0.1", self.port, compression=None)
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    async def vanish(self) -> None:
        """As if it was killed: nothing is said any more."""
        assert self._server is not None
        for connection in list(self._server.connections):
            connection.transport.abort()
        self._server.close()
        await self._server.wait_closed()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._subscribed.clear()

    # What happens at its entities

    def show(self, entity: str, word: str, **attributes: Any) -> None:
        """An entity is so from now on: whoever listens is told what is otherwise than before."""
        before = self.states.get(entity)
        self.states[entity] = word, attributes
        said = (
            {"a": {entity: _compressed(word, attributes)}}
            if before is None
            else _difference(entity, before, (word, attributes))
        )
        self._tell(entity, said)

    def remove(self, entity: str) -> None:
        del self.states[entity]
        self._tell(entity, {"r": [entity]})

    def _tell(self, entity: str, said: dict[str, Any]) -> None:
        for connection, (number, entities) in self._subscribed.items():
            if entity in entities:
                self._send(connection, {"id": number, "type": "event", "event": said})

    # Its API

    async def _deal_with(self, connection: ServerConnection) -> None:
        with suppress(ConnectionClosed):
            await _say(connection, {"type": self.greeting, "ha_version": self.version})
            told = json.loads(await connection.recv())
            self.logins += 1
            if told != {"type": "auth", "access_token": TOKEN}:
                await _say(connection, {"type": "auth_invalid", "message": "Invalid access token or password"})
                return
            await _say(connection, {"type": "auth_ok", "ha_version": self.version})
            try:
                async for text in connection:
                    self._obey(connection, json.loads(text))
            finally:
                self._subscribed.pop(connection, None)

    def _obey(self, connection: ServerConnection, told: dict[str, Any]) -> None:
        number, kind = told["id"], told["type"]
        self.asked.append(kind)
        match kind:
            case "get_config":
                self._answer(connection, number, {"state": "RUNNING" if self.is_running else "STARTING"})
            case "subscribe_entities":
                entities = set(told["entity_ids"])
                self._answer(connection, number, None)
                self._subscribed[connection] = number, entities
                whole = {each: _compressed(*state) for each, state in self.states.items() if each in entities}
                self._send(connection, {"id": number, "type": "event", "event": {"a": whole}})
            case "get_states":
                states = self.states.items()
                said = [{"entity_id": name, "state": word, "attributes": more} for name, (word, more) in states]
                self._answer(connection, number, said)
            case "config/area_registry/list" | "config/device_registry/list" | "config/entity_registry/list":
                self._answer(connection, number, self.registries.get(kind.split("/")[1].removesuffix("_registry"), []))
            case "tts/engine/list":
                self._answer(connection, number, {"providers": self.engines})
            case "call_service":
                self._later(self._call(connection, number, told))
            case _:
                self._refuse(connection, number, "unknown_command", "Unknown command.")

    async def _call(self, connection: ServerConnection, number: int, told: dict[str, Any]) -> None:
        entity, service = told["target"]["entity_id"], f"{told['domain']}.{told['service']}"
        self.calls.append({"service": service, "entity": entity, **told["service_data"]})
        self.at_once[entity] = self.at_once.get(entity, 0) + 1
        self.most_at_once[entity] = max(self.most_at_once.get(entity, 0), self.at_once[entity])
        await asyncio.sleep(self.takes.get(entity, 0.0))
        self.at_once[entity] -= 1
        if service in self.refuses:
            self._refuse(connection, number, "home_assistant_error", self.refuses[service])
            return
        if entity in self.lags:
            self._later(self._done_later(service, entity, told["service_data"]))
        else:
            self._done(service, entity, told["service_data"])
        self._answer(connection, number, {"context": {"id": "01JCONTEXT", "parent_id": None, "user_id": "owner"}})

    async def _done_later(self, service: str, entity: str, data: dict[str, Any]) -> None:
        await asyncio.sleep(self.lags[entity])
        self._done(service, entity, data)

    def _done(self, service: str, entity: str, data: dict[str, Any]) -> None:
        word, attributes = self.states.get(entity, ("off", {}))
        match service.partition(".")[2]:
            case "turn_on" if entity.startswith("light."):
                mode = next((key.removesuffix("_color") for key in data if key.endswith("_color")), None)
                mode = "color_temp" if "color_temp_kelvin" in data else mode or attributes.get("color_mode")
                shown = {key: value for key, value in data.items() if key != "transition"}
                self.show(entity, "on", **{**attributes, "color_mode": mode, **shown})
            case "turn_off" if entity.startswith("light."):
                self.show(entity, "off", **{**attributes, "color_mode": None, "brightness": None})
            case "turn_on" | "turn_off" as done:
                self.show(entity, done.removeprefix("turn_"), **attributes)
            case "volume_set":
                self.show(entity, word, **{**attributes, "volume_level": data["volume_level"]})
            case "media_stop":
                self.show(entity, "idle", **attributes)

    def _later(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _answer(self, connection: ServerConnection, number: int, result: Any) -> None:
        self._send(connection, {"id": number, "type": "result", "success": True, "result": result})

    def _refuse(self, connection: ServerConnection, number: int, code: str, message: str) -> None:
        error = {"code": code, "message": message}
        self._send(connection, {"id": number, "type": "result", "success": False, "error": error})

    def _send(self, connection: ServerConnection, said: dict[str, Any]) -> None:
        """In order, though nobody waits for it."""
        frame = json.dumps(said).encode()

        async def send() -> None:
            with suppress(ConnectionClosed):
                await connection.send(frame, text=True)

        self._later(send())


async def _say(connection: ServerConnection, said: dict[str, Any]) -> None:
    await connection.send(json.dumps(said))


def _compressed(word: str, attributes: dict[str, Any]) -> dict[str, Any]:
    return {"s": word, "a": attributes, "c": "01JCONTEXT", "lc": 1_795_000_000.5}


def _difference(entity: str, before: tuple[str, dict[str, Any]], after: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """`+` and `-` of what is otherwise."""
    more: dict[str, Any] = {"c": "01JCONTEXT"}
    more |= {"s": after[0], "lc": 1_795_000_001.5} if before[0] != after[0] else {"lu": 1_795_000_001.5}
    if attributes := {key: value for key, value in after[1].items() if before[1].get(key, ...) != value}:
        more["a"] = attributes
    gone = [key for key in before[1] if key not in after[1]]
    return {"c": {entity: {"+": more, **({"-": {"a": gone}} if gone else {})}}}


@asynccontextmanager
async def listening(*servers: FakeHomeAssistant) -> AsyncIterator[None]:
    for server in servers:
        await server.listen()
    try:
        yield
    finally:
        for server in servers:
            await server.vanish()
