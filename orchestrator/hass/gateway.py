"""The way of messages to Home Assistant's own devices and back: what a broker is for all others.

Home Assistant away: so are its devices, until it says of each how it really is.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from orchestrator.devices.dialects.hass import PREFIX
from orchestrator.devices.dialects.hass.entity_state import EntityState
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import compact, fields
from orchestrator.errors import HomeAssistantError
from orchestrator.hass.access import HassAccess
from orchestrator.hass.call_queue import Call, CallQueue
from orchestrator.hass.connection import HassConnection
from orchestrator.hass.owed_volumes import OwedVolumes
from orchestrator.hass.repeating import BEGINS_WITHIN, Repeating
from orchestrator.hass.states import EntityStates
from orchestrator.hass.voice import HassVoice

SOONEST, LATEST = 1.0, 15.0
"""Seconds until it is tried again: twice as many each time."""
REFUSED: Final = 300.0
"""The same where it says no: it tells its owner of each try, and may ban us."""
TAKES_WITHIN: Final = 3.0
"""Seconds for a call, after which the next one goes whatever has become of it."""
STARTS_WITHIN: Final = 5.0
"""Seconds from one look to the next whether it has started: until then an entity may still come."""
_RUNNING = "RUNNING"

logger = logging.getLogger(__name__)


class HassGateway:
    """The entities of a home. Nothing is carried before `serve`, or after it.

    `access` gives where Home Assistant is, each time that it is to be reached; it raises HomeAssistantError. `owed`:
    what a former life has turned and not turned back.
    """

    def __init__(
        self, entities: Iterable[str], access: Callable[[], HassAccess], owed: OwedVolumes | None = None
    ) -> None:
        self._entities = tuple(dict.fromkeys(entities))
        self._access = access
        self._states = EntityStates()
        self._queues: dict[str, CallQueue] = {}
        self._voices: dict[str, HassVoice] = {}
        self._owed = owed if owed is not None else OwedVolumes()
        self._music: dict[str, Repeating] = {}
        self._late: dict[str, asyncio.TimerHandle] = {}
        """Of a player whose music is to begin again: when it is said after all that it is silent."""
        self._connection: HassConnection | None = None
        self._on_message: Callable[[Message], None] = _nobody
        self._trouble: str | None = None
        self._missing: set[str] = set()
        self._idle = asyncio.Event()

    def carries(self, topic: str) -> bool:
        return _entity(topic) in self._entities

    def publish(self, messages: Iterable[Message]) -> None:
        """Take messages to their entities. Never waits, and answers nothing before it is done."""
        for message in messages:
            entity, command = _entity(message.topic), message.topic.rpartition("/")[2]
            if self._connection is None or entity not in self._entities:
                continue
            if command == "call":
                self._call(entity, fields(message.payload))
            else:
                asyncio.get_running_loop().call_soon(self._obey, entity, command, fields(message.payload))

    def _obey(self, entity: str, command: str, told: dict[str, Any]) -> None:
        match command:
            case "get" if entity in self._states:
                self._say_state(entity, self._states[entity])
            case "say" | "hush" if self._connection is not None:
                self._voice(entity).receive(command, told)

    @asynccontextmanager
    async def serve(self, on_message: Callable[[Message], None]) -> AsyncIterator[None]:
        """`on_message` gets what entities say, in the loop; what it raises is logged and harms nothing."""
        self._on_message = on_message
        for entity in self._owed.entities:
            if entity in self._entities:
                self._voice(entity)
        serving = asyncio.create_task(self._serve(), name=PREFIX)
        try:
            yield
        finally:
            self._on_message = _nobody
            await self._told()
            serving.cancel()
            await asyncio.wait([serving])

    async def _told(self) -> None:
        """What is on its way to entities, and waits behind it, as far as that is done soon."""
        for voice in self._voices.values():
            voice.give_back()
        with suppress(TimeoutError):
            async with asyncio.timeout(TAKES_WITHIN):
                while any(not queue.is_idle for queue in self._queues.values()):
                    self._idle.clear()
                    await self._idle.wait()
                if self._connection is not None:
                    await self._connection.flushed()

    # The connection

    async def _serve(self) -> None:
        wait = SOONEST / 2
        while True:
            try:
                connection = await HassConnection.open(self._access())
                wait = SOONEST / 2
                await self._carry(connection)
            except HomeAssistantError as error:
                wait = min(wait * 2, LATEST) if error.retryable else REFUSED
                self._is_away(str(error))
            except Exception:
                logger.exception("Something went wrong on the way to Home Assistant")
                self._is_away("relax made a mistake: its log says which.")
            await _pause(wait)

    async def _carry(self, connection: HassConnection) -> None:
        """Until it hangs up: raises HomeAssistantError then."""
        if self._trouble is not None:
            logger.warning("Home Assistant is there again.")
        self._trouble = None
        self._connection, self._missing = connection, set()
        connection.subscribe("subscribe_entities", self._changed, self._subscribed, entity_ids=list(self._entities))
        looking = asyncio.create_task(self._look_for_missing(connection), name=f"{PREFIX} looks")
        try:
            await connection.serve()
        finally:
            looking.cancel()
            await asyncio.wait([looking])
            self._connection = None
            self._states.clear()
            self._queues.clear()
            self._music.clear()
            for timer in self._late.values():
                timer.cancel()
            self._late.clear()
            self._idle.set()
            await connection.close()

    def _is_away(self, why: str) -> None:
        """Say why, once, and that all of it is away."""
        is_news, self._trouble = self._trouble != why, why
        if is_news:
            logger.warning("The devices of Home Assistant are away. %s", why)
        for voice in self._voices.values():
            voice.lost()
        for entity in self._entities:
            if is_news:
                self._say(entity, "error", compact(why=why))
            self._say(entity, "status", "offline")

    def _subscribed(self, is_done: bool, result: Any) -> None:
        if not is_done:
            self._is_away(f"Home Assistant does not tell the states of its entities: {result}")

    async def _look_for_missing(self, connection: HassConnection) -> None:
        """Which it does not have, once it has started: until then they may still come."""
        with suppress(HomeAssistantError):
            while not _has_started(await connection.answer("get_config")):
                await _pause(STARTS_WITHIN)
            for entity in self._entities:
                if entity not in self._states:
                    self._is_missing(entity)

    def _is_missing(self, entity: str) -> None:
        if entity not in self._missing:
            self._missing.add(entity)
            why = f"Home Assistant has no {entity}. Was it renamed? Its name is in Settings, Devices, Entities."
            self._say(entity, "error", compact(why=why))
        self._say(entity, "status", "offline")

    # What entities are told

    def _call(self, entity: str, told: dict[str, Any]) -> None:
        domain, service, data, target = (told.get(key) for key in ("domain", "service", "service_data", "target"))
        if isinstance(domain, str) and isinstance(service, str) and isinstance(target, dict):
            call = Call(domain, service, data if isinstance(data, dict) else {}, target)
            if domain == "media_player":
                self._music.setdefault(entity, Repeating(asyncio.get_running_loop().time)).told(call)
            self._queue(entity, call)

    def _queue(self, entity: str, call: Call) -> None:
        self._queues.setdefault(entity, CallQueue()).put(call)
        self._go_on(entity)

    def _go_on(self, entity: str) -> None:
        queue, connection = self._queues.get(entity), self._connection
        if queue is None or connection is None or (call := queue.take()) is None:
            return
        is_over = False

        def over() -> None:
            nonlocal is_over
            if not is_over and self._queues.get(entity) is queue:
                is_over = True
                queue.over()
                self._go_on(entity)
            self._idle.set()

        def answered(is_done: bool, result: Any) -> None:
            late.cancel()
            if not is_done and result is not None:
                self._say(entity, "error", compact(why=f"{call.domain}.{call.service}: {result}"))
            over()

        late = asyncio.get_running_loop().call_later(TAKES_WITHIN, over)
        connection.ask(
            "call_service",
            answered,
            domain=call.domain,
            service=call.service,
            service_data=dict(call.data),
            target=dict(call.target),
        )

    def _voice(self, entity: str) -> HassVoice:
        if entity not in self._voices:
            self._voices[entity] = HassVoice(
                entity,
                lambda: self._connection,
                lambda: self._states.get(entity),
                lambda what, payload: self._say(entity, what, payload),
                self._owed,
            )
        return self._voices[entity]

    # What they say

    def _changed(self, event: Any) -> None:
        for entity, state in list(self._states.take(event)):
            if entity not in self._entities:
                continue
            if state is None:
                self._is_missing(entity)
                continue
            self._missing.discard(entity)
            self._repeat(entity, state)
            self._say_state(entity, state)
            if entity in self._voices:
                self._voices[entity].hear(state)

    def _repeat(self, entity: str, state: EntityState) -> None:
        """Begin music again that has ended. That it is silent meanwhile is said only if it stays so."""
        music = self._music.get(entity)
        if music is not None and (again := music.hear(state)) is not None:
            if (before := self._late.get(entity)) is not None:
                before.cancel()
            later = asyncio.get_running_loop().call_later
            self._late[entity] = later(BEGINS_WITHIN, self._obey, entity, "get", {})
            self._queue(entity, again)

    def _say_state(self, entity: str, state: EntityState) -> None:
        music = self._music.get(entity)
        if music is not None and music.is_beginning:
            return
        said = json.dumps({"state": state.word, "attributes": dict(state.attributes)}, ensure_ascii=False)
        self._say(entity, "state", said)

    def _say(self, entity: str, what: str, payload: str) -> None:
        try:
            self._on_message(Message(f"{PREFIX}/{entity}/{what}", payload))
        except Exception:
            logger.exception("Something went wrong while a word of Home Assistant was handled")


def _entity(topic: str) -> str:
    """The entity of a topic of ours, "" of another."""
    prefix, _, rest = topic.partition("/")
    return rest.rpartition("/")[0] if prefix == PREFIX else ""


def _has_started(config: Any) -> bool:
    return not isinstance(config, dict) or config.get("state", _RUNNING) == _RUNNING


def _nobody(_message: Message) -> None:
    """Nobody listens."""


async def _pause(seconds: float) -> None:
    """Nothing but a pause."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.Event().wait()
