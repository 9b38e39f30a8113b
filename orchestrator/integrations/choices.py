"""What each room would start next: the scene and the parameters that somebody chose, on a dashboard say.

A room is offered the scenes that it can cast. Where nobody chose, or what was chosen is there no more, it is the first.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from orchestrator.documents.faults import near
from orchestrator.errors import BadParameter, HomeError, Reason, Refused, UnknownScene
from orchestrator.home.casting import cast
from orchestrator.home.library import Home
from orchestrator.scenes.format.model import SceneModel
from orchestrator.scenes.format.parameters import resolve
from orchestrator.scenes.titles import scene_called


class Choice(NamedTuple):
    """A scene, and those of its parameters that were chosen, fit for JSON."""

    scene: str
    parameters: Mapping[str, Any]


class Choices:
    """The choices of a home's rooms."""

    def __init__(self, home: Home, scenes: Iterable[SceneModel]) -> None:
        self._home = home
        self._chosen: dict[str, Choice] = {}
        self._scenes: dict[str, SceneModel] = {}
        self._offered: dict[str, dict[str, SceneModel]] = {}
        self.offer(scenes)

    def offer(self, scenes: Iterable[SceneModel]) -> None:
        """These are the scenes now."""
        self._scenes = {}
        for scene in scenes:
            self._scenes.setdefault(scene.scene, scene)
        self._offered = {room: self._castable(room) for room in self._home.model.rooms}

    def recall(self, remembered: Mapping[str, Choice]) -> None:
        """Take up what was chosen in a life before this one; a room that is no more is passed over."""
        self._chosen |= {room: choice for room, choice in remembered.items() if room in self._home.model.rooms}

    def offered(self, room: str) -> tuple[SceneModel, ...]:
        """The scenes that a room can cast."""
        return tuple(self._offered[room].values())

    def scene(self, room: str) -> SceneModel | None:
        """The scene that a room would start; None where it can cast none."""
        offered = self._offered[room]
        choice = self._chosen.get(room)
        chosen = offered.get(choice.scene) if choice is not None else None
        return chosen or next(iter(offered.values()), None)

    def parameters(self, room: str) -> dict[str, object]:
        """Every parameter of that scene with its value, as `resolve` gives them."""
        scene = self.scene(room)
        return resolve(scene, self._given(room, scene)) if scene is not None else {}

    def wanted(self, room: str, scene: str | None, parameters: Mapping[str, Any]) -> Choice:
        """What a room would start if this were chosen: another scene has its defaults, the same keeps what was chosen.

        Raises UnknownScene, BadParameter, and Refused or HomeError for a scene that the room cannot cast.
        """
        model = self._named(room, scene)
        before = self.scene(room)
        kept = self._given(room, model) if before is not None and before.scene == model.scene else {}
        given = {**kept, **parameters}
        resolved = resolve(model, given)
        return Choice(model.scene, {name: resolved[name] for name in given})

    def choose(self, room: str, choice: Choice) -> None:
        """Have this chosen: what `wanted` gave."""
        self._chosen[room] = choice

    def _named(self, room: str, scene: str | None) -> SceneModel:
        if scene is None:
            model = self.scene(room)
            if model is None:
                raise Refused(Reason.UNKNOWN_SCENE, f"There is no scene that {room} can cast.")
            return model
        found = self._scenes.get(scene) or scene_called(scene, self._scenes.values())
        if found is None:
            sentence = f"There is no scene {scene!r}{near(scene, self._scenes)}"
            raise UnknownScene(sentence if sentence.endswith("?") else f"{sentence}.")
        cast(found.roles, room, self._home)
        return found

    def _given(self, room: str, scene: SceneModel) -> dict[str, Any]:
        """What was chosen for a scene, without what it does not take (any more)."""
        choice = self._chosen.get(room)
        given: dict[str, Any] = {}
        if choice is None or choice.scene != scene.scene:
            return given
        for name, value in choice.parameters.items():
            with suppress(BadParameter):
                resolve(scene, {name: value})
                given[name] = value
        return given

    def _castable(self, room: str) -> dict[str, SceneModel]:
        castable = {}
        for scene in self._scenes.values():
            with suppress(Refused, HomeError):
                cast(scene.roles, room, self._home)
                castable[scene.scene] = scene
        return castable
