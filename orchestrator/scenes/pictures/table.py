"""A timeline as rows: what `relax plan` prints. Where things are at the end of each chapter, waits as usual."""

from collections.abc import Mapping
from typing import NamedTuple

from orchestrator.scenes.pictures.preview import ordinary
from orchestrator.scenes.planning.courses import Course, courses
from orchestrator.scenes.planning.timeline import RoomState, Say, Timeline
from orchestrator.units import Ms
from orchestrator.values import SILENCE, Attribute, Colour, Playing, Temperature, Track


class Row(NamedTuple):
    """One chapter. Lengths in ms; `wait` as it usually is, None where there is none."""

    start: Ms
    id: str
    title: str
    words: Ms
    lasts: Ms
    wait: Ms | None
    light: str
    music: str
    says: tuple[str, ...]
    """The announcements, in order; beats of a count are left out."""


def table(timeline: Timeline, before: RoomState | None = None) -> list[Row]:
    """A row for each chapter, the finish last. `before` is the room before; an ordinary one if not given."""
    usual = timeline.as_usual()
    tracks = courses(usual, ordinary(usual) if before is None else before)
    rows = []
    for start, chapter in zip(usual.starts, (*usual.chapters, usual.finish), strict=True):
        end = start + chapter.longest
        rows.append(
            Row(
                start=start,
                id=chapter.id,
                title=chapter.title,
                words=chapter.words,
                lasts=chapter.lasts,
                wait=chapter.wait.usually if chapter.wait else None,
                light=light_at(tracks, end),
                music=music_at(tracks, end),
                says=tuple(
                    cue.what.text for cue in chapter.cues if isinstance(cue.what, Say) and not cue.what.beat
                ),
            )
        )  # fmt: skip
    return rows


def light_at(tracks: Mapping[Track, Course], moment: Ms) -> str:
    """The lamps at a moment: `main 45% 2700K, glow off`."""
    found = []
    for track, course in tracks.items():
        level = course.at(moment)
        if track.attribute is Attribute.LEVEL and isinstance(level, float):
            colour = tracks[other].at(moment) if (other := Track(track.role, Attribute.COLOUR)) in tracks else None
            found.append(f"{track.role} off" if level == 0 else f"{track.role} {level:.0f}%{_hue(colour)}")
    return ", ".join(found)


def music_at(tracks: Mapping[Track, Course], moment: Ms) -> str:
    """The music at a moment: `calm 80%`; empty where nothing plays."""
    found = []
    for track, course in tracks.items():
        playing = course.at(moment)
        if track.attribute is Attribute.PLAYING and isinstance(playing, Playing) and playing != SILENCE:
            volume = tracks[other].at(moment) if (other := Track(track.role, Attribute.VOLUME)) in tracks else None
            found.append(f"{playing.names[0]} {volume:.0f}%" if isinstance(volume, float) else playing.names[0])
    return ", ".join(found)


def _hue(colour: object) -> str:
    if isinstance(colour, Temperature):
        return f" {round(colour.kelvin / 10) * 10}K"
    return f" {colour.text}" if isinstance(colour, Colour) else ""
