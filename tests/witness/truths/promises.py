"""What is told of the time that remains is true."""

from collections.abc import Iterator

from tests.witness.case import Case, Finding
from tests.witness.playhead import Visit

TRUE = 10.0
"""Seconds that a promise may be off."""
UNKNOWN_VOICE = 0.3
"""Of the words that are left: a voice of a recording is one that has not been heard before."""


def judge(case: Case) -> Iterator[Finding]:
    if case.landing is None or case.ending != "finished":
        return
    last_command = max(
        (each.t for each in case.playhead.clock.commands if not _ends_a_wait(case, each.t, each.word)), default=-1.0
    )
    end = _end(case)
    worst: tuple[float, float, str, str] | None = None
    for t, state in case.recording.own("session"):
        remaining = state.get("remaining")
        is_steady = state["status"] == "running" and state.get("hold") is None
        if remaining is None or not is_steady or t <= last_command or t >= case.landed - 1.0:
            continue
        moment = case.playhead.clock.running(t)
        wanted = end + _waits_longer(case, moment) - moment
        allowed = TRUE + UNKNOWN_VOICE * _words_left(case, moment)
        off = abs(remaining - wanted) - allowed
        if off > 0.0 and (worst is None or off > worst[0]):
            worst = off, t, f"{wanted:.0f} s to go, within {allowed:.0f} s", f"{remaining:.0f} s"
    if worst is not None:
        yield case.finding("promises: remaining", worst[1], "session", worst[2], worst[3])
    promised = case.plan["usual_seconds"]
    if last_command < 0.0:
        taken = end + _waits_longer(case, 0.0)
        if abs(taken - promised) > TRUE + UNKNOWN_VOICE * _words_left(case, -1.0):
            yield case.finding("promises: plan", 0.0, "session", f"{promised:.0f} s as planned", f"{taken:.0f} s")


def _end(case: Case) -> float:
    return case.playhead.clock.running(case.landed)


def _waits_longer(case: Case, t: float) -> float:
    """What waits after `t` were shorter than usual, where a person ended them: the promise reckons with usual ones.

    Where nobody says next, a wait has no other length than its own.
    """
    longer = 0.0
    for visit in case.playhead.visits:
        is_answered = visit.chapter["wait"] is not None and _is_ended_by_a_person(case, visit)
        if is_answered and visit.waits_from is not None and visit.end > t:
            taken = visit.end - max(visit.waits_from, min(t, visit.end))
            usually = visit.chapter["wait"]["usually"] - max(t - visit.waits_from, 0.0)
            longer += max(usually, 0.0) - taken
    return longer


def _is_ended_by_a_person(case: Case, visit: Visit) -> bool:
    visits = case.playhead.visits
    after = visits[visits.index(visit) + 1 :]
    return bool(after) and after[0].command is not None


def _ends_a_wait(case: Case, t: float, word: str) -> bool:
    return word == "next" and any(
        visit.waits_from is not None and visit.waits_from - 0.05 <= case.playhead.clock.running(t) <= visit.end + 0.05
        for visit in case.playhead.visits
    )


def _words_left(case: Case, t: float) -> float:
    return sum(
        float(said.cue["seconds"]) for visit in case.playhead.visits for said in visit.announced if said.ended > t
    )
