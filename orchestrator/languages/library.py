"""The languages that the program itself speaks: a file each, read when somebody needs it and then kept.

A language that has no file has no words: what is said then is said in English, and called English (`tag`).
"""

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from orchestrator.documents import document, shape
from orchestrator.errors import Fault, LanguageError
from orchestrator.languages.lengths import length_in_figures, length_in_words
from orchestrator.languages.model import LanguageModel, flaws
from orchestrator.languages.sentence import LENGTH, SentenceTemplate
from orchestrator.units import Ms

ENGLISH = "en"
SUFFIX = ".yaml"
OWN_FOLDER = "RELAX_LANGUAGES"
"""The variable of the environment that names a folder with a person's own files; they stand before ours."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class OwnWords:
    """The program's words in one language. `tag` is the language of what they say."""

    model: LanguageModel
    tag: str

    def fill(self, sentence: SentenceTemplate, *, length: Ms | None = None, **words: str) -> str:
        """A sentence of this language with its places filled; one that begins with a length begins with a capital."""
        values: dict[str, Callable[[str], str]] = {name: _plain(text) for name, text in words.items()}
        if length is not None:
            values[LENGTH] = lambda case: self.length(length, case)
        filled = sentence.filled(values)
        return filled[:1].upper() + filled[1:] if sentence.startswith("{{") and LENGTH in values else filled

    def length(self, ms: Ms, case: str = "") -> str:
        """A length in words: `ten minutes`."""
        lengths = self.model.lengths
        units = lengths.cases[case] if case else lengths
        forms = {"hour": units.hour, "minute": units.minute, "second": units.second}
        return length_in_words(ms, forms, self.model.plurals, lengths.numbers, lengths.joint, lengths.none)


def _plain(text: str) -> Callable[[str], str]:
    return lambda _case: text


def own_words(language: str) -> OwnWords:
    """The words of a language, or of its base (`de` for `de-AT`); English where there are none."""
    found = find(language)
    return OwnWords(found, language) if found is not None else OwnWords(_english(), ENGLISH)


def find(language: str) -> LanguageModel | None:
    """The words of a language or of its base; None where there is no file, or none that can be read (it is logged)."""
    return _found(language.replace("_", "-"), os.environ.get(OWN_FOLDER))


def has_words(language: str) -> bool:
    """Whether the program speaks it."""
    return find(language) is not None


def spoken(ms: Ms, language: str) -> str:
    """A length in a language's words; in figures (`10 min`) where it has none, which voices read out in their own."""
    return OwnWords(found, language).length(ms) if (found := find(language)) is not None else length_in_figures(ms)


def letters_per_word(language: str) -> float:
    """Of an average word; English's where nobody has said."""
    return _letters(language, os.environ.get(OWN_FOLDER))


def known() -> Mapping[str, Path]:
    """The files of all languages, by language, in its order; a person's own stand before ours."""
    files = [path for folder in folders() if folder.is_dir() for path in folder.iterdir()]
    return dict(sorted({path.stem: path for path in files if path.suffix == SUFFIX}.items()))


def folders() -> list[Path]:
    """Where files of languages are; later ones stand before earlier ones."""
    own = os.environ.get(OWN_FOLDER)
    return [Path(__file__).parent, *([Path(own).expanduser()] if own else [])]


def load(path: Path) -> LanguageModel:
    """The language of a file. Raises LanguageError with all its faults."""
    text = document.opened(path)
    if isinstance(text, Fault):
        raise LanguageError((text,))
    return read(text, str(path), path.stem)


def read(text: str, source: str, expected: str | None = None) -> LanguageModel:
    """The language that a text is; `expected`: as its file is called. Raises LanguageError with all faults."""
    paper = document.read(text, source)
    found = list(paper.faults)
    if not isinstance(paper.data, dict):
        raise LanguageError(tuple(found) or (paper.fault((), "expected a language: keys such as `language: nl`"),))
    model, misshapen, aside = shape.validated(LanguageModel, paper, {})
    found += misshapen.values()
    if model is not None:
        for flaw in flaws(model, expected):
            path = shape.original(flaw.path, aside)
            if not flaw.is_moot(path, aside):
                found.append(paper.fault(path, flaw.message, at_key=flaw.at_key))
    if found or model is None:
        raise LanguageError(tuple(sorted(dict.fromkeys(found), key=lambda fault: (fault.line, fault.column))))
    return model


@lru_cache(maxsize=64)
def _found(language: str, _own: str | None) -> LanguageModel | None:
    files = known()
    for name in dict.fromkeys((language, language.partition("-")[0].lower())):
        if name in files:
            try:
                return load(files[name])
            except LanguageError as error:
                logger.error("%s: %s", name, error)  # noqa: TRY400 its faults have their places
    return None


@lru_cache(maxsize=64)
def _letters(language: str, own: str | None) -> float:
    return (_found(language, own) or _english()).speech.letters_per_word


@cache
def _english() -> LanguageModel:
    return load(Path(__file__).with_name(f"{ENGLISH}{SUFFIX}"))
