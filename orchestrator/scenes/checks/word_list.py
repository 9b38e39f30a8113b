"""The words that the linter of words knows of a language: data, a file a language, in `word_lists`."""

import re
from collections.abc import Iterable
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from orchestrator.documents import document
from orchestrator.errors import Fault

_FOLDER = Path(__file__).with_name("word_lists")


class WordList(BaseModel):
    """What is known of a language; nothing where nobody wrote a list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    abbreviations: list[str] = []
    sides: dict[str, list[str]] = {}
    which: list[str] = []
    paired: list[str] = []
    pairs: dict[str, list[str]] = {}

    @cached_property
    def abbreviation(self) -> re.Pattern[str] | None:
        return _any_of(self.abbreviations)

    @cached_property
    def paired_part(self) -> re.Pattern[str] | None:
        return _any_of(self.paired)

    @cached_property
    def says_which(self) -> re.Pattern[str] | None:
        return _any_of(self.which)

    def of_pair(self, parameter: str) -> re.Pattern[str] | None:
        """What there is two of, or one, by what a parameter says."""
        return _of_pair(self, parameter)


def _any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    """Finds any of these as a whole word, whatever its case."""
    longest_first = sorted(words, key=len, reverse=True)
    if not longest_first:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


def _of_pair(words: WordList, parameter: str) -> re.Pattern[str] | None:
    return _any_of(words.pairs.get(parameter, ()))


@cache
def word_list(language: str) -> WordList:
    """Of a language, `de` for `de-AT`."""
    path = _FOLDER / f"{language.partition('-')[0]}.yaml"
    if not path.is_file():
        return WordList()
    text = document.opened(path)
    if isinstance(text, Fault):
        return WordList()
    data: Any = document.read(text, str(path)).data
    return WordList.model_validate(data)
