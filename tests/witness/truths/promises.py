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
        allowed = TRUE + _unknown(case) * _words_left(case, moment)
        off = abs(remaining - wanted) - allowed
        if off > 0.0 and (worst is None or off > worst[0]):
            worst = off, t, f"{wanted:.0f} s to go, within {allowed:.0f} s", f"{remaining:.0f} s"
    if worst is not None:
        yield case.finding("promises: remaining", worst[1], "session", worst[2], worst[3])
    promised = case.plan["usual_seconds"]
    if last_command < 0.0:
        taken = end + _waits_longer(case, 0.0)
        if abs(taken - promised) > TRUE + _unknown(case) * _words_left(case, -1.0):
            yield case.finding("promises: plan", 0.0, "session", f"{promised:.0f} s as planned", f"{taken:.0f} s")
        if case.is_learnt:
            yield from _words(case)


def _unknown(case: Case) -> float:
    """What is not known of the time that words take, as a share of it."""
    return 0.0 if case.is_learnt else UNKNOWN_VOICE


def _words(case: Case) -> Iterator[Finding]:
    """Words of a voice that is known come at their time: the worst of them, where waits are as they were."""
    worst: tuple[float, Finding] | None = None
    begins, waits = 0.0, 0.0
    for visit in case.playhead.visits:
        chapter = visit.chapter
        for said in visit.announced:
            if said.heard is None or said.cue["at"] > chapter["words"] + chapter["lasts"] or said.cue["at"] < 0.0:
                continue
            planned = begins + waits + said.cue["at"]
            off = said.heard.t - planned
            if abs(off) > TRUE and (worst is None or abs(off) > worst[0]):
                seen = f"{abs(off):.0f} s {'later' if off > 0 else 'sooner'}"
                wanted = f"“{said.cue['say'][:40]}” at {planned:.0f} s"
                worst = (
                    abs(off),
                    case.finding("promises: words", said.heard.t, case.voice_name or "voice", wanted, seen),
                )
        begins += chapter["words"] + chapter["lasts"]
        if visit.waits_from is not None:
            waits += visit.end - visit.waits_from
    if worst is not None:
        yield worst[1]


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
