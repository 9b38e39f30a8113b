"""Words of a home file as they are said: with the language that they are in."""

from collections.abc import Mapping
from typing import NamedTuple


class SpokenText(NamedTuple):
    """A text, and the language that it is in."""

    text: str
    language: str


def spoken_text(texts: str | Mapping[str, str], language: str) -> SpokenText:
    """Its words in a language, else in the base of that (`de` for `de-AT`), else in the first that there are words in.

    A text without a language is taken for one of the language that is wanted.
    """
    if isinstance(texts, str):
        return SpokenText(texts, language)
    found = texts.get(language) or texts.get(language.partition("-")[0])
    return SpokenText(found, language) if found else next(SpokenText(text, tongue) for tongue, text in texts.items())
