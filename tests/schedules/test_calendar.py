"""A calendar knows the first day of a year in every zone, what was called off, and itself after a sync."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.schedules.calendar import Calendar
from orchestrator.schedules.calendar_file import read_calendar
from orchestrator.schedules.days import Days
from orchestrator.schedules.model import Events
from orchestrator.schedules.recurrence import next_fire
from tests.schedules.sketches import at, calendar, schedule, when

FIRST = [
    ("Pacific/Auckland", "20261231T210000Z", "2027-01-01T10:00+13:00"),
    ("Pacific/Kiritimati", "20261231T100000Z", "2027-01-01T00:00+14:00"),
    ("Pacific/Auckland", "20270101T105900Z", "2027-01-01T23:59+13:00"),
    ("America/Los_Angeles", "20270101T075900Z", "2026-12-31T23:59-08:00"),
    ("America/Los_Angeles", "20270102T075900Z", "2027-01-01T23:59-08:00"),
    ("Europe/Berlin", "20261231T230000Z", "2027-01-01T00:00+01:00"),
]


@pytest.mark.parametrize(("zone", "start", "expected"), FIRST)
def test_an_event_at_the_turn_of_the_year_is_on_the_day_that_the_wall_shows(
    zone: str, start: str, expected: str
) -> None:
    one, wall = calendar(f"DTSTART:{start}\r\nSUMMARY:Feet", zone=zone), when(expected)
    assert one.starts_on(wall.date()) == [wall]
    assert one.title_on(wall.date()) == "Feet"
    assert one.title_on(wall.date() - timedelta(days=1)) is None
    assert next_fire(schedule(Events(one), zone), when("2026-12-30T00:00+00:00")).at == wall


@given(
    st.datetimes(*(when(f"{day}T00:00Z").replace(tzinfo=None) for day in ("2026-12-28", "2027-01-05"))),
    st.sampled_from(["Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kathmandu", "UTC"]),
    st.sampled_from(["Pacific/Kiritimati", "Etc/GMT+12", "America/New_York"]),
)
def test_each_event_is_on_one_day_whatever_zone_it_was_written_in(moment: datetime, home: str, away: str) -> None:
    one = calendar(f"DTSTART;TZID={away}:{moment:%Y%m%dT%H%M%S}\r\nSUMMARY:Feet", zone=home)
    start = moment.replace(microsecond=0, tzinfo=ZoneInfo(away)).astimezone(UTC)
    days = (date(2026, 12, 26) + timedelta(days=number) for number in range(13))
    assert [(day, one.starts_on(day)) for day in days if one.starts_on(day)] == [
        (start.astimezone(ZoneInfo(home)).date(), [start])
    ]


def test_what_was_called_off_counts_neither_as_a_source_nor_as_an_exception() -> None:
    weekly = "UID:feet\r\nDTSTART:20261203T200000Z\r\nRRULE:FREQ=WEEKLY\r\nSUMMARY:Feet"
    off = "UID:feet\r\nRECURRENCE-ID:20261210T200000Z\r\nDTSTART:20261210T200000Z\r\nSTATUS:CANCELLED"
    trip = "UID:trip\r\nDTSTART;VALUE=DATE:20261204\r\nSTATUS:cancelled\r\nSUMMARY:Skiing"
    kept = "UID:kept\r\nDTSTART;VALUE=DATE:20261205\r\nSTATUS:CONFIRMED\r\nSUMMARY:Opera"
    one = Calendar("feet.ics", ZoneInfo("Europe/Berlin"), read_calendar(_file(weekly, off, trip, kept)))
    assert next_fire(schedule(Events(one)), when("2026-12-04T00:00+01:00")).at == when("2026-12-17T21:00+01:00")
    assert (one.title_on(date(2026, 12, 4)), one.title_on(date(2026, 12, 5))) == (None, "Opera")
    assert next_fire(at("22:15", days=Days(away=(one,))), when("2026-12-03T23:00+01:00")).at == when(
        "2026-12-04T22:15+01:00"
    )


def test_a_nightly_sync_that_changes_nothing_leaves_it_the_same_calendar() -> None:
    title = "SUMMARY:" + "a long evening " * 12
    before = _file(
        f"UID:1\r\nDTSTAMP:20260101T000000Z\r\nCREATED:20250101T000000Z\r\nLAST-MODIFIED:20260101T000000Z\r\n"
        f"SEQUENCE:1\r\nDTSTART:20261203T200000Z\r\n{title}"
    )
    after = _file(
        f"UID:1\r\nDTSTART:20261203T200000Z\r\n{title[:50]}\r\n {title[50:]}\r\nSEQUENCE:7\r\n"
        f"DTSTAMP;X-BY={'z' * 70}:20270101T000000Z",
        made_by="-//" + "another exporter " * 8,
    )
    assert _fingerprint(before) == _fingerprint(after)
    assert _fingerprint(before) != _fingerprint(before.replace("20261203T200000Z", "20261203T210000Z"))
    assert _fingerprint(before) != _fingerprint(before.replace("a long evening a", "DTSTAMP:1"))


def _fingerprint(text: str) -> str:
    one = Calendar("feet.ics", ZoneInfo("Europe/Berlin"), read_calendar(text))
    return schedule(Events(one), days=Days(away=(one,))).fingerprint


def _file(*events: str, made_by: str = "-//test//") -> str:
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{made_by}\r\n{body}END:VCALENDAR\r\n"
