"""Actions with fields and an answer: start a scene, steer a session, and what is on."""

from collections.abc import Mapping
from typing import Any, Final

import probatio
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_get_config_entry

from .client import RelaxClient
from .const import BY_AUTOMATION, DOMAIN
from .rooms import room_called
from .scene_titles import scene_called

_ROOM: Final = "room"
_PLAIN: Final = ("pause", "resume", "toggle", "next", "back", "repeat", "skip", "stop", "abort")
_WITH: Final = {"extend": "by", "goto": "step", "volume": "level", "give_back": "device"}
"""What goes with a command, by the key that relax has for it."""
_NEEDED: Final = ("goto", "volume", "give_back")

_START = probatio.Schema(
    {
        probatio.Optional(_ROOM): cv.string,
        probatio.Optional("scene"): cv.string,
        probatio.Optional("parameters"): dict,
        probatio.Optional("language"): cv.string,
        probatio.Optional("mode"): probatio.In(["single", "restart", "queued"]),
    }
)
_STEER = probatio.Schema(
    {
        probatio.Optional(_ROOM): cv.string,
        probatio.Required("command"): probatio.In([*_PLAIN, *_WITH]),
        probatio.Optional("value"): cv.string,
    }
)
_STATUS = probatio.Schema({probatio.Optional(_ROOM): cv.string})


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """They are there from the start: an automation that calls one while relax is not set up is told so."""
    answers = SupportsResponse.OPTIONAL
    hass.services.async_register(DOMAIN, "start", _async_start, schema=_START, supports_response=answers)
    hass.services.async_register(DOMAIN, "steer", _async_steer, schema=_STEER, supports_response=answers)
    hass.services.async_register(
        DOMAIN, "status", _async_status, schema=_STATUS, supports_response=SupportsResponse.ONLY
    )


async def _async_start(call: ServiceCall) -> ServiceResponse:
    client = _client(call)
    command = {key: call.data[key] for key in ("parameters", "language", "mode") if key in call.data}
    if (called := call.data.get("scene")) is not None:
        scene = scene_called(client.scenes, called)
        if scene is None:
            raise _wrong("unknown_scene", scene=called)
        command["scene"] = scene
    return await _async_tell(call, client, {"command": "start", "trigger": BY_AUTOMATION, **command})


async def _async_steer(call: ServiceCall) -> ServiceResponse:
    word, value = call.data["command"], call.data.get("value")
    if word in _NEEDED and value is None:
        raise _wrong("needs_value", command=word)
    if word in _PLAIN and value is not None:
        raise _wrong("takes_no_value", command=word)
    given = {_WITH[word]: value} if value is not None else {}
    return await _async_tell(call, _client(call), {"command": word, **given})


async def _async_status(call: ServiceCall) -> ServiceResponse:
    client = _client(call)
    rooms = [_room(call, client)] if _ROOM in call.data else sorted(client.sessions)
    return {
        "online": client.is_online is True,
        "rooms": {room: _stands(client, room) for room in rooms},
        "schedules": dict(client.schedules),
    }


async def _async_tell(call: ServiceCall, client: RelaxClient, command: Mapping[str, Any]) -> ServiceResponse:
    room = _room(call, client)
    said = await client.async_tell(room, command)
    answer: dict[str, Any] = {"room": room, "session": said.get("session")}
    if said.get("queued") is True:
        answer["queued"] = True
    if isinstance(caution := said.get("caution"), str):
        answer["caution"] = caution
    return answer if call.return_response else None


def _stands(client: RelaxClient, room: str) -> dict[str, Any]:
    return client.sessions.get(room, {})


def _client(call: ServiceCall) -> RelaxClient:
    """Of the one entry that there is; where it is not set up, Home Assistant's own sentence says so."""
    entries = call.hass.config_entries.async_entries(DOMAIN, include_ignore=False)
    if not entries:
        raise _wrong("not_set_up")
    entry = async_get_config_entry(call.hass, DOMAIN, entries[0].entry_id)
    client: RelaxClient = entry.runtime_data.client
    return client


def _room(call: ServiceCall, client: RelaxClient) -> str:
    """The room that is meant; never another one."""
    called = call.data.get(_ROOM)
    if called is None:
        if len(client.sessions) == 1:
            return next(iter(client.sessions))
        raise _wrong("which_room", rooms=", ".join(sorted(client.sessions)))
    room = room_called(call.hass, client, called)
    if room is None:
        raise _wrong("unknown_room", room=called, rooms=", ".join(sorted(client.sessions)))
    return room


def _wrong(key: str, **values: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=values or None
    )
