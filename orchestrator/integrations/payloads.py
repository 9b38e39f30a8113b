"""From the payload of a command to its model: JSON, or a bare word where it is enough; or a sentence that says why not.

Whatever the payload, the answer is quick and small: what is longer, deeper or larger than any command is refused.
"""

import re
from collections.abc import Mapping
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from orchestrator.documents.faults import near, sentence, unknown_key
from orchestrator.errors import Reason, Refused
from orchestrator.integrations.incoming import LONGEST_TEXT

LARGEST_PAYLOAD = 64 * 1024
"""Bytes."""
_DEEPEST = 3
_MOST_ENTRIES = 100
_LARGEST_NUMBER = 1e15
_FAULTS_SAID = 3
_BARE = re.compile(r"([A-Za-z_-]+)(?:\s+(\S+))?")
_NAME = "expected a name: small letters, digits, `-` and `_`"
_NAMED = ("device", "trigger")

_Data: TypeAlias = dict[str, Any]
M = TypeVar("M", bound=BaseModel)


class Vocabulary(NamedTuple, Generic[M]):
    """The commands that a topic takes: the model of each, what may stand behind its bare word, and an example."""

    models: Mapping[str, type[M]]
    arguments: Mapping[str, str]
    example: str


def understood(payload: str, vocabulary: Vocabulary[M], *, retained: bool = False) -> M:
    """The command that a payload is. Raises Refused: RETAINED, MALFORMED."""
    _refuse_retained(retained=retained)
    data = _data(payload, vocabulary)
    word = data.get("command")
    if not isinstance(word, str):
        example = vocabulary.example
        raise malformed(f"`command` is missing; {example}" if word is None else f"`command`: {example}")
    if word not in vocabulary.models:
        raise malformed(f"there is no command `{word[:40]}`{near(word[:40], vocabulary.models)}")
    try:
        return vocabulary.models[word].model_validate(data)
    except ValidationError as error:
        raise malformed(_explained(error, word, vocabulary.models[word])) from None


def read_as(model: type[M], payload: str, word: str, key: str, example: str, *, retained: bool = False) -> M:
    """What a payload on a topic for one thing only says; a bare word stands for `key`. Raises Refused, as above."""
    _refuse_retained(retained=retained)
    text = _text(payload)
    bare = _BARE.fullmatch(text)
    data = {key: text} if bare and bare[2] is None else _object(_value(text, example), example)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise malformed(_explained(error, word, model)) from None


def request_id_of(payload: str, vocabulary: Vocabulary[M]) -> str | None:
    """The request id of a payload that was refused, so that the one who waits for the answer finds it."""
    try:
        found = _data(payload, vocabulary).get("request_id")
    except Refused:
        return None
    return found if isinstance(found, str) and 0 < len(found) <= 64 else None


def _refuse_retained(*, retained: bool) -> None:
    if retained:
        raise Refused(
            Reason.RETAINED,
            "A retained command is not obeyed: it would come again at every start.",
            "Publish it without the retain flag.",
        )


def _data(payload: str, vocabulary: Vocabulary[M]) -> _Data:
    """The JSON object of a command, or what stands for a bare word. Raises Refused; what it returns is small."""
    text = _text(payload)
    if bare := _BARE.fullmatch(text):
        return _bare(bare[1], bare[2], vocabulary)
    value = _value(text, vocabulary.example)
    if isinstance(value, str) and (bare := _BARE.fullmatch(value.strip())):
        return _bare(bare[1], bare[2], vocabulary)
    return _object(value, vocabulary.example)


def _text(payload: str) -> str:
    """Raises Refused for what is too long to be read, or no text."""
    if len(payload) > LARGEST_PAYLOAD or len(payload.encode(errors="replace")) > LARGEST_PAYLOAD:
        raise malformed(f"this is longer than {LARGEST_PAYLOAD // 1024} KiB")
    text = payload.strip()
    if "\ufffd" in text:
        raise malformed("this is no text in UTF-8")
    return text


def _value(text: str, example: str) -> object:
    try:
        return from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise malformed(f"{example}; this is neither ({_clipped(str(error), 80)})" if text else example) from None


def _object(value: object, example: str) -> _Data:
    if not isinstance(value, dict):
        raise malformed(example)
    _bound(value, _DEEPEST)
    return value


def _bare(word: str, argument: str | None, vocabulary: Vocabulary[Any]) -> _Data:
    """`next`, `NEXT`, `extend 5min` or `give-back lamp` as the object that says the same. Raises Refused."""
    command = word.casefold().replace("-", "_")
    is_known = command in vocabulary.models
    data: _Data = {"command": command if is_known else word}
    if argument is not None:
        if command not in vocabulary.arguments:
            raise malformed(f"`{_clipped(word, 40)}` takes nothing behind it" if is_known else vocabulary.example)
        data[vocabulary.arguments[command]] = argument
    _bound(data, _DEEPEST)
    return data


def _bound(value: object, depth: int) -> None:
    """Make sure that what follows is quick, whatever it is. Raises Refused."""
    match value:
        case dict() | list():
            if depth == 0:
                raise malformed("this lies too many levels deep")
            if len(value) > _MOST_ENTRIES:
                raise malformed(f"these are more than {_MOST_ENTRIES} entries")
            for part in [*value, *value.values()] if isinstance(value, dict) else value:
                _bound(part, depth - 1)
        case str():
            if len(value) > LONGEST_TEXT:
                raise malformed(f"{_clipped(value, 30)!r} is longer than {LONGEST_TEXT} letters")
        case int() | float():
            if not abs(value) <= _LARGEST_NUMBER:  # not a number is not either
                raise malformed("there is a number in it that is far too large")
        case _:
            pass


# Sentences


def _explained(error: ValidationError, word: str, model: type[BaseModel]) -> str:
    """The first few faults of a command, each with the key that it is about."""
    said = []
    for detail in error.errors(include_url=False)[:_FAULTS_SAID]:
        place = ".".join(str(part) for part in detail["loc"] if part != "[key]")
        if detail["type"] == "extra_forbidden":
            said.append(unknown_key(str(detail["loc"][-1]), model, f"`{word}`"))
        elif detail["type"] == "missing":
            said.append(f"`{word}` needs `{place}`")
        elif detail["type"] == "string_pattern_mismatch" and place in _NAMED:
            said.append(f"`{place}`: {_NAME}")
        else:
            said.append(f"`{place}`: {sentence(detail)}")
    return "; ".join(said)


def malformed(message: str) -> Refused:
    """A refusal in a whole sentence."""
    text = _clipped(message, 400)
    return Refused(Reason.MALFORMED, f"{text[0].upper()}{text[1:]}{'' if text.endswith('?') else '.'}")


def _clipped(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]}…"
