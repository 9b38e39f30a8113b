"""Home Assistant's templates, written so that no state of ours ever raises in one or is refused.

A topic that was cleared comes as an empty payload, without `value_json`; a parameter that another scene does not have
is missing. `None` is unknown to every entity. An empty result is ignored by some, and worth a warning to others: a
moment, one of several states.
"""

import json
from collections.abc import Mapping, Sequence

PARAMETERS = "value_json.choice.parameters"
UNKNOWN = "None"
LONGEST_STATE = 250
"""Home Assistant takes 255 characters."""


class ParameterPath(str):
    """The path of a parameter. It is asked for by its key: Jinja takes `items` of a map for a method."""

    __slots__ = ()

    @classmethod
    def of(cls, name: str) -> "ParameterPath":
        return cls(f"{PARAMETERS}[{_text(name)}]")

    @property
    def is_there(self) -> str:
        return f"{self.removeprefix(PARAMETERS)[1:-1]} in {PARAMETERS}"


def state(path: str) -> str:
    """The value at a path of the payload (`value_json.step`); null comes out as `None`."""
    return _where(path, path)


def words(path: str, otherwise: str = UNKNOWN) -> str:
    """A text that may be too long; `otherwise` where there is none."""
    text = _text(otherwise)
    return _one(
        f"value_json is defined and {path} is defined", f"(({path} or {text}) | string)[:{LONGEST_STATE}]", text
    )


def first_words(*paths: str) -> str:
    """The first of some texts that is there, and an empty state where none is."""
    return _one("value_json is defined", f"({either(*paths)} | default('', true) | string)[:{LONGEST_STATE}]", "''")


def either(*paths: str) -> str:
    """An expression: the first of these that is there. What lies below something that is null is not there either."""
    return "(" + " or ".join(f"{path} | default(none)" for path in paths) + ")"


def minutes(path: str) -> str:
    """Seconds as minutes that have begun: the last one is 1."""
    return _where(path, f"(({path} + 59) // 60) | int")


def status(path: str, hold: str) -> str:
    """What the room does: one that stands for words runs, one that stands for a person waits."""
    does = f"'waiting' if {hold} | default(none) == 'person' and {path} == 'holding' else 'running'"
    return _where(path, f"(({does}) if {path} == 'holding' else {path})")


def is_one_of(path: str, values: Sequence[str]) -> str:
    """An availability: whether the value is one of these."""
    return _availability(f"{path} in {json.dumps(list(values))}")


def is_there(path: str) -> str:
    """An availability: whether there is a value."""
    return _availability(f"{path} is not none")


HAS_HAPPENED = (
    "{{ 'online' if value_json is defined and (value_json.last or value_json.refused or value_json.status != 'idle')"
    " else 'offline' }}"
)
"""An availability: whether anything has ever happened in the room."""


def _availability(condition: str) -> str:
    return f"{{{{ 'online' if value_json is defined and {condition} else 'offline' }}}}"


def flag(path: str) -> str:
    """`ON` or `OFF`."""
    return _where(path, f"('ON' if {path} else 'OFF')")


def scaled(path: str, by: int) -> str:
    """A number, divided."""
    return _where(path, f"{path} / {by}")


def label(path: str, labels: Mapping[str, str]) -> str:
    """What people call it; nothing where there is no word for it."""
    if _says_itself(labels):
        return state(path)
    return _where(path, f"{_map(labels)}.get({path}, '')")


def attributes(**paths: str) -> str:
    """A JSON object of values of the payload."""
    return _one("value_json is defined", f"{_dict(paths)} | tojson", "'{}'")


def event(types: list[str], **paths: str) -> str:
    """An event with its type and attributes; nothing for an event of another type."""
    object_ = _dict({"event_type": "value_json.event", **paths})
    return _one(f"value_json is defined and value_json.event in {json.dumps(types)}", f"{object_} | tojson", "''")


def command(payload: Mapping[str, object]) -> str:
    """A JSON command; what is a `Value` is worked out from what the person chose."""
    return f"{{{{ {_object(payload)} | tojson }}}}"


class CommandExpression(str):
    """An expression in a command."""

    __slots__ = ()


def chosen(labels: Mapping[str, str]) -> CommandExpression:
    """The name behind the word that a person chose."""
    if _says_itself(labels):
        return CommandExpression("value")
    return CommandExpression(f"{_map({words: name for name, words in labels.items()})}[value]")


def _says_itself(labels: Mapping[str, str]) -> bool:
    return all(name == words for name, words in labels.items())


def _where(path: str, expression: str) -> str:
    is_there = path.is_there if isinstance(path, ParameterPath) else f"{path} is defined"
    return _one(f"value_json is defined and {is_there}", expression, f"'{UNKNOWN}'")


def _one(condition: str, expression: str, otherwise: str) -> str:
    return f"{{{{ {expression} if {condition} else {otherwise} }}}}"


def _dict(paths: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{_text(name)}: {path} | default(none)" for name, path in paths.items()) + "}"


def _object(value: object) -> str:
    if isinstance(value, CommandExpression):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(name)}: {_object(each)}" for name, each in value.items()) + "}"
    return _text(str(value))


def _map(words: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{_text(name)}: {_text(each)}" for name, each in words.items()) + "}"


def _text(text: str) -> str:
    """A string literal of Jinja, whose escapes are Python's: characters stand as they are."""
    return json.dumps(text, ensure_ascii=False)
