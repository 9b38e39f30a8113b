"""Our MQTT interface as an AsyncAPI 3.0 document, from the models that read and write its payloads.

https://www.asyncapi.com/docs/reference/specification/v3.0.0 and its MQTT bindings 0.2.0.
"""

import json
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from orchestrator import __version__
from orchestrator.commands import MqttDoor, through
from orchestrator.events.codec import ROOM_EVENTS
from orchestrator.integrations.branch import STALE
from orchestrator.integrations.event_schema import event_schemas, summary_of
from orchestrator.integrations.incoming import ARGUMENTS, PLAIN_WORDS, ChooseCommand, PlainCommand
from orchestrator.integrations.incoming import MODELS as COMMANDS
from orchestrator.integrations.interface import BASE
from orchestrator.integrations.outgoing import Display, Health, NewDevices, Reply, Scenes, ScheduleState, SessionState
from orchestrator.integrations.payloads import LARGEST_PAYLOAD
from orchestrator.integrations.scheduling import MODELS as SCHEDULE_COMMANDS
from orchestrator.integrations.scheduling import ScheduleWord

_BINDING = "0.2.0"
_PARAMETERS = {
    "room": {"description": "A room of the home file, by its name."},
    "schedule": {"description": "A schedule of the home file, by its name."},
}
_MAY_STAND_ALONE = ("start", *(spec.word for spec, _ in through(MqttDoor) if spec.argument and spec.argument.default))
"""The words behind which something may stand, but need not."""
_WORDS = {
    "type": "string",
    "title": "A bare word",
    "description": "A command that needs no more words, or one with what stands behind it: `extend 5min`.",
    "pattern": rf"^({'|'.join((*PLAIN_WORDS, *_MAY_STAND_ALONE))}|({'|'.join(ARGUMENTS)}) \S+)$",
    "examples": ["next", "extend 5min", "volume 30%"],
}
_SCHEDULE_WORDS = {
    "type": "string",
    "title": "A bare word",
    "description": "A command that needs no more words, or one with what stands behind it: `later 20min`.",
    "pattern": rf"^({'|'.join(get_args(ScheduleWord))}|later|later \S+)$",
    "examples": ["skip", "later 20min"],
}
_STATUS = {
    "type": "string",
    "enum": ["online", "offline"],
    "description": "`offline`: the daemon is away (its last will); or every device that the room casts.",
}
_SCENE = {
    "type": "string",
    "title": "A scene",
    "description": "The name of a scene: its parameters are then as the scene has them.",
    "pattern": r"^[a-z0-9][a-z0-9-]*$",
    "examples": ["foot-massage"],
}


class _Channel(NamedTuple):
    """A topic below the base: what it is for, and the models of what goes over it."""

    topic: str
    summary: str
    models: tuple[type[BaseModel], ...] = ()
    retain: bool = False
    expires: bool = False

    @property
    def parameters(self) -> dict[str, dict[str, str]]:
        return {name: said for name, said in _PARAMETERS.items() if f"{{{name}}}" in self.topic}


_COMMANDS: tuple[type[BaseModel], ...] = tuple(dict.fromkeys(COMMANDS.values()))
_CHANNELS = {
    "status": _Channel("status", "Whether the daemon is there.", retain=True),
    "scenes": _Channel("scenes", "The scenes that can be started, with their parameters.", (Scenes,), retain=True),
    "new_devices": _Channel(
        "new_devices",
        "Devices at the broker that the home does not have; told when that changes.",
        (NewDevices,),
        retain=True,
    ),
    "health": _Channel("health", "relax itself, and whether all is well.", (Health,), retain=True),
    "command": _Channel(
        "rooms/{room}/command",
        f"What a room is told, in JSON or as a bare word; {LARGEST_PAYLOAD // 1024} KiB at most, never retained.",
        _COMMANDS,
    ),
    "choose": _Channel(
        "rooms/{room}/choose",
        "What the room is to start next, where a start names no scene; never retained.",
        (ChooseCommand,),
    ),
    "reply": _Channel("rooms/{room}/reply", "The answer to each command and choice.", (Reply,), expires=True),
    "session": _Channel(
        "rooms/{room}/session", "How a room stands; told when it changes.", (SessionState,), retain=True
    ),
    "display": _Channel(
        "rooms/{room}/display",
        "How a room stands, for panels that cannot count by themselves; told every five seconds while something is on.",
        (Display,),
        retain=True,
    ),
    "presence": _Channel("rooms/{room}/status", "Whether anything could be played in a room.", retain=True),
    "event": _Channel("rooms/{room}/event", "What happened in a room.", expires=True),
    "schedule_command": _Channel(
        "schedules/{schedule}/command",
        "What a schedule is told, in JSON or as a bare word; never retained.",
        tuple(dict.fromkeys(SCHEDULE_COMMANDS.values())),
    ),
    "schedule_reply": _Channel(
        "schedules/{schedule}/reply", "The answer to each command of a schedule.", (Reply,), expires=True
    ),
    "schedule_state": _Channel(
        "schedules/{schedule}/state", "How a schedule stands; told when it changes.", (ScheduleState,), retain=True
    ),
}
_HEARD = ("command", "choose", "schedule_command")
"""The channels that the daemon listens to."""
_BARE = {"command": ("BareWord",), "choose": ("BareScene",), "schedule_command": ("BareScheduleWord",)}
"""The messages that are no JSON."""


def document(base: str = BASE) -> dict[str, Any]:
    """The document, fit for JSON: what is published and what is listened to, as seen by the daemon."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "relax",
            "version": __version__,
            "description": "Guided relaxation at home. Every command is answered; every room tells how it is.",
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/json",
        "channels": {name: _channel(name, channel, base) for name, channel in _CHANNELS.items()},
        "operations": {
            "obey": _heeding("Do what a room is told, or say why not.", "command"),
            "choose": _heeding("Have something started next, or say why not.", "choose"),
            "obey_schedule": _heeding("Do what a schedule is told, or say why not.", "schedule_command"),
            **{f"tell_{name}": _telling(name, each) for name, each in _CHANNELS.items() if name not in _HEARD},
        },
        "components": {"messages": _messages(), "schemas": _schemas()},
    }


def _channel(name: str, channel: _Channel, base: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "address": f"{base}/{channel.topic}",
        "summary": channel.summary,
        "messages": {each: {"$ref": f"#/components/messages/{each}"} for each in _names(name, channel)},
    }
    if channel.parameters:
        found["parameters"] = channel.parameters
    return found


def _heeding(summary: str, channel: str) -> dict[str, Any]:
    reply = "schedule_reply" if channel == "schedule_command" else "reply"
    return {
        "action": "receive",
        "summary": summary,
        "channel": _channel_ref(channel),
        "reply": {
            "channel": _channel_ref(reply),
            "messages": [{"$ref": f"{_channel_ref(reply)['$ref']}/messages/Reply"}],
        },
        "bindings": {"mqtt": {"qos": 0, "retain": False, "bindingVersion": _BINDING}},
    }


def _telling(name: str, channel: _Channel) -> dict[str, Any]:
    binding: dict[str, Any] = {"qos": 0, "retain": channel.retain, "bindingVersion": _BINDING}
    if channel.expires:
        binding["messageExpiryInterval"] = STALE // 1000
    return {
        "action": "send",
        "summary": f"{channel.summary}{' Retained.' if channel.retain else ''}",
        "channel": _channel_ref(name),
        "bindings": {"mqtt": binding},
    }


def _channel_ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/channels/{name}"}


def _names(name: str, channel: _Channel) -> list[str]:
    """The messages of a channel."""
    if name == "event":
        return [kind.__name__ for kind in ROOM_EVENTS.values()]
    models = [model.__name__ for model in channel.models]
    return [*_BARE.get(name, ()), *models] or ["Status"]


def _messages() -> dict[str, Any]:
    plain = {
        "BareWord": {"summary": "A command in a word.", "contentType": "text/plain", "payload": _WORDS},
        "BareScheduleWord": {
            "summary": "A command of a schedule in a word.",
            "contentType": "text/plain",
            "payload": _SCHEDULE_WORDS,
        },
        "BareScene": {"summary": "A choice in a word.", "contentType": "text/plain", "payload": _SCENE},
        "Status": {"summary": "There, or not.", "contentType": "text/plain", "payload": _STATUS},
    }
    modelled = {
        model.__name__: {
            "summary": _summary(model),
            "payload": {"$ref": f"#/components/schemas/{model.__name__}"},
            **_correlated(name),
        }
        for name, channel in _CHANNELS.items()
        for model in channel.models
    }
    events = {
        kind.__name__: {
            "summary": summary_of(kind),
            "payload": {"$ref": f"#/components/schemas/{kind.__name__}"},
        }
        for kind in ROOM_EVENTS.values()
    }
    return plain | modelled | events


def _summary(model: type[BaseModel]) -> str:
    if model is PlainCommand:
        return f"{', '.join(PLAIN_WORDS)}."
    return (model.__doc__ or "").strip().partition("\n")[0]


def _correlated(channel: str) -> dict[str, Any]:
    """Commands and replies find one another by the request id; over MQTT 5 by the correlation data as well."""
    if channel not in (*_HEARD, "reply", "schedule_reply"):
        return {}
    return {"correlationId": {"location": "$message.payload#/request_id"}}


def _schemas() -> dict[str, Any]:
    """The payloads as JSON Schema draft 7, which is what AsyncAPI's own schema format is made of."""
    wanted = [(model, "validation") for name in _HEARD for model in _CHANNELS[name].models]
    telling = (each for name, each in _CHANNELS.items() if name not in _HEARD)
    said = [(model, "serialization") for each in telling for model in each.models]
    _, schema = models_json_schema(
        [*wanted, *said],  # type: ignore[list-item]
        by_alias=True,
        ref_template="#/components/schemas/{model}",
    )
    every = {**{name: _readable(part) for name, part in schema["$defs"].items()}, **event_schemas()}
    return dict(sorted(every.items()))


def _readable(schema: Any) -> Any:
    """Without the titles that only repeat a key."""
    if isinstance(schema, list):
        return [_readable(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: _readable(part) for name, part in value.items()} if key == "properties" else _readable(value)
        for key, value in schema.items()
        if key != "title"
    }


def text(base: str = BASE) -> str:
    """The document as it stands in docs/asyncapi.json."""
    return json.dumps(document(base), indent=2, ensure_ascii=False) + "\n"
