"""What a voice stumbles over in a text as it is written: digits, signs, abbreviations."""

import re
from collections.abc import Iterator

from orchestrator.documents.document import KeyPath
from orchestrator.scenes.checks.remarks import Remark, quoted
from orchestrator.scenes.checks.word_list import word_list
from orchestrator.scenes.format.languages import CAUTIONS, TEMPLATES, texts
from orchestrator.scenes.format.model import SceneModel

_SPOKEN = frozenset({"say", "first", "last", "text", "cautions", "phrases"})
_DIGITS = re.compile(r"\S*\d\S*")
_SIGN = re.compile(r"[%&+=/°€$@#*_<>\[\]|~^]")
_CAPITALS = re.compile(r"\b[A-ZÄÖÜ]{2,}\b")


def stumbling_remarks(scene: SceneModel) -> Iterator[Remark]:
    """Once for each text and language. What a template fills in is not looked at: `spoken` says lengths in words."""
    for path, text in texts(scene):
        if text == CAUTIONS or _SPOKEN.isdisjoint(path):
            continue
        written = text if isinstance(text, dict) else {scene.languages[0]: text}
        for language, words in written.items():
            place: KeyPath = (*path, language) if isinstance(text, dict) else path
            if (found := _stumbles(TEMPLATES.sub(" ", words), language)) is not None:
                what, advice = found
                yield Remark(place, "stumbling", 1.0, f"{quoted(what)}: a voice may stumble over it; {advice}")


def _stumbles(words: str, language: str) -> tuple[str, str] | None:
    """The first thing, and what to do about it."""
    listed = word_list(language).abbreviation
    if (found := _DIGITS.search(words)) is not None:
        return found[0], "write the number as it is said"
    if listed is not None and (found := listed.search(words)) is not None:
        return found[0], "write the whole word"
    if (found := _SIGN.search(words)) is not None:
        return found[0], "write the word for it"
    if (found := _CAPITALS.search(words)) is not None:
        return found[0], "capitals are spelt; write it as it is said"
    return None
