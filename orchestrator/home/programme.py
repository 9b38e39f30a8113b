"""The schedules of a home as values: with its zone and place, and the calendars that lie beside its file."""

from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from orchestrator.home.library import Home
from orchestrator.home.schedule import AnnounceModel, CalendarModel, HolidaysModel, ScheduleModel, SpanModel
from orchestrator.schedules.calendar import Calendar
from orchestrator.schedules.calendar_file import CalendarFile
from orchestrator.schedules.days import Days, Every, Holidays, Span
from orchestrator.schedules.model import (
    Announcement,
    AtClock,
    Coordinates,
    Cron,
    Events,
    SceneChoice,
    Schedule,
    Sun,
    When,
)


def zone_of(home: Home, machine: ZoneInfo) -> ZoneInfo:
    """The zone that the walls of a home show: its location's, else the machine's."""
    return ZoneInfo(home.model.location.timezone) if home.model.location is not None else machine


def programme(home: Home, machine: ZoneInfo) -> dict[str, Schedule]:
    """The schedules by name, in the order of the file. `machine` is the zone where the home gives none."""
    zone = zone_of(home, machine)
    calendars = _Calendars(home.calendars.files, zone)
    found = {name: _schedule(name, model, home, zone, calendars) for name, model in home.model.schedules.items()}
    return {name: replace(schedule, out_of_use=_why_not(name, home)) for name, schedule in found.items()}


def _why_not(name: str, home: Home) -> str:
    """What keeps a schedule from beginning at all; empty where nothing does."""
    unread = home.calendars.unread
    files = (file for file in home.model.schedules[name].calendars() if file in unread)
    return next((f"Its calendar {file} is of no use: {unread[file]}." for file in files), "")


class _Calendars:
    """The calendars of a home in its zone, each once in each way in which it is read."""

    def __init__(self, files: Mapping[str, CalendarFile], zone: ZoneInfo) -> None:
        self._files = files
        self._zone = zone
        self._made: dict[tuple[str, bool], Calendar] = {}

    def get(self, name: str, *, has_free: bool = True) -> Calendar:
        """The calendar of a file; of one that cannot be read, an empty one."""
        key = (name, has_free)
        if key not in self._made:
            file = self._files.get(name, CalendarFile())
            self._made[key] = Calendar(name, self._zone, file, has_free=has_free)
        return self._made[key]


def _schedule(name: str, model: ScheduleModel, home: Home, zone: ZoneInfo, calendars: _Calendars) -> Schedule:
    title = model.title
    return Schedule(
        name=name,
        room=model.room,
        pieces=tuple(SceneChoice(each.scene, each.set) for each in model.pieces()),
        moment=_moment(model, home, calendars),
        zone=zone,
        days=_days(model, calendars),
        is_end=model.ends_at is not None,
        jitter=model.jitter,
        conditions=model.conditions(),
        announcement=_announcement(model.announce),
        postponed_by=model.postpone,
        catch_up=model.if_missed,
        mode=model.mode,
        title=title if title is not None else "",
    )


def _moment(model: ScheduleModel, home: Home, calendars: _Calendars) -> When:
    clock = model.at or model.ends_at
    if clock is not None:
        return AtClock(clock)
    if model.cron is not None:
        return Cron(model.cron)
    if model.sun is not None:
        location = home.model.location
        assert location is not None, "coherence refuses a sun without a place"
        place = Coordinates(location.latitude, location.longitude)
        return Sun(model.sun.event, place, model.sun.offset, model.not_before, model.not_after)
    assert model.calendar is not None, "the model refuses a schedule without a moment"
    return Events(calendars.get(model.calendar))


def _days(model: ScheduleModel, calendars: _Calendars) -> Days:
    is_source = model.at is None and model.ends_at is None and model.cron is None and model.sun is None
    exceptions, usual = model.exceptions(), Days()
    between = model.between if isinstance(model.between, list) else [model.between] if model.between else []
    return Days(
        weekdays=_union(model.days) or usual.weekdays,
        months=_union(model.months) or usual.months,
        between=tuple(_span(each) for each in between),
        every=Every(model.every, model.start) if model.every is not None and model.start is not None else None,
        only=calendars.get(model.calendar) if model.calendar is not None and not is_source else None,
        holidays=_holidays(model.holidays),
        left_out=tuple(_span(each) for each in exceptions if isinstance(each, SpanModel)),
        away=tuple(
            calendars.get(each.calendar, has_free=each.free) for each in exceptions if isinstance(each, CalendarModel)
        ),
    )


def _union(given: frozenset[int] | list[frozenset[int]] | None) -> frozenset[int]:
    return frozenset().union(*given) if isinstance(given, list) else given or frozenset()


def _span(model: SpanModel) -> Span:
    return Span(model.from_, model.to)


def _holidays(model: HolidaysModel | None) -> Holidays | None:
    return Holidays(model.country, model.region, model.then) if model is not None else None


def _announcement(given: AnnounceModel | int | None) -> Announcement | None:
    if given is None:
        return None
    return Announcement(given.before, given.say) if isinstance(given, AnnounceModel) else Announcement(given)
