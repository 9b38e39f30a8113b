"""What is due is begun once: late, skipped, put off, missed, or by a clock that somebody turns."""

from contextlib import suppress
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.daemon.timetable import ActionKind, DueAction, Timetable
from orchestrator.errors import Refused
from orchestrator.journal.records import InProgress, ScheduleMark
from orchestrator.schedules.days import Days
from orchestrator.schedules.model import Announcement, AtClock, Schedule
from orchestrator.schedules.outcome import Outcome, ScheduleResult
from orchestrator.units import MINUTE
from tests.schedules.sketches import at, schedule, when

EVENING = when("2026-11-27T20:00+01:00")
DUE = when("2026-11-27T22:15+01:00")


def table(one: Schedule | None = None, mark: ScheduleMark | None = None, wall: datetime = EVENING) -> Timetable:
    one = one or at("22:15")
    return Timetable({one.name: one}, {one.name: mark} if mark is not None else {}, wall)


def brief(calls: list[DueAction]) -> list[tuple[ActionKind, datetime]]:
    return [(call.what, call.due) for call in calls]


def test_it_begins_when_it_is_due_and_once() -> None:
    timetable = table()
    assert timetable.next_moment() == DUE
    assert timetable.advance(DUE - timedelta(seconds=1)) == []
    assert brief(timetable.advance(DUE)) == [(ActionKind.BEGIN, DUE)]
    assert timetable.advance(DUE + timedelta(seconds=1)) == []
    assert timetable.next_moment() == DUE + timedelta(days=1)


@pytest.mark.parametrize(
    ("catch_up", "late", "what"),
    [
        (0, timedelta(seconds=50), ActionKind.BEGIN),
        (0, timedelta(minutes=2), ActionKind.PASS),
        (30, timedelta(minutes=29), ActionKind.BEGIN),
        (30, timedelta(minutes=31), ActionKind.PASS),
        (30, timedelta(days=3, minutes=20), ActionKind.BEGIN),
        (30, timedelta(days=3, hours=2), ActionKind.PASS),
    ],
)
def test_what_was_missed_is_run_or_skipped_as_the_schedule_says(
    catch_up: int, late: timedelta, what: ActionKind
) -> None:
    """Whatever was due while relax was away: the newest decides, and nothing begins twice."""
    timetable = table(at("22:15", catch_up=catch_up * MINUTE))
    calls = timetable.advance(DUE + late)
    newest = DUE + timedelta(days=late.days)
    assert brief(calls) == [(what, newest)]
    if what is ActionKind.PASS:
        assert calls[0].result is ScheduleResult.MISSED
        assert "relax was not there" in calls[0].why
    assert timetable.advance(DUE + late) == []


def test_marks_survive_and_say_what_is_dealt_with() -> None:
    timetable = table()
    timetable.advance(DUE)
    (mark,) = timetable.changes().values()
    again = table(mark=mark, wall=DUE + timedelta(seconds=5))
    assert again.advance(DUE + timedelta(seconds=5)) == []
    assert again.next_moment() == DUE + timedelta(days=1)
    assert again.changes() == {}


def test_a_schedule_that_was_rewritten_has_missed_nothing() -> None:
    timetable = table()
    timetable.advance(DUE)
    timetable.settle("evening", Outcome(DUE, ScheduleResult.STARTED, session="s"))
    mark = timetable.changes()["evening"]
    noon = when("2026-11-28T12:00+01:00")
    rewritten = table(at("11:00", catch_up=120 * MINUTE), mark, noon)
    assert rewritten.advance(noon) == []
    assert rewritten.mark("evening").last == mark.last


def test_skipped_once_shown_and_undone() -> None:
    timetable = table()
    assert timetable.skip("evening") == DUE
    assert timetable.next_time("evening") == DUE + timedelta(days=1)
    with pytest.raises(Refused, match="left out already"):
        timetable.skip("evening")
    assert timetable.unskip("evening") == DUE
    assert timetable.next_time("evening") == DUE
    with pytest.raises(Refused, match="Nothing of evening is left out"):
        timetable.unskip("evening")
    timetable.skip("evening")
    (call,) = timetable.advance(DUE)
    assert (call.what, call.result) == (ActionKind.PASS, ScheduleResult.SKIPPED)
    assert brief(timetable.advance(DUE + timedelta(days=1))) == [(ActionKind.BEGIN, DUE + timedelta(days=1))]


def test_its_times_are_those_at_which_it_will_begin() -> None:
    timetable, day = table(), timedelta(days=1)
    week = [DUE + number * day for number in range(7)]
    assert list(timetable.times("evening", EVENING, EVENING + 7 * day)) == week
    assert list(timetable.times("evening", DUE, DUE + day)) == [DUE], "from a moment on, until before another"
    timetable.skip("evening")
    assert list(timetable.times("evening", EVENING, EVENING + 3 * day)) == week[1:3]
    timetable.unskip("evening")
    timetable.announced("evening")
    later = timetable.later("evening", EVENING, timedelta(minutes=20))
    assert list(timetable.times("evening", EVENING, EVENING + 2 * day)) == [later, week[1]]
    timetable.enable("evening", EVENING, on=False)
    assert list(timetable.times("evening", EVENING, EVENING + 7 * day)) == []


def test_what_is_over_is_none_of_its_times() -> None:
    timetable = table()
    timetable.advance(DUE)
    assert next(timetable.times("evening", EVENING, EVENING + timedelta(days=3))) == DUE + timedelta(days=1)


def test_disabled_it_does_nothing_and_enabled_it_has_missed_nothing() -> None:
    timetable = table(at("22:15", catch_up=60 * MINUTE))
    timetable.enable("evening", EVENING, on=False)
    assert timetable.next_time("evening") is None
    assert timetable.advance(DUE + timedelta(minutes=5)) == []
    timetable.enable("evening", DUE + timedelta(minutes=10), on=True)
    assert timetable.advance(DUE + timedelta(minutes=10)) == []
    assert timetable.next_time("evening") == DUE + timedelta(days=1)
    with pytest.raises(Refused, match="no schedule 'evning'"):
        timetable.enable("evning", EVENING, on=True)


ANNOUNCED = at("22:15", announcement=Announcement(10 * MINUTE))


def announced(mark: ScheduleMark | None = None) -> Timetable:
    """Ten minutes before, and the room has been told."""
    timetable = table(ANNOUNCED, mark)
    assert brief(timetable.advance(DUE - timedelta(minutes=10))) == [(ActionKind.ANNOUNCE, DUE)]
    timetable.announced("evening")
    return timetable


def test_it_is_announced_once_and_then_begins() -> None:
    timetable = table(ANNOUNCED)
    ahead = DUE - timedelta(minutes=10)
    assert timetable.next_moment() == ahead
    assert timetable.announced_in("den") is None
    assert brief(timetable.advance(ahead)) == [(ActionKind.ANNOUNCE, DUE)]
    timetable.announced("evening")
    assert timetable.announced_in("den") == "evening"
    assert timetable.advance(ahead + timedelta(minutes=1)) == []
    assert timetable.next_moment() == DUE
    assert brief(timetable.advance(DUE)) == [(ActionKind.BEGIN, DUE)]
    assert timetable.announced_in("den") is None


def test_what_is_announced_can_be_skipped_put_off_or_begun() -> None:
    ahead = DUE - timedelta(minutes=10)
    skipped = announced()
    skipped.skip("evening")
    assert skipped.announced_in("den") is None
    assert brief(skipped.advance(DUE)) == [(ActionKind.PASS, DUE)]

    later = table(ANNOUNCED)
    with pytest.raises(Refused, match="Nothing of evening is announced"):
        later.later("evening", EVENING)
    later = announced()
    assert later.later("evening", ahead) == DUE + timedelta(minutes=15)
    assert later.announced_in("den") == "evening"
    assert later.advance(DUE) == []
    assert later.later("evening", DUE, timedelta(minutes=5)) == DUE + timedelta(minutes=20)
    assert later.next_time("evening") == DUE + timedelta(minutes=20)
    assert brief(later.advance(DUE + timedelta(minutes=20))) == [(ActionKind.BEGIN, DUE)]
    assert later.next_moment() == DUE + timedelta(days=1) - timedelta(minutes=10)

    now = announced()
    assert now.now("evening") == DUE
    assert now.advance(DUE) == []
    assert now.next_time("evening") == DUE + timedelta(days=1)


def test_what_was_not_said_aloud_is_not_announced() -> None:
    """Its conditions said no: whoever presses a button in the room means something else."""
    timetable = table(ANNOUNCED)
    timetable.advance(DUE - timedelta(minutes=10))
    assert not timetable.is_announced("evening")
    with pytest.raises(Refused, match="Nothing of evening is announced"):
        timetable.now("evening")
    assert timetable.advance(DUE - timedelta(minutes=9)) == []


def test_it_is_not_announced_again_by_whoever_reads_the_file_again() -> None:
    mark = announced().changes()["evening"]
    again = table(ANNOUNCED, mark, DUE - timedelta(minutes=5))
    assert again.advance(DUE - timedelta(minutes=5)) == []
    assert again.announced_in("den") == "evening"
    rewritten = table(at("22:15", "Europe/Rome", announcement=Announcement(10 * MINUTE)), mark)
    assert rewritten.is_announced("evening")


def test_a_restart_does_not_forget_what_was_put_off() -> None:
    timetable = announced()
    timetable.later("evening", DUE - timedelta(minutes=9))
    again = table(ANNOUNCED, timetable.changes()["evening"], DUE + timedelta(minutes=1))
    assert again.advance(DUE + timedelta(minutes=1)) == []
    assert brief(again.advance(DUE + timedelta(minutes=15))) == [(ActionKind.BEGIN, DUE)]


BACKWARDS = at("23:00", is_end=True, catch_up=60 * MINUTE)
END = when("2026-11-27T23:00+01:00")


@pytest.mark.parametrize("length", [0, 10, 40])
@pytest.mark.parametrize("is_restarted", [False, True])
def test_a_scene_of_another_length_makes_no_other_time_of_it(length: int, is_restarted: bool) -> None:
    """It was begun for eleven o'clock: shortened, or broken (no length), it does not begin for eleven once more."""
    long, short = BACKWARDS.lasting(20 * MINUTE), BACKWARDS.lasting(length * MINUTE)
    timetable = table(long)
    begins = END - timedelta(minutes=20)
    assert brief(timetable.advance(begins)) == [(ActionKind.BEGIN, begins)]
    if is_restarted:
        timetable = table(short, timetable.changes()["evening"], begins)
    else:
        timetable.schedules_are({"evening": short})
    assert timetable.advance(END + timedelta(minutes=5)) == []
    tomorrow = END + timedelta(days=1) - timedelta(minutes=length)
    assert brief(timetable.advance(tomorrow)) == [(ActionKind.BEGIN, tomorrow)]


def test_what_is_left_out_is_left_out_however_long_the_scene_is() -> None:
    timetable = table(BACKWARDS.lasting(20 * MINUTE))
    assert timetable.skip("evening") == END - timedelta(minutes=20)
    timetable.schedules_are({"evening": BACKWARDS.lasting(21 * MINUTE)})
    assert timetable.skipped("evening") == END - timedelta(minutes=21)
    (call,) = timetable.advance(END - timedelta(minutes=21))
    assert (call.what, call.due, call.result) == (ActionKind.PASS, END - timedelta(minutes=21), ScheduleResult.SKIPPED)
    assert timetable.advance(END) == []


def test_what_was_said_of_a_time_holds_where_the_rewritten_schedule_still_has_it() -> None:
    timetable = announced()
    timetable.skip("evening")
    mark = timetable.changes()["evening"]
    assert table(at("22:15", days=Days(weekdays=frozenset({4}))), mark).mark("evening").skipped == DUE
    assert table(at("22:20"), mark).mark("evening").skipped is None

    put_off = announced()
    put_off.later("evening", DUE - timedelta(minutes=5))
    rewritten = table(at("21:00"), put_off.changes()["evening"], DUE + timedelta(minutes=1))
    assert brief(rewritten.advance(DUE + timedelta(minutes=15))) == [(ActionKind.BEGIN, DUE)]


def test_a_clock_that_showed_another_year_for_a_moment_begins_nothing_twice() -> None:
    """A machine without a clock of its own starts up in the past, and is put right a minute later."""
    one = at("22:15", catch_up=30 * MINUTE)
    timetable = table(one)
    timetable.advance(DUE)
    timetable.settle("evening", Outcome(DUE, ScheduleResult.STARTED, session="s"))
    started = when("2024-01-01T00:00+01:00")
    again = table(one, timetable.changes()["evening"], started)
    again.advance(started)
    assert again.advance(DUE + timedelta(minutes=6)) == []
    assert brief(again.advance(DUE + timedelta(days=1))) == [(ActionKind.BEGIN, DUE + timedelta(days=1))]


def test_a_time_that_passes_meanwhile_does_not_end_what_plays() -> None:
    timetable = table()
    timetable.plays("evening", InProgress("s", 0, DUE - timedelta(hours=1)))
    timetable.settle("evening", Outcome(DUE, ScheduleResult.REFUSED, "The room is busy."))
    assert timetable.playing("s") == ("evening", InProgress("s", 0, DUE - timedelta(hours=1)))


def test_a_clock_that_goes_back_begins_nothing_twice() -> None:
    timetable = table()
    timetable.advance(DUE)
    assert timetable.advance(DUE - timedelta(minutes=5)) == []
    assert timetable.advance(DUE) == []
    assert brief(timetable.advance(DUE + timedelta(days=1))) == [(ActionKind.BEGIN, DUE + timedelta(days=1))]


def test_a_clock_that_was_years_ahead_blocks_nothing() -> None:
    timetable = table()
    ahead = when("2031-05-01T12:00+02:00")
    (call,) = timetable.advance(ahead)
    assert call.result is ScheduleResult.MISSED
    timetable.advance(EVENING)
    assert brief(timetable.advance(DUE)) == [(ActionKind.BEGIN, DUE)]


def test_a_clock_that_jumps_forward_is_late() -> None:
    timetable = table(at("22:15", catch_up=30 * MINUTE))
    timetable.advance(EVENING)
    (call,) = timetable.advance(DUE + timedelta(minutes=12))
    assert (call.what, call.late) == (ActionKind.BEGIN, timedelta(minutes=12))


def tell(timetable: Timetable, deed: str, wall: datetime) -> None:
    match deed:
        case "skip":
            timetable.skip("evening")
        case "unskip":
            timetable.unskip("evening")
        case "disable" | "enable":
            timetable.enable("evening", wall, on=deed == "enable")
        case "later":
            timetable.later("evening", wall)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["on", "back", "skip", "unskip", "disable", "enable", "later", "restart"]),
            st.integers(0, 3 * 24 * 60),
        ),
        max_size=40,
    )
)
def test_whatever_happens_no_time_begins_twice(deeds: list[tuple[str, int]]) -> None:
    one = schedule(
        AtClock(time(22, 15)),
        days=Days(weekdays=frozenset(range(5))),
        announcement=Announcement(10 * MINUTE),
        catch_up=MINUTE * 45,
    )
    timetable, wall, begun = table(one), EVENING, []
    for deed, minutes in deeds:
        wall += timedelta(minutes=-min(minutes, 120) if deed == "back" else minutes)
        calls = timetable.advance(wall)
        begun += [call.due for call in calls if call.what is ActionKind.BEGIN]
        if any(call.what is ActionKind.ANNOUNCE for call in calls):
            timetable.announced("evening")
        if deed == "restart":
            timetable = table(one, timetable.mark("evening"), wall)
        with suppress(Refused):
            tell(timetable, deed, wall)
    assert len(begun) == len(set(begun))
    assert begun == sorted(begun)
