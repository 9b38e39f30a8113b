"""A schedule begins in the evening where it does so after sunset on any day of the year."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from orchestrator.schedules.evening import first_evening, is_dark
from orchestrator.schedules.model import AtClock, Coordinates, Cron, Schedule, Sun, SunEvent, When

BERLIN = Coordinates(52.52, 13.40)
TROMSOE = Coordinates(69.65, 18.96)
ZONE = ZoneInfo("Europe/Berlin")
SPRING = datetime(2026, 4, 1, tzinfo=UTC)


def schedule(moment: When) -> Schedule:
    return Schedule("s", "room", (), moment, ZONE)


@pytest.mark.parametrize(
    ("moment", "is_evening"),
    [
        (AtClock(time(22, 15)), True),
        (AtClock(time(0, 30)), True),
        (AtClock(time(17, 30)), True),  # in winter
        (AtClock(time(13, 0)), False),
        (Cron("0 21 * * 0"), True),
        (Cron("30 9 * * *"), False),
        (Cron("0 9,21 * * *"), True),
        (Cron("0 10,11,14 * * *"), False),
        (Sun(SunEvent.SUNSET, BERLIN, 30 * 60_000), True),
        (Sun(SunEvent.DUSK, BERLIN), True),
        (Sun(SunEvent.NOON, BERLIN), False),
        (Sun(SunEvent.SUNRISE, BERLIN, 60 * 60_000), False),
    ],
)
def test_an_evening_is_after_sunset(moment: When, is_evening: bool) -> None:
    assert (first_evening(schedule(moment), BERLIN, SPRING) is not None) is is_evening


def test_the_first_evening_of_an_afternoon_lies_in_winter() -> None:
    found = first_evening(schedule(AtClock(time(17, 30))), BERLIN, SPRING)
    assert found is not None
    assert found.month in (10, 11, 12, 1, 2)


@pytest.mark.parametrize(("clock", "is_evening"), [(time(20, 0), True), (time(19, 59), False), (time(4, 59), True)])
def test_where_nobody_says_where_the_home_is_the_clock_tells(clock: time, is_evening: bool) -> None:
    assert (first_evening(schedule(AtClock(clock)), None, SPRING) is not None) is is_evening


@pytest.mark.parametrize(("hour", "dark"), [(12, False), (22, True)])
def test_where_the_sun_does_not_set_the_clock_tells(hour: int, dark: bool) -> None:
    zone = ZoneInfo("Europe/Oslo")
    assert is_dark(datetime(2026, 6, 21, hour, tzinfo=zone), TROMSOE, zone) is dark
