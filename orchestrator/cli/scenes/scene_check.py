"""Scenes looked over: read, tried out with all their choices, judged."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from orchestrator.cli.value_text import clock_text
from orchestrator.errors import Fault, SceneError
from orchestrator.scenes.checks.lint import LintWarning as Remark
from orchestrator.scenes.checks.lint import lint
from orchestrator.scenes.checks.trial import TriedPlans, trial
from orchestrator.scenes.library import SUFFIXES, catalogue, find, load
from orchestrator.scenes.planning.planner import plan


class SceneCheck(NamedTuple):
    """What was found in one file. `fine` says what it is, where there are no faults."""

    source: str
    name: str
    faults: tuple[Fault, ...]
    warnings: tuple[Remark, ...]
    fine: str

    @property
    def lines(self) -> Iterator[str]:
        yield from map(str, self.faults)
        yield from (f"{warning}" for warning in self.warnings)
        if not self.faults:
            count = len(self.warnings)
            found = f"{count} warning{'s' if count > 1 else ''}" if count else "fine"
            yield f"{self.name}: {found} ({self.fine})"

    def as_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "scene": self.name,
            "faults": [fault._asdict() for fault in self.faults],
            "warnings": [warning._asdict() for warning in self.warnings],
        }


def files_of(names: Sequence[str]) -> list[Path]:
    """The scene files that are meant: all in a folder, one by name or path; the whole catalogue for none.

    Raises UnknownScene.
    """
    if not names:
        return list(catalogue().values())
    files: list[Path] = []
    for name in names:
        if Path(name).is_dir():
            files += sorted(path for path in Path(name).iterdir() if path.suffix in SUFFIXES)
        else:
            files.append(find(name))
    return files


def check_scene(path: Path) -> SceneCheck:
    """Read it; try it where it can be read; judge it where it can be planned."""
    try:
        scene = load(path)
    except SceneError as error:
        return SceneCheck(str(path), path.stem, error.faults, (), "")
    name = scene.model.scene
    plans = TriedPlans(scene.model)
    if faults := trial(scene, plans):
        return SceneCheck(str(path), name, tuple(faults), (), "")
    timeline = plan(scene.model)
    tried = len(plans.variations.sets) * len(scene.model.languages)
    steps, length = len(timeline.chapters), clock_text(timeline.as_usual().lasts)
    fine = f"{steps} steps, {length}, {' '.join(scene.model.languages)}, {tried} variations tried"
    return SceneCheck(str(path), name, (), tuple(lint(scene, plans)), fine)
