"""The scenes that can be started, as their files are now. What turns wrong is refused, and what it was before stays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

from orchestrator.documents.faults import nearest
from orchestrator.errors import SceneError, UnknownScene
from orchestrator.scenes.format.model import SceneModel
from orchestrator.scenes.library import Scene, catalogue, load, translation_files
from orchestrator.scenes.titles import scene_called


class FileStamp(NamedTuple):
    """What tells one content of a file from another without reading it."""

    changed: int
    size: int
    inode: int


def file_stamp(path: Path) -> FileStamp | None:
    """None where the file is not to be had."""
    try:
        found = path.stat()
    except OSError:
        return None
    return FileStamp(found.st_mtime_ns, found.st_size, found.st_ino)


Marks: TypeAlias = tuple[tuple[Path, FileStamp | None], ...]
"""The file of a scene and those of its translations, as they were."""


class SceneFile(NamedTuple):
    """One file: the last scene that was right in it, and what is wrong with it now."""

    path: Path
    marks: Marks
    scene: Scene | None
    error: SceneError | None


@dataclass(frozen=True)
class SceneRepository:
    """The scenes at one moment, by the names of their files."""

    places: Mapping[str, SceneFile]

    def scene(self, name: str) -> Scene:
        """By its file, its id or its title. Raises UnknownScene; SceneError where its file has never been right."""
        place = self.places.get(name) or self._by_id(name) or self._by_title(name)
        if place is None:
            guess = nearest(name, self.places)
            known = ", ".join(self.places) or "none"
            raise UnknownScene(
                f"There is no scene {name!r}.", f"Did you mean {guess}?" if guess else f"There are: {known}."
            )
        if place.scene is None:
            raise place.error or UnknownScene(f"There is no scene {name!r}.")
        return place.scene

    def models(self) -> list[SceneModel]:
        """Those that can be started, in the order of their names."""
        return [place.scene.model for place in self.places.values() if place.scene is not None]

    def is_current(self, folders: Iterable[Path]) -> bool:
        """Whether every file is as it was when it was read. Looks at the files, and reads none."""
        folders = tuple(folders)
        found = {name: _marks(path, folders) for name, path in catalogue(folders).items()}
        return found == {name: place.marks for name, place in self.places.items()}

    def _by_id(self, name: str) -> SceneFile | None:
        return next((place for place in self.places.values() if place.scene and place.scene.model.scene == name), None)

    def _by_title(self, words: str) -> SceneFile | None:
        called = scene_called(words, self.models())
        return self._by_id(called.scene) if called is not None else None


EMPTY = SceneRepository({})


def _marks(path: Path, folders: tuple[Path, ...]) -> Marks:
    return tuple((file, file_stamp(file)) for file in (path, *translation_files(path, folders).values()))


def read_scenes(folders: Iterable[Path], before: SceneRepository = EMPTY) -> tuple[SceneRepository, list[SceneError]]:
    """The repository as it is now, and what is wrong in files that changed. Only those are read.

    What is wrong in a translation leaves its scene without that language.
    """
    folders = tuple(folders)
    places: dict[str, SceneFile] = {}
    errors: list[SceneError] = []
    for name, path in catalogue(folders).items():
        old, here = before.places.get(name), _marks(path, folders)
        if old is not None and old.marks == here:
            places[name] = old
            continue
        try:
            scene = load(path, folders)
            places[name] = SceneFile(path, here, scene, None)
            if scene.faults:
                errors.append(SceneError(scene.faults))
        except SceneError as error:
            errors.append(error)
            places[name] = SceneFile(path, here, old.scene if old is not None else None, error)
        except UnknownScene:
            continue  # it was taken away while we looked
    return SceneRepository(places), errors
