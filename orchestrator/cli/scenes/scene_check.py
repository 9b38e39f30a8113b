"""Scenes looked over: read, tried out with all their choices, judged; in a room of a home, if one is meant."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from orchestrator.cli.arguments import own_folders
from orchestrator.cli.value_text import clock_text
from orchestrator.conductor.light_room import light_room
from orchestrator.conductor.room_scale import RoomScale
from orchestrator.errors import Fault, Refused, SceneError
from orchestrator.home.casting import cast, ready_in
from orchestrator.home.library import Home
from orchestrator.scenes.checks.lint import LintWarning as Remark
from orchestrator.scenes.checks.lint import lint
from orchestrator.scenes.checks.trial import TriedPlans, trial
from orchestrator.scenes.library import SUFFIXES, Scene, catalogue, find, load, translates
from orchestrator.scenes.planning.planner import language_of, plan


class CheckedRoom(NamedTuple):
    """The room that scenes are judged in. `evenings`: the scenes that a schedule begins there after sunset, and which.

    By day, or by the room's own night.
    """

    home: Home
    name: str
    at_night: bool
    evenings: Mapping[str, str]


class SceneCheck(NamedTuple):
    """What was found in one file. `fine` says what it is, where there are no faults."""

    source: str
    name: str
    faults: tuple[Fault, ...]
    warnings: tuple[Remark, ...]
    fine: str
    room: str | None = None

    @property
    def lines(self) -> Iterator[str]:
        yield from map(str, self.faults)
        yield from (f"{warning}" for warning in self.warnings)
        if not self.faults:
            count = len(self.warnings)
            found = f"{count} warning{'s' if count > 1 else ''}" if count else "fine"
            yield f"{self.name}{f' in {self.room}' if self.room else ''}: {found} ({self.fine})"

    def as_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "scene": self.name,
            **({"room": self.room} if self.room else {}),
            "faults": [fault._asdict() for fault in self.faults],
            "warnings": [warning._asdict() for warning in self.warnings],
        }


def files_of(names: Sequence[str]) -> list[Path]:
    """The scene files that are meant: all in a folder, one by name or path; the whole catalogue for none.

    Raises UnknownScene.
    """
    if not names:
        return list(catalogue(own_folders()).values())
    files: list[Path] = []
    for name in names:
        if Path(name).is_dir():
            files += sorted(path for path in Path(name).iterdir() if path.suffix in SUFFIXES)
        else:
            files.append(find(name, own_folders()))
    return list(dict.fromkeys(_translated_by(path) for path in files))


def _translated_by(path: Path) -> Path:
    """The scene that is meant where its translation is named: beside that, else in the catalogue."""
    name = translates(path)
    if name is None:
        return path
    beside = path.with_name(f"{name[0]}{path.suffix}")
    return beside if beside.is_file() else find(name[0], own_folders())


def folders_of(names: Sequence[str]) -> tuple[Path, ...]:
    """Where translations are looked for: in a person's own folders, and where those lie that are named."""
    named = (Path(name) for name in names)
    return (*own_folders(), *dict.fromkeys(path.parent for path in named if translates(path) is not None))


def check_scene(
    path: Path, room: CheckedRoom | None = None, *, language: str | None = None, folders: Sequence[Path] = ()
) -> SceneCheck:
    """Read it; try it where it can be read; judge it where it can be planned. Raises UnknownRoom, HomeError.

    `language`: only in that one. Raises BadParameter for one that it does not speak. `folders`: of translations.
    """
    try:
        scene = load(path, folders)
    except SceneError as error:
        return SceneCheck(str(path), path.stem, error.faults, (), "")
    if scene.faults:
        return SceneCheck(str(path), path.stem, scene.faults, (), "")
    languages = scene.model.languages if language is None else [language_of(scene.model, language)]
    return _in_an_ordinary_room(scene, languages) if room is None else _in_room(scene, room, languages)


def _in_an_ordinary_room(scene: Scene, languages: list[str]) -> SceneCheck:
    plans = TriedPlans(scene.model, languages=languages)
    if faults := trial(scene, plans):
        return SceneCheck(scene.source, scene.model.scene, tuple(faults), (), "")
    return SceneCheck(scene.source, scene.model.scene, (), tuple(lint(scene, plans)), _fine(scene, plans))


def _in_room(scene: Scene, room: CheckedRoom, languages: list[str]) -> SceneCheck:
    name = scene.model.scene
    try:
        casting = cast(scene.model.roles, room.name, room.home)
    except Refused as refused:
        return SceneCheck(scene.source, name, (), (), f"cannot be played: {refused.message}", room.name)
    model = room.home.model.rooms[room.name]
    ready = {language: ready_in(model, room.home, language) for language in scene.model.languages}
    plans = TriedPlans(scene.model, roles=casting.roles.keys(), ready=ready, languages=languages)
    if faults := trial(scene, plans):
        return SceneCheck(scene.source, name, tuple(faults), (), "", room.name)
    needs_light = plan(scene.model).needs_light
    scale = RoomScale.of(model, at_night=room.at_night, needs_light=needs_light)
    schedule = room.evenings.get(name)
    light = light_room(room.home, casting.roles, scale, is_evening=room.at_night or schedule is not None)
    fine = _fine(scene, plans) + (", at night" if room.at_night else "")
    if schedule is not None:
        fine += f", after sunset by the schedule {schedule}"
    return SceneCheck(scene.source, name, (), tuple(lint(scene, plans, light)), fine, room.name)


def _fine(scene: Scene, plans: TriedPlans) -> str:
    timeline = plan(scene.model)
    tried = len(plans.variations.sets) * len(plans.languages)
    steps, length = len(timeline.chapters), clock_text(timeline.as_usual().lasts)
    return f"{steps} steps, {length}, {' '.join(plans.languages)}, {tried} variations tried"
