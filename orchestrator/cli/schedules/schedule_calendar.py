"""When the schedules of a home file are due, without a daemon: a list, and the months with their days."""

from calendar import Calendar as Months
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import NamedTuple

from rich.text import Text

from orchestrator.daemon.clock import local_zone
from orchestrator.daemon.plan_cache import PlanCache
from orchestrator.daemon.scene_repository import read_scenes
from orchestrator.daemon.settings import Settings
from orchestrator.home.library import Home
from orchestrator.home.programme import programme
from orchestrator.schedules.model import Passed, Schedule
from orchestrator.schedules.recurrence import fires

WEEKDAYS = "Mo Tu We Th Fr Sa Su"
MONTH_GAP = 4
LETTERS = "abcdefghijklmnopqrstuvwxyz"
MONTHS_SHOWN = 6


class Due(NamedTuple):
    """A time of a schedule, in its zone, and the days before that on which it is left out."""

    at: datetime
    schedule: Schedule
    passed: tuple[Passed, ...]


def schedules_of(home: Home, settings: Settings) -> dict[str, Schedule]:
    """The schedules, those that end at a time with the length of their scenes. Raises RelaxError."""
    found = programme(home, local_zone())
    if not any(schedule.is_end for schedule in found.values()):
        return found
    repository, _ = read_scenes(settings.folders)
    plans = PlanCache(home)
    return {
        name: schedule.lasting(
            sum(
                plans.lasts(repository.scene(piece.scene), schedule.room, piece.parameters) for piece in schedule.pieces
            )
        )
        if schedule.is_end
        else schedule
        for name, schedule in found.items()
    }


def coming(schedules: Iterable[Schedule], after: datetime, count: int) -> list[Due]:
    """The next so many times of all of them together, in order."""
    streams = (_times(schedule, after) for schedule in schedules)
    return list(islice(merge(*streams, key=lambda due: due.at.astimezone(UTC)), count))


def _times(schedule: Schedule, after: datetime) -> Iterator[Due]:
    for outlook in fires(schedule, after):
        if outlook.at is not None:
            yield Due(outlook.at.astimezone(schedule.zone), schedule, outlook.passed)


def month_lines(dues: list[Due], letters: Mapping[str, str], width: int) -> list[Text]:
    """The months from the first time to the last, side by side: a day with times has a letter for each schedule.

    A day that is left out has a cross.
    """
    if not dues:
        return []
    marks: dict[date, str] = {}
    for due in dues:
        day = due.at.date()
        marks[day] = (marks.get(day, "") + letters[due.schedule.name]) if day in marks else letters[due.schedule.name]
    crossed = {day for due in dues for passed in due.passed for day in _days(passed)} - set(marks)
    first, last = dues[0].at.date().replace(day=1), dues[-1].at.date()
    sheets = [_month(month, marks, crossed) for month in islice(_from(first, last), MONTHS_SHOWN)]
    beside = max((width + MONTH_GAP) // (max(line.cell_len for line in sheets[0]) + MONTH_GAP), 1)
    rows = [sheets[start : start + beside] for start in range(0, len(sheets), beside)]
    return [line for row in rows for line in (*_side_by_side(row), Text())]


def _from(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first = (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def _days(passed: Passed) -> Iterator[date]:
    return (passed.first + timedelta(days=number) for number in range((passed.last - passed.first).days + 1))


def _month(month: date, marks: Mapping[date, str], crossed: set[date]) -> list[Text]:
    lines = [Text(f"{month:%B %Y}".center(27), style="bold"), Text("".join(f"{day:<4}" for day in WEEKDAYS.split()))]
    for week in Months().monthdatescalendar(month.year, month.month):
        line = Text()
        for day in week:
            if day.month != month.month:
                line.append("    ")
            elif day in marks:
                letter = marks[day] if len(marks[day]) == 1 else "+"
                line.append(f"{day.day:>2}{letter}", style="bold cyan").append(" ")
            elif day in crossed:
                line.append(f"{day.day:>2}×", style="yellow").append(" ")
            else:
                line.append(f"{day.day:>2}  ", style="dim")
        lines.append(line)
    return lines


def _side_by_side(sheets: list[list[Text]]) -> Iterator[Text]:
    for place in range(max(map(len, sheets))):
        line = Text()
        for sheet in sheets:
            part = sheet[place] if place < len(sheet) else Text()
            line.append_text(part).append(" " * (28 - part.cell_len + MONTH_GAP))
        line.rstrip()
        yield line
