"""A scene by what people call it: its title in any of its languages, as a list shows it or as somebody says it."""

from collections.abc import Iterable

from orchestrator.errors import UnknownScene
from orchestrator.scenes.format.model import SceneModel


def scene_called(words: str, scenes: Iterable[SceneModel]) -> SceneModel | None:
    """The scene with this title; where several have it, `Title (id)` is one of them. None where none has it.

    Large letters, hyphens and blanks make no difference. Raises UnknownScene where it could be any of several.
    """
    said = _plain(words)
    found = [scene for scene in scenes if said in _titles(scene)]
    exact = [scene for scene in found if said in {_plain(f"{title} ({scene.scene})") for title in _texts(scene)}]
    if len(exact or found) > 1:
        ids = ", ".join(scene.scene for scene in found)
        raise UnknownScene(f"Several scenes are called {words!r}.", f"Say which: {ids}.")
    return next(iter(exact or found), None)


def _titles(scene: SceneModel) -> set[str]:
    return {_plain(each) for title in _texts(scene) for each in (title, f"{title} ({scene.scene})")}


def _texts(scene: SceneModel) -> list[str]:
    return [scene.title] if isinstance(scene.title, str) else list(scene.title.values())


def _plain(words: str) -> str:
    return " ".join(words.replace("-", " ").casefold().split())
