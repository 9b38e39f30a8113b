"""What relax says of itself over MQTT, and what it is told: docs/interface.md is the contract."""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from homeassistant.components import mqtt
from homeassistant.components.mqtt import ReceiveMessage
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util

from .const import DOMAIN

ANSWER_WITHIN: Final = 5.0
"""Seconds. relax answers within milliseconds, where there is one."""
MOST_ANSWERS: Final = 10
"""So often it is asked on for the times of one schedule: each answer has forty."""
_EXPIRY: Final = 10
"""Seconds after which the broker hands a command to nobody any more."""


class RelaxClient:
    """The service below one base topic. What it holds is what was said last; `listen` tells that something was."""

    def __init__(self, hass: HomeAssistant, base: str) -> None:
        self.hass = hass
        self.base = base
        self.is_online: bool | None = None
        """None until it has said so, either way, since the broker was there."""
        self.sessions: dict[str, dict[str, Any]] = {}
        """How each room stands, by its name."""
        self.cautions: dict[str, list[str]] = {}
        """Those that apply to what each room would start, in the language of relax."""
        self.schedules: dict[str, dict[str, Any]] = {}
        self.scenes: list[dict[str, Any]] = []
        self._listeners: list[CALLBACK_TYPE] = []
        self._asked: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._unsubscribe: list[CALLBACK_TYPE] = []

    async def async_connect(self) -> None:
        """Hear what the broker keeps, and what is said from now on."""
        heard: dict[str, Callable[[ReceiveMessage], None]] = {
            "status": self._on_status,
            "scenes": self._on_scenes,
            "rooms/+/session": self._on_session,
            "rooms/+/display": self._on_display,
            "rooms/+/reply": self._on_reply,
            "schedules/+/reply": self._on_reply,
            "schedules/+/state": self._on_schedule,
        }
        for leaf, handler in heard.items():
            self._unsubscribe.append(await mqtt.async_subscribe(self.hass, f"{self.base}/{leaf}", handler))
        self._unsubscribe.append(mqtt.async_subscribe_connection_status(self.hass, self._on_connection))

    @callback
    def disconnect(self) -> None:
        """Hear nothing any more; whoever waits for an answer gets none."""
        while self._unsubscribe:
            self._unsubscribe.pop()()
        for answer in self._asked.values():
            answer.cancel()
        self._listeners.clear()

    @callback
    def listen(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Have it called after each thing that relax says. Gives what ends that."""
        self._listeners.append(listener)

        def end() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return end

    async def async_tell(self, room: str, command: Mapping[str, Any]) -> dict[str, Any]:
        """A command to a room, and what relax answered.

        Raises ServiceValidationError with relax's own sentence where it refuses, HomeAssistantError where it is silent.
        """
        return await self._async_ask(f"rooms/{room}", command)

    async def async_times(self, schedule: str, start: datetime, end: datetime) -> list[datetime]:
        """When a schedule begins from a moment on until before another, as far as relax tells it in so many answers.

        Raises as `async_tell` does: a relax that is older than this question refuses it.
        """
        times: list[datetime] = []
        for _ in range(MOST_ANSWERS):
            asked = {"command": "times", "from": start.isoformat(), "to": end.isoformat()}
            said = await self._async_ask(f"schedules/{schedule}", asked)
            told = said.get("times")
            found = [dt_util.parse_datetime(each) for each in told if isinstance(each, str)] if told else []
            times += (each for each in found if each is not None)
            if said.get("more") is not True or not times:
                break
            start = times[-1] + timedelta(microseconds=1)
        return times

    async def _async_ask(self, place: str, command: Mapping[str, Any]) -> dict[str, Any]:
        if self.is_online is False:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="service_away")
        request = uuid4().hex
        answer = self._asked[request] = self.hass.loop.create_future()
        topic = f"{self.base}/{place}/command"
        payload = json.dumps({**command, "request_id": request}, ensure_ascii=False)
        try:
            await mqtt.async_publish(self.hass, topic, payload, message_expiry_interval=_EXPIRY)
            async with asyncio.timeout(ANSWER_WITHIN):
                said: dict[str, Any] = await answer
        except TimeoutError as error:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="no_answer") from error
        finally:
            self._asked.pop(request, None)
        if said.get("ok") is not True:
            why = said.get("error")
            sentence = str(why.get("message")) if isinstance(why, dict) else ""
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="refused", translation_placeholders={"sentence": sentence}
            )
        return said

    # What comes in

    @callback
    def _on_status(self, message: ReceiveMessage) -> None:
        if message.payload in ("online", "offline"):
            self.is_online = message.payload == "online"
            self._tell_all()

    @callback
    def _on_connection(self, is_connected: bool) -> None:
        """Without a broker nobody knows; with one again it says what it keeps."""
        if not is_connected:
            self.is_online = None
            self._tell_all()

    @callback
    def _on_scenes(self, message: ReceiveMessage) -> None:
        listed = _object(message.payload).get("scenes")
        self.scenes = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
        self._tell_all()

    @callback
    def _on_session(self, message: ReceiveMessage) -> None:
        self._keep(self.sessions, message)

    @callback
    def _on_display(self, message: ReceiveMessage) -> None:
        """Of what ticks there, only what is chosen counts here."""
        room, choice = message.topic.split("/")[-2], _object(message.payload).get("choice")
        said = choice.get("cautions") if isinstance(choice, dict) else None
        cautions = [each for each in said if isinstance(each, str)] if isinstance(said, list) else []
        if cautions != self.cautions.get(room, []):
            self.cautions[room] = cautions
            self._tell_all()

    @callback
    def _on_schedule(self, message: ReceiveMessage) -> None:
        self._keep(self.schedules, message)

    @callback
    def _on_reply(self, message: ReceiveMessage) -> None:
        said = _object(message.payload)
        answer = self._asked.get(str(said.get("request_id")))
        if answer is not None and not answer.done():
            answer.set_result(said)

    def _keep(self, known: dict[str, dict[str, Any]], message: ReceiveMessage) -> None:
        name = message.topic.split("/")[-2]
        if said := _object(message.payload):
            known[name] = said
        else:
            known.pop(name, None)
        self._tell_all()

    def _tell_all(self) -> None:
        for listener in tuple(self._listeners):
            listener()


def _object(payload: object) -> dict[str, Any]:
    """A JSON object; empty for what is none."""
    if not isinstance(payload, str):
        return {}
    try:
        said = json.loads(payload)
    except ValueError:
        return {}
    return dict(said) if isinstance(said, dict) else {}
