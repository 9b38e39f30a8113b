"""An iCalendar file read event by event (RFC 5545): what is wrong in one costs that one and no other.

Most of a file of years are single events, which are read here, a hundred times faster than icalendar reads them; what
repeats or is odd is left to it.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

FAULTS = (ValueError, TypeError, KeyError, AttributeError, IndexError, ArithmeticError, RecursionError)
"""What icalendar and dateutil raise for files of all kinds."""
FIRST_YEAR, LAST_YEAR = 1900, 2200
LISTED_AT_MOST = 20
"""How many faults of one file are told one by one."""
_FOLD = re.compile(r"(?:\r\n|\n|\r)[ \t]")
_LINE = re.compile(r"\r\n|\n|\r")
_PROPERTY = re.compile(
    r'([A-Za-z0-9-]+)((?:;[^=;:"]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)', re.DOTALL
)
_PARAMETER = re.compile(r';([^=;:"]+)=("[^"]*"|[^";:]*)')
_STAMP = re.compile(r"(DTSTAMP|LAST-MODIFIED|SEQUENCE|CREATED|PRODID)[;:]", re.IGNORECASE)
_MOMENT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?")
_REPEATS = frozenset({"RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID", "DURATION"})
_ESCAPED = re.compile(r"\\([\\;,nN])")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_TOO_OFTEN = re.compile(r"FREQ=(SECONDLY|MINUTELY)|INTERVAL=0*(?:;|$)", re.IGNORECASE)
_MANY = re.compile(r"BY(?:HOUR|MINUTE|SECOND)=([^;]*)", re.IGNORECASE)


class SingleEvent(NamedTuple):
    """An event that comes once. A time without a zone is meant in the home's; `end` is not in it any more."""

    title: str
    start: date | datetime
    end: date | datetime
    is_free: bool


class EventSeries(NamedTuple):
    """An event with its repetitions and exceptions, as icalendar's calendar of it alone, and a day after its last."""

    parsed: Any
    over: date


@dataclass(frozen=True, eq=False)
class CalendarFile:
    """What a file says.

    `faults` are sentences about events that are left out. `mark` tells one content from another, whatever an exporter
    writes anew each time.
    """

    singles: tuple[SingleEvent, ...] = ()
    series: tuple[EventSeries, ...] = field(default=(), repr=False)
    faults: tuple[str, ...] = ()
    mark: str = ""
    owner: str = ""
    """The address of the one whose calendar it is; empty where nobody knows."""


class _Block(NamedTuple):
    """The lines of an event, and what of it matters here: the first of each name, and all names."""

    line: int
    lines: tuple[str, ...]
    first: dict[str, tuple[str, str]]
    names: Counter[str]
    attendees: tuple[tuple[str, str], ...]
    is_closed: bool

    @property
    def called(self) -> str:
        title = title_of(self.first.get("SUMMARY", ("", ""))[1])
        return f"the event in line {self.line}" + (f" ({title[:40]})" if title else "")


def read_calendar(text: str) -> CalendarFile:
    """The calendar that a text is. Raises ValueError, with a sentence, for what is none at all."""
    lines = _lines(text.lstrip("\ufeff"))
    blocks, shell = _blocks(lines)
    if not any(line.strip().upper() == "BEGIN:VCALENDAR" for _, line in shell):
        first = next((line.strip() for _, line in lines if line.strip()), "")
        raise ValueError(f"this is no iCalendar file: it begins with {_CONTROL.sub('', first)[:30]!r}")
    owner = _owner(shell)
    faults: list[str] = []
    singles: list[SingleEvent] = []
    involved: dict[str, list[_Block]] = {}
    times = Counter(block.first["UID"][1] for block in blocks if "UID" in block.first)
    for number, block in enumerate(blocks):
        if not block.is_closed:
            faults.append(f"{block.called} has no end: is the file whole?")
            continue
        if _is_off(block.first, block.attendees, owner) and "RECURRENCE-ID" not in block.first:
            continue
        name = block.first.get("UID", ("", str(number)))[1]
        single = _single(block) if times[name] <= 1 and _REPEATS.isdisjoint(block.names) else None
        if single is None:
            involved.setdefault(name, []).append(block)
        elif FIRST_YEAR <= single.start.year <= single.end.year <= LAST_YEAR:
            singles.append(single)
    series = tuple(_series(involved.values(), shell, faults))
    listed = [
        *faults[:LISTED_AT_MOST],
        *([f"and {len(faults) - LISTED_AT_MOST} more"] * (len(faults) > LISTED_AT_MOST)),
    ]
    return CalendarFile(tuple(singles), series, tuple(listed), _mark(lines), owner)


def title_of(text: str) -> str:
    """An event's title on one line, with nothing in it that is no text."""
    plain = _ESCAPED.sub(lambda match: " " if match[1] in "nN" else match[1], text)
    return " ".join(_CONTROL.sub(" ", plain).split())


def is_free(component: Any) -> bool:
    """Whether icalendar's event takes no time: it is marked as free."""
    return str(component.get("TRANSP", "")).strip().upper() == "TRANSPARENT"


def is_called_off(component: Any, owner: str) -> bool:
    """Whether icalendar's event will not be, or not for the one whose calendar it is."""
    given = component.get("ATTENDEE", [])
    attendees = tuple(
        (str(each).lower().removeprefix("mailto:"), str(getattr(each, "params", {}).get("PARTSTAT", "")).upper())
        for each in (given if isinstance(given, list) else [given])
    )
    return _is_declined(attendees, owner) or str(component.get("STATUS", "")).strip().upper() == "CANCELLED"


def _lines(text: str) -> list[tuple[int, str]]:
    """Unfolded, each with the number of its first line in the file."""
    found: list[tuple[int, str]] = []
    number = 1
    for whole in _LINE.split(_FOLD.sub("\0", text)):
        found.append((number, whole.replace("\0", "")))
        number += 1 + whole.count("\0")
    return found


def _blocks(lines: Iterable[tuple[int, str]]) -> tuple[list[_Block], list[tuple[int, str]]]:
    """The events, and all other lines."""
    blocks: list[_Block] = []
    shell: list[tuple[int, str]] = []
    here: list[tuple[int, str]] = []
    for number, line in lines:
        word = line.strip().upper() if line[:1] in "BEbe" else ""
        if word == "BEGIN:VEVENT":
            if here:
                blocks.append(_block(here, is_closed=False))
            here = [(number, line)]
        elif here and word == "END:VCALENDAR":
            blocks.append(_block(here, is_closed=False))
            here = []
            shell.append((number, line))
        elif here:
            here.append((number, line))
            if word == "END:VEVENT":
                blocks.append(_block(here, is_closed=True))
                here = []
        else:
            shell.append((number, line))
    if here:
        blocks.append(_block(here, is_closed=False))
    return blocks, shell


def _block(lines: list[tuple[int, str]], *, is_closed: bool) -> _Block:
    """What is inside of something inside, an alarm, is not the event's."""
    first: dict[str, tuple[str, str]] = {}
    names: Counter[str] = Counter()
    attendees: list[tuple[str, str]] = []
    depth = 0
    for _, line in lines[1:]:
        match = _PROPERTY.fullmatch(line)
        if match is None:
            continue
        name = match[1].upper()
        if name in ("BEGIN", "END"):
            depth += 1 if name == "BEGIN" else -1
        elif depth == 0:
            names[name] += 1
            first.setdefault(name, (match[2], match[3]))
            if name == "ATTENDEE":
                state = _parameters(match[2]).get("PARTSTAT", "").upper()
                attendees.append((match[3].strip().lower().removeprefix("mailto:"), state))
    return _Block(lines[0][0], tuple(line for _, line in lines), first, names, tuple(attendees), is_closed)


def _parameters(text: str) -> dict[str, str]:
    return {name.upper(): value.strip('"') for name, value in _PARAMETER.findall(text)}


def _owner(shell: Iterable[tuple[int, str]]) -> str:
    """The address of the one whose calendar it is, where the exporter calls it by that; empty where not."""
    named = (line.partition(":")[2].strip().lower() for _, line in shell if line.upper().startswith("X-WR-CALNAME"))
    return next((name for name in named if "@" in name and " " not in name), "")


def _is_off(first: dict[str, tuple[str, str]], attendees: tuple[tuple[str, str], ...], owner: str) -> bool:
    return first.get("STATUS", ("", ""))[1].strip().upper() == "CANCELLED" or _is_declined(attendees, owner)


def _is_declined(attendees: tuple[tuple[str, str], ...], owner: str) -> bool:
    """Whether the one whose calendar it is said no; the only one who was asked, where nobody knows who that is."""
    if owner and any(address == owner for address, _ in attendees):
        return (owner, "DECLINED") in attendees
    return len(attendees) == 1 and attendees[0][1] == "DECLINED"


def _single(block: _Block) -> SingleEvent | None:
    """The event, where it is as nearly all are; None for icalendar to read."""
    if block.names["DTSTART"] != 1 or block.names["DTEND"] > 1:
        return None
    start = _moment(*block.first["DTSTART"])
    if start is None:
        return None
    end = _moment(*block.first["DTEND"]) if "DTEND" in block.first else _usual_end(start)
    if end is None or isinstance(end, datetime) is not isinstance(start, datetime):
        return None
    title = title_of(block.first.get("SUMMARY", ("", ""))[1]) or "an event"
    free = block.first.get("TRANSP", ("", ""))[1].strip().upper() == "TRANSPARENT"
    return SingleEvent(title, start, max(start, end, key=_in_order), is_free=free)


def _usual_end(start: date | datetime) -> date | datetime | None:
    if isinstance(start, datetime):
        return start
    return start + timedelta(days=1) if start < date.max else None


def _in_order(moment: date | datetime) -> float:
    """To compare two ends of one event, of which one may lack the zone."""
    if not isinstance(moment, datetime):
        return moment.toordinal() * 86_400.0
    whole = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return (whole - datetime(1, 1, 3, tzinfo=UTC)).total_seconds()


def _moment(parameters: str, value: str) -> date | datetime | None:
    """A day, or a time with its zone or none; None where it is written in another way."""
    match, given = _MOMENT.fullmatch(value.strip()), _parameters(parameters) if parameters else {}
    if match is None or not given.keys() <= {"VALUE", "TZID"}:
        return None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
        if not FIRST_YEAR - 1 <= day.year <= LAST_YEAR + 1:
            return None
        if match[4] is None:
            return day if given.get("VALUE", "DATE") == "DATE" and "TZID" not in given else None
        clock = time(int(match[4]), int(match[5]), int(match[6]))
    except ValueError:
        return None
    if given.get("VALUE", "DATE-TIME") != "DATE-TIME":
        return None
    if match[7]:
        return datetime.combine(day, clock, UTC)
    zone = _zone(given["TZID"]) if "TZID" in given else None
    return None if "TZID" in given and zone is None else datetime.combine(day, clock, zone)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def _series(groups: Iterable[list[_Block]], shell: list[tuple[int, str]], faults: list[str]) -> Iterator[EventSeries]:
    """Each event that repeats or is odd, with its exceptions; those that nobody can make sense of become faults."""
    head, tail = _around(shell)
    for blocks in groups:
        try:
            _refuse_endless(blocks)
            text = "\r\n".join([*head, *(line for block in blocks for line in block.lines), *tail])
            yield _unrolled_once(text)
        except FAULTS as error:
            said = _CONTROL.sub(" ", str(error)).splitlines() or [""]
            faults.append(f"{blocks[0].called} is left out: {said[0][:120] or type(error).__name__}")


def _around(shell: list[tuple[int, str]]) -> tuple[list[str], list[str]]:
    """The calendar's own lines that say something of its events: its zones."""
    kept = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//relax//"]
    depth = 0
    for _, line in shell:
        word = line.strip().upper()
        if word.startswith("X-WR-TIMEZONE"):
            kept.append(line)
        depth += word == "BEGIN:VTIMEZONE"
        if depth:
            kept.append(line)
        depth -= word == "END:VTIMEZONE"
    return kept, ["END:VCALENDAR", ""]


def _refuse_endless(blocks: list[_Block]) -> None:
    """Raises ValueError for what repeats more often than anybody means: unrolling it would take for ever."""
    for block in blocks:
        _, rule = block.first.get("RRULE", ("", ""))
        often = 1
        for listed in _MANY.findall(rule):
            often *= listed.count(",") + 1
        if _TOO_OFTEN.search(rule) or often > 96:
            raise ValueError("it repeats all the time")
        if block.names["DTSTART"] != 1:
            raise ValueError("it has no start (DTSTART)" if not block.names["DTSTART"] else "it has several starts")


def _unrolled_once(text: str) -> EventSeries:
    """One series as icalendar has it. Raises what it raises where that makes no sense."""
    from icalendar import Calendar as Parsed  # noqa: PLC0415 - 46 ms, for the homes that have one
    from recurring_ical_events import of  # noqa: PLC0415

    found = Parsed.from_ical(text)
    years = [event.start.year for event in found.events]
    if not years or min(years) < FIRST_YEAR or max(years) > LAST_YEAR:
        raise ValueError("its days are not in this time")
    for event in found.events:
        if event.end.year > LAST_YEAR:
            raise ValueError("it never ends")
    first = date(min(years), 1, 1)
    of(found).between(first, first + timedelta(days=366))
    return EventSeries(found, _over(found))


def _over(found: Any) -> date:
    """A day on which a series is over: later years need not be looked at. A late one where that is hard to say."""
    last = date(LAST_YEAR, 12, 31)
    for event in found.events:
        until = event.get("RRULE", {}).get("UNTIL") if "RRULE" in event and "RDATE" not in event else None
        if not until or len(found.events) > 1:
            return last
        end = until[0].date() if isinstance(until[0], datetime) else until[0]
        lasts: timedelta = event.end - event.start
        return min(last, end + lasts + timedelta(days=3))
    return last


def _mark(lines: Iterable[tuple[int, str]]) -> str:
    digest = hashlib.sha256()
    for _, line in lines:
        if line and not _STAMP.match(line):
            digest.update(line.encode(errors="replace"))
            digest.update(b"\n")
    return digest.hexdigest()[:24]
