"""Where the figures that people choose change what a scene does: what its templates hold them against."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from pydantic import BaseModel

from orchestrator.documents.notation import duration
from orchestrator.scenes.format.model import DurationParameter, NumberParameter, Parameter, SceneModel, WholeParameter
from orchestrator.scenes.format.templates import BadTemplate, is_template, parsed, parsed_expression
from orchestrator.scenes.format.templates import turning_points as in_template

_EXPRESSIONS = ("when", "in")
MOST = 12
"""Of one figure: a scene that asks more often is tried at the first."""


def turning_points(scene: SceneModel) -> Mapping[str, tuple[float, ...]]:
    """For each figure that is held against something: those values, and one between each two, all within its bounds."""
    found: defaultdict[str, set[float]] = defaultdict(set)
    for text, is_expression in _texts(scene, ""):
        try:
            tree = parsed_expression(text) if is_expression else parsed(text)
        except BadTemplate:
            continue
        for name, value in in_template(tree):
            parameter = scene.parameters.get(name)
            if parameter is not None and (figure := _figure(parameter, value)) is not None:
                found[name].add(figure)
    return {name: _between(sorted(values)[:MOST], scene.parameters[name]) for name, values in found.items()}


def _texts(value: Any, key: str) -> Iterator[tuple[str, bool]]:
    """All templates of a scene; True for those that are expressions without braces."""
    if isinstance(value, str):
        if key in _EXPRESSIONS or is_template(value):
            yield value, key in _EXPRESSIONS
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, key)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(item, str(name))
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from _texts(getattr(value, name), field.alias or name)


def _figure(parameter: Parameter, value: object) -> float | None:
    """What is written in a template, in the measure of the parameter; None for what it is never."""
    if isinstance(parameter, DurationParameter) and isinstance(value, str):
        try:
            return float(duration(value))
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if isinstance(parameter, NumberParameter | WholeParameter) else None


def _between(values: list[float], parameter: Parameter) -> tuple[float, ...]:
    assert isinstance(parameter, DurationParameter | NumberParameter | WholeParameter)
    stops = sorted({float(parameter.min), *values, float(parameter.max)})
    tried = {*values, *((one + other) / 2 for one, other in pairwise(stops))}
    return tuple(sorted(value for value in tried if parameter.min <= value <= parameter.max))
