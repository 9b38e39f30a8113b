"""What each command means to a session: which of its moves it makes, and when it is refused.

Moments are running time. A refused command has changed nothing.
"""

from typing import TYPE_CHECKING, assert_never

from orchestrator.commands import (
    Abort,
    Back,
    Extend,
    Goto,
    MusicVolume,
    Next,
    Pause,
    Proceed,
    Repeat,
    Resume,
    Skip,
    Stop,
    Toggle,
)
from orchestrator.errors import Reason, Refused
from orchestrator.events.music import VolumeSet
from orchestrator.events.session import Ending
from orchestrator.scenes.planning.timeline import Chapter, Move
from orchestrator.session import speaking, standing
from orchestrator.session.commands import Command, Interrupt, Tell
from orchestrator.session.state import Status
from orchestrator.values import MINUTE, SECOND, Attribute, Ms

if TYPE_CHECKING:
    from orchestrator.session.session import Session

JUST_CHANGED: Ms = SECOND
"""A `next` so soon after a step changed by itself was meant for the step before."""
LONGEST_EXTENSION: Ms = 120 * MINUTE
ABORT_FADE: Ms = 500
"""Lights never change faster: user-needs 3.1, our limit for room light."""


def obey(session: "Session", command: Command, moment: Ms) -> None:
    """Do it. Raises Refused."""
    match command:
        case Stop():
            _stop(session, moment)
        case Abort():
            session.land(_at_once(session.timeline.stopped), Ending.ABORTED, moment)
        case Tell(say):
            speaking.tell(session, say, moment)
        case _ if session.ending is not None:
            raise Refused(Reason.NOT_NOW, "The session is landing: the room is being given back.")
        case Interrupt(light):
            standing.pause(session, moment)
            standing.light_up(session, light)
        case MusicVolume(level):
            _set_volume(session, float(level), moment)
        case Pause():
            standing.pause(session, moment)
        case Resume():
            standing.resume(session)
        case Toggle():
            if session.status is Status.PAUSED:
                standing.resume(session)
            else:
                standing.pause(session, moment)
        case Next():
            _next(session, moment)
        case Proceed():
            if session.status is Status.PAUSED:
                standing.resume(session)
            else:
                _next(session, moment)
        case Back():
            session.jump(max(session.index - 1, 0), moment)
        case Skip():
            _skip(session, moment)
        case Goto(step):
            session.jump(_find(session, step), moment)
        case Repeat():
            standing.resume(session, says_words=False)
            speaking.say_step_again(session, moment)
        case Extend(by):
            _extend(session, by, moment)
        case _:
            assert_never(command)


def _stop(session: "Session", moment: Ms) -> None:
    """A landing may only become quicker: what finishes can be stopped, what is stopped goes on."""
    if session.ending in (None, Ending.FINISHED) and session.chapter is not session.timeline.stopped:
        session.land(session.timeline.stopped, session.ending or Ending.STOPPED, moment)


def _next(session: "Session", moment: Ms) -> None:
    entered = session.entered_by_itself
    if session.status is not Status.PAUSED and entered is not None and moment - entered < JUST_CHANGED:
        return
    _go_to(session, session.index + 1, moment)


def _skip(session: "Session", moment: Ms) -> None:
    part = session.chapter.part
    if part is None:
        raise Refused(Reason.NOT_NOW, "This step is in no part that can be skipped.", "Say next to leave the step.")
    chapters = session.timeline.chapters
    after = (index for index in range(session.index, len(chapters)) if chapters[index].part != part)
    _go_to(session, next(after, len(chapters)), moment)


def _go_to(session: "Session", index: int, moment: Ms) -> None:
    if index < len(session.timeline.chapters):
        session.jump(index, moment)
    else:
        session.land(session.timeline.finish, Ending.FINISHED, moment)


def _find(session: "Session", step: str) -> int:
    """The chapter meant by a step: the next of that name, else the last before."""
    chapters = session.timeline.chapters
    matches = [
        index for index, chapter in enumerate(chapters) if step in (chapter.id, chapter.id.split("#")[0].split(":")[0])
    ]
    if not matches:
        known = ", ".join(dict.fromkeys(chapter.id for chapter in chapters))
        raise Refused(Reason.UNKNOWN_STEP, f"No step {step!r} in this session.", f"There are: {known}.")
    return next((index for index in matches if index > session.index), matches[-1])


def _extend(session: "Session", by: Ms, moment: Ms) -> None:
    if not 0 < by <= LONGEST_EXTENSION:
        raise Refused(Reason.BAD_PARAMETER, "A step can be extended by up to two hours.", "Say extend 2min.")
    session.extend(by, moment)


def _set_volume(session: "Session", level: float, moment: Ms) -> None:
    tracks = session.tracks.of(Attribute.VOLUME)
    if not tracks:
        raise Refused(Reason.NOT_NOW, "No music plays in this session yet.")
    for track in tracks:
        session.turn(track, level, moment)
    session.emit(VolumeSet(round(level)))


def _at_once(chapter: Chapter) -> Chapter:
    """A landing without words in which everything happens now, lights as fast as they may."""
    cues = []
    for cue in chapter.cues:
        if isinstance(cue.what, Move):
            lasts = min(cue.what.lasts, ABORT_FADE) if cue.what.track.attribute is Attribute.LEVEL else 0
            cues.append(cue._replace(at=0, what=cue.what._replace(lasts=lasts)))
    return chapter._replace(words=0, lasts=ABORT_FADE, wait=None, cues=tuple(cues))
