"""Which of several things a value is meant to be, by its key or its shape, so that a fault speaks of that one."""

from collections.abc import Callable
from difflib import get_close_matches
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import BaseModel, Discriminator, Field, PlainValidator, Tag


def alternative(name: str) -> str:
    """The tag of one alternative of a union. No key of a file can be the same: documents hold no such character."""
    return f"\0{name}"


def is_alternative(part: object) -> bool:
    """True for the tag of an alternative in a place that pydantic names."""
    return isinstance(part, str) and part.startswith("\0")


def by_key(*keys: str, otherwise: str | None = None, plain: str | None = None) -> Callable[[Any], str | None]:
    """Chooses the alternative by the key that a map has, a misspelt one included; `otherwise` where it has none.

    With `plain` that is the alternative for what is no map.
    """

    def choose(value: Any) -> str | None:
        if plain is not None and not isinstance(value, dict | BaseModel):
            return alternative(plain)
        if isinstance(value, BaseModel):
            here = [field.alias or name for name, field in type(value).model_fields.items()]
        else:
            here = list(value) if isinstance(value, dict) else []
        found = next((key for key in keys if key in here), None)
        found = found or next((near[0] for name in here if (near := get_close_matches(str(name), keys, 1))), otherwise)
        return alternative(found) if found else None

    return choose


def map_or_plain(value: Any) -> str:
    """Chooses `map` for a map and `plain` for anything else."""
    return alternative("map" if isinstance(value, dict | BaseModel) else "plain")


def list_or_plain(value: Any) -> str:
    """Chooses `list` for a list and `plain` for anything else."""
    return alternative("list" if isinstance(value, list | tuple) else "plain")


def only(wanted: str | bool, otherwise: str) -> PlainValidator:
    """Takes one value and says `otherwise` to any other."""

    def validate(value: object) -> str | bool:
        if value == wanted and type(value) is type(wanted):
            return wanted
        raise ValueError(otherwise)

    return PlainValidator(validate)


_Map = TypeVar("_Map")
_Plain = TypeVar("_Plain")
_Item = TypeVar("_Item")

MapOr: TypeAlias = Annotated[
    Annotated[_Map, Tag(alternative("map"))] | Annotated[_Plain, Tag(alternative("plain"))], Discriminator(map_or_plain)
]
"""`MapOr[Model, Type]`: a model where a map stands, the plain type where anything else does."""
OneOrMore: TypeAlias = Annotated[
    Annotated[_Item, Tag(alternative("plain"))] | Annotated[list[_Item], Field(min_length=1), Tag(alternative("list"))],
    Discriminator(list_or_plain),
]
"""`OneOrMore[Type]`: one, or a list with at least one."""
