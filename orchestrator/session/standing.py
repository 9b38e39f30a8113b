"""How a session stands still and goes on: fades at their present value, music paused, words cut and said again.

Moments are running time.
"""

from typing import TYPE_CHECKING

from orchestrator.events.step import Paused, Resumed
from orchestrator.session import speaking
from orchestrator.session.state import Status
from orchestrator.values import Ms, Percent

if TYPE_CHECKING:
    from orchestrator.session.session import Session


def pause(session: "Session", moment: Ms) -> None:
    """Stand still. Does nothing where it stands."""
    if session.interlude.is_on:
        return
    session.playhead.arrive(moment)
    cut = None
    if session.voice.is_busy and session.voice.traits.hush:
        cut = speaking.in_air(session)
        speaking.silence(session, moment)
    session.clock.stand(session.now)
    session.interlude.begin(session.now, cut)
    session.status = Status.PAUSED
    session.wish_for(session.tracks.unsettled(moment))
    session.emit(Paused(session.chapter.id))


def light_up(session: "Session", level: Percent) -> None:
    """While it stands: lights that are darker come up to a level, and stay until it goes on."""
    session.wish_for(session.interlude.light_up(session.room(session.now), level, session.now))


def say_in_between(session: "Session") -> None:
    """While it stands: the next of the words that wait."""
    interlude = session.interlude
    words = interlude.next_words(session.next_id(), session.voice, session.clock, session.now)
    if words is not None:
        speaking.utter(session, words.id, words.say, session.now)


def resume(session: "Session", *, says_words: bool = True) -> None:
    """Go on from a pause; words that were cut are said again from their start, unless somebody knows better."""
    if not session.interlude.is_on:
        return
    cut = session.interlude.cut
    go_on(session)
    session.emit(Resumed(session.chapter.id))
    if says_words and cut is not None:
        moment = session.clock.at(session.now)
        if session.playhead.in_words and session.playhead.waiting_since is None:
            session.playhead.rewind_words(moment)
        else:
            session.voice.say_again(cut, moment)
            speaking.go_on_from_hold(session, moment)  # what it stood for was cut, and is not said again


def go_on(session: "Session") -> None:
    """Leave a pause without a word: fades go on from where they stand, music too."""
    if not session.interlude.is_on:
        return
    moment = session.clock.at(session.now)
    session.interlude.end(session.tracks, session.voice, session.clock, session.now)
    session.clock.go_on(session.now)
    session.status = Status.RUNNING
    session.wish_for(session.tracks.unsettled(moment))
