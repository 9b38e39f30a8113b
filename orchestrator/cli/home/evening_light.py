"""The light of what a home's schedules begin after sunset: in their own room, with what they choose."""

from collections.abc import Iterator
from pathlib import Path

from orchestrator.cli.schedules.evening_schedules import evening_starts
from orchestrator.conductor.light_room import light_room
from orchestrator.conductor.preparation import is_night
from orchestrator.conductor.room_scale import RoomScale
from orchestrator.daemon.scene_repository import read_scenes
from orchestrator.daemon.settings import read_settings
from orchestrator.home.casting import cast
from orchestrator.home.library import Home
from orchestrator.scenes.checks.lint import lint
from orchestrator.scenes.checks.trial import TriedPlans
from orchestrator.scenes.planning.planner import plan

EVENING_CODES = frozenset({"wakeful", "jump", "fast-restore"})
"""Warnings that a scene has because it is evening."""


def evening_warnings(home: Home, path: Path) -> Iterator[str]:
    """A line for each warning, with its schedule. The schedules can be played: their scenes have been planned before.

    Raises UnknownScene, Refused.
    """
    if not home.model.schedules:
        return
    repository, _ = read_scenes(read_settings({"home": path}).folders)
    for start in evening_starts(home):
        scene, room = repository.scene(start.choice.scene), home.model.rooms[start.room]
        casting = cast(scene.model.roles, start.room, home)
        plans = TriedPlans(scene.model, chosen=start.choice.parameters, roles=casting.roles.keys())
        timeline = plan(scene.model, start.choice.parameters)
        scale = RoomScale.of(room, at_night=is_night(room.night, start.at.time()), needs_light=timeline.needs_light)
        light = light_room(home, casting.roles, scale, is_evening=True)
        for warning in lint(scene, plans, light):
            if warning.code in EVENING_CODES:
                yield f"{warning} (schedule {start.schedule}, {start.at:%a %H:%M})"
