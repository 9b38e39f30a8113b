"""Events as plain facts by name, and back: the one place that knows how they are written.

In the journal lengths are milliseconds, in what is published they are seconds. What one version wrote every later one
reads; a kind that a newer version has is None.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, NamedTuple, Union, get_args, get_origin, get_type_hints

from orchestrator.events.event import Event, JournalEvent, RoomEvent
from orchestrator.events.facts import Fact, Form, WrittenAs
from orchestrator.units import SECOND

ROOM_EVENTS: Final[dict[str, type[RoomEvent]]] = {each.kind: each for each in get_args(RoomEvent)}
"""The published kinds, by their names."""
EVENTS: Final[dict[str, type[Event]]] = {**ROOM_EVENTS, **{each.kind: each for each in get_args(JournalEvent)}}
"""All kinds, by their names."""


class WrittenFact(NamedTuple):
    """One fact of a kind of event: `attribute` in the class, `key` where it is written, `type` inside the house.

    What an older version did not write has a default, and is written where it is something else.
    """

    attribute: str
    key: str
    type: Any
    form: Form | None
    default: object = MISSING

    @property
    def is_required(self) -> bool:
        return self.default is MISSING

    def is_written(self, value: object) -> bool:
        return self.is_required or value != self.default


@cache
def facts_in(kind: str) -> tuple[WrittenFact, ...]:
    """The facts of a kind, in the order in which they are written. Raises KeyError."""
    hints = get_type_hints(EVENTS[kind], include_extras=True)
    found = []
    for field in fields(EVENTS[kind]):
        hint, key, form = hints[field.name], field.name, None
        if get_origin(hint) is Annotated:
            hint, *remarks = get_args(hint)
            key = next((each.name for each in remarks if isinstance(each, WrittenAs)), key)
            form = next((each for each in remarks if isinstance(each, Form)), None)
        found.append(WrittenFact(field.name, key, hint, form, field.default))
    return tuple(found)


def to_journal(event: Event) -> dict[str, Fact]:
    """The facts of an event as the journal keeps them."""
    return {fact.key: _plain(value, fact) for fact, value in _written(event)}


def to_wire(event: Event) -> dict[str, Fact]:
    """The facts of an event as they are published."""
    return {
        fact.key: value / SECOND if fact.form is Form.LENGTH else _plain(value, fact) for fact, value in _written(event)
    }


def from_journal(kind: str, facts: Mapping[str, object]) -> Event | None:
    """The event that `to_journal` gave; None for a kind or facts that this version does not know."""
    found: Event | None = _event(EVENTS.get(kind), facts, length=1)
    return found


def from_wire(kind: str, facts: Mapping[str, object]) -> RoomEvent | None:
    """The event that `to_wire` gave; None for a kind or facts that this version does not know."""
    found: RoomEvent | None = _event(ROOM_EVENTS.get(kind), facts, length=SECOND)
    return found


def _written(event: Event) -> Iterator[tuple[WrittenFact, Any]]:
    for fact in facts_in(event.kind):
        value = getattr(event, fact.attribute)
        if fact.is_written(value):
            yield fact, value


def _plain(value: Any, fact: WrittenFact) -> Any:
    if fact.form is Form.NAMES:
        return ", ".join(value)
    if fact.form is Form.LEVELS:
        return ", ".join(name if level is None else f"{name} {level}" for name, level in value)
    return str(value) if isinstance(value, StrEnum) else value


def _event(kind: type[Any] | None, facts: Mapping[str, object], length: int) -> Any:
    if kind is None:
        return None
    try:
        own: dict[str, Any] = {
            fact.attribute: _value(facts[fact.key], fact, length)
            for fact in facts_in(kind.kind)
            if fact.key in facts or fact.is_required
        }
    except (KeyError, ValueError):
        return None
    return kind(**own)


def _value(value: object, fact: WrittenFact, length: int) -> object:
    """What a fact was inside the house. Raises ValueError where it cannot have been that."""
    if fact.form is Form.NAMES and isinstance(value, str):
        return tuple(name for name in value.split(", ") if name)
    if fact.form is Form.LEVELS and isinstance(value, str):
        return tuple(_with_level(each) for each in value.split(", ") if each)
    if fact.form is Form.LENGTH and isinstance(value, int | float) and not isinstance(value, bool):
        return round(value * length)
    if isinstance(fact.type, type) and issubclass(fact.type, StrEnum):
        return fact.type(str(value))
    if fact.type is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, _classes(fact.type)) or (isinstance(value, bool) and bool not in _classes(fact.type)):
        raise ValueError(f"{fact.key} cannot be {value!r}")
    return value


def _with_level(written: str) -> tuple[str, int | None]:
    """Raises ValueError."""
    name, _, level = written.partition(" ")
    return name, int(level) if level else None


def _classes(hint: Any) -> tuple[type, ...]:
    is_union = isinstance(hint, UnionType) or get_origin(hint) is Union
    return tuple(NoneType if each is None else each for each in (get_args(hint) if is_union else (hint,)))
