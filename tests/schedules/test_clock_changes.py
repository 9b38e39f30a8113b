"""Right on every night of the year: when clocks change, when there is a leap day, when the sun does not set.

The expected instants are written by hand, from the zones' rules and almanacs.
"""

# ruff: noqa: E501 - a table reads best with one case a line
from datetime import date, time, timedelta

import pytest

from orchestrator.schedules.days import Days, Every, Span
from orchestrator.schedules.model import Coordinates, Cron, Passed, Schedule, Sun, SunEvent
from orchestrator.schedules.recurrence import next_fire
from orchestrator.units import MINUTE
from tests.schedules.sketches import BERLIN, HELSINKI, REYKJAVIK, TROMSO, at, schedule, when

NIGHTS = [
    # zone, time of day, after, first, second
    # Berlin: 29 March 2026 02:00 becomes 03:00; 25 October 2026 03:00 becomes 02:00
    ("Europe/Berlin", "22:15", "2026-03-28T12:00+01:00", "2026-03-28T22:15+01:00", "2026-03-29T22:15+02:00"),
    ("Europe/Berlin", "02:30", "2026-03-28T12:00+01:00", "2026-03-29T03:00+02:00", "2026-03-30T02:30+02:00"),
    ("Europe/Berlin", "02:00", "2026-03-28T12:00+01:00", "2026-03-29T03:00+02:00", "2026-03-30T02:00+02:00"),
    ("Europe/Berlin", "03:00", "2026-03-28T12:00+01:00", "2026-03-29T03:00+02:00", "2026-03-30T03:00+02:00"),
    ("Europe/Berlin", "22:15", "2026-10-24T12:00+02:00", "2026-10-24T22:15+02:00", "2026-10-25T22:15+01:00"),
    ("Europe/Berlin", "02:30", "2026-10-24T12:00+02:00", "2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"),
    ("Europe/Berlin", "02:30", "2026-10-25T02:30+01:00", "2026-10-26T02:30+01:00", "2026-10-27T02:30+01:00"),
    ("Europe/Berlin", "02:30", "2026-10-25T02:10+01:00", "2026-10-26T02:30+01:00", "2026-10-27T02:30+01:00"),
    # New York: 8 March 2026 02:00 becomes 03:00; 1 November 2026 02:00 becomes 01:00
    ("America/New_York", "22:15", "2026-03-07T12:00-05:00", "2026-03-07T22:15-05:00", "2026-03-08T22:15-04:00"),
    ("America/New_York", "02:30", "2026-03-07T12:00-05:00", "2026-03-08T03:00-04:00", "2026-03-09T02:30-04:00"),
    ("America/New_York", "22:15", "2026-10-31T12:00-04:00", "2026-10-31T22:15-04:00", "2026-11-01T22:15-05:00"),
    ("America/New_York", "01:30", "2026-10-31T12:00-04:00", "2026-11-01T01:30-04:00", "2026-11-02T01:30-05:00"),
    # Lord Howe, half an hour: 5 April 2026 02:00 becomes 01:30; 4 October 2026 02:00 becomes 02:30
    ("Australia/Lord_Howe", "22:15", "2026-04-04T12:00+11:00", "2026-04-04T22:15+11:00", "2026-04-05T22:15+10:30"),
    ("Australia/Lord_Howe", "01:45", "2026-04-04T12:00+11:00", "2026-04-05T01:45+11:00", "2026-04-06T01:45+10:30"),
    ("Australia/Lord_Howe", "22:15", "2026-10-03T12:00+10:30", "2026-10-03T22:15+10:30", "2026-10-04T22:15+11:00"),
    ("Australia/Lord_Howe", "02:15", "2026-10-03T12:00+10:30", "2026-10-04T02:30+11:00", "2026-10-05T02:15+11:00"),
    ("Australia/Lord_Howe", "02:30", "2026-10-03T12:00+10:30", "2026-10-04T02:30+11:00", "2026-10-05T02:30+11:00"),
    # Casablanca, an hour back through Ramadan: 15 February 2026 03:00 becomes 02:00; 22 March 2026 02:00 becomes 03:00
    ("Africa/Casablanca", "22:15", "2026-02-14T12:00+01:00", "2026-02-14T22:15+01:00", "2026-02-15T22:15+00:00"),
    ("Africa/Casablanca", "02:30", "2026-02-14T12:00+01:00", "2026-02-15T02:30+01:00", "2026-02-16T02:30+00:00"),
    ("Africa/Casablanca", "22:15", "2026-03-21T12:00+00:00", "2026-03-21T22:15+00:00", "2026-03-22T22:15+01:00"),
    ("Africa/Casablanca", "02:30", "2026-03-21T12:00+00:00", "2026-03-22T03:00+01:00", "2026-03-23T02:30+01:00"),
    # São Paulo, at midnight: 4 November 2018 00:00 becomes 01:00; 17 February 2019 00:00 becomes 23:00 of the 16th; none since
    ("America/Sao_Paulo", "00:30", "2018-11-03T12:00-03:00", "2018-11-04T01:00-02:00", "2018-11-05T00:30-02:00"),
    ("America/Sao_Paulo", "00:00", "2018-11-03T12:00-03:00", "2018-11-04T01:00-02:00", "2018-11-05T00:00-02:00"),
    ("America/Sao_Paulo", "23:30", "2019-02-16T12:00-02:00", "2019-02-16T23:30-02:00", "2019-02-17T23:30-03:00"),
    ("America/Sao_Paulo", "22:15", "2026-11-03T12:00-03:00", "2026-11-03T22:15-03:00", "2026-11-04T22:15-03:00"),
    ("America/Sao_Paulo", "22:15", "2026-02-16T12:00-03:00", "2026-02-16T22:15-03:00", "2026-02-17T22:15-03:00"),
    # Kathmandu, a quarter past: never
    ("Asia/Kathmandu", "22:15", "2026-03-28T12:00+05:45", "2026-03-28T22:15+05:45", "2026-03-29T22:15+05:45"),
    ("Asia/Kathmandu", "02:30", "2026-10-24T12:00+05:45", "2026-10-25T02:30+05:45", "2026-10-26T02:30+05:45"),
    # the end of the year
    ("Europe/Berlin", "00:00", "2026-12-31T23:59+01:00", "2027-01-01T00:00+01:00", "2027-01-02T00:00+01:00"),
    ("Europe/Berlin", "23:59", "2026-12-31T12:00+01:00", "2026-12-31T23:59+01:00", "2027-01-01T23:59+01:00"),
    ("Asia/Kathmandu", "00:30", "2026-12-31T12:00+00:00", "2027-01-01T00:30+05:45", "2027-01-02T00:30+05:45"),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "clock", "after", "first", "second"), NIGHTS)
def test_a_time_of_day_is_what_the_wall_shows(zone: str, clock: str, after: str, first: str, second: str) -> None:
    daily = at(clock, zone)
    found = next_fire(daily, when(after)).at
    assert found == when(first)
    assert found is not None
    assert found.astimezone(daily.zone).isoformat() == when(first).isoformat()
    assert next_fire(daily, found).at == when(second)


DAYS = [
    ("a leap day", schedule(Cron("0 22 29 2 *")), "2026-01-01T00:00+01:00", "2028-02-29T22:00+01:00"),
    ("a leap day that is a Sunday", schedule(Cron("0 22 29 2 *"), days=Days(weekdays=frozenset({6}))), "2028-03-01T00:00+01:00", "2032-02-29T22:00+01:00"),
    ("28 years later", schedule(Cron("0 22 29 2 *"), days=Days(weekdays=frozenset({6}))), "2032-03-01T00:00+01:00", "2060-02-29T22:00+01:00"),
    ("every year, the 29th is not", at("22:00", days=Days(between=(Span((0, 2, 29), (0, 2, 29)),))), "2026-01-01T00:00+01:00", "2028-02-29T22:00+01:00"),
    ("over the end of the year", at("22:00", days=Days(between=(Span((0, 12, 24), (0, 1, 1)),))), "2026-12-31T23:00+01:00", "2027-01-01T22:00+01:00"),
    ("not before the next Advent", at("22:00", days=Days(between=(Span((0, 12, 24), (0, 1, 1)),))), "2027-01-01T23:00+01:00", "2027-12-24T22:00+01:00"),
    ("every three days over the year", at("22:00", days=Days(every=Every(3, date(2026, 12, 30)))), "2026-12-30T23:00+01:00", "2027-01-02T22:00+01:00"),
    ("every three days over a change of clocks", at("22:00", days=Days(every=Every(3, date(2026, 3, 27)))), "2026-03-27T23:00+01:00", "2026-03-30T22:00+02:00"),
    ("the last Friday of a month", schedule(Cron("0 22 * * 5L")), "2026-11-01T00:00+01:00", "2026-11-27T22:00+01:00"),
    ("weekdays, from Friday night", at("22:15", days=Days(weekdays=frozenset(range(5)))), "2026-11-27T22:15+01:00", "2026-11-30T22:15+01:00"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "one", "after", "expected"), DAYS, ids=[name for name, *_ in DAYS])
def test_the_day_is_the_one_that_a_calendar_shows(name: str, one: Schedule, after: str, expected: str) -> None:
    assert next_fire(one, when(after)).at == when(expected)


SKY = [
    # what, where, after, the almanac's minute
    (SunEvent.SUNSET, BERLIN, "Europe/Berlin", "2026-06-21T03:00+02:00", "2026-06-21T21:33+02:00"),
    (SunEvent.SUNSET, BERLIN, "Europe/Berlin", "2026-12-21T03:00+01:00", "2026-12-21T15:54+01:00"),
    (SunEvent.SUNRISE, BERLIN, "Europe/Berlin", "2026-12-21T03:00+01:00", "2026-12-21T08:15+01:00"),
    (SunEvent.SUNRISE, BERLIN, "Europe/Berlin", "2026-03-29T00:10+01:00", "2026-03-29T06:47+02:00"),
    (SunEvent.NOON, BERLIN, "Europe/Berlin", "2026-11-01T03:00+01:00", "2026-11-01T11:50+01:00"),
    (SunEvent.DUSK, BERLIN, "Europe/Berlin", "2026-12-21T03:00+01:00", "2026-12-21T16:35+01:00"),
    # Tromsø: the last sunset of autumn is on 26 November, the next on 16 January; none from 18 May to 26 July by the
    # date; 27 July has two, the first of which, ten past midnight, ends the evening of the 26th
    (SunEvent.SUNSET, TROMSO, "Europe/Oslo", "2026-11-25T18:00+01:00", "2026-11-26T12:01+01:00"),
    (SunEvent.SUNSET, TROMSO, "Europe/Oslo", "2026-11-26T18:00+01:00", "2027-01-16T12:28+01:00"),
    (SunEvent.SUNSET, TROMSO, "Europe/Oslo", "2026-06-01T12:00+02:00", "2026-07-27T00:10+02:00"),
    (SunEvent.SUNSET, TROMSO, "Europe/Oslo", "2026-07-27T12:00+02:00", "2026-07-27T23:57+02:00"),
    # Helsinki around midsummer: civil dusk of an evening is after midnight, until the one of 11 July, and each night has one
    (SunEvent.DUSK, HELSINKI, "Europe/Helsinki", "2026-06-21T12:00+03:00", "2026-06-22T00:45+03:00"),
    (SunEvent.DUSK, HELSINKI, "Europe/Helsinki", "2026-06-22T00:10+03:00", "2026-06-22T00:45+03:00"),
    (SunEvent.DUSK, HELSINKI, "Europe/Helsinki", "2026-07-10T12:00+03:00", "2026-07-11T00:04+03:00"),
    (SunEvent.DUSK, HELSINKI, "Europe/Helsinki", "2026-07-11T12:00+03:00", "2026-07-12T00:01+03:00"),
    (SunEvent.DUSK, HELSINKI, "Europe/Helsinki", "2026-07-12T12:00+03:00", "2026-07-12T23:58+03:00"),
    (SunEvent.SUNSET, REYKJAVIK, "Atlantic/Reykjavik", "2026-06-21T12:00+00:00", "2026-06-22T00:04+00:00"),
    (SunEvent.SUNSET, REYKJAVIK, "Atlantic/Reykjavik", "2026-06-27T12:00+00:00", "2026-06-28T00:00+00:00"),
    (SunEvent.SUNSET, REYKJAVIK, "Atlantic/Reykjavik", "2026-06-28T12:00+00:00", "2026-06-28T23:59+00:00"),
    (SunEvent.NOON, TROMSO, "Europe/Oslo", "2026-12-24T03:00+01:00", "2026-12-24T11:44+01:00"),
]  # fmt: skip


@pytest.mark.parametrize(("event", "place", "zone", "after", "expected"), SKY)
def test_the_sun_does_what_the_almanac_says(
    event: SunEvent, place: Coordinates, zone: str, after: str, expected: str
) -> None:
    found = next_fire(schedule(Sun(event, place), zone), when(after)).at
    assert found is not None
    assert abs(found - when(expected)) < timedelta(minutes=2)


def test_a_polar_day_is_passed_over_and_said() -> None:
    sunset = schedule(Sun(SunEvent.SUNSET, TROMSO), "Europe/Oslo")
    summer = next_fire(sunset, when("2026-06-01T12:00+02:00"))
    assert summer.passed == (Passed(date(2026, 6, 1), date(2026, 7, 25), "no sunset that day"),)
    winter = next_fire(sunset, when("2026-11-26T18:00+01:00"))
    assert winter.passed == (Passed(date(2026, 11, 27), date(2027, 1, 15), "no sunset that day"),)


def test_the_sun_is_held_between_two_times_of_day() -> None:
    evening = Sun(SunEvent.SUNSET, BERLIN, 30 * MINUTE, not_before=time(20, 30), not_after=time(21, 45))
    one = schedule(evening)
    assert next_fire(one, when("2026-12-21T03:00+01:00")).at == when("2026-12-21T20:30+01:00")
    assert next_fire(one, when("2026-06-21T03:00+02:00")).at == when("2026-06-21T21:45+02:00")
    between = next_fire(one, when("2026-05-10T03:00+02:00")).at
    assert between is not None
    assert abs(between - when("2026-05-10T21:16+02:00")) < timedelta(minutes=2)


EVENINGS = [
    # not before, not after, days, after, expected: civil dusk in Helsinki is at a quarter to one
    (None, "22:30", range(7), "2026-06-21T12:00+03:00", "2026-06-21T22:30+03:00"),
    ("21:00", "23:30", range(7), "2026-06-21T12:00+03:00", "2026-06-21T23:30+03:00"),
    ("21:00", None, range(7), "2026-06-21T12:00+03:00", "2026-06-22T00:45+03:00"),
    (None, None, range(4), "2026-06-18T12:00+03:00", "2026-06-19T00:45+03:00"),  # a Thursday
    (None, None, range(4), "2026-06-19T01:00+03:00", "2026-06-23T00:45+03:00"),
]  # fmt: skip


@pytest.mark.parametrize(("not_before", "not_after", "days", "after", "expected"), EVENINGS)
def test_an_evening_belongs_to_the_day_on_which_it_began(
    not_before: str | None, not_after: str | None, days: range, after: str, expected: str
) -> None:
    limits = (time.fromisoformat(each) if each else None for each in (not_before, not_after))
    dusk = Sun(SunEvent.DUSK, HELSINKI, 0, *limits)
    found = next_fire(schedule(dusk, "Europe/Helsinki", Days(weekdays=frozenset(days))), when(after)).at
    assert found is not None
    assert abs(found - when(expected)) < timedelta(minutes=2)


def test_planned_backwards_from_its_end_the_length_is_real_time() -> None:
    """Six hours before four in the morning, on the night that has one hour more."""
    backwards = at("04:00", is_end=True).lasting(6 * 60 * MINUTE)
    assert next_fire(backwards, when("2026-10-24T12:00+02:00")).at == when("2026-10-24T23:00+02:00")
    assert next_fire(backwards, when("2026-10-24T23:00+02:00")).at == when("2026-10-25T22:00+01:00")
