"""Several pieces under one name of a home's music: they follow each other in the course of a scene.

Nobody knows how long a piece is, and what plays repeats. So the next begins with a step, under its words, once one has
been on for PIECE; it comes in as other music does, when what played has faded out.
"""

from collections.abc import Mapping
from dataclasses import replace

from orchestrator.fade import Curve
from orchestrator.scenes.planning.timeline import Anchor, Chapter, Cue, Move, Timeline
from orchestrator.units import MINUTE, OFF, SECOND, Ms
from orchestrator.values import SILENCE, Attribute, Playing, Track

PIECE: Ms = 12 * MINUTE
"""So long one is on at least, waits as they usually are."""
CHANGE: Ms = 12 * SECOND
"""Out in the first half, in in the second."""


def name_of_piece(name: str, number: int) -> str:
    """How the pieces of a name are called, from 1 on: `calm`, `calm 2`."""
    return name if number == 1 else f"{name} {number}"


def in_pieces(timeline: Timeline, role: str, counts: Mapping[str, int]) -> Timeline:
    """A timeline in which the pieces of a name take turns on a role's player; `counts` says how many a name has."""
    if all(count < 2 for count in counts.values()):
        return timeline
    turns = _Turns(role, counts)
    starts = timeline.as_usual().starts
    chapters = tuple(turns.heard(chapter, start) for chapter, start in zip(timeline.chapters, starts, strict=False))
    return replace(timeline, chapters=chapters)


class _Turns:
    """What a player has on from chapter to chapter, since when and how loud."""

    def __init__(self, role: str, counts: Mapping[str, int]) -> None:
        self.role = role
        self.counts = counts
        self.programme = SILENCE
        self.number = 1
        self.since: Ms = 0
        self.volume = float(OFF)

    def heard(self, chapter: Chapter, start: Ms) -> Chapter:
        """A chapter that begins then, with the next piece if it is its turn."""
        moves = [cue for cue in chapter.cues if isinstance(cue.what, Move) and cue.what.track.role == self.role]
        if self.is_over(start) and not moves and chapter.usual > CHANGE:
            self.number = self.number % self.counts[self.programme.names[0]] + 1
            self.since = start
            return chapter._replace(cues=tuple(sorted((*self.change(), *chapter.cues), key=lambda cue: cue.at)))
        for cue in moves:
            assert isinstance(cue.what, Move)
            self.note(cue.what, start + cue.at)
        return chapter

    def is_over(self, now: Ms) -> bool:
        names = self.programme.names
        return bool(names) and self.counts.get(names[0], 1) > 1 and now - self.since >= PIECE and self.volume > OFF

    def note(self, move: Move, at: Ms) -> None:
        if isinstance(move.target, Playing):
            self.programme, self.number, self.since = move.target, 1, at
        elif move.track.attribute is Attribute.VOLUME and isinstance(move.target, float) and not move.swells:
            self.volume = move.target

    def change(self) -> tuple[Cue, ...]:
        first, *others = self.programme.names
        piece = Playing((name_of_piece(first, self.number), *others))
        half = CHANGE // 2
        playing, volume = (Track(self.role, attribute) for attribute in (Attribute.PLAYING, Attribute.VOLUME))
        moves = (
            (0, Move(volume, OFF, half, Curve.DECIBEL)),
            (half, Move(playing, piece)),
            (half, Move(volume, self.volume, half, Curve.DECIBEL)),
        )
        return tuple(Cue(at, Anchor.START, move) for at, move in moves)
