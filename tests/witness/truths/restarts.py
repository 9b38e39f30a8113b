"""After a restart it is said, and goes on from the start of the chapter; after a long one the room is given back."""

from collections.abc import Iterator

from tests.witness.case import Case, Finding
from tests.witness.disturbances import FOREVER, Gone
from tests.witness.playhead import plain

SOON = 6.0
"""Seconds in which it is taken up: a device that does not answer is waited for."""
RESUMES_WITHIN = 120.0
BEAT = 10.0
"""How long ago the last sign of life may be."""


def judge(case: Case) -> Iterator[Finding]:
    for gone in case.disturbances.gone:
        if case.landed < gone.killed:
            continue
        if gone.resumed > gone.due + SOON:
            seen = "never" if gone.resumed == FOREVER else f"after {gone.resumed - gone.due:.1f} s"
            yield case.finding("restart: taken up", gone.due, "session", "taken up at once", seen)
            continue
        away = gone.due - gone.killed
        if away <= RESUMES_WITHIN - BEAT:
            yield from _goes_on(case, gone)
        elif away > RESUMES_WITHIN:
            yield from _is_lost(case, gone)


def _goes_on(case: Case, gone: Gone) -> Iterator[Finding]:
    before = [visit for visit in case.playhead.visits if visit.wall < gone.killed]
    after = next((visit for visit in case.playhead.visits if visit.wall >= gone.resumed - 0.01), None)
    if not before or after is None or before[-1].how == after.how == "landing":
        return
    if after.chapter["id"] != before[-1].chapter["id"]:
        wanted, seen = (str(visit.chapter["id"]) for visit in (before[-1], after))
        yield case.finding("restart: chapter", gone.resumed, "session", f"{wanted} from its start", seen)
    if case.voice is None or before[-1].how == "landing":
        return
    said = next((each.text for each in case.voice.spoken if each.t >= gone.resumed - 0.01), "")
    planned = " ".join(plain(cue["say"]) for cue in after.chapter["cues"] if "say" in cue)
    if not said or plain(said) in planned:
        yield case.finding(
            "restart: said", gone.resumed, case.voice_name or "voice", "to be said: it goes on", f"“{said}”"
        )


def _is_lost(case: Case, gone: Gone) -> Iterator[Finding]:
    if case.landing is None or case.landing.wall > gone.resumed + 0.01:
        yield case.finding("restart: lands", gone.resumed, "session", "the room given back, so late", "it goes on")
        return
    for spoken in case.voice.spoken if case.voice is not None else ():
        if spoken.t >= gone.resumed - 0.01:
            yield case.finding("restart: silent", spoken.t, case.voice_name or "voice", "no word", f"“{spoken.text}”")
