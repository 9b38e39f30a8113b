"""How a session stands, for somebody who looks."""

from typing import TYPE_CHECKING

from orchestrator.session.state import Hold, HoldFor, Status, View
from orchestrator.values import Ms

if TYPE_CHECKING:
    from orchestrator.session.session import Session


def view(session: "Session", moment: Ms) -> View:
    """The view at a moment of running time."""
    hold = _hold(session)
    is_holding = session.status is Status.RUNNING and hold is not None
    return View(
        status=Status.HOLDING if is_holding else session.status,
        scene=session.timeline.scene,
        chapter=session.chapter.id,
        title=session.chapter.title,
        number=min(session.index + 1, len(session.timeline.chapters)),
        of=len(session.timeline.chapters),
        position=moment,
        remaining=_remaining(session, moment),
        hold=hold,
        hands=session.chapter.hands,
        rate=session.clock.rate / 1000,
        ending=session.ending,
    )


def _hold(session: "Session") -> Hold | None:
    head = session.playhead
    if session.is_over or head.is_moving:
        return None
    if head.wait_limit is not None:
        return Hold(HoldFor.PERSON, session.clock.when(head.wait_limit))
    return Hold(HoldFor.SPEECH, session.clock.when(session.voice.due or 0))


def _remaining(session: "Session", moment: Ms) -> Ms:
    """What is left, waits taken as they usually are."""
    if session.is_over:
        return 0
    head = session.playhead
    if head.waiting_since is not None and head.chapter.wait is not None:
        here = max(head.chapter.wait.usually - (moment - head.waiting_since), 0)
    else:
        here = head.chapter.usual - head.offset(moment)
    if session.ending is not None:
        return here
    coming = session.timeline.chapters[session.index + 1 :]
    return here + sum(chapter.usual for chapter in coming) + session.timeline.finish.usual
