"""How a room stands, for panels that cannot count by themselves: what they show, and when it is told again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from orchestrator.conductor.session_runner import SessionRunner
from orchestrator.documents.notation import duration
from orchestrator.integrations.outgoing import ChoiceModel, Display
from orchestrator.integrations.short_answers import prompt
from orchestrator.integrations.wording import clipped, worded
from orchestrator.scenes.format.model import DurationParameter, SceneModel
from orchestrator.scenes.planning.cautions import those_that_apply
from orchestrator.session.session import Session
from orchestrator.session.state import Status
from orchestrator.session.view import View
from orchestrator.units import SECOND, Ms

EVERY: Ms = 5 * SECOND
"""How often what counts down is told again."""
_STEPS_AT_MOST = 100
_LONGEST_TITLE = 80
_CAUTIONS_AT_MOST = 20
_LONGEST_CAUTION = 360
_LONGEST_INSTRUCTIONS = 2000
"""Home Assistant's recorder keeps 16 KiB of attributes."""
_JITTER = timedelta(seconds=2)


class Shown(NamedTuple):
    """What a panel shows, and when it was told (real)."""

    display: Display
    at: Ms

    @property
    def is_moving(self) -> bool:
        """Whether it counts down."""
        return self.display.status is not Status.IDLE

    def next(self, display: Display, now: Ms) -> "Shown | None":
        """What to tell of a room that stands so now; None while what was told will do.

        An end that is off by less than two seconds has not moved.
        """
        before = self.display
        end, told = display.ends_at, before.ends_at
        if end is not None and told is not None and abs(end - told) < _JITTER:
            display = display.model_copy(update={"ends_at": told})
        if display == before:
            return None
        return Shown(display, now) if now - self.at >= EVERY or _still(display) != _still(before) else None


def display(runner: SessionRunner | None, choice: ChoiceModel, now: Ms, wall: datetime) -> Display:
    """What a panel shows now; `wall` (with its zone) is what the clock on the wall shows."""
    if runner is None or runner.is_over:
        return Display(choice=choice)
    line = runner.start.timeline
    common = Display(
        status=runner.status,
        scene=line.scene,
        title=line.title,
        steps=[clipped(chapter.title, _LONGEST_TITLE) for chapter in line.chapters[:_STEPS_AT_MOST]],
        session=runner.start.name,
        choice=choice,
    )
    view = runner.view(now)
    if view is None or runner.session is None:
        return common
    return _of(common, view, runner.session, line.language, wall)


def _of(common: Display, view: View, session: Session, language: str, wall: datetime) -> Display:
    remaining = max(round(view.remaining / view.rate / SECOND), 0)
    end = (wall + timedelta(seconds=remaining)).replace(microsecond=0)
    volume = session.volume if session.ending is None else None
    return common.model_copy(
        update={
            "status": view.status,
            "step": view.title,
            "number": view.number,
            "of": view.of,
            "instructions": clipped(session.words, _LONGEST_INSTRUCTIONS),
            "hands": view.hands,
            "prompt": prompt(view, language),
            "hold": view.hold.reason if view.hold is not None else None,
            "progress": _progress(view),
            "remaining": remaining,
            "ends_at": end if view.status is not Status.PAUSED else None,
            "volume": min(max(round(volume), 0), 100) if volume is not None else None,
        }
    )


def _progress(view: View) -> int:
    whole = view.position + max(view.remaining, 0)
    return min(round(100 * view.position / whole), 100) if whole > 0 else 0


def choice_of(scene: SceneModel | None, values: Mapping[str, object], language: str) -> ChoiceModel:
    """What the room would start, as panels show it; `values` are resolved."""
    if scene is None:
        return ChoiceModel()
    parameters = {
        name: duration(value) / SECOND if isinstance(scene.parameters[name], DurationParameter) else value
        for name, value in values.items()
    }
    title = worded(scene.title, language)
    apply = those_that_apply(scene, values)[:_CAUTIONS_AT_MOST]
    cautions = [clipped(worded(text, language), _LONGEST_CAUTION) for text in apply]
    return ChoiceModel.model_validate(
        {"scene": scene.scene, "title": title, "parameters": parameters, "cautions": cautions}
    )


def _still(display: Display) -> Display:
    """A display without what moves by itself."""
    return display.model_copy(update={"progress": 0, "remaining": 0, "ends_at": None})
