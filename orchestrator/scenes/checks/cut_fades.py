"""Fades of light that go on after their step and never come to their end: a later look cuts them.

A fade may go on over steps until a look names its role, and the first of a scene is an arrival, which may take all of
it. Nobody says next here, so that each wait runs to its limit.
"""

from collections.abc import Iterator

from orchestrator.documents.document import KeyPath
from orchestrator.scenes.checks.remarks import Remark, seconds
from orchestrator.scenes.planning.planner import Planned
from orchestrator.scenes.planning.timeline import Move, is_light
from orchestrator.scenes.planning.wants import LOOK_FADE
from orchestrator.units import Ms
from orchestrator.values import Track


def fade_remarks(plan: Planned) -> Iterator[Remark]:
    """Each such fade, with how long it would go on."""
    timeline = plan.timeline
    paths = (*plan.paths, ("finish",))
    going: dict[Track, tuple[Move, Ms, Ms, KeyPath]] = {}
    arriving: dict[Track, object] = {}
    for start, chapter, path in zip(timeline.starts, (*timeline.chapters, timeline.finish), paths, strict=True):
        for cue in chapter.cues:
            move, moment = cue.what, start + cue.at
            if not isinstance(move, Move) or not is_light(move.track) or move.swells:
                continue
            before = going.get(move.track)
            is_arrival = arriving.setdefault(move.track, move.target) == move.target
            if not is_arrival:
                arriving[move.track] = None
            if before is not None and moment < before[1] and before[0].target != move.target:
                over, where = before[1] - before[2], before[3]
                message = (
                    f"the fade goes on {seconds(over)} after its step, and another cuts it; "
                    "write `fade: 100%` for the whole step"
                )
                yield Remark((*where, "fade"), "long-fade", over, message)
            end, step_end = moment + move.lasts, start + chapter.longest
            is_long = not is_arrival and move.lasts > LOOK_FADE and end > step_end
            going[move.track] = (move, end if is_long else moment, step_end, path)
