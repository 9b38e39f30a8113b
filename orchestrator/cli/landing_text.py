"""What becomes of a room at the end of a scene, as that scene has it: given back, or left in a look."""

from orchestrator.events.session import Ending
from orchestrator.scenes.planning.leaving import Leaving, gives_back_lamps, leaving, most_given_back
from orchestrator.scenes.planning.timeline import Chapter, Timeline

_WORDS = {
    Ending.FINISHED: "The end",
    Ending.STOPPED: "Stopped",
    Ending.ABORTED: "Ended at once",
    Ending.FAILED: "Something failed",
    Ending.LOST: "Too late to go on",
}


ENDING_NOW = {
    Leaving.AS_BEFORE: "the room is being given back",
    Leaving.LOOK: "it ends in the light in which the scene leaves the room",
    Leaving.DARK: "it goes dark, and stays so",
}
"""What happens while it lands."""


def landing_sentence(ending: Ending, timeline: Timeline | None) -> str:
    """How it ends, and where the scene is known what becomes of the room: a look stays, all else is given back."""
    if timeline is None:
        return f"{_WORDS[ending]}."
    chapter = _chapter(timeline, ending)
    how = leaving(chapter)
    if how is Leaving.AS_BEFORE:
        return f"{_WORDS[ending]}: the room is given back{_capped(ending, chapter)}."
    if ending is Ending.ABORTED:  # an alarm leaves the light on, whatever the look
        return f"{_WORDS[ending]}."
    what = "it stays dark" if how is Leaving.DARK else "the light stays as the scene leaves it"
    others = f"; every other lamp is given back{_capped(ending, chapter)}" if gives_back_lamps(chapter) else ""
    return f"{_WORDS[ending]}: {what}{others}."


def _capped(ending: Ending, chapter: Chapter) -> str:
    """How bright the lamps that are given back are at most, where the scene says so, for whoever wonders afterwards."""
    most = most_given_back(chapter)
    if most is None or ending is Ending.ABORTED:
        return ""
    return f", at {most:g} % at most" if ending is Ending.FINISHED else f", for a minute at {most:g} % at most"


def _chapter(timeline: Timeline, ending: Ending) -> Chapter:
    if ending is Ending.FINISHED:
        return timeline.finish
    return timeline.stopped if ending in (Ending.STOPPED, Ending.ABORTED) else timeline.lost
