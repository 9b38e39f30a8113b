"""Every text of a scene in every language that it speaks: a session never mixes them."""

import re
from collections.abc import Iterator

from orchestrator.documents.document import KeyPath
from orchestrator.documents.faults import Flaw, listed, near
from orchestrator.scenes.format.model import CautionModel, SceneModel
from orchestrator.scenes.format.tree import nodes

CAUTIONS = "cautions"
"""What `say` says to speak the scene's cautions."""

_TEXT_KEYS = ("title", "summary", "say", "first", "last")
TEMPLATES = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


def language_flaws(scene: SceneModel) -> Iterator[Flaw]:
    """Texts that lack a language of the scene, or have one that it does not name."""
    languages = scene.languages
    for index, language in enumerate(languages):
        if language in languages[:index]:
            yield Flaw(("languages", index), f"`{language}` stands here twice")
    for path, text in texts(scene):
        if isinstance(text, dict):
            yield from _map_flaws(path, text, languages)
        elif len(languages) > 1 and text != CAUTIONS and any(map(str.isalpha, TEMPLATES.sub("", text))):
            wanted = ", ".join(f'{language}: "…"' for language in languages)
            yield Flaw(path, f"this text stands in one language; the scene speaks {listed(languages)}: {{{wanted}}}")


def texts(scene: SceneModel) -> Iterator[tuple[KeyPath, str | dict[str, str]]]:
    """All texts of a scene, with their paths."""
    for index, caution in enumerate(scene.cautions):
        if isinstance(caution, CautionModel):
            yield ("cautions", index, "text"), caution.text
        else:
            yield ("cautions", index), caution
    for phrase, words in scene.phrases.items():
        yield from ((("phrases", phrase, value), text) for value, text in words.items())
    for path, node in nodes(scene):
        for key in _TEXT_KEYS:
            value: object = getattr(node, key, None)
            if isinstance(value, str | dict):
                yield (*path, key), value
            elif isinstance(value, list):
                yield from (
                    ((*path, key, index), item) for index, item in enumerate(value) if isinstance(item, str | dict)
                )


def _map_flaws(path: KeyPath, text: dict[str, str], languages: list[str]) -> Iterator[Flaw]:
    if missing := [language for language in languages if language not in text]:
        yield Flaw(path, f"{listed(missing)} is missing here; the scene speaks {listed(languages)}")
    for language, words in text.items():
        if language not in languages:
            end = near(language, languages, "name it there as well")
            yield Flaw((*path, language), f"`{language}` is not among the scene's `languages`{end}", at_key=True)
        elif not words.strip():
            yield Flaw((*path, language), "this text is empty")
