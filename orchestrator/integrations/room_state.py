"""How a room stands, as it is published: only when something changed that a client cannot count on by itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from orchestrator.conductor.outstanding import Outstanding, WhyOwed
from orchestrator.conductor.session_runner import SessionRunner
from orchestrator.events.device import value_word
from orchestrator.integrations.outgoing import HoldModel, Last, OutstandingModel, RefusalModel, SessionState
from orchestrator.session.state import Hold, Status
from orchestrator.session.view import View
from orchestrator.units import SECOND, Ms

_DRIFT: Ms = SECOND // 2
"""How far what a client counts may be from what holds before it is told again."""
_CLOCK_STEP = timedelta(seconds=2)


class Problem(NamedTuple):
    """What a person should know of a room, and since when (by the clock on the wall)."""

    sentence: str
    since: datetime


class RoomStatus(NamedTuple):
    """How a room stands at a moment (real), without words for it. Positions and lengths are running time."""

    status: Status = Status.IDLE
    session: str | None = None
    scene: str | None = None
    title: str | None = None
    language: str | None = None
    trigger: str | None = None
    view: View | None = None
    missing: tuple[str, ...] = ()
    overridden: tuple[tuple[str, str], ...] = ()
    owed: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    outstanding: tuple[Outstanding, ...] = ()
    last: Last | None = None
    problem: Problem | None = None
    refused: RefusalModel | None = None

    def is_counted_on(self, before: "RoomStatus", passed: Ms) -> bool:
        """True where a client that was told `before` knows this by itself, `passed` real milliseconds later."""
        one, other = before.view, self.view
        if one is None or other is None or before._replace(view=None) != self._replace(view=None):
            return before == self
        if _still(one) != _still(other):
            return False
        counted = round(passed * one.rate) if self.status is not Status.PAUSED else 0
        position_fits = abs(one.position + counted - other.position) <= _DRIFT
        # In a hold nobody knows what remains; the end of the hold is told anyway.
        remaining_fits = one.hold is not None or abs(one.remaining - counted - other.remaining) <= _DRIFT
        return position_fits and remaining_fits


class Told(NamedTuple):
    """What was published of a room, and when by either clock."""

    room_status: RoomStatus
    now: Ms
    wall: datetime

    def holds(self, room_status: RoomStatus, now: Ms, wall: datetime) -> bool:
        """True while nothing has to be told again; a wall clock that was set makes every moment told a wrong one."""
        passed = now - self.now
        is_same_clock = abs(wall - self.wall - timedelta(milliseconds=passed)) < _CLOCK_STEP
        return room_status.is_counted_on(self.room_status, passed) and (is_same_clock or room_status.view is None)


def room_status(
    runner: SessionRunner | None,
    now: Ms,
    last: Last | None = None,
    problem: Problem | None = None,
    outstanding: Sequence[Outstanding] = (),
) -> RoomStatus:
    """How a room stands; `last`: how the session before ended; `outstanding`: what is owed by those that are over."""
    owed = tuple(
        dict.fromkeys((*(runner.owed() if runner is not None else ()), *(each.device for each in outstanding)))
    )
    if runner is None or runner.is_over:
        standing = runner.standing(now) if runner is not None else None
        silent = [each.device for each in outstanding if each.why is WhyOwed.UNANSWERED]
        unanswered = tuple(dict.fromkeys((*(standing.unanswered if standing is not None else ()), *silent)))
        return RoomStatus(owed=owed, unanswered=unanswered, outstanding=tuple(outstanding), last=last, problem=problem)
    start, view = runner.start, runner.view(now)
    return RoomStatus(
        status=view.status if view is not None else runner.status,
        session=start.name,
        scene=start.timeline.scene,
        title=start.timeline.title,
        language=start.timeline.language,
        trigger=start.trigger,
        view=view,
        missing=tuple(runner.missing()),
        overridden=tuple((device, str(attribute)) for device, attribute in runner.overridden()),
        owed=owed,
        outstanding=tuple(outstanding),
        last=last,
        problem=problem,
    )


def state(room_status: RoomStatus, now: Ms, wall: datetime) -> SessionState:
    """The payload; `wall` is what the clock on the wall shows at `now`."""
    overridden: dict[str, list[str]] = {}
    for device, attribute in room_status.overridden:
        overridden.setdefault(device, []).append(attribute)
    common = SessionState(
        status=room_status.status,
        id=room_status.session,
        scene=room_status.scene,
        title=room_status.title,
        language=room_status.language,
        trigger=room_status.trigger,
        missing=list(room_status.missing),
        overridden=overridden,
        owed=list(room_status.owed),
        unanswered=list(room_status.unanswered),
        outstanding=[_outstanding(each, now, wall) for each in room_status.outstanding],
        last=room_status.last,
        problem=room_status.problem.sentence if room_status.problem is not None else None,
        problem_since=room_status.problem.since if room_status.problem is not None else None,
        refused=room_status.refused,
    )
    view = room_status.view
    if view is None:
        return common
    return common.model_copy(
        update={
            "chapter": view.chapter,
            "step": view.title,
            "number": view.number,
            "of": view.of,
            "position": view.position / 1000,
            "position_at": wall,
            "remaining": view.remaining / 1000,
            "hold": _hold(view.hold, now, wall),
            "hands": view.hands,
            "rate": view.rate,
            "leaves": view.leaves,
        }
    )


def _outstanding(owed: Outstanding, now: Ms, wall: datetime) -> OutstandingModel:
    values = {str(attribute): value_word(value) for attribute, value in owed.values}
    low_until, back_by, answer_by = owed.giving_back or (None, None, None)
    return OutstandingModel(
        device=owed.device,
        values=values,
        since=wall + timedelta(milliseconds=owed.since - now),
        why=owed.why,
        low_until=_at(low_until, now, wall),
        back_by=_at(back_by, now, wall),
        answer_by=_at(answer_by, now, wall),
    )


def _at(moment: Ms | None, now: Ms, wall: datetime) -> datetime | None:
    return wall + timedelta(milliseconds=moment - now) if moment is not None else None


def _hold(hold: Hold | None, now: Ms, wall: datetime) -> HoldModel | None:
    if hold is None:
        return None
    return HoldModel(reason=hold.reason, until=wall + timedelta(milliseconds=hold.until - now))


def _still(view: View) -> View:
    """A view without what moves by itself."""
    return view._replace(position=0, remaining=0)
