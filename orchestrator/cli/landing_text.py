"""What becomes of a room at the end of a scene, as that scene has it: given back, or left in a look."""

from orchestrator.events.session import Ending
from orchestrator.scenes.planning.timeline import Before, Chapter, Move, Timeline, is_light
from orchestrator.units import OFF
from orchestrator.values import Attribute, Track, Value

_WORDS = {
    Ending.FINISHED: "The end",
    Ending.STOPPED: "Stopped",
    Ending.ABORTED: "Ended at once",
    Ending.FAILED: "Something failed",
    Ending.LOST: "Too late to go on",
}


def landing_sentence(ending: Ending, timeline: Timeline | None) -> str:
    """How it ends, and where the scene is known what becomes of the room: a look stays, all else is given back."""
    if timeline is None:
        return f"{_WORDS[ending]}."
    chapter = _chapter(timeline, ending)
    looks, backs = closing_look(chapter), gives_back_lamps(chapter)
    if not looks:
        return f"{_WORDS[ending]}: the room is given back."
    if ending is Ending.ABORTED:  # an alarm leaves the light on, whatever the look
        return f"{_WORDS[ending]}."
    levels = {level for track, level in looks.items() if track.attribute is Attribute.LEVEL}
    what = "it stays dark" if levels == {OFF} and not backs else "the light stays as the scene leaves it"
    others = "; every other lamp is given back" if backs else ""
    return f"{_WORDS[ending]}: {what}{others}."


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


def _chapter(timeline: Timeline, ending: Ending) -> Chapter:
    if ending is Ending.FINISHED:
        return timeline.finish
    return timeline.stopped if ending in (Ending.STOPPED, Ending.ABORTED) else timeline.lost
