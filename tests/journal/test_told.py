"""History, trace and why: what a person reads in the journal."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from orchestrator.conductor.journal_entries import Ended
from orchestrator.errors import JournalError
from orchestrator.events.device import CommandSent, DeviceAnswered, DeviceMissing, DeviceSilent, GivenBack, Overridden
from orchestrator.events.music import MusicUnknown
from orchestrator.events.refusal import CommandRefused
from orchestrator.events.session import Ending, Landing
from orchestrator.events.step import StepStarted
from orchestrator.events.words import Announced, WordsDropped, WordsSpoken
from orchestrator.journal.history import Week, history
from orchestrator.journal.journal import Journal
from orchestrator.journal.reader import Reader
from orchestrator.journal.sentences import NOT_HAPPENED
from orchestrator.journal.statements import of_event
from orchestrator.journal.trace import trace
from orchestrator.journal.why import why
from orchestrator.stage.heard import Debt
from orchestrator.units import HOUR, MINUTE, SECOND, Ms
from tests.journal.lives import EVENING, LEVEL, begin, happened, opened

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = opened(tmp_path / "journal.db")
    yield journal
    journal.close()


def played(journal: Journal, name: str, at: datetime, lasted: Ms, ending: Ending = Ending.FINISHED) -> None:
    """A whole session that began at a moment."""
    now = round((at - EVENING).total_seconds() * SECOND)
    begin(journal, name, at=now, started_at=at)
    journal.write([Ended(name, ending, now + lasted)], now + lasted)


@pytest.mark.parametrize(
    ("local", "day"),
    [
        (datetime(2026, 11, 23, 3, 59, tzinfo=BERLIN), date(2026, 11, 22)),
        (datetime(2026, 11, 23, 4, 0, tzinfo=BERLIN), date(2026, 11, 23)),
        (datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN), date(2026, 3, 28)),  # the night that has no half past two
        (datetime(2026, 3, 29, 4, 0, tzinfo=BERLIN), date(2026, 3, 29)),
        (datetime(2026, 10, 25, 3, 59, tzinfo=BERLIN), date(2026, 10, 24)),  # the night that has it twice
        (datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BERLIN), date(2026, 10, 24)),
        (datetime(2027, 1, 1, 0, 30, tzinfo=BERLIN), date(2026, 12, 31)),
    ],
)
def test_a_day_ends_at_four(journal: Journal, local: datetime, day: date) -> None:
    played(journal, "s1", local.astimezone(UTC), 10 * MINUTE)
    (row,) = history(journal, BERLIN).played
    assert row.day == day
    assert row.started_at == local


def test_part_sessions_count_with_the_minutes_that_they_lasted(journal: Journal) -> None:
    monday = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    played(journal, "whole", monday, 31 * MINUTE)
    played(journal, "part", monday + timedelta(days=1), 4 * MINUTE + 40 * SECOND, Ending.STOPPED)
    played(journal, "last", monday + timedelta(days=6, hours=5), 10 * MINUTE + 40 * SECOND, Ending.ABORTED)
    played(journal, "next", monday + timedelta(days=7), 20 * MINUTE)
    told = history(journal, BERLIN)
    assert [(row.session, row.minutes, row.ending) for row in told.played] == [
        ("whole", 31, "finished"),
        ("part", 5, "stopped"),
        ("last", 11, "aborted"),
        ("next", 20, "finished"),
    ]
    assert told.weeks == (Week(date(2026, 11, 23), 3, 46), Week(date(2026, 11, 30), 1, 20))


def test_history_of_one_room_since_a_day(journal: Journal) -> None:
    played(journal, "old", EVENING - timedelta(days=3), MINUTE)
    played(journal, "new", EVENING, MINUTE)
    assert [row.session for row in history(journal, UTC, since=EVENING.date()).played] == ["new"]
    assert history(journal, UTC, room="den").played == ()
    assert len(history(journal, UTC, room="bedroom").played) == 2


def test_a_session_that_is_on_has_no_ending_yet(journal: Journal) -> None:
    begin(journal)
    (row,) = history(journal, UTC).played
    assert (row.ending, row.minutes) == (None, 0)


def test_a_trace_says_what_was_due_sent_and_answered_and_why_not(journal: Journal) -> None:
    begin(journal, "s1", at=0)
    journal.record(happened(1000, StepStarted("settle", "Settle down", 1, 9)))
    journal.record(happened(1100, Announced("a1", "settle", "Sit down.")))
    journal.tell("bedroom", 1200, CommandSent("ceiling", "level", 30), "s1")
    journal.tell("bedroom", 1450, DeviceAnswered("ceiling"), "s1")
    journal.tell("bedroom", 3000, WordsSpoken("a1", done=True), "s1")
    journal.record(happened(4000, Announced("a2", "settle", "Breathe.")))
    journal.record(happened(9000, WordsDropped("a2", 5000)))
    journal.record(happened(9500, DeviceSilent("strip")))
    told = trace(journal, "s1")
    assert (told.room, told.scene, told.ending, told.folded) == ("bedroom", "foot-massage", None, {})
    rows = [(one.event, one.about, one.due, one.sent, one.answered, one.why) for one in told.events]
    assert rows == [
        ("step_started", "Settle down", 1000, 1000, None, ""),
        ("announced", "Sit down.", 1100, 1100, 3000, ""),
        ("sent", "ceiling: level", 1170, 1200, 1450, ""),
        (
            "announced",
            "Breathe.",
            4000,
            None,
            None,
            "Words were left out: they would have come 5.0 s late, 3 s is the most.",
        ),
        ("device_silent", "strip", 9500, None, None, "strip did not answer."),
    ]


def test_words_that_the_voice_did_not_finish_are_said_to_be(journal: Journal) -> None:
    begin(journal, "s1", at=0)
    journal.record(happened(1000, Announced("a1", "settle", "Sit down.")))
    journal.tell("bedroom", 2000, WordsSpoken("a1", done=False), "s1")
    (row,) = trace(journal, "s1").events
    assert (row.answered, row.why) == (2000, "The voice did not get to the end of it.")


def test_the_beginning_of_an_id_is_enough_where_it_is_one_session(journal: Journal) -> None:
    begin(journal, "abc1")
    begin(journal, "abd2", "den")
    begin(journal, "abd", "attic")
    assert trace(journal, "abc").session == "abc1"
    assert trace(journal, "abd").session == "abd"
    for name, sentence in [
        ("ab", "Several sessions"),
        ("x", "knows no session"),
        ("", "Several"),
        ("ab%", "no session"),
    ]:
        with pytest.raises(JournalError, match=sentence):
            trace(journal, name)


def test_a_folded_session_still_has_its_counts(journal: Journal) -> None:
    begin(journal, "s1", at=0)
    journal.record(happened(1000, StepStarted("settle", "Settle", 1, 9)))
    journal.fold(EVENING + timedelta(days=90))
    told = trace(journal, "s1")
    assert told.events == ()
    assert told.folded == {"step_started": 1}


def test_why_names_the_value_that_decided_newest_first(journal: Journal) -> None:
    begin(journal, "s1", at=0)
    journal.record(happened(1000, StepStarted("settle", "Settle", 1, 9)))
    journal.record(happened(2000, WordsDropped("a1", 4200)))
    journal.record(happened(3000, Overridden("ceiling", LEVEL, 40)))
    journal.record(happened(4000, MusicUnknown("whales")))
    journal.tell("den", 5000, CommandRefused("start", "room_busy", "In den the scene x is on."))
    journal.record(happened(6000, Landing(Ending.STOPPED)))
    told = why(journal)
    assert [(one.room, one.session, one.sentence) for one in told] == [
        ("den", None, "start was refused (room_busy): In den the scene x is on."),
        ("bedroom", "s1", "The home has no music called whales: what played, played on."),
        ("bedroom", "s1", "ceiling: somebody set its brightness to 40 % by hand, and it was left so."),
        ("bedroom", "s1", "Words were left out: they would have come 4.2 s late, 3 s is the most."),
    ]
    assert told[3].details["late"] == 4200
    assert told[3].at == EVENING + timedelta(seconds=2)
    assert [one.event for one in why(journal, room="den")] == ["refused"]
    assert len(why(journal, at_most=2)) == 2


def test_why_names_what_was_not_given_back_and_nothing_else(journal: Journal) -> None:
    begin(journal, "s1", at=0)
    journal.record(happened(1000, GivenBack(given=("ceiling",), left=(), owed=())))
    assert why(journal) == []
    journal.record(
        happened(2000, GivenBack(given=("ceiling",), left=(), owed=("strip",), unanswered=("lamp",), morning=("bulb",)))
    )
    (one,) = why(journal)
    assert one.sentence == (
        "Did not say that it is as it was: lamp. "
        "It was night, so these were made no brighter until the morning: bulb. "
        "Not given back yet: strip. It gets what it had when it is there again."
    )


def test_why_finds_what_lies_behind_many_good_endings(journal: Journal) -> None:
    begin(journal, "s1", at=0)
    journal.record(happened(1000, DeviceMissing("strip")))
    for at in range(250):
        journal.record(happened(2000 + at, Landing(Ending.FINISHED)))
    assert [one.event for one in why(journal)] == ["device_missing"]


def test_a_debt_that_was_dropped_is_among_the_answers(journal: Journal) -> None:
    begin(journal, "s1", at=0)
    journal.forget_debts(13 * HOUR, 12 * HOUR)
    assert "The brightness of ceiling was never given back: it was away for 13.0 hours." in [
        one.sentence for one in why(journal)
    ]


@pytest.mark.parametrize("facts", ["{}", '{"about": 7}', '{"device": "strip"}'])
@pytest.mark.parametrize("kind", [*(each.kind for each in NOT_HAPPENED), "of_a_newer_relax"])
def test_an_event_without_its_facts_harms_no_other(journal: Journal, kind: str, facts: str) -> None:
    begin(journal, "s1", at=0)
    journal.record(happened(1000, DeviceMissing("lamp")))
    journal._store.put(of_event("s1", "bedroom", 2000, kind, facts))
    assert [one.sentence for one in why(journal)][-1] == "lamp was not there: the session went on without it."
    assert [one.event for one in trace(journal, "s1").events] == ["device_missing", kind]


def test_the_same_is_read_from_beside_the_daemon(journal: Journal, tmp_path: Path) -> None:
    begin(journal, "s1", at=0)
    journal.record(happened(1000, DeviceMissing("strip")))
    journal.flush()
    with Reader(tmp_path / "journal.db") as reader:
        assert history(reader, UTC) == history(journal, UTC)
        assert trace(reader, "s1") == trace(journal, "s1")
        assert why(reader) == why(journal)
    assert Debt("ceiling", LEVEL, 62.5, 0) in journal.open_debts(0)
