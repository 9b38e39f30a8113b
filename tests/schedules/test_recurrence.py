"""`next_fire` is strictly later, stable, skips no day that fits, and agrees with cronsim and with brute force."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.schedules.days import Days, Every, HolidayRule, Holidays, Span
from orchestrator.schedules.model import AtClock, Coordinates, Cron, Events, Schedule, Sun, SunEvent
from orchestrator.schedules.recurrence import at_clock, fires, next_fire, upcoming
from orchestrator.units import HOUR, MINUTE
from tests.schedules.sketches import at, calendar, schedule, when

ZONES = [
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Sao_Paulo",
    "Asia/Kathmandu", "Europe/Oslo", "UTC",
]  # fmt: skip
moments = st.datetimes(datetime(2018, 1, 1), datetime(2034, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis puts the zone
clocks = st.times(max_value=time(23, 59)).map(lambda clock: clock.replace(second=0, microsecond=0))
spans = st.builds(
    Span,
    *(st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: (0, day.month, day.day)) for _ in range(2)),
)
days = st.builds(
    Days,
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    months=st.frozensets(st.integers(1, 12), min_size=1),
    between=st.just(()) | st.tuples(spans),
    every=st.none() | st.builds(Every, st.integers(1, 9), st.dates(date(2017, 1, 1), date(2020, 1, 1))),
    left_out=st.just(()) | st.tuples(spans),
    holidays=st.none()
    | st.sampled_from([Holidays("DE", "BE"), Holidays("US"), Holidays("NO", None, HolidayRule.ALSO)]),
)
sources = (
    st.builds(AtClock, clocks)
    | st.sampled_from([Cron("15 22 * * mon-thu"), Cron("0 7,22 1,15 * *"), Cron("*/20 21 * * 5L"), Cron("30 2 * * *")])
    | st.builds(
        Sun,
        st.sampled_from(SunEvent),
        st.builds(Coordinates, st.floats(-75, 75), st.floats(-179, 179)),
        st.integers(-3 * HOUR, 3 * HOUR),
        st.none() | st.just(time(17, 0)),
        st.none() | st.just(time(23, 0)),
    )
)
schedules = st.builds(
    lambda moment, zone, days, jitter, lead: schedule(moment, zone, days, jitter=jitter, lead=lead),
    sources,
    st.sampled_from(ZONES),
    days,
    st.sampled_from([0, 0, 10 * MINUTE, 3 * HOUR]),
    st.sampled_from([0, 0, 25 * MINUTE]),
)


@given(schedules, moments)
def test_it_is_strictly_later_and_asking_again_changes_nothing(one: Schedule, after: datetime) -> None:
    found = next_fire(one, after)
    assert found == next_fire(one, after)
    if found.at is not None:
        assert found.at > after
        between = after + (found.at - after) / 2
        if between < found.at:
            assert next_fire(one, between).at == found.at


@given(schedules, moments)
def test_one_after_the_other_they_only_grow(one: Schedule, after: datetime) -> None:
    found = [outlook.at for outlook in islice(fires(one, after), 6)]
    assert all(earlier < later for earlier, later in pairwise(found) if earlier and later)


offsets = st.timedeltas(timedelta(hours=-23, minutes=-59), timedelta(hours=23, minutes=59)).map(timezone)
somewhere = st.sampled_from(ZONES).map(ZoneInfo) | offsets
extremes = (
    st.datetimes(datetime.min, datetime(2, 1, 6), timezones=somewhere)  # noqa: DTZ001, DTZ901 - hypothesis puts the zone
    | st.datetimes(datetime(9998, 12, 20), datetime.max, timezones=somewhere)  # noqa: DTZ001, DTZ901
    | st.datetimes(timezones=somewhere)
    | somewhere.map(lambda zone: datetime.min.replace(tzinfo=zone))
    | somewhere.map(lambda zone: datetime.max.replace(tzinfo=zone))
)


def an_event(one: Schedule) -> Schedule:
    """The same schedule, by a calendar with an event that comes each year."""
    yearly = calendar("DTSTART:00030101T210000Z\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Feet")
    return replace(one, moment=Events(yearly))


@given(schedules, extremes)
def test_every_moment_of_every_year_has_an_answer(one: Schedule, after: datetime) -> None:
    for each in (one, an_event(one)):
        found = next_fire(each, after).at
        assert found is None or (found - after.replace(tzinfo=UTC) > timedelta(days=-2) and found.tzinfo is UTC)
        if found is not None and 1 < after.year < 9999:
            assert found > after


def test_beyond_the_calendar_there_is_no_next_time() -> None:
    assert next_fire(at("22:15"), datetime.max.replace(tzinfo=UTC)).at is None
    assert next_fire(at("22:15"), when("9998-12-31T23:00+01:00")).at is None
    assert next_fire(at("22:15"), when("9998-12-31T22:00+01:00")).at == when("9998-12-31T22:15+01:00")
    assert next_fire(at("22:15"), datetime.min.replace(tzinfo=UTC)).at is not None


@given(clocks, st.sampled_from(ZONES), days, moments)
def test_no_day_that_fits_is_skipped(clock: time, zone: str, which: Days, after: datetime) -> None:
    """Brute force: every day of four months, asked by itself."""
    one = schedule(AtClock(clock), zone, which)
    first = after.astimezone(one.zone).date()
    wanted = [
        moment
        for day in (first + timedelta(days=number) for number in range(-1, 120))
        if which.has(day) and which.why_not(day) is None
        for moment in (at_clock(day, clock, one.zone),)
        if moment > after
    ]
    found = []
    for outlook in fires(one, after):
        if outlook.at is None or outlook.at.astimezone(one.zone).date() > first + timedelta(days=119):
            break
        found.append(outlook.at)
    assert found == wanted


@given(clocks, st.sampled_from(ZONES), st.dates(date(2018, 1, 1), date(2034, 1, 1)))
def test_a_time_of_day_by_brute_force(clock: time, zone: str, day: date) -> None:
    """The first minute of the world at which that wall, on that day, shows this time or has just jumped past it."""
    home = ZoneInfo(zone)
    start = datetime.combine(day, time(), UTC) - timedelta(hours=16)
    walls = (start + timedelta(minutes=number) for number in range(60 * 56))
    wanted = next(
        moment for moment in walls if (wall := moment.astimezone(home)).date() == day and wall.time() >= clock
    )
    assert at_clock(day, clock, home) == wanted


@given(
    st.sampled_from(["15 22 * * mon-thu", "0 7,22 1,15 * *", "30 2 * * *", "*/7 * * * *", "5 */3 * * *", "0 22 L * *"]),
    st.sampled_from(ZONES),
    moments,
)
def test_it_agrees_with_cronsim(expression: str, zone: str, after: datetime) -> None:
    theirs = CronSim(expression, after.astimezone(ZoneInfo(zone)))
    wanted: list[datetime] = []
    while len(wanted) < 5:
        found = next(theirs).astimezone(UTC)
        if found > after and (not wanted or found > wanted[-1]):
            wanted.append(found)
    ours = upcoming(schedule(Cron(expression), zone), after, 5)
    assert [outlook.at for outlook in ours] == wanted


@given(st.integers(1, 180), st.sampled_from(["18:00", "22:15"]), moments)
def test_jitter_stays_within_its_bounds_and_differs_from_day_to_day(minutes: int, clock: str, after: datetime) -> None:
    loose = upcoming(at(clock, jitter=minutes * MINUTE), after, 8)
    for outlook in loose:
        assert outlook.at is not None
        berlin = ZoneInfo("Europe/Berlin")
        day = outlook.at.astimezone(berlin) - timedelta(hours=18)
        nominal = at_clock(day.date(), time.fromisoformat(clock), berlin)
        assert timedelta() <= outlook.at - nominal <= timedelta(minutes=minutes)
    assert len({outlook.at.time() for outlook in loose if outlook.at}) > 1


def test_exceptions_are_passed_over_and_said() -> None:
    away = calendar("DTSTART;VALUE=DATE:20261221\r\nDTEND;VALUE=DATE:20261223\r\nSUMMARY:Skiing")
    which = Days(holidays=Holidays("DE", "BE"), left_out=(Span((2026, 12, 24), (2026, 12, 24)),), away=(away,))
    found = next_fire(at("22:15", days=which), when("2026-12-20T23:00+01:00"))
    assert found.at == when("2026-12-23T22:15+01:00")
    assert [(str(each.first), str(each.last), each.why) for each in found.passed] == [
        ("2026-12-21", "2026-12-22", "Skiing (away.ics)")
    ]
    found = next_fire(at("22:15", days=which), when("2026-12-23T23:00+01:00"))
    assert found.at == when("2026-12-27T22:15+01:00")
    assert [(str(each.first), each.why.partition(":")[0]) for each in found.passed] == [
        ("2026-12-24", "left out by `except`"),
        ("2026-12-25", "a holiday"),
        ("2026-12-26", "a holiday"),
    ]


def test_a_calendar_can_be_the_source() -> None:
    evenings = calendar(
        "DTSTART;TZID=Europe/Berlin:20261001T210000\r\nDTEND;TZID=Europe/Berlin:20261001T213000\r\n"
        "RRULE:FREQ=WEEKLY;BYDAY=TH\r\nEXDATE;TZID=Europe/Berlin:20261029T210000\r\nSUMMARY:Feet",
        "DTSTART;VALUE=DATE:20261016\r\nSUMMARY:a whole day",
    )
    found = upcoming(schedule(Events(evenings)), when("2026-10-15T22:00+02:00"), 3)
    assert [outlook.at for outlook in found] == [
        when("2026-10-22T21:00+02:00"),
        when("2026-11-05T21:00+01:00"),
        when("2026-11-12T21:00+01:00"),
    ]
    only = at("22:15", days=Days(only=evenings))
    assert next_fire(only, when("2026-10-15T23:00+02:00")).at == when("2026-10-16T22:15+02:00")


def test_a_schedule_that_never_fits_has_no_next_time() -> None:
    never = schedule(Cron("*/5 * * * *"), days=Days(between=(Span((2020, 1, 1), (2020, 1, 2)),)))
    assert next_fire(never, when("2026-01-01T00:00+01:00")).at is None


@pytest.mark.parametrize(("rule", "first"), [("only", "2026-12-25"), ("also", "2026-12-25"), ("skip", "2026-12-28")])
def test_holidays_are_left_out_sought_or_added(rule: str, first: str) -> None:
    which = Days(weekdays=frozenset({0}), holidays=Holidays("DE", "BE", HolidayRule(rule)))
    if rule == "only":
        which = Days(holidays=which.holidays)
    found = next_fire(at("22:15", days=which), when("2026-12-24T23:00+01:00")).at
    assert found is not None
    assert str(found.astimezone(ZoneInfo("Europe/Berlin")).date()) == first
