"""A document held against a model: what is wrong with its shape, and the model of all that is sound."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from itertools import count, islice
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from orchestrator.documents.document import DEEPEST, Document, KeyPath
from orchestrator.documents.faults import path_of, shape_faults
from orchestrator.errors import Fault

M = TypeVar("M", bound=BaseModel)


def validated(
    model: type[M], document: Document, stand_ins: Mapping[str, Any]
) -> tuple[M | None, dict[KeyPath, Fault], frozenset[KeyPath]]:
    """The document's data as a model, the faults of its shape by path, and the paths that had to be set aside.

    What is wrong is set aside so that the rest can be looked at as well; `stand_ins` are for keys of the top that are
    missing then. The model is None where nothing sensible remains.
    """
    try:
        return model.model_validate(document.data), {}, document.faulty
    except ValidationError as error:
        faults = shape_faults(model, error, document)
        data = document.data
        aside = document.faulty | {_culprit(detail, data) for detail in error.errors(include_url=False)}
    for _ in range(DEEPEST):
        if () in aside:
            break
        data = {**stand_ins, **_kept(document.data, (), aside)}
        try:
            return model.model_validate(data), faults, aside
        except ValidationError as error:
            aside |= {original(_culprit(detail, data), aside) for detail in error.errors(include_url=False)}
    return None, faults, aside


def _culprit(detail: ErrorDetails, data: Any) -> KeyPath:
    """What has to go for an error to go: a map that lacks a key goes with it, if it is not the top."""
    path = path_of(detail, data)
    return path[:-1] if detail["type"] == "missing" and len(path) > 1 else path


def original(path: KeyPath, aside: AbstractSet[KeyPath]) -> KeyPath:
    """Where in the file a path of the model is, whose lists lack what was set aside."""
    place: KeyPath = ()
    for part in path:
        if isinstance(part, int):
            place = next(islice((spot for n in count() if (spot := (*place, n)) not in aside), part, None))
        else:
            place = (*place, part)
    return place


def _kept(value: Any, path: KeyPath, aside: AbstractSet[KeyPath]) -> Any:
    """The data without what was set aside."""
    if isinstance(value, dict):
        return {key: _kept(item, (*path, key), aside) for key, item in value.items() if (*path, key) not in aside}
    if isinstance(value, list):
        return [_kept(item, (*path, n), aside) for n, item in enumerate(value) if (*path, n) not in aside]
    return value
