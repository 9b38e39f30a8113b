"""Words on a chapter's axis: announcements one after the other, never two at once."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from orchestrator.documents.document import KeyPath
from orchestrator.scenes.format.languages import CAUTIONS
from orchestrator.scenes.format.model import PausePart, SayPart, SceneModel
from orchestrator.scenes.planning.scope import Scope
from orchestrator.scenes.planning.timeline import Say
from orchestrator.units import Ms

Item: TypeAlias = str | Ms
"""A text to say, or a silence."""


class Placed(NamedTuple):
    """An announcement where it is said."""

    at: Ms
    say: Say

    @property
    def end(self) -> Ms:
        return self.at + self.say.lasts


def items(say: Any, scope: Scope, scene: SceneModel, path: KeyPath) -> list[Item]:
    """What a `say` comes to here: texts and silences; none that do not hold or are empty. Raises Unplannable."""
    if say is None:
        return []
    if say == CAUTIONS:
        return [scope.text(caution, ("cautions", index)) for index, caution in enumerate(scene.cautions)]
    if not isinstance(say, list):
        return [text] if (text := scope.text(say, path)) else []
    found: list[Item] = []
    for index, part in enumerate(say):
        here = (*path, index)
        if isinstance(part, PausePart):
            found.append(part.pause)
        elif isinstance(part, SayPart):
            if scope.holds(part.when, (*here, "when")):
                found.append(scope.text(part.say, (*here, "say")))
        else:
            found.append(scope.text(part, here))
    return [item for item in found if item != ""]


def placed(said: list[Item], at: Ms, speak: Callable[[str, Ms], Say]) -> tuple[list[Placed], Ms]:
    """Announcements one after the other from a moment on, and when the last, with the silence after it, is over."""
    found = []
    for item in said:
        if isinstance(item, str):
            found.append(Placed(at, speak(item, at)))
            at = found[-1].end
        else:
            at += item
    return found, at
