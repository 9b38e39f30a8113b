"""Which days: of the week, of the year, every so many, and all the exceptions that a household has."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from orchestrator.schedules.calendar import Calendar

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
YEAR = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Span(NamedTuple):
    """From one day to another, both included. Without a year it comes every year, and may go past its end."""

    first: tuple[int, int, int]
    """Year (0 for every year), month, day."""
    last: tuple[int, int, int]

    def has(self, day: date) -> bool:
        if self.first[0]:
            return self.first <= (day.year, day.month, day.day) <= self.last
        first, last, here = self.first[1:], self.last[1:], (day.month, day.day)
        return first <= here <= last if first <= last else here >= first or here <= last


class Every(NamedTuple):
    """Each so many days, from a first one on."""

    days: int
    start: date

    def has(self, day: date) -> bool:
        return day >= self.start and (day - self.start).days % self.days == 0


class HolidayRule(StrEnum):
    """What a public holiday means."""

    SKIP = "skip"
    """Not then."""
    ONLY = "only"
    """Only then."""
    ALSO = "also"
    """Then as well, whatever day of the week it is."""


class Holidays(NamedTuple):
    """The public holidays of a country and perhaps a region of it, as the library `holidays` has them."""

    country: str
    region: str | None = None
    rule: HolidayRule = HolidayRule.SKIP

    def name(self, day: date) -> str | None:
        """What the holiday is called; None for an ordinary day."""
        found = public_holidays(self.country, self.region).get(day)
        return str(found) if found is not None else None


@dataclass(frozen=True, slots=True)
class Days:
    """All of it has to fit: without anything, every day."""

    weekdays: frozenset[int] = frozenset(range(7))
    """0 for Monday."""
    months: frozenset[int] = frozenset(range(1, 13))
    between: tuple[Span, ...] = ()
    every: Every | None = None
    only: Calendar | None = None
    """Only days on which this calendar has an event."""
    holidays: Holidays | None = None
    left_out: tuple[Span, ...] = ()
    away: tuple[Calendar, ...] = ()
    """Not on days on which one of these has an event."""

    def has(self, day: date) -> bool:
        """Whether it is one of these days, exceptions aside."""
        holiday = self.holidays
        is_also = holiday is not None and holiday.rule is HolidayRule.ALSO
        fits_week = day.weekday() in self.weekdays or (
            is_also and holiday is not None and holiday.name(day) is not None
        )
        return (
            fits_week
            and day.month in self.months
            and (not self.between or any(span.has(day) for span in self.between))
            and (self.every is None or self.every.has(day))
            and (self.only is None or self.only.title_on(day) is not None)
            and not (holiday is not None and holiday.rule is HolidayRule.ONLY and holiday.name(day) is None)
        )

    def why_not(self, day: date) -> str | None:
        """Which exception keeps it from being on one of its days; None where none does."""
        if any(span.has(day) for span in self.left_out):
            return "left out by `except`"
        if self.holidays is not None and self.holidays.rule is HolidayRule.SKIP:
            name = self.holidays.name(day)
            if name is not None:
                return f"a holiday: {name}"
        titles = ((calendar, calendar.title_on(day)) for calendar in self.away)
        return next((f"{title} ({calendar.source})" for calendar, title in titles if title is not None), None)


@lru_cache(maxsize=32)
def public_holidays(country: str, region: str | None) -> Mapping[date, str]:
    """Any year's, worked out when it is asked for. Raises ValueError for a country or region that is not known."""
    import holidays  # noqa: PLC0415 - 55 ms, for the homes that ask for it

    try:
        found: Mapping[date, str] = holidays.country_holidays(country, subdiv=region)
    except NotImplementedError as error:
        raise ValueError(str(error)) from None
    return found


@lru_cache(maxsize=1)
def known_countries() -> Mapping[str, tuple[str, ...]]:
    """The countries whose holidays are known, by their ISO code, with the codes of their regions."""
    import holidays  # noqa: PLC0415

    return {country: tuple(regions) for country, regions in holidays.list_supported_countries().items()}
