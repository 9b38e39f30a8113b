"""Light that comes back at once when an evening scene ends: the room before it may have been bright."""

from collections.abc import Iterator

from orchestrator.documents.document import KeyPath
from orchestrator.scenes.checks.glare import DIM, JUMP_POINTS, JUMP_WITHIN
from orchestrator.scenes.checks.lamps import ShownLight
from orchestrator.scenes.checks.remarks import Remark, seconds
from orchestrator.scenes.format.model import SceneModel
from orchestrator.scenes.planning.timeline import Before, Chapter, Move, Timeline
from orchestrator.values import Attribute

_ENDED = {"finish": "over", "stopped": "stopped", "lost": "lost"}


def restore_remarks(scene: SceneModel, timeline: Timeline, lights: ShownLight, *, is_evening: bool) -> Iterator[Remark]:
    """Each way out that gives a lamp back, or lights it, faster than eyes that are used to the dark bear.

    They are in the evening, and in a scene that has been dim.
    """
    # The first of the frames is the room before, which nobody knows.
    darkest = min((max(lit.level for lit in frame.lit) for frame in lights.frames[1:]), default=100.0)
    if darkest >= DIM and not is_evening:
        return
    for landing in (timeline.finish, timeline.stopped, timeline.lost):
        rise, lasts = _rise(landing, darkest)
        if rise > JUMP_POINTS:
            within = seconds(min(lasts, JUMP_WITHIN))
            message = (
                f"light may come up by {rise:.0f} % in {within} when the scene is {_ENDED[landing.id]}; eyes in dim "
                f"light bear {JUMP_POINTS:.0f} % in {seconds(JUMP_WITHIN)} (our measure): let it fade, with `at_most`"
            )
            yield Remark(_path(scene, landing.id), "fast-restore", rise, message)


def _rise(landing: Chapter, darkest: float) -> tuple[float, int]:
    """The most that a lamp may rise within JUMP_WITHIN, in points, and how long it takes. A room before was bright."""
    found = [(0.0, 0)]
    for cue in landing.cues:
        move = cue.what
        if isinstance(move, Move) and move.track.attribute is Attribute.LEVEL:
            target = move.target.of(100.0) if isinstance(move.target, Before) else move.target
            if isinstance(target, float):
                found.append(((target - darkest) * min(1.0, JUMP_WITHIN / max(move.lasts, 1)), move.lasts))
    return max(found)


def _path(scene: SceneModel, name: str) -> KeyPath:
    """Where a way out is written: `stopped` and `lost` may follow from another."""
    written = {"finish": "finish", "stopped": "stopped" if scene.stopped else "finish"}
    where = "lost" if name == "lost" and scene.lost else written["stopped" if name == "lost" else name]
    landing = getattr(scene, where)
    return (where, "fade") if landing is not None and landing.fade is not None else (where,)
