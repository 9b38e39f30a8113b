"""How many messages a scene costs on a radio bridge: an estimate for an ordinary room.

The room: a Zigbee bridge that passes on 4 commands a second (a lamp 1), at least two lamps, level and colour a command
each, fades in native segments of 10 s. Both as a home file has them by default.
"""

from collections import deque
from collections.abc import Iterator, Mapping

from orchestrator.scenes.checks.remarks import Remark, seconds
from orchestrator.scenes.planning.courses import Course
from orchestrator.scenes.planning.planner import Planned
from orchestrator.scenes.planning.timeline import Timeline, is_light
from orchestrator.units import SECOND, Ms
from orchestrator.values import Track

BRIDGE_PER_SECOND = 4.0
LAMPS = 2
SEGMENT: Ms = 10 * SECOND
WINDOW: Ms = 5 * SECOND
"""A queue of this length is no harm; more is heard as lamps that come late."""


def message_remarks(plan: Planned, tracks: Mapping[Track, Course]) -> Iterator[Remark]:
    """Moments at which more is to be sent than the bridge passes on."""
    lights = {track.role for track in tracks if is_light(track)}
    weight = max(1.0, LAMPS / max(1, len(lights)))
    recent: deque[tuple[Ms, float]] = deque()
    total = 0.0
    for moment, place in _commands(plan.timeline, tracks):
        recent.append((moment, weight))
        total += weight
        while recent[0][0] <= moment - WINDOW:
            total -= recent.popleft()[1]
        rate = total * SECOND / WINDOW
        if rate > BRIDGE_PER_SECOND:
            message = (
                f"{rate:.1f} light commands a second within {seconds(WINDOW)} in a room with {max(LAMPS, len(lights))} "
                f"lamps; a Zigbee bridge passes on {BRIDGE_PER_SECOND:.0f}"
            )
            yield Remark(plan.paths[place] if place < len(plan.paths) else ("finish",), "flood", rate, message)


def _commands(timeline: Timeline, tracks: Mapping[Track, Course]) -> list[tuple[Ms, int]]:
    """Every command to a lamp, a segment of a fade each, with the place of its chapter; in order."""
    owners: dict[Ms, int] = {}
    for place, (start, chapter) in enumerate(zip(timeline.starts, (*timeline.chapters, timeline.finish), strict=True)):
        for cue in chapter.cues:
            owners.setdefault(start + cue.at, place)
    found = []
    for track, course in tracks.items():
        if not is_light(track):
            continue
        for index, fade in enumerate(course.fades):
            end = min(fade.end, course.starts[index + 1]) if index + 1 < len(course.fades) else fade.end
            if fade.origin != fade.target or fade.end == fade.start:
                found += [
                    (moment, owners[fade.start]) for moment in range(fade.start, max(end, fade.start + 1), SEGMENT)
                ]
    return sorted(found)
