"""Templates that name what is not there, or compare with a word that never comes: found without planning."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from pydantic import BaseModel

from orchestrator.documents.document import KeyPath
from orchestrator.documents.faults import Flaw, listed, near
from orchestrator.scenes.format.model import ChoiceParameter, CountModel, FlagParameter, LoopModel, SceneModel
from orchestrator.scenes.format.templates import (
    BadTemplate,
    comparisons,
    constants,
    is_template,
    mentioned,
    parsed,
    parsed_expression,
)

Names: TypeAlias = Mapping[str, frozenset[object] | None]
"""The names of a place, each with the values that it can have; None where those are not a few."""

_EXPRESSIONS = ("when", "in")


def template_flaws(scene: SceneModel) -> Iterator[Flaw]:
    """What is wrong with the templates of a scene."""
    names: dict[str, frozenset[object] | None] = {
        "ready": None,
        "decline": None,
        "again": None,
        "language": frozenset(scene.languages),
    }
    names |= dict.fromkeys(scene.phrases)
    for name, parameter in scene.parameters.items():
        names[name] = None
        if isinstance(parameter, ChoiceParameter):
            names[name] = frozenset(parameter.choice)
        elif isinstance(parameter, FlagParameter):
            names[name] = frozenset({True, False})
    yield from _within(scene, (), names)


def _within(value: Any, path: KeyPath, names: Names) -> Iterator[Flaw]:
    if isinstance(value, str):
        yield from _text_flaws(value, path, names)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _within(item, (*path, index), names)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _within(item, (*path, key), names)
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            key = field.alias or name
            yield from _within(getattr(value, name), (*path, key), _seen_from(value, key, names))


def _seen_from(model: BaseModel, key: str, names: Names) -> Names:
    """The names under a key of a model: a loop's own in its steps, the round's in a count."""
    if isinstance(model, LoopModel) and key in ("steps", "when"):
        turn: Names = {"loop": None} if key == "steps" else {}
        return {**names, model.loop: _loop_values(model.values, names), **turn}
    if isinstance(model, CountModel):
        return {**names, "n": None, "times": None}
    return names


def _loop_values(expression: str, names: Names) -> frozenset[object] | None:
    try:
        return constants(parsed_expression(expression), names)
    except BadTemplate:
        return None


def _text_flaws(text: str, path: KeyPath, names: Names) -> Iterator[Flaw]:
    is_expression = path[-1] in _EXPRESSIONS
    if not is_expression and not is_template(text):
        return
    try:
        tree = parsed_expression(text) if is_expression else parsed(text)
    except BadTemplate as error:
        yield Flaw(path, str(error))
        return
    for name in sorted(mentioned("{{ (" + text + ") }}" if is_expression and not is_template(text) else text)):
        if name not in names and name != "range":
            words = {word for values in names.values() for word in values or ()}
            end = f"; a word stands in quotes: '{name}'" if name in words else near(name, names)
            yield Flaw(path, f"`{name}` is not known here{end}")
    for name, value in dict.fromkeys(comparisons(tree)):
        values = names.get(name)
        if values is not None and value not in values:
            shown = listed(str(one).lower() if isinstance(one, bool) else str(one) for one in sorted(values, key=str))
            guess = near(str(value), (one for one in values if isinstance(one, str)))
            end = guess if "mean" in guess else f"; it can be {shown}"
            yield Flaw(path, f"`{name}` is never `{value}`{end}")
