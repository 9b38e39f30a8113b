"""All that is looked at of a scene's light: that it hurts nobody, keeps nobody awake, and is there to see by."""

from collections.abc import Collection, Iterator, Mapping

from orchestrator.documents.document import KeyPath
from orchestrator.scenes.checks.dose import dose_remarks
from orchestrator.scenes.checks.glare import (
    JUMP_WITHIN,
    flash_remarks,
    jump_remarks,
    may_flash,
    may_jump,
    swell_remarks,
)
from orchestrator.scenes.checks.lamps import LightRoom, ShownLight
from orchestrator.scenes.checks.landing_light import restore_remarks
from orchestrator.scenes.checks.remarks import PlacedChapter, Remark
from orchestrator.scenes.checks.sight import sight_remarks
from orchestrator.scenes.format.model import SceneModel
from orchestrator.scenes.planning.courses import Course, courses
from orchestrator.scenes.planning.planner import Planned
from orchestrator.scenes.planning.timeline import RoomState
from orchestrator.values import Attribute, Track


def light_remarks(
    scene: SceneModel, plan: Planned, tracks: Mapping[Track, Course], room: LightRoom
) -> Iterator[Remark]:
    """Everything about light. `tracks` are the courses of the plan's timeline."""
    timeline = plan.timeline
    chapters = (*timeline.chapters, timeline.finish)
    places = [
        PlacedChapter(start, path, chapter.counted)
        for start, path, chapter in zip(timeline.starts, (*plan.paths, ("finish",)), chapters, strict=True)
    ]
    lights = ShownLight.of(tracks, room)
    is_evening = room.is_evening or scene.time is not None
    flashes = list(flash_remarks(ShownLight.of(tracks, room, with_plugs=True), places)) if may_flash(tracks) else []
    yield from flashes
    flashing = {flash.path for flash in flashes}
    # What flashes is no swell as well.
    yield from (swell for swell in swell_remarks(lights, places) if not _lies_in(swell.path, flashing))
    from_before = courses(timeline, _before(tracks, is_evening=is_evening))
    if may_jump(from_before):
        yield from jump_remarks(ShownLight.of(from_before, room, around=JUMP_WITHIN), places)
    yield from sight_remarks(scene, plan, lights.lamps)
    if is_evening:
        yield from dose_remarks(lights, places, is_measured=bool(room.lux))
    yield from restore_remarks(scene, timeline, lights, is_evening=is_evening)


def _lies_in(path: KeyPath, chapters: Collection[KeyPath]) -> bool:
    return any(path[: len(chapter)] == chapter for chapter in chapters)


def _before(tracks: Mapping[Track, Course], *, is_evening: bool) -> RoomState:
    """What jumps are seen from: in the evening the room may be dark, else it is as the first look wants it."""
    levels = {track: course.fades[0] for track, course in tracks.items() if track.attribute is Attribute.LEVEL}
    return {track: 0.0 if is_evening else fade.target for track, fade in levels.items()}
