"""A calendar in a home's zone: on which days it has events, and when they begin."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from orchestrator.schedules.calendar_file import FAULTS, CalendarFile, SingleEvent, is_called_off, is_free, title_of

_ZONES = timedelta(days=2)
"""How far the days of two zones can be apart, to the next whole day: 26 hours."""


class CalendarOccurrence(NamedTuple):
    """One turn of an event: a start with its zone (None for whole days), and the days that it touches."""

    title: str
    start: datetime | None
    first: date
    last: date


@dataclass(frozen=True, eq=False)
class Calendar:
    """`source` names the file; times without a zone are meant in `zone`. A year is unrolled when it is asked for.

    Where `has_free`, events that are marked as free count as well.
    """

    source: str
    zone: ZoneInfo
    _file: CalendarFile = field(repr=False)
    has_free: bool = True
    _years: dict[int, tuple[CalendarOccurrence, ...]] = field(default_factory=dict, repr=False, init=False)
    _titles: dict[int, dict[date, str]] = field(default_factory=dict, repr=False, init=False)
    _starts: dict[int, dict[date, list[datetime]]] = field(default_factory=dict, repr=False, init=False)
    _by_year: dict[int, list[SingleEvent]] = field(default_factory=dict, repr=False, init=False)

    def title_on(self, day: date) -> str | None:
        """What is on that day; None where nothing is."""
        if day.year not in self._titles:
            first, last = date(day.year, 1, 1), date(day.year, 12, 31)
            titles: dict[date, str] = {}
            for occurrence in self.year(day.year):
                here = max(occurrence.first, first)
                for number in range((min(occurrence.last, last) - here).days + 1):
                    titles.setdefault(here + timedelta(days=number), occurrence.title)
            self._titles[day.year] = titles
        return self._titles[day.year].get(day)

    def starts_on(self, day: date) -> list[datetime]:
        """The moments (UTC) at which something begins on a day, whole days aside, in order."""
        if day.year not in self._starts:
            starts: dict[date, list[datetime]] = {}
            for occurrence in self.year(day.year):
                if occurrence.start is not None:
                    here = occurrence.start.astimezone(self.zone).date()
                    starts.setdefault(here, []).append(occurrence.start.astimezone(UTC))
            self._starts[day.year] = starts
        return sorted(self._starts[day.year].get(day, []))

    def year(self, year: int) -> tuple[CalendarOccurrence, ...]:
        """Everything that touches a year, repetitions unrolled, and a little around it; not what was called off."""
        if year not in self._years:
            first, last = date(year, 1, 1) - _ZONES, date(year + 1, 1, 1) + _ZONES
            found = [*self._singles(year), *self._repeated(first, last)]
            self._years[year] = tuple(each for each in found if each.last >= first and each.first <= last)
        return self._years[year]

    def _singles(self, year: int) -> Iterator[CalendarOccurrence]:
        if not self._by_year:
            for event in self._file.singles:
                if self.has_free or not event.is_free:
                    for touched in range(event.start.year - 1, event.end.year + 2):
                        self._by_year.setdefault(touched, []).append(event)
        return (_occurrence(event.title, event.start, event.end, self.zone) for event in self._by_year.get(year, ()))

    def _repeated(self, first: date, last: date) -> Iterator[CalendarOccurrence]:
        for series in self._file.series:
            if series.over >= first:
                yield from self._unrolled(series.parsed, first, last)

    def _unrolled(self, series: Any, first: date, last: date) -> list[CalendarOccurrence]:
        """A series that makes no sense in some year has nothing in it; that it makes sense at all was tried before."""
        from recurring_ical_events import of  # noqa: PLC0415 - for the homes that have a calendar

        try:
            return [
                _occurrence(title_of(str(event.get("SUMMARY", ""))) or "an event", event.start, event.end, self.zone)
                for event in of(series).between(first, last)
                if not is_called_off(event, self._file.owner) and (self.has_free or not is_free(event))
            ]
        except FAULTS:
            return []

    def __repr__(self) -> str:
        """Tells one calendar from another, by what an exporter does not write anew each time."""
        return f"Calendar({self.source!r}, {self._file.mark}{'' if self.has_free else ', busy'})"


def _occurrence(title: str, start: date | datetime, end: date | datetime, zone: ZoneInfo) -> CalendarOccurrence:
    if isinstance(start, datetime) and isinstance(end, datetime):
        begins = start.replace(tzinfo=zone) if start.tzinfo is None else start
        ends = end.replace(tzinfo=zone) if end.tzinfo is None else end
        last = max(begins, ends - timedelta(microseconds=1)).astimezone(zone).date()
        return CalendarOccurrence(title, begins, begins.astimezone(zone).date(), last)
    return CalendarOccurrence(title, None, start, max(start, end - timedelta(days=1)))
