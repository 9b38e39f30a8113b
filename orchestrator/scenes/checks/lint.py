"""What a scene does that it had better not: warnings with their place and figure, for the person who writes it.

Looked at on planned timelines, with every variation of the parameters that the trial plans. Each kind of thing is said
once a place, with its worst figure.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from orchestrator.documents.document import KeyPath
from orchestrator.errors import Fault
from orchestrator.scenes.checks.breath import breath_remarks
from orchestrator.scenes.checks.chatter import message_remarks
from orchestrator.scenes.checks.cut_fades import fade_remarks
from orchestrator.scenes.checks.lamps import ORDINARY_ROOM, LightRoom
from orchestrator.scenes.checks.light import light_remarks
from orchestrator.scenes.checks.loudness import sound_remarks
from orchestrator.scenes.checks.posture import posture_remarks
from orchestrator.scenes.checks.remarks import Remark, of_note
from orchestrator.scenes.checks.sides import side_remarks
from orchestrator.scenes.checks.stumbling import stumbling_remarks
from orchestrator.scenes.checks.trial import MOST_COMBINATIONS, TriedPlans, TriedScene, unusual
from orchestrator.scenes.checks.unsaid import unsaid_remarks
from orchestrator.scenes.checks.wording import wording_remarks
from orchestrator.scenes.format.model import SceneModel
from orchestrator.scenes.planning.courses import courses
from orchestrator.scenes.planning.planner import Planned
from orchestrator.scenes.planning.scope import Unplannable, in_translation


class LintWarning(NamedTuple):
    """Something to judge: `code` for machines, `message` for people, with the figure. Lines and columns from 1."""

    source: str
    line: int
    column: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"{Fault(self.source, self.line, self.column, self.message)} [{self.code}]"


def lint(scene: TriedScene, tried: TriedPlans | None = None, room: LightRoom = ORDINARY_ROOM) -> list[LintWarning]:
    """All warnings about a scene that passes its trial, in the order of their places.

    `tried`: those of this scene, where they are at hand. `room`: where its light is judged.
    """
    plans = tried or TriedPlans(scene.model)
    worst: dict[tuple[KeyPath, str], tuple[Remark, str]] = {}
    told: set[KeyPath] = set()
    for values, plan in plans:
        if isinstance(plan, Unplannable):
            continue
        told |= plan.told.paths
        for remark in _remarks(scene.model, plan, room, values):
            known = worst.get((remark.path, remark.code))
            if known is None or remark.figure > known[0].figure:
                worst[remark.path, remark.code] = (remark, _said(values, plan, scene.model))
    # With other choices than those that were tried it may well be said.
    unsaid = _unsaid(scene.model, told, plans.languages) if plans.variations.are_all else ()
    for remark in (*_stumbling(scene.model), *unsaid):
        worst[remark.path, remark.code] = (remark, "")
    found = [_warning(scene, remark, remark.message + end) for remark, end in worst.values()]
    if not plans.variations.are_all:
        message = f"this scene has more than {MOST_COMBINATIONS} combinations of its choices; not all have been tried"
        found.append(_warning(scene, Remark(("parameters",), "untried", 0, message), message))
    return sorted(found, key=lambda warning: (warning.source, warning.line, warning.column, warning.code))


def _stumbling(scene: SceneModel) -> Iterator[Remark]:
    yield from stumbling_remarks(scene.without_translations())
    for language, said in scene.translations.items():
        yield from _in_translation(language, stumbling_remarks(said))


def _unsaid(scene: SceneModel, told: Collection[KeyPath], languages: Collection[str]) -> Iterator[Remark]:
    """Of the languages that were tried; the scene's own words are in all of its own."""
    if not scene.translations.keys() >= set(languages):
        yield from unsaid_remarks(scene.without_translations(), told)
    for language, said in scene.translations.items():
        if language in languages:
            root = in_translation(language)
            own = {path[len(root) :] for path in told if path[: len(root)] == root}
            yield from _in_translation(language, unsaid_remarks(said, own))


def _in_translation(language: str, remarks: Iterable[Remark]) -> Iterator[Remark]:
    return (remark._replace(path=(*in_translation(language), *remark.path)) for remark in remarks)


def _in_scene(remarks: Iterable[Remark], language: str) -> Iterator[Remark]:
    """What is the scene's, whatever language it was found in."""
    root = in_translation(language)
    for remark in remarks:
        yield remark._replace(path=remark.path[len(root) :]) if remark.path[: len(root)] == root else remark


def _remarks(scene: SceneModel, plan: Planned, room: LightRoom, values: Mapping[str, object]) -> Iterator[Remark]:
    """All about one timeline. Light does not change with the language, so it is looked at in the first."""
    yield from (of_note(note) for note in plan.notes)
    yield from _in_scene(posture_remarks(plan), plan.timeline.language)
    yield from wording_remarks(plan)
    yield from side_remarks(plan, values)
    if plan.timeline.language == scene.languages[0]:
        # The room before the session is not known, so the first look is where light begins.
        tracks = courses(plan.timeline, {})
        yield from light_remarks(scene, plan, tracks, room)
        yield from fade_remarks(plan)
        yield from message_remarks(plan, tracks)
        yield from sound_remarks(scene, plan, tracks)
        yield from breath_remarks(scene, plan)


def _said(values: Mapping[str, object], plan: Planned, scene: SceneModel) -> str:
    """With which parameters, and in which language where there are several; for the end of a message."""
    language = [plan.timeline.language] if len(scene.languages) > 1 else []
    return f" ({', '.join([*language, *unusual(values, scene)])})" if language or unusual(values, scene) else ""


def _warning(scene: TriedScene, remark: Remark, message: str) -> LintWarning:
    fault = scene.fault(remark.path, message)
    return LintWarning(fault.source, fault.line, fault.column, remark.code, message)
