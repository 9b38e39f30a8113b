"""Words planned are words said, each once and in order, none is cut; and the hands have their seconds after them."""

from collections.abc import Iterator
from itertools import pairwise

from tests.witness.case import Case, Finding
from tests.witness.playhead import Announced, Visit, plain
from tests.witness.speakers import Spoken

EARLY = 0.35
LATE = 1.5
DROPPED = ("words_dropped", "beat_dropped", "beats_dropped")


def judge(case: Case) -> Iterator[Finding]:
    if case.voice is not None:
        for visit in case.playhead.visits:
            yield from _said(case, visit)
        yield from _whole(case)
    yield from _hands(case)


def _said(case: Case, visit: Visit) -> Iterator[Finding]:
    name, slack = case.voice_name or "voice", case.recording.slack
    is_undisturbed = not visit.commands and visit.how != "jump" and case.aborted == float("inf")
    for said in visit.announced:
        if said.heard is None:
            if (visit.is_cut or not is_undisturbed) and said.due > visit.end - 5.0:
                continue
            if not said.cue.get("beat"):
                yield case.finding("words: missing", said.due, name, _quoted(said), "nothing")
            elif not _is_busy(case, said.due):
                yield case.finding(
                    "words: beat missing", said.due, name, _quoted(said), "nothing, and the voice was free"
                )
            elif is_undisturbed and not _is_reported(case, said):
                yield case.finding("words: beat dropped", said.due, name, f"{_quoted(said)}, or a report", "neither")
            continue
        off = said.heard.t - said.due
        if said.is_exact and is_undisturbed and not -EARLY - slack <= off <= LATE + slack:
            seen = f"{abs(off):.1f} s {'late' if off > 0 else 'early'}"
            yield case.finding("words: moment", said.due, name, _quoted(said), seen)
    allowed = any(each.word in ("repeat", "resume", "toggle") for each in visit.commands) or visit.command == "resume"
    if not allowed:
        for extra in visit.extra:
            if case.is_near_command(extra.t, before=0.3):
                continue
            yield case.finding("words: too many", extra.t, name, "silence", f"“{_short(extra.text)}”")


def _whole(case: Case) -> Iterator[Finding]:
    """None is cut, but where a person wanted something else."""
    assert case.voice is not None
    for spoken in case.voice.spoken:
        is_wanted = case.is_near_command(spoken.ended, before=0.5) or case.playhead.clock.is_paused(spoken.ended)
        if spoken.cut and not is_wanted:
            length = f"cut after {spoken.ended - spoken.t:.1f} s"
            yield case.finding(
                "words: cut", spoken.ended, case.voice_name or "voice", f"“{_short(spoken.text)}”", length
            )


def _hands(case: Case) -> Iterator[Finding]:
    visits, slack = case.playhead.visits, case.recording.slack
    for visit, after in pairwise(visits):
        if after.command is not None or visit.commands or visit.how == "landing":
            continue
        off = after.start - visit.expected_end
        name = f"{visit.chapter['id']}"
        if off < -EARLY - slack:
            wanted = f"{visit.chapter['lasts']:.1f} s after the words"
            yield case.finding("hands: seconds", after.start, name, wanted, f"{-off:.1f} s less")
        elif off > LATE + slack:
            yield case.finding(
                "hands: moment", after.start, name, f"its end at {visit.expected_end:.1f} s", f"{off:.1f} s later"
            )


def _is_busy(case: Case, due: float) -> bool:
    """Whether anything was being said when a beat was due; words that end just then are over.

    The silence between two sentences of one announcement is part of it.
    """
    assert case.voice is not None
    running, spoken = case.playhead.clock.running, case.voice.spoken
    inside = ((one.ended, other.t) for one, other in pairwise(spoken) if _go_on(case, one, other))
    stretches = [*((each.t, each.ended) for each in spoken), *inside]
    return any(running(start) - 0.005 < due < running(end) - 0.005 for start, end in stretches)


def _go_on(case: Case, one: Spoken, other: Spoken) -> bool:
    """Whether the second are the next words of the same announcement, after the silence that it has there."""
    if one.cut:
        return False
    both = plain(f"{one.text} {other.text}")
    silences = (
        float(said.cue.get("gap", 0.0))
        for visit in case.playhead.visits
        for said in visit.announced
        if both in plain(said.cue["say"])
    )
    return other.t - one.ended <= max(silences, default=-1.0) + EARLY + case.recording.slack


def _is_reported(case: Case, said: Announced) -> bool:
    moments = (case.playhead.clock.running(t) for t, _ in case.recording.events(*DROPPED))
    return any(abs(t - said.due) < 5.0 for t in moments) or bool(case.recording.summary.get("dropped"))


def _quoted(said: Announced) -> str:
    return f"“{_short(said.cue['say'])}”"


def _short(text: str) -> str:
    return text if len(plain(text)) <= 40 else f"{plain(text)[:40]}…"
