"""What becomes of the light at the end of a scene: it is given back, or left in a look."""

from enum import StrEnum

from orchestrator.scenes.planning.timeline import Before, Chapter, Move, is_light
from orchestrator.units import OFF, Percent
from orchestrator.values import Attribute, Track, Value


class Leaving(StrEnum):
    """How a way out leaves the light of a room."""

    AS_BEFORE = "as_before"
    LOOK = "look"
    """As the scene leaves it; what the look does not name is as before."""
    DARK = "dark"
    """Every lamp that the scene has touched is off, and stays so."""


def leaving(chapter: Chapter) -> Leaving:
    """How the chapter of a way out leaves the light."""
    look = closing_look(chapter)
    if not look:
        return Leaving.AS_BEFORE
    levels = {level for track, level in look.items() if track.attribute is Attribute.LEVEL}
    return Leaving.DARK if levels == {OFF} and not gives_back_lamps(chapter) else Leaving.LOOK


def closing_look(chapter: Chapter) -> dict[Track, Value]:
    """What the light of a way out goes to, without what goes back to how it was."""
    return {
        cue.what.track: cue.what.target
        for cue in chapter.cues
        if isinstance(cue.what, Move) and is_light(cue.what.track) and not isinstance(cue.what.target, Before)
    }


def gives_back_lamps(chapter: Chapter) -> bool:
    """Whether it gives back a lamp, as far as the scene has touched one."""
    moves = (cue.what for cue in chapter.cues if isinstance(cue.what, Move) and is_light(cue.what.track))
    return any(isinstance(move.target, Before) for move in moves)


def most_given_back(chapter: Chapter) -> Percent | None:
    """How bright a lamp is at most that it gives back; None where each is as bright as it was."""
    moves = (cue.what for cue in chapter.cues if isinstance(cue.what, Move) and is_light(cue.what.track))
    caps = (move.target.at_most for move in moves if isinstance(move.target, Before))
    return min((cap for cap in caps if cap is not None), default=None)
