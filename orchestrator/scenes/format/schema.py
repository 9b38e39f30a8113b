"""The JSON Schema of scene files, from the same models that read them: for editors that help while a person writes.

What only the models say (names that refer to one another, languages that lack) is not in it.
"""

from functools import cache
from typing import Any

from pydantic import BaseModel, TypeAdapter

from orchestrator.documents.notation import Duration, FadeTime, Length, Offset, PercentText, SignedDuration, Text
from orchestrator.scenes.format.model import SceneModel

DIALECT = "https://json-schema.org/draft/2020-12/schema"


_NAMED: tuple[tuple[str, Any, str], ...] = (
    ("Text", Text, "A text, or one for each language."),
    ("Duration", Duration, "A length: 90s, 10min, 1h30m."),
    ("Length", Length, "A length, or a template that gives one."),
    ("SignedDuration", SignedDuration, "A moment: from the beginning, or with a minus from the end."),
    ("Offset", Offset, "A moment: a length, a share of the step such as 50%, with a minus from its end."),
    ("FadeTime", FadeTime, "How long a fade takes; 100% is the whole step."),
    ("Percent", PercentText, "0% to 100%."),
)
"""Notations that stand everywhere: said once, and referred to."""


def schema() -> dict[str, Any]:
    """JSON Schema, draft 2020-12, of a scene file of format 1."""
    return of(SceneModel, "A relax scene", "urn:relax-orchestrator:scene:1")


def of(model: type[BaseModel], title: str, identifier: str) -> dict[str, Any]:
    """The schema of a file's model, readable: no nulls, no repeated titles, defaults as they are written."""
    body = _readable(model.model_json_schema(by_alias=True))
    text = str(body)
    named = {name: part for name, part in _notations().items() if f"#/$defs/{name}'" in text}
    definitions = {**body.pop("$defs", {}), **named}
    return {"$schema": DIALECT, "$id": identifier, "title": title, **body, "$defs": definitions}


@cache
def _notations() -> dict[str, dict[str, Any]]:
    return {name: {"description": words, **TypeAdapter(type_).json_schema()} for name, type_, words in _NAMED}


def _readable(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_readable(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    for name, notation in _notations().items():
        if schema == {key: value for key, value in notation.items() if key != "description"}:
            return {"$ref": f"#/$defs/{name}"}
    kept = {key: _part(key, value) for key, value in schema.items() if key != "title"}
    if "default" in kept and not _is_written(kept["default"], schema):
        del kept["default"]
    if "patternProperties" in kept:
        kept["additionalProperties"] = False
    # One alternative is meant by a key, but more than one may fit: a map of languages can hold a `say`.
    alternatives = [part for part in kept.pop("oneOf", kept.pop("anyOf", [])) if part != {"type": "null"}]
    if len(alternatives) == 1:
        return {**alternatives[0], **kept}
    return {**kept, "anyOf": alternatives} if alternatives else kept


def _part(key: str, value: Any) -> Any:
    """What stands under a keyword; the names of properties and definitions are no keywords."""
    if key in {"properties", "patternProperties", "$defs"}:
        return {name: _readable(part) for name, part in value.items()}
    return value if key in {"default", "const", "enum", "examples"} else _readable(value)


def _is_written(default: Any, schema: dict[str, Any]) -> bool:
    """False for a default that a person would write otherwise: milliseconds, mired, nothing, a whole model."""
    return isinstance(default, bool | str) or (isinstance(default, int | float) and "pattern" not in str(schema))
