"""An iCalendar file as a value: on which days it has events, and when they begin. RFC 5545, read by icalendar."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

_FAULTS = (ValueError, TypeError, KeyError, AttributeError, IndexError, ArithmeticError)
"""What icalendar raises for files of all kinds."""
_ZONES = timedelta(days=2)
"""How far the days of two zones can be apart, to the next whole day: 26 hours."""
_FOLD = re.compile(r"\r?\n[ \t]")
_STAMP = re.compile(r"(DTSTAMP|LAST-MODIFIED|SEQUENCE|CREATED|PRODID)[;:]", re.IGNORECASE)


class CalendarOccurrence(NamedTuple):
    """One turn of an event: a start with its zone (None for whole days), and the days that it touches."""

    title: str
    start: datetime | None
    first: date
    last: date


@dataclass(frozen=True, eq=False)
class Calendar:
    """`source` names the file; times without a zone are meant in `zone`. A year is unrolled when it is asked for."""

    source: str
    zone: ZoneInfo
    _parsed: Any = field(repr=False)
    _years: dict[int, tuple[CalendarOccurrence, ...]] = field(default_factory=dict, repr=False, init=False)
    _titles: dict[int, dict[date, str]] = field(default_factory=dict, repr=False, init=False)

    def title_on(self, day: date) -> str | None:
        """What is on that day; None where nothing is."""
        if day.year not in self._titles:
            titles: dict[date, str] = {}
            for occurrence in self.year(day.year):
                here = occurrence.first
                while here <= occurrence.last:
                    titles.setdefault(here, occurrence.title)
                    here += timedelta(days=1)
            self._titles[day.year] = titles
        return self._titles[day.year].get(day)

    def starts_on(self, day: date) -> list[datetime]:
        """The moments (UTC) at which something begins on a day, whole days aside, in order."""
        return sorted(
            occurrence.start.astimezone(UTC)
            for occurrence in self.year(day.year)
            if occurrence.start is not None and occurrence.start.astimezone(self.zone).date() == day
        )

    def year(self, year: int) -> tuple[CalendarOccurrence, ...]:
        """Everything that touches a year, repetitions unrolled, and a little around it; not what was called off."""
        if year not in self._years:
            from recurring_ical_events import of  # noqa: PLC0415 - for the homes that have a calendar

            between = of(self._parsed).between(date(year, 1, 1) - _ZONES, date(year + 1, 1, 1) + _ZONES)
            self._years[year] = tuple(_occurrence(event, self.zone) for event in between if not _is_called_off(event))
        return self._years[year]

    def __repr__(self) -> str:
        """Tells one calendar from another, by what an exporter does not write anew each time."""
        lines = _FOLD.sub("", self._parsed.to_ical().decode()).split("\r\n")
        return f"Calendar({self.source!r}, {[line for line in lines if not _STAMP.match(line)]!r})"


def parsed(text: str) -> Any:
    """What icalendar makes of a text, for `Calendar`. Raises ValueError, with a sentence, for what is none."""
    from icalendar import Calendar as Parsed  # noqa: PLC0415 - 46 ms, for the homes that have one

    try:
        found = Parsed.from_ical(text)
        years = {event.start.year for event in found.events}
    except _FAULTS as error:
        raise ValueError(f"this is no iCalendar file: {error}") from None
    try:
        Calendar("", ZoneInfo("UTC"), found).year(min(years, default=2000))
    except _FAULTS as error:
        raise ValueError(f"the events of this calendar cannot be unrolled: {error}") from None
    return found


def _is_called_off(event: Any) -> bool:
    return str(event.get("STATUS", "")).strip().upper() == "CANCELLED"


def _occurrence(event: Any, zone: ZoneInfo) -> CalendarOccurrence:
    start, end = event.start, event.end
    title = " ".join(str(event.get("SUMMARY", "an event")).split()) or "an event"
    if isinstance(start, datetime):
        begins = start.replace(tzinfo=zone) if start.tzinfo is None else start
        ends = end.replace(tzinfo=zone) if end.tzinfo is None else end
        last = max(begins, ends - timedelta(microseconds=1)).astimezone(zone).date()
        return CalendarOccurrence(title, begins, begins.astimezone(zone).date(), last)
    return CalendarOccurrence(title, None, start, max(start, end - timedelta(days=1)))
