"""What the sun does on a day. The arithmetic is astral's; which day a moment belongs to is ours.

An evening belongs to the day on which it began: sunset and dusk are those between that day's noon of the sun and the
next, dawn and sunrise those between the noon before and it. Astral goes by the date on which a moment falls, and in the
north, where dusk wanders over midnight in summer, a date then has two of them, or none.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from orchestrator.schedules.model import Coordinates, SunEvent

_DAY = timedelta(days=1)
_NOON_AT = {
    SunEvent.DAWN: timedelta(hours=18),
    SunEvent.SUNRISE: timedelta(hours=18),
    SunEvent.SUNSET: timedelta(hours=6),
    SunEvent.DUSK: timedelta(hours=6),
}
"""Where noon has to be in a day, so that its evening, or its morning, lies in the middle of that day."""
_ASIDE = 1.0
"""Degrees to the west: there it is so much later that what falls on midnight in UTC does not."""
_LATER = _DAY / 360 * _ASIDE


def moment_of(event: SunEvent, place: Coordinates, day: date, zone: ZoneInfo) -> datetime | None:
    """When it is, in UTC, to the second; None where the sun does not do this then, as beyond the polar circles."""
    noon = _noon(place, day, zone)
    if noon is None or event is SunEvent.NOON:
        return noon
    own = _zone_with(noon, _NOON_AT[event])
    here = noon.astimezone(own).date()
    try:
        found: datetime | None = _asked(event, place, here, own)
    except ValueError as error:
        if error.__cause__ is not None:  # it does not rise so high, or sink so low
            return None
        found = _beside(event, place, here, own)
    return found.replace(microsecond=0) if found is not None else None


def _noon(place: Coordinates, day: date, zone: ZoneInfo) -> datetime | None:
    """The noon of the sun on that day of the wall's; none where a clock is half a day wrong and steps over it."""
    noons = (_asked(SunEvent.NOON, place, day + number * _DAY, UTC) for number in (0, -1, 1))
    return next((noon for noon in noons if noon.astimezone(zone).date() == day), None)


def _zone_with(noon: datetime, at: timedelta) -> timezone:
    """A zone in which it is noon at that time of day."""
    since = timedelta(hours=noon.hour, minutes=noon.minute, seconds=noon.second)
    return timezone((at - since + _DAY / 2) % _DAY - _DAY / 2)


def _beside(event: SunEvent, place: Coordinates, day: date, zone: timezone) -> datetime | None:
    """From a little farther west: astral loses the one that passes midnight in UTC from one day to the next."""
    try:
        return _asked(event, place._replace(longitude=place.longitude - _ASIDE), day, zone) - _LATER
    except ValueError:
        return None


def _asked(event: SunEvent, place: Coordinates, day: date, zone: timezone) -> datetime:
    """What astral says. Raises ValueError, with a cause where the sun does not do this, without where it found none."""
    from astral import Observer  # noqa: PLC0415 - for the homes that ask for the sun
    from astral import sun as astral  # noqa: PLC0415

    ask: Callable[..., datetime] = getattr(astral, event)
    return ask(Observer(place.latitude, place.longitude), date=day, tzinfo=zone).astimezone(UTC)
