"""How schedules write days and times: `mon-thu`, `weekend`, `jun`, `2026-12-24`, `12-24`, `sunset+30min`, `3 days`.

Each is a type for the models, as those of `scenes.notation`.
"""

import re
from datetime import UTC, date, datetime, time
from typing import Annotated, NamedTuple, TypeAlias

from cronsim import CronSim, CronSimError
from pydantic import PlainValidator, WithJsonSchema

from orchestrator.documents.faults import near
from orchestrator.documents.notation import duration, signed_duration
from orchestrator.schedules.days import WEEK, YEAR
from orchestrator.schedules.model import SunEvent
from orchestrator.units import Ms

CLOCK = r"^([01]?\d|2[0-3]):[0-5]\d$"
_GROUPS = {"weekdays": frozenset(range(5)), "weekend": frozenset({5, 6}), "daily": frozenset(range(7))}
_FIELDS = {
    "minute": "0 to 59",
    "hour": "0 to 23",
    "day-of-month": "1 to 31",
    "month": "1 to 12 or jan to dec",
    "day-of-week": "0 to 7 or sun to sat",
}
_SUN = re.compile(r"([a-z]+)\s*(?:([+-])\s*(\S.*))?")
_EVERY = re.compile(r"(\d{1,3})\s*(days?|weeks?)")
_LESS = re.compile(r"(\d{1,3})\s+(today|this week)")
_MISSED = re.compile(r"run within (\S.*)")


class SunTime(NamedTuple):
    """So long after what the sun does; below zero before it."""

    event: SunEvent
    offset: Ms


class PlayCount(NamedTuple):
    """How often something was played, and since when it counts."""

    times: int
    this_week: bool


def clock_time(text: object) -> time:
    """The time of day of `"22:15"`. Raises ValueError."""
    if isinstance(text, str) and re.fullmatch(CLOCK, text):
        hours, minutes = text.split(":")
        return time(int(hours), int(minutes))
    raise ValueError('expected a time of day such as "22:15"')


def weekdays(text: object) -> frozenset[int]:
    """The days of the week of `mon`, `mon-thu`, `weekdays`, `weekend`; 0 is Monday. Raises ValueError."""
    word = text.strip().lower() if isinstance(text, str) else ""
    return _GROUPS.get(word) or frozenset(_ring(word, text, WEEK, "a day such as mon, or mon-thu, weekdays, weekend"))


def months(text: object) -> frozenset[int]:
    """The months of `jun` or `jun-aug`; 1 is January. Raises ValueError."""
    word = text.strip().lower() if isinstance(text, str) else ""
    return frozenset(place + 1 for place in _ring(word, text, YEAR, "a month such as jun, or jun-aug"))


def _ring(word: str, text: object, names: tuple[str, ...], wanted: str) -> list[int]:
    """The places of one name, or of a range that may go round. Raises ValueError."""
    first, dash, last = (part.strip() for part in word.partition("-"))
    for name in (first, last) if dash else (first,):
        if name not in names:
            guess = near(name, names) if name else ""
            raise ValueError(f"expected {wanted}; there is no `{text}`{guess if 'did you' in guess else ''}")
    start, end = names.index(first), names.index(last or first)
    count = (end - start) % len(names) + 1
    return [(start + step) % len(names) for step in range(count)]


def whole_day(text: object) -> date:
    """The day of `2026-12-24`. Raises ValueError."""
    try:
        return date.fromisoformat(text) if isinstance(text, str) and len(text) == 10 else _no_day(text)
    except ValueError:
        return _no_day(text)


def _no_day(text: object) -> date:
    raise ValueError(f"expected a day such as 2026-12-24; {text} is none")


def day(text: object) -> tuple[int, int, int]:
    """Year, month, day of `2026-12-24`; of `12-24`, every year, the year is 0. Raises ValueError."""
    if isinstance(text, str) and re.fullmatch(r"\d{2}-\d{2}", text):
        try:
            found = date.fromisoformat(f"2024-{text}")  # a year that has a 29th of February
        except ValueError:
            raise ValueError(f"expected a day such as 12-24; there is no {text}") from None
        return (0, found.month, found.day)
    try:
        found = whole_day(text)
    except ValueError:
        raise ValueError(f"expected a day such as 2026-12-24, or 12-24 for every year; {text} is none") from None
    return (found.year, found.month, found.day)


def sun_time(text: object) -> SunTime:
    """`sunset`, `sunset+30min`, `dawn - 1h`. Raises ValueError."""
    match = _SUN.fullmatch(text.strip().lower()) if isinstance(text, str) else None
    names = [str(event) for event in SunEvent]
    if match is None or match[1] not in names:
        guess = near(match[1], names) if match else ""
        raise ValueError(
            f"expected what the sun does, such as sunset+30min{guess or '; known are ' + ', '.join(names)}"
        )
    return SunTime(SunEvent(match[1]), signed_duration(f"{match[2]}{match[3]}".removeprefix("+")) if match[2] else 0)


def cron(text: object) -> str:
    """A cron expression that comes again. Raises ValueError."""
    if not isinstance(text, str) or len(text.split()) != 5:
        raise ValueError(
            'expected five fields in quotes such as "15 22 * * mon-thu": minute, hour, day, month, weekday'
        )
    try:
        next(CronSim(text, datetime(2026, 1, 1, tzinfo=UTC)))
    except CronSimError as error:
        name = str(error).removeprefix("Bad ")
        raise ValueError(
            f"the {name} of this cron expression cannot be; it takes {_FIELDS.get(name, 'less')}"
        ) from None
    except StopIteration:
        raise ValueError("this cron expression never comes") from None
    return text


def every(text: object) -> int:
    """Days of `3 days` or `2 weeks`. Raises ValueError."""
    match = _EVERY.fullmatch(text.strip()) if isinstance(text, str) else None
    days = int(match[1]) * (7 if match[2].startswith("week") else 1) if match else 0
    if not 1 <= days <= 366:
        raise ValueError("expected how often, such as `3 days` or `2 weeks`, a year at most")
    return days


def less_than(text: object) -> PlayCount:
    """`3 this week` or `1 today`. Raises ValueError."""
    match = _LESS.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None or match[1] == "0":
        raise ValueError("expected how often, such as `3 this week` or `2 today`")
    return PlayCount(int(match[1]), match[2] == "this week")


def if_missed(text: object) -> Ms:
    """How late it may start: 0 for `skip`, else what stands in `run within 30min`. Raises ValueError."""
    if text == "skip":
        return 0
    match = _MISSED.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ValueError("expected `skip`, or `run within 30min`")
    return duration(match[1])


def _text(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


_DAY = r"^(\d{4}-)?\d{2}-\d{2}$"
ClockTime: TypeAlias = Annotated[time, PlainValidator(clock_time), _text(CLOCK, "22:15")]
WeekdayText: TypeAlias = Annotated[
    frozenset[int], PlainValidator(weekdays), _text(r"^[a-z]{3}(-[a-z]{3})?$|^weekdays$|^weekend$|^daily$", "mon-thu")
]
MonthText: TypeAlias = Annotated[frozenset[int], PlainValidator(months), _text(r"^[a-z]{3}(-[a-z]{3})?$", "jun-aug")]
WholeDay: TypeAlias = Annotated[date, PlainValidator(whole_day), _text(r"^\d{4}-\d{2}-\d{2}$", "2026-12-24")]
DayText: TypeAlias = Annotated[tuple[int, int, int], PlainValidator(day), _text(_DAY, "12-24")]
SunText: TypeAlias = Annotated[
    SunTime,
    PlainValidator(sun_time),
    _text(r"^(dawn|sunrise|noon|sunset|dusk)(\s*[+-]\s*\S.*)?$", "sunset+30min"),
]
CronText: TypeAlias = Annotated[str, PlainValidator(cron), _text(r"^\S+(\s+\S+){4}$", "15 22 * * mon-thu")]
EveryText: TypeAlias = Annotated[int, PlainValidator(every), _text(r"^\d{1,3}\s*(days?|weeks?)$", "3 days")]
LessText: TypeAlias = Annotated[
    PlayCount, PlainValidator(less_than), _text(r"^\d{1,3}\s+(today|this week)$", "3 this week")
]
MissedText: TypeAlias = Annotated[Ms, PlainValidator(if_missed), _text(r"^skip$|^run within \S.*$", "run within 30min")]
