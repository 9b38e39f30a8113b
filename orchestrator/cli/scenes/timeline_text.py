"""A timeline as a table, as JSON, and the room at one moment of it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from rich.text import Text

from orchestrator.cli.terminal import fitted, page, swatch, text_table
from orchestrator.cli.value_text import ORDER, clock_text, value_text
from orchestrator.conductor.request import Start
from orchestrator.errors import UsageError
from orchestrator.scenes.checks.dose import Dose
from orchestrator.scenes.checks.melanopic import EVENING_LIMIT
from orchestrator.scenes.pictures.preview import ordinary
from orchestrator.scenes.planning.leaving import closing_look, gives_back_lamps
from orchestrator.scenes.planning.timeline import Before, Chapter, Chime, Cue, Move, Say, Timeline
from orchestrator.units import Ms
from orchestrator.values import (
    SILENCE,
    Attribute,
    Channels,
    Colour,
    HueSaturation,
    Playing,
    Rgb,
    Temperature,
    Track,
    Value,
    Xy,
)

COLUMNS = ("start", "step", "title", "length", "wait", "light", "music", "words")


def show_timeline(timeline: Timeline, dose: Dose) -> None:
    """The table, how long it takes, and the most light that there is."""
    sheet, usual = page(), timeline.as_usual()
    rows = [
        _row(chapter, start, usual, timeline)
        for chapter, start in zip((*timeline.chapters, timeline.finish), usual.starts, strict=True)
    ]
    sheet.print(Text(f"{timeline.title} ({timeline.language})", style="bold"))
    for caution in timeline.cautions:
        sheet.print(Text(f"Mind: {caution}", style="dim"), soft_wrap=not sheet.is_terminal)
    sheet.print()
    columns, cut = fitted(COLUMNS, rows, sheet.width, COLUMNS.index("title"))
    sheet.print(text_table(columns, cut, right=(0, 3, 4)))
    sheet.print()
    without = sum(chapter.length for chapter in (*timeline.chapters, timeline.finish))
    sheet.print(f"{clock_text(without)} without waits, {clock_text(usual.lasts)} with waits as they usually are.")
    if (hands := timeline.hands_on) is not None:
        share = f"{clock_text(hands.lasts)} of {clock_text(hands.whole)} ({hands.share:.0%})"
        sheet.print(f"Hands are on for {share}, from {clock_text(hands.first)} on.")
    if dose.lux:
        sheet.print(f"At most {dose.lux:.1f} lx melanopic at the eye; in the evening {EVENING_LIMIT:.0f} is the most.")


def light_as_json(timeline: Timeline, dose: Dose) -> dict[str, Any]:
    """The most melanopic light at the eye in lx, and when (seconds, every wait run to its limit).

    `needs_light`: hands work or somebody walks, so that a night takes no level of 20 or more below 20.
    """
    return {"melanopic": {"lux": round(dose.lux, 2), "at": dose.at / 1000}, "needs_light": timeline.needs_light}


def _row(chapter: Chapter, start: Ms, usual: Timeline, timeline: Timeline) -> list[str | Text]:
    fades = usual.fades_at(start, {})
    wait = clock_text(chapter.wait.usually) if chapter.wait is not None else ""
    said = next((cue.what.text for cue in chapter.cues if isinstance(cue.what, Say)), "")
    aims = {track: fade.target for track, fade in fades.items()}
    is_end = chapter is timeline.finish
    light = _closing(chapter, aims) if is_end else _light(aims)
    music = "" if is_end else _music(aims)
    return [clock_text(start), chapter.id, chapter.title, clock_text(chapter.length), wait, light, music, said]


def _closing(chapter: Chapter, aims: dict[Track, Value]) -> Text:
    """The look that stays, in the colour that is there where it has none of its own; all else is as it was."""
    look = closing_look(chapter)
    if not look:
        return Text("as before")
    colours = {track: value for track, value in aims.items() if track.attribute is Attribute.COLOUR}
    text = _light({**colours, **look})
    return text.append("  as before") if gives_back_lamps(chapter) else text


def _light(aims: dict[Track, Value]) -> Text:
    text = Text()
    for track, level in aims.items():
        if track.attribute is Attribute.LEVEL and isinstance(level, float | int):
            colour = aims.get(Track(track.role, Attribute.COLOUR))
            text.append_text(swatch(colour if isinstance(colour, Colour) else None, level))
            text.append(f" {level:.0f} % " if level else " off  ")
    text.rstrip()
    return text


def _music(aims: dict[Track, Value]) -> str:
    for track, playing in aims.items():
        if isinstance(playing, Playing) and playing != SILENCE:
            volume = aims.get(Track(track.role, Attribute.VOLUME))
            return f"{playing.names[0]} {volume:.0f} %" if isinstance(volume, float | int) else playing.names[0]
    return ""


class RoomAt(NamedTuple):
    """The room at a moment of a timeline, waits as usual."""

    at: Ms
    chapter: Chapter
    offset: Ms
    room: dict[Track, Value]

    def show(self) -> None:
        sheet = page()
        sheet.print(
            Text(f"{clock_text(self.at)}  {self.chapter.title}", style="bold"), f"({clock_text(self.offset)} in)"
        )
        roles: dict[str, list[Track]] = {}
        for track in self.room:
            roles.setdefault(track.role, []).append(track)
        for role, tracks in roles.items():
            level, colour = (self.room.get(Track(role, each)) for each in (Attribute.LEVEL, Attribute.COLOUR))
            mark = Text(" ")
            if isinstance(level, float | int) and not isinstance(level, bool):
                mark = swatch(colour if isinstance(colour, Colour) else None, level)
            in_order = sorted(tracks, key=lambda track: ORDER.index(track.attribute))
            sheet.print(
                Text("  ") + mark, f"{role:<8}", ", ".join(value_text(track, self.room[track]) for track in in_order)
            )

    def as_json(self) -> dict[str, Any]:
        room: dict[str, dict[str, Any]] = {}
        for track, value in self.room.items():
            room.setdefault(track.role, {})[str(track.attribute)] = plain_value(value)
        return {"at": self.at / 1000, "step": self.chapter.id, "offset": self.offset / 1000, "room": room}


def room_at(timeline: Timeline, at: Ms) -> RoomAt:
    """The room then; it was an ordinary one before. Raises UsageError for a moment after the end."""
    usual = timeline.as_usual()
    if at > usual.lasts:
        raise UsageError(f"--at {clock_text(at)} is after the end.", f"It lasts {clock_text(usual.lasts)} as a rule.")
    places = list(zip(usual.starts, (*usual.chapters, usual.finish), strict=True))
    start, chapter = next(place for place in reversed(places) if place[0] <= at)
    return RoomAt(at, chapter, at - start, usual.state_at(at, ordinary(timeline)))


def timeline_as_json(timeline: Timeline, start: Start | None = None) -> dict[str, Any]:
    """The whole timeline, and in a room of a home who plays it. Lengths and moments are seconds.

    A cue's moment counts from its chapter's start; its anchor says what it moves along with.
    """
    usual = timeline.as_usual()
    cast = {} if start is None else {"cast": _cast(start)}
    return {
        "scene": timeline.scene,
        "title": timeline.title,
        "language": timeline.language,
        "roles": list(timeline.roles),
        "cautions": list(timeline.cautions),
        "seconds": sum(chapter.length for chapter in (*timeline.chapters, timeline.finish)) / 1000,
        "usual_seconds": usual.lasts / 1000,
        "longest_seconds": timeline.lasts / 1000,
        "hands_on": _hands_on(timeline),
        "chapters": [
            {"start": start / 1000, **_chapter(chapter)}
            for start, chapter in zip(usual.starts, timeline.chapters, strict=False)
        ],
        **{name: _chapter(getattr(timeline, name)) for name in ("finish", "stopped", "lost")},
        **cast,
    }


def _hands_on(timeline: Timeline) -> dict[str, float] | None:
    """How long hands are on a body, waits as usual, from when on, and which share of the whole that is."""
    hands = timeline.hands_on
    if hands is None:
        return None
    return {"seconds": hands.lasts / 1000, "from": hands.first / 1000, "share": round(hands.share, 3)}


def _cast(start: Start) -> dict[str, Any]:
    """Who plays which role, by the names of the home file; `at_night`: its night's levels count."""
    return {
        "room": start.room,
        "roles": {role: list(devices) for role, devices in start.roles.items()},
        "uncast": [role for role in start.timeline.roles if role not in start.roles],
        "at_night": start.at_night,
    }


def _chapter(chapter: Chapter) -> dict[str, Any]:
    wait = chapter.wait and {
        "at_most": chapter.wait.at_most / 1000,
        "usually": chapter.wait.usually / 1000,
        "cues": list(_cues(chapter.wait.cues)),
    }
    return {
        "id": chapter.id,
        "title": chapter.title,
        "part": chapter.part,
        "hands": str(chapter.hands),
        "counted": chapter.counted,
        "walking": chapter.walking,
        "hands_on": chapter.hands_on,
        "posture": chapter.posture and {"hold": str(chapter.posture.posture), "side": chapter.posture.side},
        "words": chapter.words / 1000,
        "lasts": chapter.lasts / 1000,
        "wait": wait,
        "cues": list(_cues(chapter.cues)),
    }


def _cues(cues: tuple[Cue, ...]) -> Iterator[dict[str, Any]]:
    for cue in cues:
        at = {"at": cue.at / 1000, "anchor": str(cue.anchor)}
        match cue.what:
            case Say() as say:
                how = {"volume": round(say.volume, 2), "rate": round(say.rate, 1), "gap": say.gap / 1000}
                yield {**at, "say": say.text, "seconds": say.lasts / 1000, **how, "beat": say.beat}
            case Chime(sound):
                yield {**at, "chime": sound}
            case Move() as move:
                name = f"{move.track.role}.{move.track.attribute}"
                aim = {"to": plain_value(move.target), "seconds": move.lasts / 1000, "curve": str(move.curve)}
                cap = move.target.at_most if isinstance(move.target, Before) else None
                swells = {"swells": True} if move.swells else {}
                yield {**at, "move": name, **aim, **({} if cap is None else {"at_most": cap}), **swells}


def plain_value(value: object) -> Any:
    """A value as JSON has it: percent as numbers, white in Kelvin, colours in hex, music as names."""
    match value:
        case Temperature() | Rgb() | Xy() | HueSaturation() | Channels():
            return value.text
        case Playing():
            return list(value.names)
        case bool():
            return value
        case int() | float():
            return round(float(value), 2)
        case _:
            return "as before"
