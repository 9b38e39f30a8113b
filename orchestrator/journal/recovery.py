"""Whether a session that was cut off goes on or is landed (rules 14 and 25). Pure."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from orchestrator.events.session import Ending
from orchestrator.journal.records import Heartbeat, LastSeen, Unfinished
from orchestrator.stage.heard import Debt
from orchestrator.units import SECOND, Ms

RESUMES_AT_MOST = 3
"""Without finishing a chapter: what dies three times in the same place will die there again."""


class ResumeSession(NamedTuple):
    """Go on from the start of a chapter (from 0), after a gap."""

    number: int
    chapter: str
    gap: Ms


class LandSession(NamedTuple):
    """Give the room back, without words; `why` is a sentence."""

    ending: Ending
    why: str


class IsOver(NamedTuple):
    """It had ended so long `ago`, and these of its debts were paid; only the journal was not told."""

    session: str
    ending: Ending
    paid: tuple[Debt, ...]
    ago: Ms


Decision: TypeAlias = ResumeSession | LandSession


def decide(unfinished: Unfinished, last: Heartbeat | None, now: Heartbeat, resume_within: Ms) -> Decision:
    """What to do with a session that the last life of the daemon left; `last` is that life's last sign.

    A session that was already landing is landed, ended as it was about to end.
    """
    position = unfinished.position
    if unfinished.landing is not None:
        return LandSession(unfinished.landing, "It was being given back already.")
    if position is None:
        return LandSession(Ending.LOST, "It had not begun yet.")
    if not unfinished.record.scene_text:
        return LandSession(Ending.LOST, "The text that it was planned from is gone.")
    gap = gap_between(last, now) if last is not None else None
    if gap is None:
        return LandSession(
            Ending.LOST, "Nobody knows how long relax was away: the clock was set back, or never was right."
        )
    if gap > resume_within:
        return LandSession(
            Ending.LOST, f"relax was away for {gap // SECOND} s, and goes on after {resume_within // SECOND} s at most."
        )
    if position.resumes >= RESUMES_AT_MOST:
        return LandSession(Ending.LOST, f"It has been cut off {position.resumes + 1} times in {position.chapter}.")
    return ResumeSession(position.number, position.chapter, gap)


def over(unfinished: Unfinished, seen: LastSeen | None, now: Heartbeat, knows: Callable[[str], bool]) -> IsOver | None:
    """What others saw of the end of a session that has none in the journal; None where they saw none.

    A session that the journal does not know is newer than all that it does: while that was on, this one was over.
    Where it was still on nobody has seen anything paid.
    """
    name = unfinished.record.id
    if seen is None or name == seen.session:
        return None
    paid = tuple(debt for debt in unfinished.debts if debt.device not in seen.owed)
    last = seen.last
    if last is not None and last.id == name:
        ending, ago = last.ending, round((now.wall - last.ended_at).total_seconds() * 1000)
        return IsOver(name, ending, paid if seen.session is None else (), max(ago, 0))
    newer = [each for each in (seen.session, last.id if last is not None else None) if each is not None]
    if any(not knows(each) for each in newer):
        return IsOver(name, unfinished.landing or Ending.LOST, paid if seen.session is None else (), 0)
    return None


def gap_between(last: Heartbeat, now: Heartbeat) -> Ms | None:
    """How long nobody was there; None where it cannot be known.

    In the same boot the boot clock says it: nothing sets it, and it counts while the machine sleeps. After a new boot
    there is only the wall clock; where that has gone backwards, by an hour in autumn or to 1970 on a machine without a
    battery, the gap may be anything, and what may be too long counts as too long.
    """
    passed = (
        now.boot_ms - last.boot_ms
        if now.boot_id == last.boot_id
        else round((now.wall - last.wall).total_seconds() * 1000)
    )
    return passed if passed >= 0 else None
