"""Schedules in the home file: every wrong one is named with its place and a sentence that helps; sound ones are values."""

# ruff: noqa: E501 - a table reads best with one case a line
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import jsonschema
import pytest
import yaml

from orchestrator.documents import document
from orchestrator.errors import HomeError
from orchestrator.home import library
from orchestrator.home.programme import programme
from orchestrator.home.schema import schema
from orchestrator.schedules.conditions import PlayedLess, RoomIdle, SignalIs
from orchestrator.schedules.days import Every, HolidayRule, Holidays, Span
from orchestrator.schedules.model import AtClock, Coordinates, Cron, Events, SceneChoice, Sun, SunEvent
from orchestrator.schedules.recurrence import next_fire
from orchestrator.units import HOUR, MINUTE

SOUND = """\
home: example
format: 1
location: {latitude: 52.52, longitude: 13.40, timezone: Europe/Berlin}
devices:
  lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}
rooms:
  den:
    roles: {main: lamp}
schedules:
  late:
    scene: quiet
    room: den
    at: "22:15"
"""
UTC = ZoneInfo("UTC")

WRONG = [
    ('at: "22:15"', 'at: "25:15"', '13:9: expected a time of day such as "22:15"'),
    ('at: "22:15"', 'cron: "15 22 * *"', "13:11: expected five fields in quotes"),
    ('at: "22:15"', 'cron: "15 22 * * mon-thx"', "13:11: the day-of-week of this cron expression cannot be; it takes 0 to 7 or sun to sat"),
    ('at: "22:15"', 'cron: "61 22 * * *"', "13:11: the minute of this cron expression cannot be; it takes 0 to 59"),
    ('at: "22:15"', "sun: sunst+30min", "13:10: expected what the sun does, such as sunset+30min; did you mean `sunset`?"),
    ('at: "22:15"', "sun: sunset+30", "13:10: '30' is no length; write 90s, 10min"),
    ('at: "22:15"', 'sun: sunset\n    at: "22:15"', "11:5: `at` and `sun` both say when; keep one"),
    ('at: "22:15"', "days: [mon, tue]", '11:5: when is it due? Write `at: "22:15"`'),
    ("scene: quiet", "sceen: quiet", "11:5: `sceen` is no key of a schedule; did you mean `scene`?"),
    ('at: "22:15"', 'at: "22:15"\n    days: [mon, tues]', "14:17: expected a day such as mon, or mon-thu, weekdays, weekend; there is no `tues`; did you mean `tue`?"),
    ('at: "22:15"', 'at: "22:15"\n    months: juni', "14:13: expected a month such as jun, or jun-aug; there is no `juni`; did you mean `jun`?"),
    ('at: "22:15"', 'at: "22:15"\n    between: {from: 12-24, to: 2027-01-01}', "14:14: both days have a year, or neither has"),
    ('at: "22:15"', 'at: "22:15"\n    between: {from: 02-30, to: 03-01}', "14:21: expected a day such as 12-24; there is no 02-30"),
    ('at: "22:15"', 'at: "22:15"\n    except: [24.12.]', "14:14: expected a day such as 2026-12-24, or 12-24 for every year; 24.12. is none"),
    ('at: "22:15"', 'at: "22:15"\n    except: [{calendar: away.ics, fre: true}]', "14:35: `fre` is no key of a calendar; did you mean `free`?"),
    ('at: "22:15"', 'at: "22:15"\n    holidays: {country: XX}', "14:15: the holidays of `XX` are not known; write a code such as DE, US or NP"),
    ('at: "22:15"', 'at: "22:15"\n    holidays: {country: DE, region: BRL}', "14:15: DE has no region `BRL`; it has BB, BE, BW"),
    ('at: "22:15"', 'at: "22:15"\n    every: 3 days', "11:5: `every` needs a `start`, the first day: start: 2026-12-01"),
    ('at: "22:15"', 'at: "22:15"\n    every: thrice\n    start: 2026-12-01', "14:12: expected how often, such as `3 days` or `2 weeks`"),
    ('at: "22:15"', 'at: "22:15"\n    not_before: "20:00"', "11:5: `not_before` and `not_after` hold the sun between two times of day"),
    ('at: "22:15"', 'sun: sunset\n    not_before: "22:00"\n    not_after: "20:00"', "11:5: `not_before` is later than `not_after`"),
    ('at: "22:15"', 'at: "22:15"\n    if: [idel]', "14:10: expected `idle`, `not_today`"),
    ('at: "22:15"', 'at: "22:15"\n    if: [{topic: home/x}]', "14:10: what has to be so? Write `equals`"),
    ('at: "22:15"', 'at: "22:15"\n    if: [{topic: home/x, eqals: 1}]', "14:26: `eqals` is no key of a signal; did you mean `equals`?"),
    ('at: "22:15"', 'at: "22:15"\n    if: {topic: home/x, template: "{{ vlaue }}"}', "14:35: no such name here: vlaue"),
    ('at: "22:15"', 'at: "22:15"\n    if: [{less_than: 3}]', "14:22: expected how often, such as `3 this week`"),
    ('at: "22:15"', 'at: "22:15"\n    announce: 10', "14:15: 10 of what? Write the unit"),
    ('at: "22:15"', 'at: "22:15"\n    announce: {befor: 10min}', "14:16: `befor` is no key of an announce; did you mean `before`?"),
    ('at: "22:15"', 'at: "22:15"\n    if_missed: run', "14:16: expected `skip`, or `run within 30min`"),
    ('at: "22:15"', 'at: "22:15"\n    mode: parallel', "14:11: expected `single` or `restart` or `queued`"),
    ('at: "22:15"', 'at: "22:15"\n    set: {length: [1]}', "14:19: expected a word, a number, true or false"),
    ("room: den", "room: dne", "12:11: there is no room `dne`; did you mean `den`?"),
    ("scene: quiet", "scene: [a, b]\n    set: {x: 1}", "11:5: with several scenes each has its own `set`"),
    ("    room: den\n", "", "11:5: `room` is missing"),
    ("late:", "Late night:", "10:3: expected a name: small letters, digits and `-`"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), WRONG, ids=[expected for *_, expected in WRONG])
def test_a_wrong_schedule_is_named_with_its_place(old: str, new: str, expected: str) -> None:
    assert old in SOUND
    with pytest.raises(HomeError) as refusal:
        library.read(SOUND.replace(old, new, 1), "home.yaml")
    (fault,) = refusal.value.faults
    assert str(fault).removeprefix("home.yaml:").startswith(expected)


def test_twenty_wrong_schedules_are_all_named_at_once() -> None:
    """One file, many schedules, each wrong in its own way: one fault each, in the order of their places."""
    head, body = SOUND.split("  late:\n")
    shapes = [new for old, new, _ in WRONG if old == 'at: "22:15"'][:23]
    bodies = (body.replace('at: "22:15"', new) for new in shapes)
    text = head + "".join(f"  late-{number}:\n{one}" for number, one in enumerate(bodies))
    with pytest.raises(HomeError) as refusal:
        library.read(text, "home.yaml")
    faults = refusal.value.faults
    first_line = [text[: text.index(f"  late-{number}:")].count("\n") + 1 for number in range(len(shapes))]
    owners = [max(number for number, line in enumerate(first_line) if line <= fault.line) for fault in faults]
    assert owners == list(range(len(shapes)))
    assert len(shapes) >= 20


def test_the_sun_needs_a_place() -> None:
    text = SOUND.replace("location: {latitude: 52.52, longitude: 13.40, timezone: Europe/Berlin}\n", "")
    with pytest.raises(HomeError, match="12:10: the sun rises and sets somewhere"):
        library.read(text.replace('at: "22:15"', "sun: sunset"), "home.yaml")


EVERYTHING = """\
    title: {en: Wind-down, de: Runterkommen}
    days: [mon-thu, sun]
    months: [sep-dec, jan]
    between: [{from: 09-15, to: 01-15}]
    except: [2026-12-24, 12-31, {from: 2026-12-27, to: 2027-01-02}, {calendar: away.ics}]
    holidays: {country: DE, region: BE, then: skip}
    every: 2 weeks
    start: 2026-09-20
    set: {length: 20min, deep: true, rounds: 3}
    mode: queued
    if:
      - idle
      - not_today
      - less_than: 3 this week
      - {topic: home/presence, equals: home, for: 10min}
      - {topic: tv/state, template: "{{ value_json.state != 'playing' }}"}
    announce: {before: 10min, say: Soon.}
    postpone: 20min
    jitter: 5min
    if_missed: run within 30min
"""
ICS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n"
    "DTSTART;VALUE=DATE:20261110\r\nSUMMARY:Away\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def test_everything_that_can_be_written_is_a_value(tmp_path: Path) -> None:
    (tmp_path / "away.ics").write_text(ICS)
    path = tmp_path / "home.yaml"
    path.write_text(SOUND + EVERYTHING)
    home = library.load(path)
    assert home.files == [path, tmp_path / "away.ics"]
    late = programme(home, UTC)["late"]
    assert late.moment == AtClock(time(22, 15))
    assert late.zone == ZoneInfo("Europe/Berlin")
    assert late.pieces == (SceneChoice("quiet", {"length": "20min", "deep": True, "rounds": 3}),)
    assert late.days.weekdays == {0, 1, 2, 3, 6}
    assert late.days.months == {9, 10, 11, 12, 1}
    assert late.days.between == (Span((0, 9, 15), (0, 1, 15)),)
    assert late.days.left_out[0] == Span((2026, 12, 24), (2026, 12, 24))
    assert late.days.left_out[1:] == (Span((0, 12, 31), (0, 12, 31)), Span((2026, 12, 27), (2027, 1, 2)))
    assert [calendar.title_on(date(2026, 11, 10)) for calendar in late.days.away] == ["Away"]
    assert late.days.holidays == Holidays("DE", "BE", HolidayRule.SKIP)
    assert late.days.every == Every(14, date(2026, 9, 20))
    assert late.conditions[:3] == (RoomIdle(), PlayedLess(1), PlayedLess(3, this_week=True))
    presence, film = late.conditions[3:]
    assert isinstance(presence, SignalIs)
    assert isinstance(film, SignalIs)
    assert (presence.signal.topic, presence.signal.lasting) == ("home/presence", 10 * MINUTE)
    assert film.signal.holds('{"state": "off"}')
    assert late.announcement == (10 * MINUTE, "Soon.")
    assert (late.postponed_by, late.jitter, late.catch_up, late.mode) == (
        20 * MINUTE,
        5 * MINUTE,
        30 * MINUTE,
        "queued",
    )


@pytest.mark.parametrize(
    ("keys", "moment"),
    [
        ('cron: "15 22 * * mon-thu"', Cron("15 22 * * mon-thu")),
        ("sun: sunset+30min", Sun(SunEvent.SUNSET, Coordinates(52.52, 13.4), 30 * MINUTE)),
        ('sun: dawn - 1h\n    not_before: "06:00"', Sun(SunEvent.DAWN, Coordinates(52.52, 13.4), -HOUR, time(6))),
        ('ends_at: "23:00"', AtClock(time(23))),
    ],
)
def test_every_way_to_say_when(keys: str, moment: object) -> None:
    home = library.read(SOUND.replace('at: "22:15"', keys), "home.yaml")
    late = programme(home, UTC)["late"]
    assert late.moment == moment
    assert late.is_end is keys.startswith("ends_at")


def test_a_calendar_is_the_source_or_says_on_which_days(tmp_path: Path) -> None:
    (tmp_path / "away.ics").write_text(ICS)
    path = tmp_path / "home.yaml"
    path.write_text(SOUND.replace('at: "22:15"', "calendar: away.ics"))
    source = programme(library.load(path), UTC)["late"]
    assert isinstance(source.moment, Events)
    assert source.days.only is None
    path.write_text(SOUND + "    calendar: away.ics\n")
    filtered = programme(library.load(path), UTC)["late"]
    assert filtered.moment == AtClock(time(22, 15))
    assert filtered.days.only is not None


def test_several_scenes_come_one_after_the_other() -> None:
    text = SOUND.replace("scene: quiet", "scene: [foot-massage, {scene: evening-wind-down, set: {length: 20min}}]")
    late = programme(library.read(text, "home.yaml"), UTC)["late"]
    assert late.pieces == (SceneChoice("foot-massage", {}), SceneChoice("evening-wind-down", {"length": "20min"}))


def test_without_a_location_the_walls_show_what_the_machine_does() -> None:
    text = SOUND.replace("location: {latitude: 52.52, longitude: 13.40, timezone: Europe/Berlin}\n", "")
    zone = ZoneInfo("Asia/Kathmandu")
    assert programme(library.read(text, "home.yaml"), zone)["late"].zone == zone


def test_what_is_read_fits_the_schema() -> None:
    data = document.read(SOUND + EVERYTHING, "home.yaml").data
    jsonschema.Draft202012Validator(schema()).validate(data)
    assert yaml.safe_load(SOUND)["schedules"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "the file cannot be read: No such file or directory"),
        (
            b"<!DOCTYPE html><title>Log in</title>",
            "this is no iCalendar file: it begins with '<!DOCTYPE html><title>Log in</'",
        ),
        (b"", "this is no iCalendar file: it begins with ''"),
        (bytes(range(256)) * 40, "this is no iCalendar file"),
    ],
    ids=["missing", "a web page", "empty", "bytes"],
)
def test_a_calendar_that_is_none_keeps_from_beginning_what_asks_for_it_and_nothing_else(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / "c.ics").write_bytes(content)
    path = tmp_path / "home.yaml"
    more = "  source: {scene: quiet, room: den, calendar: c.ics}\n"
    more += '  away: {scene: quiet, room: den, at: "22:15", except: {calendar: c.ics}}\n'
    path.write_text(SOUND + more)
    home = library.load(path)
    (warning,) = home.remarks
    line = (SOUND + more).splitlines()[warning.line - 1]
    assert line[warning.column - 1 :].startswith("c.ics")
    assert warning.message.startswith(f"`c.ics`: {said}")
    assert warning.message.endswith("; source and away cannot begin before that is mended")
    found = programme(home, ZoneInfo("Europe/Berlin"))
    assert next_fire(found["late"], datetime(2026, 12, 1, tzinfo=UTC)).at is not None
    for name in ("source", "away"):
        assert found[name].out_of_use.startswith(f"Its calendar c.ics is of no use: {said}")
        assert next_fire(found[name], datetime(2026, 12, 1, tzinfo=UTC)).at is None
    assert path.parent / "c.ics" in home.files


def test_a_calendar_that_is_no_file_at_all_is_told(tmp_path: Path) -> None:
    (tmp_path / "c.ics").mkdir()
    (tmp_path / "home.yaml").write_text(SOUND.replace('at: "22:15"', "calendar: c.ics"))
    (warning,) = library.load(tmp_path / "home.yaml").remarks
    assert "this is no file" in warning.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_calendar_is_read_in_whatever_letters_it_was_exported(tmp_path: Path, encoding: str) -> None:
    event = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261203T200000Z\r\nSUMMARY:F\u00fc\u00dfe\r\nEND:VEVENT\r\n"
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{event}END:VCALENDAR\r\n"
    (tmp_path / "c.ics").write_bytes(text.encode(encoding))
    (tmp_path / "home.yaml").write_text(SOUND.replace('at: "22:15"', "calendar: c.ics"))
    home = library.load(tmp_path / "home.yaml")
    late = programme(home, ZoneInfo("Europe/Berlin"))["late"]
    assert home.remarks == []
    assert next_fire(late, datetime(2026, 12, 1, tzinfo=UTC)).at == datetime(2026, 12, 3, 20, tzinfo=UTC)
    assert isinstance(late.moment, Events)
    assert late.moment.calendar.title_on(date(2026, 12, 3)) == "F\u00fc\u00dfe"


def test_free_time_is_no_absence_unless_the_home_says_so(tmp_path: Path) -> None:
    event = "BEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20261202\nTRANSP:TRANSPARENT\nSUMMARY:Lunch\nEND:VEVENT\n"
    (tmp_path / "c.ics").write_text(f"BEGIN:VCALENDAR\n{event}END:VCALENDAR\n")
    path = tmp_path / "home.yaml"
    for key, day in (("", 2), (", free: false", 2), (", free: true", 3)):
        path.write_text(SOUND.replace('at: "22:15"', f'at: "22:15"\n    except: [{{calendar: c.ics{key}}}]'))
        late = programme(library.load(path), ZoneInfo("Europe/Berlin"))["late"]
        found = next_fire(late, datetime(2026, 12, 2, tzinfo=UTC)).at
        assert found is not None
        assert found.day == day
    path.write_text(SOUND.replace('at: "22:15"', 'at: "22:15"\n    calendar: c.ics'))
    late = programme(library.load(path), ZoneInfo("Europe/Berlin"))["late"]
    assert next_fire(late, datetime(2026, 12, 1, tzinfo=UTC)).at == datetime(2026, 12, 2, 21, 15, tzinfo=UTC)
