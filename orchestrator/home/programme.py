"""The schedules of a home as values: with its zone and place, and the calendars that lie beside its file."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from orchestrator.home.library import Home
from orchestrator.home.schedule import AnnounceModel, CalendarModel, HolidaysModel, ScheduleModel, SpanModel
from orchestrator.schedules.calendar import Calendar
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
    calendars = {name: Calendar(name, zone, parsed) for name, parsed in home.calendars.items()}
    return {name: _schedule(name, model, home, zone, calendars) for name, model in home.model.schedules.items()}


def _schedule(
    name: str, model: ScheduleModel, home: Home, zone: ZoneInfo, calendars: Mapping[str, Calendar]
) -> Schedule:
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


def _moment(model: ScheduleModel, home: Home, calendars: Mapping[str, Calendar]) -> When:
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
    return Events(calendars[model.calendar])


def _days(model: ScheduleModel, calendars: Mapping[str, Calendar]) -> Days:
    is_source = model.at is None and model.ends_at is None and model.cron is None and model.sun is None
    exceptions, usual = model.exceptions(), Days()
    between = model.between if isinstance(model.between, list) else [model.between] if model.between else []
    return Days(
        weekdays=_union(model.days) or usual.weekdays,
        months=_union(model.months) or usual.months,
        between=tuple(_span(each) for each in between),
        every=Every(model.every, model.start) if model.every is not None and model.start is not None else None,
        only=calendars[model.calendar] if model.calendar is not None and not is_source else None,
        holidays=_holidays(model.holidays),
        left_out=tuple(_span(each) for each in exceptions if isinstance(each, SpanModel)),
        away=tuple(calendars[each.calendar] for each in exceptions if isinstance(each, CalendarModel)),
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
