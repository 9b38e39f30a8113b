"""Each kind of event as it is published, as JSON Schema draft 7: one schema a kind, from the class itself."""

from enum import StrEnum
from types import NoneType
from typing import Any, Final, get_args

from orchestrator.events.codec import ROOM_EVENTS, WrittenFact, facts_in
from orchestrator.events.event import RoomEvent
from orchestrator.events.facts import Form
from orchestrator.integrations.outgoing import SESSION

_TYPES: Final[dict[type, str]] = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    NoneType: "null",
}


def event_schemas() -> dict[str, dict[str, Any]]:
    """The schemas by the names of their classes."""
    return {kind.__name__: _schema(kind) for kind in ROOM_EVENTS.values()}


def summary_of(kind: type[RoomEvent]) -> str:
    """What the kind means, in a line."""
    return (kind.__doc__ or "").partition("\n")[0]


def _schema(kind: type[RoomEvent]) -> dict[str, Any]:
    facts = facts_in(kind.kind)
    details = {fact.key: _fact(fact) for fact in facts if fact.key != SESSION}
    names_session = any(fact.key == SESSION for fact in facts)
    return {
        "description": kind.__doc__,
        "type": "object",
        "properties": {
            "event": {"const": kind.kind, "type": "string"},
            "at": {"format": "date-time", "type": "string"},
            SESSION: {"type": "string"} if names_session else {"type": ["string", "null"]},
            "details": {
                "type": "object",
                "properties": details,
                "required": [fact.key for fact in facts if fact.is_required and fact.key != SESSION],
                "additionalProperties": False,
            },
        },
        "required": ["event", "at", SESSION, "details"],
        "additionalProperties": False,
    }


def _fact(fact: WrittenFact) -> dict[str, Any]:
    match fact.form:
        case Form.LENGTH:
            return {"type": "number", "description": "Seconds."}
        case Form.NAMES:
            return {"type": "string", "description": "Names, with a comma and a space between them."}
        case Form.LEVELS:
            return {"type": "string", "description": "Names, each with its level in percent, with commas between."}
        case None if isinstance(fact.type, type) and issubclass(fact.type, StrEnum):
            return {"type": "string", "enum": [str(each) for each in fact.type]}
        case None:
            types = [_TYPES[each] for each in get_args(fact.type) or (fact.type,)]
            return {"type": types if len(types) > 1 else types[0]}
