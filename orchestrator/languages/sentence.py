"""Sentences with places in them: `{{ title }} begins in {{ length }}.`

A place is a name, and no more: nothing is computed, called or looked up, so there is nothing that a file could do. A
length may stand in one of the language's cases: `{{ length | dative }}`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, TypeAlias

from pydantic import PlainValidator, WithJsonSchema

from orchestrator.documents.faults import listed, near

_PLACE = re.compile(r"\{\{\s*([a-z_]+)\s*(?:\|\s*([a-z_]+)\s*)?\}\}")
_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
LENGTH = "length"
"""The place of a length, the only one that has cases."""


class SentenceTemplate(str):
    """Words of a language with the places that they name."""

    __slots__ = ()

    @property
    def places(self) -> frozenset[str]:
        return frozenset(name for name, _ in _PLACE.findall(self))

    @property
    def cases(self) -> frozenset[str]:
        """The cases in which it has lengths, besides the usual one."""
        return frozenset(case for _, case in _PLACE.findall(self) if case)

    def filled(self, values: Mapping[str, Callable[[str], str]]) -> str:
        """With its places filled; each value gives its words in a case, "" for the usual one.

        Raises KeyError for other values than it has places for.
        """
        if values.keys() != self.places:
            raise KeyError(f"{self!r} is filled with {', '.join(values) or 'nothing'}")
        return _PLACE.sub(lambda found: values[found[1]](found[2] or ""), self)


def sentence(value: object) -> SentenceTemplate:
    """A text as a sentence, on one line. Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError("expected a text; put quotes around it")
    if not value.strip():
        raise ValueError("this text is empty")
    found = SentenceTemplate(" ".join(value.split()))
    if _BRACES.search(_PLACE.sub("", found)):
        raise ValueError("a place is a name in double braces, such as {{ title }}, and nothing more")
    if any(case and name != LENGTH for name, case in _PLACE.findall(found)):
        raise ValueError("only a length has cases: {{ length | dative }}")
    return found


def misplaced(said: SentenceTemplate, places: tuple[str, ...]) -> str | None:
    """What is wrong with the places of a sentence that has to have exactly these; None where nothing is."""
    if unknown := sorted(said.places - set(places)):
        return f"there is no `{unknown[0]}` to say here{near(unknown[0], places, 'it has no places')}"
    missing = [f"{{{{ {name} }}}}" for name in places if name not in said.places]
    return f"{listed(missing)} has to be said here" if missing else None


def sentence_with(*places: str) -> Callable[[object], SentenceTemplate]:
    """Reads a sentence that has exactly these places. The reader raises ValueError."""

    def read(value: object) -> SentenceTemplate:
        said = sentence(value)
        if fault := misplaced(said, places):
            raise ValueError(fault)
        return said

    return read


_SCHEMA = WithJsonSchema({"type": "string"})

AnyWords: TypeAlias = Annotated[SentenceTemplate, PlainValidator(sentence), _SCHEMA]
"""Words whose places are looked at elsewhere."""
Words: TypeAlias = Annotated[SentenceTemplate, PlainValidator(sentence_with()), _SCHEMA]
"""Words without a place."""
WithTitle: TypeAlias = Annotated[SentenceTemplate, PlainValidator(sentence_with("title")), _SCHEMA]
WithLength: TypeAlias = Annotated[SentenceTemplate, PlainValidator(sentence_with("length")), _SCHEMA]
WithTitleAndLength: TypeAlias = Annotated[SentenceTemplate, PlainValidator(sentence_with("title", "length")), _SCHEMA]
WithReady: TypeAlias = Annotated[SentenceTemplate, PlainValidator(sentence_with("ready")), _SCHEMA]
