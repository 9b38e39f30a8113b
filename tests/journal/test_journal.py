"""What a later life finds in the journal."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from orchestrator.conductor.journal_entries import Ended, Entered, Owed, Settled
from orchestrator.errors import JournalError
from orchestrator.events.device import CommandSent
from orchestrator.events.refusal import CommandRefused
from orchestrator.events.service import ScheduleStarted
from orchestrator.events.session import Ending, Landing
from orchestrator.events.step import Paused, Resumed, StepStarted, Waiting
from orchestrator.events.words import Announced
from orchestrator.journal.disk import LOG_AT_MOST
from orchestrator.journal.journal import Journal
from orchestrator.journal.reader import Reader
from orchestrator.journal.records import Position, RoomChoice
from orchestrator.stage.heard import Debt
from orchestrator.units import HOUR, MINUTE, SECOND
from orchestrator.values import Track
from tests.journal.lives import (
    COLOUR,
    EVENING,
    LEVEL,
    SNAPSHOT,
    VOLUME,
    beat,
    begin,
    beginning,
    entered,
    happened,
    opened,
    record,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.db"


def again(journal: Journal, file: Path, after: int = MINUTE) -> Journal:
    """The journal in the next life, whose clock begins anew."""
    journal.close()
    return opened(file, EVENING + timedelta(milliseconds=after))


def test_a_session_that_was_cut_off_is_found_with_all_it_needs(file: Path) -> None:
    journal = opened(file)
    begin(journal)
    journal.write([entered(3, "strokes:left")], 2000)
    (found,) = again(journal, file).unfinished(0)
    assert found.record == record()
    assert found.position == Position(3, "strokes:left")
    assert sorted(found.snapshot) == sorted(SNAPSHOT)
    assert {(debt.device, debt.attribute): debt.value for debt in found.debts} == {
        ("ceiling", LEVEL): 62.5,
        ("ceiling", COLOUR): None,
    }
    assert found.landing is None


def test_a_session_that_ended_is_not_found_and_its_text_is_not_kept(file: Path) -> None:
    journal = opened(file)
    begin(journal)
    journal.write([Ended("s1", Ending.STOPPED, 9000)], 9000)
    journal = again(journal, file)
    assert journal.unfinished(0) == []
    assert journal.read("SELECT * FROM scene_texts") == []
    assert journal.read("SELECT ending, lasted FROM sessions") == [("stopped", 8000)]


def test_nothing_is_written_of_a_session_that_never_began(file: Path) -> None:
    journal = opened(file)
    journal.expect(record())
    assert again(journal, file).unfinished(0) == []


def test_what_is_written_is_there_without_a_farewell(file: Path) -> None:
    journal = opened(file)
    begin(journal)
    journal.record(happened(1500, StepStarted("settle", "Settle", 1, 9)))
    with Reader(file) as reader:
        assert reader.read("SELECT id FROM sessions") == [("s1",)]
        assert reader.read("SELECT * FROM events") == []
        journal.flush()
        assert reader.read("SELECT session, event FROM events") == [("s1", "step_started")]
    journal.close()


def test_a_paid_debt_and_one_that_a_person_cancelled_are_not_owed(file: Path) -> None:
    journal = opened(file)
    begin(journal)
    journal.write([Owed("s1", Debt("sonos", VOLUME, 20.0, 1000))], 1000)
    journal.write([Settled("s1", "ceiling", LEVEL, by_hand=False), Settled("s1", "sonos", VOLUME, by_hand=True)], 2000)
    (found,) = again(journal, file).unfinished(0)
    assert [(debt.device, debt.attribute) for debt in found.debts] == [("ceiling", COLOUR)]
    assert found.by_hand == (("sonos", VOLUME),)


def test_what_a_person_hands_back_is_theirs_no_longer(file: Path) -> None:
    journal = opened(file)
    begin(journal)
    journal.write([Settled("s1", "ceiling", LEVEL, by_hand=True)], 2000)
    journal.handed_back("s1", "ceiling")
    (found,) = again(journal, file).unfinished(0)
    assert found.by_hand == ()


def test_a_track_that_was_touched_since_the_step_began_counts_as_touched(file: Path) -> None:
    journal = opened(file)
    begin(journal)
    journal.write([Entered("s1", 0, "settle", ())], 1000)
    journal.write([Owed("s1", Debt("sonos", VOLUME, 20.0, 3000))], 3000)
    (found,) = journal.unfinished(4000)
    assert set(found.touched) == {
        Track("main", LEVEL),
        Track("main", COLOUR),
        Track("music", VOLUME),
    }
    journal.close()


def test_a_debt_keeps_its_age_over_a_restart(file: Path) -> None:
    journal = opened(file, now=500_000)
    journal.write([Owed("s1", Debt("lamp", LEVEL, 40.0, 500_000))], 500_000 + 2 * SECOND)
    journal = again(journal, file, after=HOUR)
    assert journal.open_debts(7000) == [Debt("lamp", LEVEL, 40.0, 7000 - HOUR - 7 * SECOND)]
    journal.close()


def test_a_debt_is_not_older_for_a_clock_that_was_set_back(file: Path) -> None:
    journal = opened(file)
    journal.write([Owed("s1", Debt("lamp", LEVEL, 40.0, 0))], 0)
    journal.close()
    journal = opened(file, EVENING - timedelta(hours=1))
    assert journal.open_debts(50) == [Debt("lamp", LEVEL, 40.0, 50)]
    journal.close()


def test_a_debt_outlives_its_session_and_is_dropped_aloud(file: Path) -> None:
    journal = opened(file)
    begin(journal)
    journal.write([Ended("s1", Ending.FINISHED, 5000)], 5000)
    journal = again(journal, file, after=11 * HOUR)
    assert journal.forget_debts(0, 12 * HOUR) == []
    dropped = journal.forget_debts(2 * HOUR, 12 * HOUR)
    assert {debt.device for debt in dropped} == {"ceiling"}
    assert journal.open_debts(2 * HOUR) == []
    assert journal.read("SELECT DISTINCT event FROM events") == [("debt_dropped",)]
    journal.close()


def test_resumes_are_counted_until_a_step_is_got_through(file: Path) -> None:
    journal = opened(file)
    begin(journal)
    journal.write([entered(2, "soak")], 2000)
    for _ in range(2):
        journal.resumes("s1", "bedroom", 3000)
        journal.write([entered(2, "soak")], 3000)
    assert journal.unfinished(0)[0].position == Position(2, "soak", resumes=2)
    journal.write([entered(3, "dry")], 4000)
    assert journal.unfinished(0)[0].position == Position(3, "dry", resumes=0)
    journal.close()


def test_landing_and_pausing_are_remembered_at_once(file: Path) -> None:
    journal = opened(file)
    begin(journal)
    journal.write([entered(2, "soak")], 2000)
    journal.record(happened(3000, Paused("soak")))
    with Reader(file) as reader:
        assert reader.read("SELECT paused FROM positions") == [(1,)]
        journal.record(happened(3000, Resumed("soak")))
        assert reader.read("SELECT paused FROM positions") == [(0,)]
        journal.record(happened(4000, Landing(Ending.STOPPED)))
        assert reader.read("SELECT landing FROM sessions") == [("stopped",)]
    journal.close()


def test_a_session_lasts_as_long_as_it_is_played_not_as_long_as_relax_was_away(file: Path) -> None:
    journal = opened(file)
    begin(journal, at=0)
    journal.write([entered(2, "soak")], 0)
    journal.heartbeat(beat(10 * MINUTE), 10 * MINUTE)
    journal = again(journal, file, after=9 * HOUR)
    journal.resumes("s1", "bedroom", 0)
    journal.write([*beginning(at=0), Ended("s1", Ending.FINISHED, 5 * MINUTE)], 5 * MINUTE)
    assert journal.read("SELECT lasted FROM sessions") == [(15 * MINUTE,)]
    journal.close()


def test_a_session_that_is_landed_in_the_next_life_lasted_until_it_was_cut_off(file: Path) -> None:
    journal = opened(file)
    begin(journal, at=0)
    journal.heartbeat(beat(10 * MINUTE), 10 * MINUTE)
    journal = again(journal, file, after=9 * HOUR)
    journal.write([*beginning(at=0), Ended("s1", Ending.LOST, 8000)], 8000)
    assert journal.read("SELECT lasted, ending FROM sessions") == [(10 * MINUTE, "lost")]
    journal.close()


def test_the_last_heartbeat_is_that_of_the_life_before(file: Path) -> None:
    journal = opened(file)
    assert journal.last_heartbeat() is None
    journal.heartbeat(beat(20_000), 20_000)
    journal = again(journal, file)
    assert journal.last_heartbeat() == beat(20_000)
    journal.close()


def test_a_clock_that_is_set_is_followed_from_the_next_heartbeat(file: Path) -> None:
    journal = opened(file)
    begin(journal)
    journal.record(happened(2000, Waiting("soak", 1000)))
    journal.heartbeat(beat(10_000)._replace(wall=EVENING - timedelta(hours=1)), 10_000)
    journal.record(happened(12_000, Waiting("soak", 1000)))
    first, second = (at for (at,) in journal.read("SELECT at FROM events ORDER BY id"))
    assert second - first == -HOUR
    journal.close()


def test_words_from_outside_never_spoil_a_commit(file: Path) -> None:
    journal = opened(file)
    begin(journal, trigger="\ud800", scene_text="a\0b\udfff")
    journal.tell("\ud800", 1000, CommandRefused("start", "malformed", "half \ud83d a character"))
    journal.record(happened(1000, Announced("a1", None, "\udfff")))
    journal.flush()
    assert journal.trouble is None
    assert journal.read("SELECT count(*) FROM events") == [(2,)]
    assert len(journal.unfinished(0)) == 1
    journal.close()


def test_events_of_a_session_that_the_file_does_not_know_hold_up_nothing(file: Path) -> None:
    journal = opened(file)
    begin(journal)
    journal.tell("den", 1000, CommandSent("lamp", "", 0), "unknown")
    journal.record(happened(1000, Waiting("soak", 1000)))
    journal.flush()
    assert journal.trouble is None
    assert journal.read("SELECT event FROM events") == [("waiting",)]
    journal.close()


def test_what_is_told_of_a_session_before_it_begins_is_there_once_it_has(file: Path) -> None:
    journal = opened(file)
    journal.expect(record("s1"))
    journal.tell("bedroom", 500, ScheduleStarted("wind-down", "2026-11-22T22:15:00+00:00"), "s1")
    journal.flush()
    assert journal.read("SELECT event FROM events") == []
    journal.write(beginning(), 1000)
    assert journal.read("SELECT session, event FROM events") == [("s1", "schedule_started")]
    assert journal.trouble is None
    journal.close()


def test_a_second_writer_is_refused(file: Path) -> None:
    journal = opened(file)
    with pytest.raises(JournalError, match="Another relax daemon"):
        opened(file)
    begin(journal)
    journal.close()
    journal = opened(file)
    assert len(journal.unfinished(0)) == 1
    journal.close()


def test_old_events_are_folded_into_the_line_of_their_session(file: Path) -> None:
    journal = opened(file)
    begin(journal)
    for at in (1000, 2000, 3000):
        journal.record(happened(at, StepStarted("settle", "Settle", 1, 9)))
    journal.record(happened(4000, Waiting("soak", 1000)))
    journal.tell("", 1000, CommandRefused("start", "not_now", "Not now."))
    journal.write([Ended("s1", Ending.FINISHED, 5000)], 5000)
    journal.fold(EVENING + timedelta(milliseconds=2500))
    assert journal.read("SELECT count(*) FROM events") == [(2,)]
    assert journal.read("SELECT count(*) FROM snapshots") == [(3,)]
    journal.fold(EVENING + timedelta(days=90))
    assert journal.read("SELECT folded, lasted FROM sessions") == [('{"step_started":3,"waiting":1}', 4000)]
    assert [journal.read(f"SELECT count(*) FROM {table}") for table in ("events", "snapshots")] == [[(0,)], [(0,)]]
    journal.fold(EVENING + timedelta(days=91))
    assert journal.read("SELECT folded FROM sessions") == [('{"step_started":3,"waiting":1}',)]
    journal.close()


def test_a_long_log_is_brought_into_the_file_beside_the_writer(file: Path) -> None:
    journal = opened(file)
    begin(journal)
    log = file.with_name(f"{file.name}-wal")
    while log.stat().st_size <= LOG_AT_MOST:
        for at in range(500):
            journal.tell("bedroom", at, CommandSent("lamp", "x" * 200, 0), "s1")
        journal.flush()
    small = file.stat().st_size
    beside = threading.Thread(target=journal.sync)
    beside.start()
    while beside.is_alive():
        journal.tell("bedroom", 1, CommandSent("lamp", "", 0), "s1")
        journal.flush()
    assert file.stat().st_size > small
    long = log.stat().st_size
    begin(journal, "s2")
    assert log.stat().st_size <= long + 65_536, "it is used from its beginning again"
    assert journal.trouble is None
    assert journal.read("PRAGMA integrity_check") == [("ok",)]
    journal.close()


def test_what_is_committed_can_be_brought_to_the_disk(file: Path) -> None:
    journal = opened(file)
    begin(journal)
    journal.sync()
    journal.close()
    journal.sync()
    assert journal.trouble is None


def test_what_a_room_would_start_is_what_was_chosen_last(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    journal = opened(file)
    assert journal.chosen() == []
    journal.choose("den", "foot-massage", {"feet": "left"})
    journal.choose("attic", "quiet", {})
    journal.choose("den", "foot-massage", {"feet": "both", "bath": False, "pace": 1.5})
    journal.close()
    journal = opened(file)
    assert journal.chosen() == [
        RoomChoice("attic", "quiet", {}),
        RoomChoice("den", "foot-massage", {"feet": "both", "bath": False, "pace": 1.5}),
    ]
    journal.close()


def test_that_a_session_goes_on_is_in_the_file_at_once(file: Path) -> None:
    """Who dies at once again has been counted."""
    journal = opened(file)
    begin(journal)
    journal.write([entered(1, "settle")], 1000)
    journal.resumes("s1", "bedroom", 2000)
    with Reader(file) as somebody:
        assert somebody.read("SELECT resumes FROM positions") == [(1,)]
    journal.close()


def test_sessions_are_counted_from_a_moment_on_in_their_room_and_of_their_scene(file: Path) -> None:
    journal = opened(file)
    for hours in (0, 1, 2):
        begin(journal, f"s{hours}", started_at=EVENING + timedelta(hours=hours))
    begin(journal, "elsewhere", room="den", started_at=EVENING + timedelta(hours=2))
    assert journal.played_since("bedroom", "foot-massage", EVENING + timedelta(hours=1)) == 2
    assert journal.played_since("bedroom", "foot-massage", EVENING) == 3
    assert journal.played_since("bedroom", "box-breathing", EVENING) == 0
    journal.close()
