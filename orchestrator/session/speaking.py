"""What a session says: words begin, are over, are cut or said again, and the music keeps out of their way.

Moments are running time.
"""

from typing import TYPE_CHECKING

from orchestrator.events.session import Ending
from orchestrator.events.words import Announced
from orchestrator.scenes.planning.timeline import Say
from orchestrator.session.state import Announce, HushWords, Spoken
from orchestrator.session.voice import DUCK_DB
from orchestrator.values import Attribute, Ms

if TYPE_CHECKING:
    from orchestrator.session.session import Session


def announce(session: "Session", say: Say, moment: Ms) -> None:
    name = session.next_id()
    session.voice.speak(name, say, moment)
    _duck(session, moment, DUCK_DB)
    utter(session, name, say, session.clock.when(moment))


def utter(session: "Session", name: str, say: Say, at: Ms) -> None:
    """Hand words out; `at` is real."""
    session.emit(Announce(at, name, say.text, say.lasts, say.volume, say.rate, say.gap, say.beat))
    session.emit(Announced(name, session.chapter.id, say.text))


def tell(session: "Session", say: Say, moment: Ms) -> None:
    """Say what is not the scene's, as soon as the voice is free; not where it lands without words."""
    if session.ending not in (None, Ending.FINISHED, Ending.STOPPED):
        return
    if not session.interlude.is_saying(say):
        session.voice.say_aside(say, moment)


def say_step_again(session: "Session", moment: Ms) -> None:
    """The step's words once more; nothing else moves."""
    head = session.playhead
    silence(session, moment)
    head.arrive(moment)
    if head.in_words and head.waiting_since is None:
        head.rewind_words(moment)
    else:
        session.voice.say_again(head.words(), moment)
        go_on_from_hold(session, moment)


def in_air(session: "Session") -> list[tuple[Ms, Say]]:
    """What has to be said anew when it is cut now; a beat of a count is not."""
    if session.voice.is_saying_again:
        return session.playhead.words()
    speech = session.voice.speech
    if speech is None or speech.say.beat or session.voice.is_aside:
        return []
    return [(0, speech.say)]


def heard(session: "Session", spoken: Spoken, moment: Ms) -> None:
    """Done, failed, or the voice is gone. At another rate than 1 the planned length stands."""
    session.interlude.spoken(spoken.id)
    speech = session.voice.speech
    if speech is None or spoken.id not in (None, speech.id):
        return
    if session.clock.rate != 1000 and spoken.done:
        return
    head = session.playhead
    head.arrive(moment)
    if head.in_words and head.waiting_since is None:
        head.to(min(_end_of(session, speech.say), head.chapter.words), moment)
    fall_silent(session, moment)


def _end_of(session: "Session", say: Say) -> Ms:
    """Where on the chapter's axis these words were planned to end."""
    return next((cue.at + say.lasts for cue in session.chapter.cues if cue.what is say), 0)


def fall_silent(session: "Session", moment: Ms) -> None:
    """The words are over."""
    session.voice.fall_silent(moment)
    release_music(session, moment)
    go_on_from_hold(session, moment)


def go_on_from_hold(session: "Session", moment: Ms) -> None:
    """A playhead that stood for the voice moves again, once the voice is free."""
    head = session.playhead
    if not session.voice.is_busy and not head.is_moving and head.waiting_since is None:
        head.go_on(moment)


def silence(session: "Session", moment: Ms) -> None:
    """Cut what is said. A voice that cannot be hushed finishes, and the next words wait for it."""
    speech = session.voice.speech
    if speech is None or session.voice.traits.hush:
        if speech is not None:
            session.emit(HushWords(speech.id))
        session.voice.hush()
        release_music(session, moment)


def release_music(session: "Session", moment: Ms, *, leaving: bool = False) -> None:
    """Un-duck, unless somebody speaks or a count goes on."""
    if session.voice.is_busy or (not leaving and _is_counting(session, moment)):
        return
    _duck(session, moment, 0.0)


def _duck(session: "Session", moment: Ms, db: float) -> None:
    is_release = db == 0.0
    if (is_release or session.voice.ducks_music) and session.voice.duck(moment, db):
        session.wish_for(session.tracks.of(Attribute.VOLUME))


def _is_counting(session: "Session", moment: Ms) -> bool:
    head = session.playhead
    return head.chapter.counted and session.ending is None and head.offset(moment) < head.chapter.length
