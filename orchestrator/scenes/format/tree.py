"""A scene as a tree: every model in it, with its path in the file."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from orchestrator.documents.document import KeyPath


def nodes(model: BaseModel, path: KeyPath = ()) -> Iterator[tuple[KeyPath, BaseModel]]:
    """The model and all models within it, in the order of their keys."""
    yield path, model
    for name, field in type(model).model_fields.items():
        yield from _within(getattr(model, name), (*path, field.alias or name))


def _within(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, BaseModel]]:
    if isinstance(value, BaseModel):
        yield from nodes(value, path)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _within(item, (*path, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _within(item, (*path, key))
