"""Choices that change nothing but what plays: they need not be tried with every other choice."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel

from orchestrator.scenes.format.model import ChoiceParameter, MusicModel, SceneModel
from orchestrator.scenes.format.templates import BadTemplate, is_template, mentioned, mentioned_in

_EXPRESSIONS = ("when", "in")


class _Mention(NamedTuple):
    name: str
    in_play: bool


def music_choices(scene: SceneModel) -> frozenset[str]:
    """The choices that templates of `play` ask for, and nothing else does."""
    found = set(_mentions(scene, "", in_play=False))
    playing, elsewhere = ({each.name for each in found if each.in_play is side} for side in (True, False))
    return frozenset(
        name
        for name, parameter in scene.parameters.items()
        if isinstance(parameter, ChoiceParameter) and name in playing - elsewhere
    )


def _mentions(value: Any, key: str, *, in_play: bool) -> Iterator[_Mention]:
    if isinstance(value, str):
        yield from (_Mention(name, in_play) for name in _names(value, is_expression=key in _EXPRESSIONS))
    elif isinstance(value, list):
        for item in value:
            yield from _mentions(item, key, in_play=in_play)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _mentions(item, str(name), in_play=in_play)
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            is_play = in_play or (isinstance(value, MusicModel) and name == "play")
            yield from _mentions(getattr(value, name), field.alias or name, in_play=is_play)


def _names(text: str, *, is_expression: bool) -> frozenset[str]:
    try:
        if is_expression:
            return mentioned_in(text)
        return mentioned(text) if is_template(text) else frozenset()
    except BadTemplate:
        return frozenset()
