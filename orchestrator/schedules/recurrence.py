"""When a schedule is due next: one pure answer for every moment, on every night of the year.

The arithmetic of the clock is cronsim's (as Debian's cron has it: a time that a change of clocks skips comes at the
jump, one that comes twice comes the first time only), that of the sun astral's.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cronsim import CronSim

from orchestrator.schedules.calendar import Calendar
from orchestrator.schedules.model import AtClock, Cron, Events, Passed, Schedule, Sun
from orchestrator.schedules.sun import moment_of

HORIZON = timedelta(days=366 * 29)
"""How far we look: a leap day that is a Sunday comes once in 28 years."""
UNROLLED = timedelta(days=366 * 3)
"""How far a calendar's events are unrolled."""
FIRST, LAST = date(2, 1, 3), date(9998, 12, 31)
"""The days that a schedule can have: a little fewer than `date` has, so that no zone leads out of the calendar."""
_DAY = timedelta(days=1)


class NextOccurrence(NamedTuple):
    """When it is due next; None for never again. `passed`: days before that on which it is not.

    In UTC, as all moments here: in a zone whose clocks go back two moments compare wrong (PEP 495).
    """

    at: datetime | None
    passed: tuple[Passed, ...] = ()


class _Candidate(NamedTuple):
    """A day of the schedule, and its moment; None, with a sentence, where that day has none."""

    day: date
    at: datetime | None
    why: str = ""


def next_fire(schedule: Schedule, after: datetime) -> NextOccurrence:
    """The first moment that is strictly later than `after`, which has a zone. Pure; every moment has an answer.

    Days outside of `FIRST` to `LAST` count as none.
    """
    if after.year > LAST.year or schedule.out_of_use:
        return NextOccurrence(None)
    after = _held(after)
    lead, most = timedelta(milliseconds=schedule.lead), timedelta(milliseconds=schedule.jitter)
    best: datetime | None = None
    passed: list[Passed] = []
    for candidate in _candidates(schedule, after + lead - most):
        if candidate.at is not None and best is not None and candidate.at - lead >= best:
            break
        if candidate.at is None:
            if best is None:
                _pass_over(passed, candidate.day, candidate.why)
            continue
        fire = candidate.at - lead + _jitter(schedule, candidate.at)
        if fire > after and (best is None or fire < best):
            best = fire
            if not most:
                break
    return NextOccurrence(best, tuple(passed))


def fires(schedule: Schedule, after: datetime) -> Iterator[NextOccurrence]:
    """All of them, one after the other; ends where there is none any more."""
    outlook = next_fire(schedule, after)
    while outlook.at is not None:
        yield outlook
        outlook = next_fire(schedule, outlook.at)


def at_clock(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A time of day on a day, in UTC. Where the clocks skip it, the jump; where it comes twice, the first."""
    before = datetime.combine(day, time(), zone) - timedelta(seconds=1)
    return next(CronSim(f"{clock.minute} {clock.hour} * * *", before)).astimezone(UTC)


def _held(moment: datetime) -> datetime:
    """In UTC, and not before the first day."""
    first = datetime.combine(FIRST, time(), UTC)
    return first if moment.year < FIRST.year else max(first, moment.astimezone(UTC))


def _candidates(schedule: Schedule, after: datetime) -> Iterator[_Candidate]:
    """Moments strictly later than `after` (UTC), in order; and each day that has none, but for something."""
    match schedule.moment:
        case AtClock(clock):
            return _by_clock(f"{clock.minute} {clock.hour} * * *", schedule, after)
        case Cron(expression):
            return _by_clock(expression, schedule, after)
        case Sun() as sun:
            return _by_sun(sun, schedule, after)
        case Events(calendar):
            return _by_events(calendar, schedule, after)


def _by_clock(expression: str, schedule: Schedule, after: datetime) -> Iterator[_Candidate]:
    """A day that is none of the schedule's is passed in one step, however often the expression comes on it."""
    zone, last = schedule.zone, after
    moments = CronSim(expression, after.astimezone(zone))
    while (found := _next(moments)) is not None and found.astimezone(UTC) - after < HORIZON:
        day, at = found.date(), found.astimezone(UTC)
        if at <= last:  # a moment that the clocks brought twice
            continue
        is_one = schedule.days.has(day)
        why = schedule.days.why_not(day) if is_one else None
        if not is_one or why is not None:
            if why is not None:
                yield _Candidate(day, None, why)
            onward = next(_days(schedule, day + _DAY, HORIZON), None)
            if onward is None:
                return
            moments = CronSim(expression, datetime.combine(onward, time(), zone) - timedelta(seconds=1))
            continue
        last = at
        yield _Candidate(day, at)


def _next(moments: CronSim) -> datetime | None:
    """The next one; None where it would not be in the calendar."""
    try:
        found = next(moments, None)
    except (OverflowError, ValueError):  # cronsim looks on into the year 10000
        return None
    return found if found is not None and found.date() <= LAST else None


def _by_sun(sun: Sun, schedule: Schedule, after: datetime) -> Iterator[_Candidate]:
    """From a day before on: its evening may have gone past midnight. `turn`: the first day whose sun is to come."""
    zone = schedule.zone
    turn = (after - timedelta(milliseconds=sun.offset)).astimezone(zone).date()
    for day in _days(schedule, min(turn, after.astimezone(zone).date()) - _DAY, HORIZON):
        found = _of_sun(sun, day, zone)
        why = schedule.days.why_not(day) or (f"no {sun.event} that day" if found is None else None)
        if not (found > after if found is not None else day >= turn):
            continue
        yield _Candidate(day, None, why) if why is not None else _Candidate(day, found)


def _by_events(calendar: Calendar, schedule: Schedule, after: datetime) -> Iterator[_Candidate]:
    for day in _days(schedule, after.astimezone(schedule.zone).date(), UNROLLED):
        starts = [start for start in calendar.starts_on(day) if start > after]
        why = schedule.days.why_not(day) if starts else None
        if why is not None:
            yield _Candidate(day, None, why)
            continue
        for start in starts:
            yield _Candidate(day, start)


def _days(schedule: Schedule, first: date, horizon: timedelta) -> Iterator[date]:
    """The schedule's days from a first one on."""
    first = max(first, FIRST)
    days = (first + timedelta(days=number) for number in range(min(horizon, LAST + _DAY - first).days))
    return (day for day in days if schedule.days.has(day))


def _of_sun(sun: Sun, day: date, zone: ZoneInfo) -> datetime | None:
    """The moment of a day, held between the times of that day; None where the sun does not do this then."""
    found = moment_of(sun.event, sun.place, day, zone)
    if found is None:
        return None
    moment = found + timedelta(milliseconds=sun.offset)
    if sun.not_before is not None:
        moment = max(moment, at_clock(day, sun.not_before, zone))
    if sun.not_after is not None:
        moment = min(moment, at_clock(day, sun.not_after, zone))
    return moment


def _jitter(schedule: Schedule, at: datetime) -> timedelta:
    """How much later it is: whole seconds, drawn from the name and the moment, so that asking again changes nothing."""
    if not schedule.jitter:
        return timedelta()
    drawn = hashlib.sha256(f"{schedule.name} {at.astimezone(UTC).isoformat()}".encode()).digest()
    share = int.from_bytes(drawn[:8]) / 2**64
    return timedelta(seconds=int(share * (schedule.jitter // 1000 + 1)))


def _pass_over(passed: list[Passed], day: date, why: str) -> None:
    """Note a day; days in a row for the same reason are one."""
    if passed and passed[-1].why == why and day - passed[-1].last <= _DAY:
        passed[-1] = passed[-1]._replace(last=day)
    else:
        passed.append(Passed(day, day, why))


def upcoming(schedule: Schedule, after: datetime, count: int) -> list[NextOccurrence]:
    """The next so many."""
    return list(islice(fires(schedule, after), count))
