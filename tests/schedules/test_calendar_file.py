"""Calendars are other people's data: a fault costs one event, and what is right is what icalendar says."""

import random
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.schedules.calendar import Calendar
from orchestrator.schedules.calendar_file import read_calendar

BERLIN = ZoneInfo("Europe/Berlin")
GOOD = "UID:good\r\nDTSTART:20261203T200000Z\r\nSUMMARY:F"


def file_of(*events: str, head: str = "") -> str:
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//\r\n{head}{body}END:VCALENDAR\r\n"


def titles(text: str, year: int = 2026, *, has_free: bool = True) -> list[str]:
    calendar = Calendar("c.ics", BERLIN, read_calendar(text), has_free=has_free)
    return sorted({occurrence.title for occurrence in calendar.year(year)})


BAD = [
    ("UID:bad\r\nSUMMARY:broken", "(broken) is left out: it has no start (DTSTART)"),
    ("UID:bad\r\nDTSTART:yesterday\r\nSUMMARY:broken", "(broken) is left out: "),
    ("UID:bad\r\nDTSTART:20261303T200000Z\r\nSUMMARY:broken", "(broken) is left out: "),
    ("UID:bad\r\nDTSTART:20261203T200000Z\r\nDTSTART:20261204T200000Z", "it has several starts"),
    ("UID:bad\r\nDTSTART:20261203T200000Z\r\nRRULE:FREQ=SOMETIMES", " is left out: "),
    ("UID:bad\r\nDTSTART:20261203T200000Z\r\nRRULE:FREQ=SECONDLY", "it repeats all the time"),
    ("UID:bad\r\nDTSTART:20261203T200000Z\r\nRRULE:FREQ=DAILY;INTERVAL=0", "it repeats all the time"),
    (
        f"UID:bad\r\nDTSTART:20261203T200000Z\r\nRRULE:FREQ=HOURLY;BYMINUTE={','.join('7' * 50)};BYSECOND=1,2",
        "it repeats all the time",
    ),
    ("UID:bad\r\nDTSTART;TZID=Nowhere/At all:2026x\r\nSUMMARY:broken", "(broken) is left out: "),
    ("UID:bad\r\nDTSTART:00010101T000000Z\r\nRRULE:FREQ=YEARLY", " is left out: "),
    ("UID:bad\r\nDTSTART;VALUE=DATE:20261203\r\nDTEND:20261204T200000Z", " is left out: "),
]


@pytest.mark.parametrize(("event", "said"), BAD, ids=[event[5:60] for event, _ in BAD])
def test_one_bad_event_is_left_out_with_its_line_and_the_rest_counts(event: str, said: str) -> None:
    text = file_of(event, GOOD)
    found = read_calendar(text)
    (fault,) = found.faults
    assert fault.startswith("the event in line 4 ")
    assert said in fault
    assert titles(text) == ["F"]


def test_lines_that_are_none_and_lines_of_nobody_harm_nothing() -> None:
    text = file_of(f"nonsense\r\n{GOOD}\r\n;;;:\r\nBEGIN:VALARM\r\nTRIGGER:-PT1H\r\nSUMMARY:alarm\r\nEND:VALARM")
    assert titles(text.replace("END:VCALENDAR", "END:VTODO\r\nmore nonsense\r\nEND:VCALENDAR")) == ["F"]
    assert read_calendar(text).faults == ()


def test_a_file_that_was_cut_off_says_so_and_what_was_whole_counts() -> None:
    text = file_of(GOOD, "UID:2\r\nDTSTART:20261204T200000Z\r\nSUMMARY:cut off")
    whole = text[: text.index("SUMMARY:cut off") + 11]
    (fault,) = read_calendar(whole).faults
    assert fault == "the event in line 9 (cut) has no end: is the file whole?"
    assert titles(whole) == ["F"]
    assert titles(text.replace("END:VEVENT\r\nEND:VCALENDAR", "END:VCALENDAR")) == ["F"]


def test_of_many_faults_twenty_are_told() -> None:
    found = read_calendar(file_of(*(f"UID:{number}" for number in range(100)), GOOD))
    assert (len(found.faults), found.faults[-1]) == (21, "and 80 more")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_like_and_the_mark_of_their_order_is_no_letter(end: str) -> None:
    text = "\ufeff" + file_of(GOOD.replace("SUMMARY:F", "SUMMARY:Feet\r\n  and\\, hands")).replace("\r\n", end)
    assert titles(text) == ["Feet and, hands"]


def test_what_somebody_said_no_to_or_called_off_counts_nowhere() -> None:
    def guest(who: str, state: str) -> str:
        return f'ATTENDEE;CN="A; B: C";PARTSTAT={state}:mailto:{who}'

    me, other = "Me@example.org", "you@example.org"
    mine = f"X-WR-CALNAME:{me.lower()}\r\n"
    assert titles(file_of(f"{GOOD}\r\n{guest(me, 'DECLINED')}\r\n{guest(other, 'ACCEPTED')}", head=mine)) == []
    assert titles(file_of(f"{GOOD}\r\n{guest(me, 'ACCEPTED')}\r\n{guest(other, 'DECLINED')}", head=mine)) == ["F"]
    assert titles(file_of(f"{GOOD}\r\n{guest(other, 'DECLINED')}", head=mine)) == []
    assert titles(file_of(f"{GOOD}\r\n{guest(me, 'ACCEPTED')}\r\n{guest(other, 'DECLINED')}")) == ["F"]
    weekly = f"{GOOD}\r\nRRULE:FREQ=WEEKLY"
    assert titles(file_of(f"{weekly}\r\n{guest(me, 'DECLINED')}", head=mine)) == []
    off = "UID:good\r\nRECURRENCE-ID:20261210T200000Z\r\nDTSTART:20261210T200000Z\r\n"
    once = Calendar("c.ics", BERLIN, read_calendar(file_of(weekly, f"{off}{guest(me, 'DECLINED')}", head=mine)))
    assert once.starts_on(date(2026, 12, 10)) == []
    assert once.starts_on(date(2026, 12, 17)) != []


def test_free_time_counts_where_it_is_asked_for() -> None:
    text = file_of(
        f"{GOOD}\r\nTRANSP:TRANSPARENT", "UID:2\r\nDTSTART:20261204T200000Z\r\nSUMMARY:busy\r\nTRANSP:OPAQUE"
    )
    weekly = file_of(f"{GOOD}\r\nTRANSP:TRANSPARENT\r\nRRULE:FREQ=WEEKLY;COUNT=3")
    assert titles(text) == ["F", "busy"]
    assert titles(text, has_free=False) == ["busy"]
    assert (titles(weekly), titles(weekly, has_free=False)) == (["F"], [])


def test_a_title_has_nothing_in_it_that_a_terminal_would_obey() -> None:
    bell = "\x1b[31m\x07\u202eF\x9b2J\u2028x"
    weekly = GOOD.replace("UID:good", "UID:2") + "\r\nRRULE:FREQ=WEEKLY;COUNT=2"
    text = file_of(GOOD.replace("SUMMARY:F", f"SUMMARY:{bell}"), weekly.replace("SUMMARY:F", f"SUMMARY:{bell}"))
    assert titles(text) == ["[31m F 2J x"]


def test_an_event_of_centuries_is_soon_counted() -> None:
    text = file_of("UID:1\r\nDTSTART;VALUE=DATE:19000101\r\nDTEND;VALUE=DATE:21990101\r\nSUMMARY:long")
    calendar, began = Calendar("c.ics", BERLIN, read_calendar(text)), time.monotonic()
    assert calendar.title_on(date(2026, 12, 3)) == "long"
    assert time.monotonic() - began < 2


def test_ten_years_of_meetings_are_read_in_no_time() -> None:
    """300 KB of single events took icalendar 1.5 s."""
    past = (
        f"UID:{n}\r\nDTSTART:20{10 + n % 15}{1 + n % 12:02d}{1 + n % 28:02d}T200000Z\r\nDESCRIPTION:{'x' * 130}"
        for n in range(1500)
    )
    text, began = file_of(*past, GOOD), time.process_time()
    assert titles(text) == ["F"]
    assert time.process_time() - began < 1
    assert len(text) > 256 * 1024


# What is right


def by_icalendar(text: str, year: int) -> list[tuple[str, Any, date, date]]:
    """The occurrences of a year as icalendar has them, without anything of ours."""
    from icalendar import Calendar as Parsed
    from recurring_ical_events import of

    found: list[tuple[str, Any, date, date]] = []
    for event in of(Parsed.from_ical(text)).between(date(year, 1, 1) - timedelta(days=2), date(year + 1, 1, 3)):
        start, end = event.start, event.end
        if isinstance(start, datetime):
            begins = (start if start.tzinfo else start.replace(tzinfo=BERLIN)).astimezone(BERLIN)
            ends = (end if end.tzinfo else end.replace(tzinfo=BERLIN)).astimezone(BERLIN)
            last = max(begins, ends - timedelta(microseconds=1)).astimezone(BERLIN).date()
            found.append((str(event["SUMMARY"]), begins.astimezone(UTC), begins.date(), last))
        else:
            found.append((str(event["SUMMARY"]), None, start, max(start, end - timedelta(days=1))))
    return found


@st.composite
def any_event(draw: st.DrawFn) -> str:
    day = draw(st.dates(date(2025, 12, 20), date(2027, 1, 10)))
    length = draw(st.integers(0, 40))
    shape = draw(st.sampled_from(["day", "utc", "zone", "floating"]))
    if shape == "day":
        lines = [f"DTSTART;VALUE=DATE:{day:%Y%m%d}"]
        if length:
            lines.append(f"DTEND;VALUE=DATE:{day + timedelta(days=length):%Y%m%d}")
    else:
        clock = draw(st.times()).replace(microsecond=0)
        start = datetime.combine(day, clock)
        named = {"utc": "", "zone": f";TZID={draw(st.sampled_from(['America/New_York', 'Pacific/Auckland']))}"}.get(
            shape, ""
        )
        z = "Z" if shape == "utc" else ""
        lines = [f"DTSTART{named}:{start:%Y%m%dT%H%M%S}{z}"]
        if length:
            lines.append(f"DTEND{named}:{start + timedelta(hours=length):%Y%m%dT%H%M%S}{z}")
    if draw(st.booleans()) and draw(st.booleans()):
        lines.append(
            f"RRULE:FREQ={draw(st.sampled_from(['DAILY', 'WEEKLY', 'MONTHLY']))};COUNT={draw(st.integers(1, 9))}"
        )
    return "\r\n".join(draw(st.permutations(lines)))


@given(st.lists(any_event(), min_size=1, max_size=6))
def test_what_is_read_here_is_what_icalendar_reads(events: list[str]) -> None:
    text = file_of(*(f"UID:{number}\r\nSUMMARY:e{number}\r\n{event}" for number, event in enumerate(events)))
    calendar = Calendar("c.ics", BERLIN, read_calendar(text))
    ours = {
        (each.title, each.start and each.start.astimezone(UTC), each.first, each.last) for each in calendar.year(2026)
    }
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    theirs = {each for each in by_icalendar(text, 2026) if each[3] >= first and each[2] <= last}
    assert {each for each in ours if each[3] >= first and each[2] <= last} == theirs


@pytest.mark.parametrize("seed", range(30))
def test_whatever_is_in_a_file_it_is_read_or_refused_with_a_sentence(seed: int) -> None:
    chance = random.Random(seed)
    lines = file_of(
        f"{GOOD}\r\nRRULE:FREQ=WEEKLY;UNTIL=20270101T000000Z\r\nEXDATE:20261210T200000Z",
        "UID:2\r\nDTSTART;TZID=Europe/Berlin:20261203T200000\r\nDURATION:PT1H\r\nRDATE:20261205T200000Z",
        "UID:3\r\nDTSTART;VALUE=DATE:20261203\r\nSUMMARY:three",
    ).split("\r\n")
    for _ in range(chance.choice((1, 3, 9))):
        place = chance.randrange(len(lines))
        match chance.randrange(4):
            case 0:
                lines.pop(place)
            case 1:
                lines.insert(place, chance.choice(lines))
            case 2:
                line = list(lines[place])
                chance.shuffle(line)
                lines[place] = "".join(line)
            case _:
                cut = chance.randrange(len(lines[place]) + 1)
                lines[place] = lines[place][:cut] + chance.choice((":", ";", "=", "9" * 12, "\0", "\ud800", ""))
    try:
        found = read_calendar("\r\n".join(lines))
    except ValueError as error:
        assert "this is no iCalendar file" in str(error)  # noqa: PT017 - refusing is as right as reading
    else:
        for year in (2, 2026, 2030, 9998):
            Calendar("c.ics", BERLIN, found).title_on(date(year, 6, 1))
