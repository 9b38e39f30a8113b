"""From a scene, a home and what a person chose to something that can start."""

from collections.abc import Mapping
from datetime import time

from orchestrator.conductor.request import Start
from orchestrator.errors import UsageError
from orchestrator.home.casting import Casting, cast, ready_text
from orchestrator.home.library import Home
from orchestrator.home.model import NightModel
from orchestrator.scenes.library import Scene
from orchestrator.scenes.planner import plan
from orchestrator.scenes.timeline import Timeline


def prepare(
    scene: Scene,
    home: Home,
    room: str,
    given: Mapping[str, object],
    *,
    name: str,
    language: str | None = None,
    rate: int = 1000,
    at_night: bool = False,
) -> Start:
    """Cast and plan. `rate` is in thousandths. Raises UsageError, HomeError, SceneError, Refused."""
    casting = cast(scene.model.roles, room, home)
    timeline = planned(scene, home, casting, given, language)
    speaks = (role for role, model in scene.model.roles.items() if model.kind == "voice")
    optional = frozenset(role for role, model in scene.model.roles.items() if model.optional)
    voice = next(speaks, None)
    return Start(name, room, timeline, dict(casting.roles), voice, rate, at_night, optional=optional)


def planned(scene: Scene, home: Home, casting: Casting, given: Mapping[str, object], language: str | None) -> Timeline:
    """The timeline of a scene in a room, in the language asked for, else the home's where the scene has it."""
    chosen = language or (home.model.language if home.model.language in scene.model.languages else None)
    return plan(
        scene.model,
        given,
        chosen,
        ready=ready_text(casting, home, chosen or scene.model.languages[0]),
        roles=casting.roles.keys(),
        place=scene.place,
        source=scene.source,
    )


def the_room(home: Home, room: str | None) -> str:
    """The room that is meant: the one that is named, else the only one. Raises UsageError."""
    if room is not None:
        return room
    rooms = list(home.model.rooms)
    if len(rooms) == 1:
        return rooms[0]
    raise UsageError(f"The home {home.model.home} has several rooms.", f"Say which: --room {' or '.join(rooms)}.")


def is_night(night: NightModel | None, clock: time) -> bool:
    """Whether a time of day lies in the night of a room, which may go past midnight."""
    if night is None:
        return False
    begins, ends = _time(night.from_), _time(night.to)
    return begins <= clock < ends if begins <= ends else clock >= begins or clock < ends


def _time(text: str) -> time:
    hours, minutes = text.split(":")
    return time(int(hours), int(minutes))
