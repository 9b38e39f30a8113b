"""Scenes from files and from the catalogue that ships: found, read, checked for all that can be said without planning.

All faults of a file come at once, in the order of their places.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestrator.documents import document, faults, shape
from orchestrator.documents.document import Document, DocumentPlace, KeyPath
from orchestrator.errors import Fault, SceneError, UnknownScene
from orchestrator.scenes.format import coherence
from orchestrator.scenes.format.model import SceneModel

SUFFIXES = (".yaml", ".yml")

_STAND_INS = {
    "scene": "scene",
    "format": 1,
    "title": "-",
    "roles": {"main": {"kind": "light"}},
    "steps": [{"step": "step"}],
}


@dataclass(frozen=True)
class Scene:
    """A scene that can be planned, with the text that it was read from."""

    model: SceneModel
    source: str
    text: str
    document: Document

    def place(self, path: KeyPath) -> DocumentPlace:
        """The line and column of a value, such as that of `("steps", 3, "say", "en")`."""
        return self.document.place(path)

    def fault(self, path: KeyPath, message: str) -> Fault:
        """A fault found later, at the place of a value."""
        return self.document.fault(path, message)


def read(text: str, source: str) -> Scene:
    """The scene that a text is. `source` names it in faults. Raises SceneError with all of them."""
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


def load(name: str | Path, folders: Iterable[Path] = ()) -> Scene:
    """A scene of the catalogue or of the person's own folders by its name, or any by the path of its file.

    Raises UnknownScene where there is none, SceneError where it has faults.
    """
    path = find(name, folders)
    text = document.opened(path)
    if isinstance(text, Fault):
        raise SceneError((text,))
    return read(text, str(path))


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
    found = {path.stem: path for path in files if path.suffix in SUFFIXES}
    return dict(sorted(found.items()))


def shipped() -> Path:
    """The folder of the scenes that ship: inside the package where it is installed, beside it in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "catalogue"
    return installed if installed.is_dir() else package.parent / "scenes"
