"""A session that was cut off goes on where that is safe, and is landed where it is not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.events.session import Ending
from orchestrator.journal.records import Closed, Heartbeat, LastSeen, Position, Unfinished
from orchestrator.journal.recovery import Decision, IsOver, LandSession, ResumeSession, decide, gap_between, over
from orchestrator.stage.heard import Debt
from orchestrator.units import HOUR, MINUTE, SECOND, Ms
from tests.journal.lives import EVENING, LEVEL, beat, record

WITHIN = 2 * MINUTE
CUT_OFF = Unfinished(record(), Position(4, "strokes:left"), (), (), (), (), None)


def decided(last: Heartbeat | None, now: Heartbeat, cut_off: Unfinished = CUT_OFF) -> Decision:
    return decide(cut_off, last, now, WITHIN)


def test_after_a_short_gap_it_goes_on_from_the_start_of_its_step() -> None:
    assert decided(beat(0), beat(WITHIN)) == ResumeSession(4, "strokes:left", WITHIN)


def test_after_too_long_a_gap_the_room_is_given_back() -> None:
    decision = decided(beat(0), beat(WITHIN + 1))
    assert isinstance(decision, LandSession)
    assert decision.ending is Ending.LOST
    assert decision.why == "relax was away for 120 s, and goes on after 120 s at most."


@pytest.mark.parametrize("shift", [-HOUR, HOUR, -400 * 24 * HOUR])
def test_in_the_same_boot_a_clock_that_was_set_decides_nothing(shift: Ms) -> None:
    now = beat(30 * SECOND)
    now = now._replace(wall=now.wall + timedelta(milliseconds=shift))
    assert decided(beat(0), now) == ResumeSession(4, "strokes:left", 30 * SECOND)


def test_a_machine_that_slept_was_away_though_it_is_the_same_boot() -> None:
    assert isinstance(decided(beat(0), beat(3 * HOUR)), LandSession)


def test_after_a_new_boot_the_wall_clock_decides() -> None:
    assert decided(beat(0), Heartbeat("boot-2", 9000, EVENING + timedelta(seconds=50))) == ResumeSession(
        4, "strokes:left", 50 * SECOND
    )
    assert isinstance(decided(beat(0), Heartbeat("boot-2", 9000, EVENING + timedelta(seconds=121))), LandSession)


def test_after_a_new_boot_with_a_clock_that_was_set_back_nobody_knows_and_the_room_is_given_back() -> None:
    decision = decided(beat(0), Heartbeat("boot-2", 9000, EVENING - timedelta(hours=1)))
    assert isinstance(decision, LandSession)
    assert "Nobody knows" in decision.why


def test_without_a_sign_of_life_the_room_is_given_back() -> None:
    assert isinstance(decided(None, beat(0)), LandSession)


def test_it_goes_on_three_times_without_finishing_a_step_and_no_more() -> None:
    resumed = [replace_position(resumes=count) for count in range(5)]
    decisions = [decided(beat(0), beat(SECOND), cut_off) for cut_off in resumed]
    assert [isinstance(decision, ResumeSession) for decision in decisions] == [True, True, True, False, False]


@pytest.mark.parametrize("ending", Ending)
def test_a_landing_is_never_taken_back(ending: Ending) -> None:
    decision = decided(beat(0), beat(SECOND), CUT_OFF._replace(landing=ending))
    assert isinstance(decision, LandSession)
    assert decision.ending is ending


def test_what_had_not_entered_a_step_is_given_back() -> None:
    assert isinstance(decided(beat(0), beat(SECOND), CUT_OFF._replace(position=None)), LandSession)


def test_a_text_that_is_not_there_any_more_cannot_be_planned_from() -> None:
    cut_off = CUT_OFF._replace(record=replace(record(), scene_text=""))
    assert isinstance(decided(beat(0), beat(SECOND), cut_off), LandSession)


@given(st.integers(0, 10**9), st.integers(-(10**9), 10**9), st.booleans(), st.integers(-(10**9), 10**9))
def test_it_goes_on_only_where_the_gap_is_known_and_short(last: Ms, gap: Ms, same: bool, shift: Ms) -> None:
    now = beat(last + gap, "boot-1" if same else "boot-2")
    now = now._replace(wall=now.wall + timedelta(milliseconds=shift))
    measured = gap if same else gap + shift
    assert gap_between(beat(last), now) == (measured if measured >= 0 else None)
    assert isinstance(decided(beat(last), now), ResumeSession) == (0 <= measured <= WITHIN)


def replace_position(resumes: int) -> Unfinished:
    return CUT_OFF._replace(position=Position(4, "strokes:left", resumes=resumes))


LAMP, STRIP = (Debt(device, LEVEL, 50.0, 0) for device in ("lamp", "strip"))
OWING = CUT_OFF._replace(debts=(LAMP, STRIP))
ENDED = Closed("s1", "bedroom", "foot-massage", Ending.FINISHED, EVENING)
NEWER = Closed("s2", "bedroom", "box-breathing", Ending.STOPPED, EVENING)


def seen_over(
    session: str | None, last: Closed | None, *owed: str, known: tuple[str, ...] = ("s0", "s1")
) -> IsOver | None:
    return over(OWING, LastSeen(session, None, last, frozenset(owed)), beat(MINUTE), known.__contains__)


def test_a_session_that_was_seen_to_end_is_over_and_owes_what_was_seen_to_be_owed() -> None:
    assert seen_over(None, ENDED) == IsOver("s1", Ending.FINISHED, (LAMP, STRIP), MINUTE)
    assert seen_over(None, ENDED, "strip") == IsOver("s1", Ending.FINISHED, (LAMP,), MINUTE)


def test_while_a_newer_session_was_on_nobody_saw_anything_paid() -> None:
    assert seen_over("s2", ENDED) == IsOver("s1", Ending.FINISHED, (), MINUTE)
    assert seen_over("s2", None) == IsOver("s1", Ending.LOST, (), 0)


def test_a_session_was_over_where_one_has_ended_since_that_the_journal_never_heard_of() -> None:
    assert seen_over(None, NEWER) == IsOver("s1", Ending.LOST, (LAMP, STRIP), 0)
    landing = OWING._replace(landing=Ending.STOPPED)
    found = over(landing, LastSeen(None, None, NEWER, frozenset()), beat(0), lambda _: False)
    assert found is not None
    assert found.ending is Ending.STOPPED


@pytest.mark.parametrize(
    ("session", "last"), [("s1", None), ("s1", NEWER), (None, None), ("s0", None), (None, NEWER._replace(id="s0"))]
)
def test_what_was_seen_before_the_session_says_nothing_of_its_end(session: str | None, last: Closed | None) -> None:
    assert seen_over(session, last) is None


def test_a_room_of_which_nobody_saw_anything_is_left_to_the_journal() -> None:
    assert over(OWING, None, beat(0), lambda _: True) is None
