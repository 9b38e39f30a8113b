"""Texts of scene and home files in one language, in one line."""

from collections.abc import Mapping

ENGLISH = "en"


def worded(text: str | Mapping[str, str], language: str) -> str:
    """A text in a language, else in its base (`de` for `de-AT`), else in English, else in the first that it has."""
    if isinstance(text, str):
        return " ".join(text.split())
    known = (language, language.partition("-")[0], ENGLISH, next(iter(text), ""))
    return " ".join(next((text[each] for each in known if each in text), "").split())


def clipped(text: str, length: int) -> str:
    """No longer than so many letters."""
    return text if len(text) <= length else f"{text[: length - 1]}…"
