"""What the sun does, over a whole year in the north and at the edges of zones: each day once, and as astral has it."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, takewhile
from zoneinfo import ZoneInfo

import astral.sun
import pytest
from astral import Observer

from orchestrator.schedules.days import Days, Span
from orchestrator.schedules.model import Coordinates, Passed, Sun, SunEvent
from orchestrator.schedules.recurrence import at_clock, fires, next_fire
from orchestrator.schedules.sun import moment_of
from orchestrator.units import HOUR, Ms
from tests.schedules.sketches import BERLIN, HELSINKI, REYKJAVIK, TROMSO, schedule, when

PLACES = [
    (HELSINKI, "Europe/Helsinki"),
    (REYKJAVIK, "Atlantic/Reykjavik"),
    (TROMSO, "Europe/Oslo"),
    (BERLIN, "Europe/Berlin"),
    (Coordinates(59.91, 10.75), "Europe/Oslo"),
    (Coordinates(59.44, 24.75), "Europe/Tallinn"),
    (Coordinates(60.39, 5.32), "Europe/Oslo"),
    (Coordinates(64.84, -147.72), "America/Anchorage"),
    (Coordinates(1.87, -157.43), "Pacific/Kiritimati"),
    (Coordinates(-43.95, -176.55), "Pacific/Chatham"),
    (Coordinates(-77.85, 166.67), "Antarctica/McMurdo"),
]
YEAR = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
EVENTS = [event for event in SunEvent if event is not SunEvent.NOON]
EVENING = (SunEvent.SUNSET, SunEvent.DUSK)


@pytest.mark.parametrize(("place", "name"), PLACES)
@pytest.mark.parametrize("event", EVENTS)
def test_each_day_has_its_own_between_two_noons(event: SunEvent, place: Coordinates, name: str) -> None:
    zone, last = ZoneInfo(name), None
    for day in YEAR:
        noon, found = moment_of(SunEvent.NOON, place, day, zone), moment_of(event, place, day, zone)
        assert noon is not None
        assert noon.astimezone(zone).date() == day
        if found is None:
            continue
        since = found - noon
        assert timedelta() <= (since if event in EVENING else -since) <= timedelta(hours=12, minutes=30)
        assert last is None or found - last > timedelta(hours=20)
        last = found


@pytest.mark.parametrize(("place", "name"), PLACES)
@pytest.mark.parametrize("event", EVENTS)
def test_every_moment_that_astral_has_is_that_of_some_day(event: SunEvent, place: Coordinates, name: str) -> None:
    """Asked by the date on which it falls, astral loses one where they cross midnight.

    Within two days of a polar day or night its steps do not settle: there it differs from itself by half an hour.
    """
    zone = ZoneInfo(name)
    ours = sorted(found for day in YEAR if (found := moment_of(event, place, day, zone)) is not None)
    theirs = [_by_date(event, place, day, zone) for day in YEAR]
    for number in range(2, len(YEAR) - 2):
        asked = theirs[number]
        if asked is not None and all(theirs[number - 2 : number + 3]):
            assert min(abs(asked - found) for found in ours) < timedelta(minutes=2)


def _by_date(event: SunEvent, place: Coordinates, day: date, zone: ZoneInfo) -> datetime | None:
    try:
        found: datetime = getattr(astral.sun, event)(Observer(*place), date=day, tzinfo=zone)
    except ValueError:
        return None
    return found.astimezone(UTC)


@pytest.mark.parametrize(("place", "name"), PLACES[:2] + PLACES[4:7])
def test_a_night_on_which_it_crosses_midnight_somewhere_is_not_lost(place: Coordinates, name: str) -> None:
    """South of 60.5 degrees it gets dusk on every night; in Reykjavik the sun sets on every one."""
    events = EVENTS if place != REYKJAVIK else [SunEvent.SUNRISE, SunEvent.SUNSET]
    assert [(event, day) for event in events for day in YEAR if not moment_of(event, place, day, ZoneInfo(name))] == []


@pytest.mark.parametrize("offset", [0, -2 * HOUR, 5 * HOUR, 24 * HOUR])
@pytest.mark.parametrize(("place", "name"), PLACES[:3])
@pytest.mark.parametrize("event", [SunEvent.DAWN, SunEvent.SUNSET, SunEvent.DUSK])
def test_through_a_year_each_day_is_due_or_passed_over(
    event: SunEvent, place: Coordinates, name: str, offset: Ms
) -> None:
    left_out = Span((0, 6, 20), (0, 6, 22))
    one = schedule(Sun(event, place, offset), name, Days(left_out=(left_out,)))
    end = when("2027-02-20T12:00Z")
    found = list(takewhile(lambda each: each.at is not None and each.at < end, fires(one, when("2025-12-28T12:00Z"))))
    assert all(earlier.at < later.at for earlier, later in pairwise(found) if earlier.at and later.at)
    passed = [day for each in found for one in each.passed for day in _days(one)]
    due = [
        day
        for day in YEAR
        if not left_out.has(day)
        and (moment := moment_of(event, place, day, one.zone))
        and moment + timedelta(milliseconds=offset) in {each.at for each in found}
    ]
    assert len(set(passed)) == len(passed)
    assert sorted([*due, *(day for day in passed if day in YEAR)]) == YEAR


@pytest.mark.parametrize(("place", "name"), PLACES)
@pytest.mark.parametrize("event", EVENING)
def test_through_a_year_the_limits_hold(event: SunEvent, place: Coordinates, name: str) -> None:
    zone, first, last = ZoneInfo(name), time(20, 30), time(23, 15)
    one = schedule(Sun(event, place, HOUR, first, last), name)
    for day in YEAR[::3]:
        found = next_fire(one, datetime.combine(day, time(12), zone)).at
        assert found is not None
        its_day = found.astimezone(zone).date()
        assert at_clock(its_day, first, zone) <= found <= at_clock(its_day, last, zone)
        if moment_of(event, place, day, zone) is not None:
            assert its_day == day


def _days(passed: Passed) -> list[date]:
    return [passed.first + timedelta(days=number) for number in range((passed.last - passed.first).days + 1)]
