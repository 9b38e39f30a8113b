"""Each track's whole way through a timeline: what linters measure and pictures show."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from orchestrator.fade import Fade
from orchestrator.scenes.planning.timeline import Move, RoomState, Timeline, moved
from orchestrator.units import Ms
from orchestrator.values import Track, Value


class Course(NamedTuple):
    """A track's fades in order; each is cut off where the next begins."""

    fades: tuple[Fade, ...]
    starts: tuple[Ms, ...]

    def at(self, moment: Ms) -> Value | None:
        """The value at a moment; None before the track is touched, where nobody knows how it was."""
        place = bisect_right(self.starts, moment) - 1
        return self.fades[place].at(moment) if place >= 0 else None

    def coming_to(self, moment: Ms) -> Value | None:
        """The value as a moment comes, before what begins then: where it jumps, what it was until then."""
        place = bisect_left(self.starts, moment) - 1
        return self.fades[place].at(moment) if place >= 0 else None

    def moves(self) -> Iterator[tuple[Ms, Ms]]:
        """When the value begins to change, and for how long it does so until it rests or the next fade begins."""
        for place, fade in enumerate(self.fades):
            cut = self.starts[place + 1] if place + 1 < len(self.fades) else fade.end
            yield fade.start, min(fade.end, cut) - fade.start

    def points(self) -> Iterator[tuple[Ms, Value]]:
        """The corners of the course: where each fade begins, ends, gives way to the next. Between, it is monotone."""
        for place, fade in enumerate(self.fades):
            cut = self.starts[place + 1] if place + 1 < len(self.fades) else fade.end
            for moment in (fade.start, min(fade.end, cut), cut):
                yield moment, fade.at(moment)


def courses(timeline: Timeline, before: RoomState) -> dict[Track, Course]:
    """The course of each track that the timeline touches, finish included, if every wait runs to its limit."""
    fades: dict[Track, list[Fade]] = {}
    for start, chapter in zip(timeline.starts, (*timeline.chapters, timeline.finish), strict=True):
        for cue in chapter.cues:
            if isinstance(cue.what, Move):
                track = cue.what.track
                running = fades[track][-1] if track in fades else None
                fade = moved(cue.what, start + cue.at, running, before)
                if fade is not None:
                    fades.setdefault(track, _still(before.get(track))).append(fade)
    return {track: Course(tuple(found), tuple(fade.start for fade in found)) for track, found in fades.items()}


def _still(value: Value | None) -> list[Fade]:
    """How a track was before anything happened, where that is known."""
    return [] if value is None else [Fade.still(-1, value)]
