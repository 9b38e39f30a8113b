"""What a scene's `play` means in this home: its names as addresses that a player understands."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from orchestrator.conductor.music_pieces import in_pieces, name_of_piece
from orchestrator.home.model import HomeModel
from orchestrator.scenes.planning.timeline import Chapter, Cue, Move, Timeline
from orchestrator.units import OFF
from orchestrator.values import Attribute, Playing, Track


def look_up(playing: Playing, device: str, home: HomeModel) -> Playing | None:
    """The address of the first name that the home has for this player; None where it has none of them.

    `music:` of the home file gives an address for each dialect, or one for all, and perhaps several pieces; a name may
    be an address itself.
    """
    if not playing.names:
        return playing
    dialect = str(home.devices.get(device, {}).get("dialect", ""))
    for name in playing.names:
        entry = _source(name, home)
        address = entry.get(dialect) or entry.get("default") if isinstance(entry, dict) else entry
        if address is None and "://" in name:
            address = name
        if address is not None:
            return Playing((address,), playing.paused)
    return None


def _source(name: str, home: HomeModel) -> str | dict[str, str] | None:
    """Where the music of a name is, or the piece of a name that has several."""
    for known, entry in home.music.items():
        for number, source in enumerate(entry if isinstance(entry, list) else [entry], start=1):
            if name == name_of_piece(known, number):
                return source
    return None


class Playable(NamedTuple):
    """A scene as a home can play it. `unknown`: the music that it asks for and the home has not, its names in a row."""

    timeline: Timeline
    roles: dict[str, tuple[str, ...]]
    unknown: tuple[str, ...] = ()


def playable(timeline: Timeline, roles: Mapping[str, tuple[str, ...]], home: HomeModel) -> Playable:
    """A timeline for the devices of each role, with the music that there is.

    A player that has none of it is not the scene's: what plays there plays on, as loud as it is. The scene's volumes
    are those of its music, and begin with it.
    """
    cast, unknown = dict(roles), []
    for role, wanted in timeline.music.items():
        devices = cast[role]
        lacking = [each for each in wanted if any(look_up(each, device, home) is None for device in devices)]
        unknown += [", ".join(each.names) for each in lacking]
        players = tuple(name for name in devices if any(look_up(each, name, home) is not None for each in wanted))
        if players:
            cast[role] = players
        else:
            del cast[role]
        has = {each: known for each in wanted if (known := _known(each, players, home)).names}
        if any(has.get(each) != each for each in wanted):
            timeline = _with_music(timeline, role, has)
        timeline = in_pieces(timeline, role, _counts(home))
    return Playable(timeline, cast, tuple(dict.fromkeys(unknown)))


def _counts(home: HomeModel) -> dict[str, int]:
    """How many pieces each name of the home's music has."""
    return {name: len(entry) if isinstance(entry, list) else 1 for name, entry in home.music.items()}


def _known(programme: Playing, players: Iterable[str], home: HomeModel) -> Playing:
    """The same by the names that a player has an address for."""
    names = (name for name in programme.names if any(look_up(Playing((name,)), each, home) for each in players))
    return Playing(tuple(names))


def _with_music(timeline: Timeline, role: str, has: Mapping[Playing, Playing]) -> Timeline:
    """A timeline that plays for a role what there `has` to be for what it asks for, and is silent about the rest."""
    chapters, is_on = [], False
    for chapter in timeline.chapters:
        heard, is_on = _heard(chapter, role, has, is_on=is_on)
        chapters.append(heard)
    finish, stopped, lost = (
        _heard(way, role, has, is_on=bool(has))[0] for way in (timeline.finish, timeline.stopped, timeline.lost)
    )
    return replace(timeline, chapters=tuple(chapters), finish=finish, stopped=stopped, lost=lost)


def _heard(chapter: Chapter, role: str, has: Mapping[Playing, Playing], *, is_on: bool) -> tuple[Chapter, bool]:
    """A chapter with that music alone, which comes in from silence; and whether some is on by its end."""
    cues: list[Cue] = []
    for cue in chapter.cues:
        programme = _programme(cue, role)
        found = has.get(programme) if programme is not None else None
        if isinstance(cue.what, Move) and found is not None:
            if not is_on:
                cues.append(cue._replace(what=Move(Track(role, Attribute.VOLUME), OFF)))
            cues.append(cue._replace(what=cue.what._replace(target=found)))
            is_on = True
        elif not _is_sound(cue, role) or (programme is None and is_on):
            cues.append(cue)
    return chapter._replace(cues=tuple(cues)), is_on


def _is_sound(cue: Cue, role: str) -> bool:
    return isinstance(cue.what, Move) and cue.what.track.role == role


def _programme(cue: Cue, role: str) -> Playing | None:
    """What a cue has a role play; None where it does not, or has it be silent."""
    target = cue.what.target if isinstance(cue.what, Move) and cue.what.track.role == role else None
    return target if isinstance(target, Playing) and target.names else None
