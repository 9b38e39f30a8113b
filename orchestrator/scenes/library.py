"""Scenes from files and from the catalogue that ships: found, read, checked for all that can be said without planning.

All faults of a file come at once, in the order of their places.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from orchestrator.documents import document, faults, shape
from orchestrator.documents.document import Document, DocumentPlace, KeyPath
from orchestrator.documents.notation import LANGUAGE
from orchestrator.errors import Fault, SceneError, UnknownScene
from orchestrator.scenes.format import coherence
from orchestrator.scenes.format.model import SceneModel
from orchestrator.scenes.format.translating import place_in_translation, translated, translation_flaws
from orchestrator.scenes.format.translation import TranslationModel
from orchestrator.scenes.planning.scope import TRANSLATIONS

SUFFIXES = (".yaml", ".yml")
_BEHIND = "\n--- # translation: "
_DOCUMENTS = re.compile(rf"{_BEHIND}(.*)\n")

_STAND_INS = {
    "scene": "scene",
    "format": 1,
    "title": "-",
    "roles": {"main": {"kind": "light"}},
    "steps": [{"step": "step"}],
}


class Translation(NamedTuple):
    """The words of a scene in one more language, with the text that they were read from."""

    model: TranslationModel
    text: str
    document: Document


@dataclass(frozen=True)
class Scene:
    """A scene that can be planned, with the text that it was read from and those of its translations.

    `faults`: what is wrong in translations, whose languages it therefore does not speak.
    """

    model: SceneModel
    source: str
    own_text: str = field(repr=False)
    document: Document = field(repr=False)
    translations: Mapping[str, Translation] = field(default_factory=dict, repr=False)
    faults: tuple[Fault, ...] = ()

    @property
    def text(self) -> str:
        """All of it, as `read` reads it again: the scene's file, and each translation as a document behind it."""
        return self._with(self.translations.values())

    def text_in(self, language: str) -> str:
        """The same with no more than it takes to plan it in this language."""
        return self._with(each for name, each in self.translations.items() if name == language)

    @property
    def unread(self) -> list[str]:
        """Its languages that no person has read yet whose own they are."""
        return [name for name, each in self.translations.items() if each.model.read_by != "person"]

    def place(self, path: KeyPath) -> DocumentPlace:
        """The line and column of a value, such as that of `("steps", 3, "say", "en")`, in the file that has it."""
        paper, found = self._where(path)
        return paper.place(found)

    def fault(self, path: KeyPath, message: str) -> Fault:
        """A fault found later, at the place of a value."""
        paper, found = self._where(path)
        return paper.fault(found, message)

    def _where(self, path: KeyPath) -> tuple[Document, KeyPath]:
        if path[:1] != (TRANSLATIONS,):
            return self.document, path
        translation = self.translations[str(path[1])]
        found = place_in_translation(self.model, path[2:])
        return (self.document, path[2:]) if found is None else (translation.document, found)

    def _with(self, translations: Iterable[Translation]) -> str:
        behind = (f"{_BEHIND}{each.document.source}\n{each.text}" for each in translations)
        return "".join((self.own_text, *behind))


def read(text: str, source: str) -> Scene:
    """The scene that a text is, with the translations behind it. `source` names it in faults.

    Raises SceneError with all faults of the scene; those of a translation are the scene's `faults`.
    """
    own, *behind = _DOCUMENTS.split(text)
    scene = _read_scene(own, source)
    for name, words in zip(behind[::2], behind[1::2], strict=True):
        scene = with_translation(scene, words, name)
    return scene


def with_translation(scene: Scene, text: str, source: str) -> Scene:
    """The scene speaking one more language, or with the faults that this has."""
    paper = document.read(text, source)
    found = list(paper.faults)
    model: TranslationModel | None = None
    if isinstance(paper.data, dict):
        model, misshapen, aside = shape.validated(TranslationModel, paper, {})
        found += misshapen.values()
        for flaw in translation_flaws(scene.model, model) if model is not None else ():
            path = shape.original(flaw.path, aside)
            if not flaw.is_moot(path, aside):
                found.append(paper.fault(path, flaw.message, at_key=flaw.at_key))
    elif not found:
        found.append(paper.fault((), "expected a translation: keys such as `scene: my-scene` and `language: nl`"))
    if found or model is None:
        ordered = sorted(dict.fromkeys(found), key=lambda fault: (fault.line, fault.column))
        return replace(scene, faults=(*scene.faults, *ordered))
    own = scene.model.without_translations()
    spoken = {**scene.model.translations, model.language: translated(own, model)}
    return replace(
        scene,
        model=own.with_translations(spoken),
        translations={**scene.translations, model.language: Translation(model, text, paper)},
    )


def _read_scene(text: str, source: str) -> Scene:
    paper = document.read(text, source)
    found = list(paper.faults)
    if not isinstance(paper.data, dict):
        raise SceneError(tuple(found) or (paper.fault((), "expected a scene: keys such as `scene: my-scene`"),))
    model, misshapen, aside = shape.validated(SceneModel, paper, _STAND_INS)
    found += misshapen.values()
    if model is not None:
        for flaw in coherence.flaws(model, paper.data):
            path = shape.original(flaw.path, aside)
            if not flaw.is_moot(path, aside):
                found.append(paper.fault(path, flaw.message, at_key=flaw.at_key))
    if found or model is None:
        raise SceneError(tuple(sorted(dict.fromkeys(found), key=lambda fault: (fault.line, fault.column))))
    return Scene(model, source, text, paper)


def load(name: str | Path, folders: Iterable[Path] = (), language: str | None = None) -> Scene:
    """A scene of the catalogue or of the person's own folders by its name, or any by the path of its file.

    Its translations lie beside it, or in a folder that stands before its own; with `language` no more of them are read
    than it takes to speak that. Raises UnknownScene where there is none, SceneError where it has faults.
    """
    folders = tuple(folders)
    path = find(name, folders)
    text = document.opened(path)
    if isinstance(text, Fault):
        raise SceneError((text,))
    scene = _read_scene(text, str(path))
    files = translation_files(path, folders)
    for file in (files if language is None else _needed(files, language, scene.model.languages)).values():
        words = document.opened(file)
        if isinstance(words, Fault):
            scene = replace(scene, faults=(*scene.faults, words))
        else:
            scene = with_translation(scene, words, str(file))
    return scene


def _needed(files: Mapping[str, Path], language: str, own: Iterable[str]) -> Mapping[str, Path]:
    """The translation into a language, or its base; none where the scene has it itself, all where nobody has it."""
    for name in (language.casefold(), language.casefold().partition("-")[0]):
        if found := {each: file for each, file in files.items() if each.casefold() == name}:
            return found
        if name in (each.casefold() for each in own):
            return {}
    return files


def translation_files(path: Path, folders: Iterable[Path] = ()) -> Mapping[str, Path]:
    """The translations of a scene's file, by language; a person's own stand before ours."""
    known = [shipped(), *folders]
    where = known[known.index(path.parent) :] if path.parent in known else [path.parent]
    files = [file for folder in where if folder.is_dir() for file in sorted(folder.iterdir())]
    found = {name[1]: file for file in files if (name := translates(file)) is not None and name[0] == path.stem}
    return dict(sorted(found.items()))


def translates(path: Path) -> tuple[str, str] | None:
    """The scene and the language that a file is a translation of and into by its name; None where it is none."""
    name, dot, language = path.stem.partition(".")
    is_one = dot and path.suffix in SUFFIXES and re.fullmatch(LANGUAGE, language)
    return (name, language) if is_one else None


def find(name: str | Path, folders: Iterable[Path] = ()) -> Path:
    """The file of a scene. What looks like a path (a slash, a suffix) is one. Raises UnknownScene."""
    if isinstance(name, Path) or "/" in name or name.endswith(SUFFIXES):
        path = Path(name).expanduser()
        if path.is_file():
            return path
        raise UnknownScene(f"There is no scene file {path}.", "`relax scenes list` shows the scenes that there are.")
    known = catalogue(folders)
    if name not in known:
        guess = faults.nearest(name, known)
        hint = f"Did you mean {guess}?" if guess else f"There are: {', '.join(known) or 'none'}."
        raise UnknownScene(f"There is no scene {name!r}.", hint)
    return known[name]


def catalogue(folders: Iterable[Path] = ()) -> Mapping[str, Path]:
    """The scenes that ship and those in `folders`, by name and in its order; a person's own stand before ours."""
    files = [path for folder in (shipped(), *folders) if folder.is_dir() for path in sorted(folder.iterdir())]
    found = {path.stem: path for path in files if path.suffix in SUFFIXES and translates(path) is None}
    return dict(sorted(found.items()))


def shipped() -> Path:
    """The folder of the scenes that ship: inside the package where it is installed, beside it in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "catalogue"
    return installed if installed.is_dir() else package.parent / "scenes"
