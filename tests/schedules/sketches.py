"""Schedules for tests, with what does not matter left out."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from orchestrator.schedules.calendar import Calendar
from orchestrator.schedules.calendar_file import read_calendar
from orchestrator.schedules.days import Days
from orchestrator.schedules.model import AtClock, Coordinates, SceneChoice, Schedule, When

BERLIN = Coordinates(52.52, 13.405)
TROMSO = Coordinates(69.65, 18.96)
HELSINKI = Coordinates(60.17, 24.94)
REYKJAVIK = Coordinates(64.15, -21.94)


def schedule(moment: When, zone: str = "Europe/Berlin", days: Days | None = None, **more: Any) -> Schedule:
    return Schedule("evening", "den", (SceneChoice("quiet", {}),), moment, ZoneInfo(zone), days or Days(), **more)


def at(clock: str, zone: str = "Europe/Berlin", days: Days | None = None, **more: Any) -> Schedule:
    return schedule(AtClock(time.fromisoformat(clock)), zone, days, **more)


def when(text: str) -> datetime:
    """A moment as it is written in tables: with its offset."""
    found = datetime.fromisoformat(text)
    assert found.tzinfo is not None
    return found


def calendar(*events: str, zone: str = "Europe/Berlin") -> Calendar:
    """A calendar of events, each as the lines between BEGIN and END."""
    body = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}\r\nDTSTAMP:20260101T000000Z\r\n{event}\r\nEND:VEVENT\r\n"
        for number, event in enumerate(events)
    )
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//\r\n{body}END:VCALENDAR\r\n"
    return Calendar("away.ics", ZoneInfo(zone), read_calendar(text))
