"""`relax schedules`: what is due when, what became of it, and what people say to it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestrator.cli import options
from orchestrator.cli.completion import scene_names, schedule_names
from orchestrator.cli.home_rewriting import home_text_of, rewrite
from orchestrator.cli.json_output import print_json
from orchestrator.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from orchestrator.integrations.outgoing import ScheduleState

schedules = typer.Typer(help="Scheduled wind-downs.", no_args_is_help=True)

Named = Annotated[
    str, typer.Argument(metavar="NAME", help="A schedule of the home file.", autocompletion=schedule_names)
]
MaybeNamed = Annotated[
    str | None, typer.Argument(metavar="[NAME]", help="One schedule; else all.", autocompletion=schedule_names)
]
TimesCount = Annotated[int, typer.Option("--count", metavar="N", min=1, max=400, help="How many times.")]
From = Annotated[str | None, typer.Option("--from", metavar="DATE", help="From this day on, such as 2026-12-20.")]
Undo = Annotated[bool, typer.Option("--undo", help="Take it back.")]
ScenesToPlay = Annotated[
    list[str], typer.Option("--scene", metavar="SCENE", help="What to play; repeat it.", autocompletion=scene_names)
]
_When = "When: a time of day such as 22:15."


@schedules.command("list")
def list_(home: options.DaemonHome = None, broker: options.Broker = None, as_json: options.JsonData = False) -> None:
    """Each with its next time, what became of the last one, and why not."""
    import asyncio

    async def tell() -> None:
        async with _client(home, broker) as client:
            _print(list(client.schedules.values()), as_json)

    asyncio.run(tell())


@schedules.command("next")
def next_(
    name: MaybeNamed = None,
    count: TimesCount = 10,
    start: From = None,
    home: options.DaemonHome = None,
    as_json: options.JsonData = False,
) -> None:
    """When they are due, as the home file has it, with the months; no daemon is asked.

    Days that are left out are said, with the reason.
    """
    from datetime import datetime, time

    from orchestrator.cli.arguments import home_at, own_home
    from orchestrator.cli.schedules.schedule_calendar import coming, schedules_of
    from orchestrator.daemon.clock import local_time, local_zone
    from orchestrator.daemon.settings import read_settings
    from orchestrator.home.programme import zone_of

    path = own_home(home)
    place = home_at(path)
    found = schedules_of(place, read_settings({"home": path}))
    if name is not None and name not in found:
        raise UsageError(f"{path} has no schedule {name!r}.", f"There are: {', '.join(found) or 'none'}.")
    zone = zone_of(place, local_zone())
    after = local_time() if start is None else datetime.combine(_day(start), time(), zone)
    wanted = [schedule for each, schedule in found.items() if name in (None, each)]
    for schedule in wanted:
        if schedule.out_of_use:
            print(f"{schedule.name} does not begin. {schedule.out_of_use}", file=sys.stderr)
    dues = coming(wanted, after, count)
    if as_json:
        rows = [
            {
                "at": due.at.isoformat(),
                "schedule": due.schedule.name,
                "room": due.schedule.room,
                "scene": due.schedule.pieces[0].scene,
                "passed": [{"first": str(one.first), "last": str(one.last), "why": one.why} for one in due.passed],
            }
            for due in dues
        ]
        print_json(rows)
        return
    if not found:
        print(f"{path} has no schedules. To write one: relax schedules add NAME --scene SCENE --at 22:15")
        return
    if not dues:
        print("Never, as they are written." if start is None else f"From {start} on: never, as they are written.")
        return
    _print_dues(dues, list(found))


def _print_dues(dues: "list[Any]", names: list[str]) -> None:
    from rich.text import Text

    from orchestrator.cli.schedules.schedule_calendar import LETTERS, month_lines
    from orchestrator.cli.terminal import page

    sheet = page()
    letters = {name: LETTERS[place % len(LETTERS)] for place, name in enumerate(names)}
    width = max(len(due.schedule.name) for due in dues)
    for due in dues:
        for one in due.passed:
            span = f"{one.first:%a %d %b}" if one.first == one.last else f"{one.first:%a %d %b} to {one.last:%a %d %b}"
            sheet.print(Text(f"   not {span}: {one.why}", style="yellow"))
        scenes = ", then ".join(piece.scene for piece in due.schedule.pieces)
        line = f"{due.at:%a %d %b %Y  %H:%M}  {due.schedule.name:<{width}}  {scenes} in {due.schedule.room}"
        sheet.print(Text(f"{letters[due.schedule.name]}  {line}"), no_wrap=True, overflow="ellipsis")
    sheet.print()
    for row in month_lines(dues, letters, sheet.width):
        sheet.print(row, no_wrap=True)


@schedules.command()
def enable(
    name: Named, home: options.DaemonHome = None, broker: options.Broker = None, as_json: options.JsonData = False
) -> None:
    """Let it begin again, from now on."""
    _tell(name, "enable", home, broker, as_json=as_json)


@schedules.command()
def disable(
    name: Named, home: options.DaemonHome = None, broker: options.Broker = None, as_json: options.JsonData = False
) -> None:
    """Let it begin no more, until it is enabled."""
    _tell(name, "disable", home, broker, as_json=as_json)


@schedules.command()
def skip(
    name: Named,
    undo: Undo = False,
    home: options.DaemonHome = None,
    broker: options.Broker = None,
    as_json: options.JsonData = False,
) -> None:
    """Leave out the next time; `--undo` takes that back."""
    _tell(name, "unskip" if undo else "skip", home, broker, as_json=as_json)


@schedules.command()
def run(
    name: Named, home: options.DaemonHome = None, broker: options.Broker = None, as_json: options.JsonData = False
) -> None:
    """Begin it now, whatever its conditions say."""
    _tell(name, "run", home, broker, as_json=as_json)


@schedules.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called: small letters, digits and `-`.")],
    scene: ScenesToPlay,
    room: options.Room = None,
    at: Annotated[str | None, typer.Option("--at", metavar="TIME", help=_When)] = None,
    ends_at: Annotated[str | None, typer.Option("--ends-at", metavar="TIME", help="When it is to be over.")] = None,
    sun: Annotated[str | None, typer.Option("--sun", metavar="SUN", help="Such as sunset+30min.")] = None,
    cron: Annotated[str | None, typer.Option("--cron", metavar="CRON", help='Such as "15 22 * * mon-thu".')] = None,
    days: Annotated[str | None, typer.Option("--days", metavar="DAYS", help="Such as mon-thu,sun.")] = None,
    given: options.Given = None,
    announce: Annotated[
        str | None, typer.Option("--announce", metavar="TIME", help="How long before to say so aloud, such as 10min.")
    ] = None,
    if_missed: Annotated[
        str | None, typer.Option("--if-missed", metavar="WHAT", help='`skip`, or "run within 30min".')
    ] = None,
    home: options.DaemonHome = None,
) -> None:
    """Write a schedule into the home file; every comment and line of it stays.

    What more a schedule can have (conditions, holidays, calendars) is written by hand: docs/schedules.md.
    """
    from orchestrator.cli.arguments import home_at, own_home, parse_parameters
    from orchestrator.conductor.preparation import the_room
    from orchestrator.home.editing import added

    path = own_home(home)
    where = the_room(home_at(path), room)
    keys: dict[str, object] = {"scene": scene[0] if len(scene) == 1 else scene, "room": where}
    chosen = {"at": at, "ends_at": ends_at, "sun": sun, "cron": cron}
    keys |= {key: value for key, value in chosen.items() if value is not None}
    if days is not None:
        keys["days"] = [day.strip() for day in days.split(",")]
    if values := parse_parameters(given):
        keys["set"] = {key: _plain(str(value)) for key, value in values.items()}
    keys |= {key: value for key, value in (("announce", announce), ("if_missed", if_missed)) if value is not None}
    rewrite(path, added(home_text_of(path), str(path), name, keys))
    print(f"{name} is in {path} now. When it is due: relax schedules next {name}")


@schedules.command()
def remove(name: Named, home: options.DaemonHome = None) -> None:
    """Take a schedule out of the home file; every other line and comment of it stays."""
    from orchestrator.cli.arguments import home_at, own_home
    from orchestrator.home.editing import removed

    path = own_home(home)
    home_at(path)
    rewrite(path, removed(home_text_of(path), str(path), name))
    print(f"{name} is no longer in {path}.")


def _plain(text: str) -> object:
    """`true`, `3`, `1.5` as what they are; all else as a text."""
    import json

    try:
        found = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, bool | int | float) else text


def _tell(name: str, word: str, home: Path | None, broker: str | None, *, as_json: bool) -> None:
    """Tell a schedule, and say how it is then. Raises BrokerError, Refused."""
    import asyncio

    async def tell() -> None:
        async with _client(home, broker) as client:
            await client.ask_schedule(name, {"command": word})
            await client.settle()
            _print([client.schedules[name]] if name in client.schedules else [], as_json)

    asyncio.run(tell())


def _client(home: Path | None, broker: str | None) -> Any:
    from orchestrator.cli.client.client import Client
    from orchestrator.cli.client.daemon_address import daemon_address

    return Client(daemon_address(home, broker))


def _print(states: "list[ScheduleState]", as_json: bool) -> None:
    if as_json:
        told = [state.model_dump(mode="json") for state in states]
        print_json({"schedules": told})
        return
    if not states:
        print("The home has no schedules. To write one: relax schedules add NAME --scene SCENE --at 22:15")
        return
    from orchestrator.cli.terminal import fitted, page, text_table
    from orchestrator.daemon.clock import local_time

    wall, sheet = local_time(), page()
    columns = ("schedule", "next", "room", "scene", "last")
    rows = [
        (state.schedule, _next_words(state, wall), state.room, state.scene, _last_words(state, wall))
        for state in states
    ]
    fitting, cut = fitted(columns, rows, sheet.width, columns.index("scene"))
    sheet.print(text_table(fitting, cut))
    for state in states:
        for line in _notes(state, wall):
            sheet.print(f"{state.schedule}: {line}", markup=False)


def _next_words(state: "ScheduleState", wall: "datetime") -> str:
    if not state.enabled:
        return "disabled"
    return _moment(state.next, wall) if state.next is not None else "never"


def _last_words(state: "ScheduleState", wall: "datetime") -> str:
    if state.last is None:
        return "not yet"
    return f"{_moment(state.last.due, wall)} {state.last.result}"


def _notes(state: "ScheduleState", wall: "datetime") -> list[str]:
    """What else there is to know: what is left out or put off, and why the last time was not."""
    notes = [state.problem] if state.problem is not None else []
    if state.skipped is not None:
        undo = f"relax schedules skip {state.schedule} --undo"
        notes.append(f"{_moment(state.skipped, wall)} is left out; to take that back: {undo}")
    if state.postponed is not None:
        notes.append(f"put off from {_moment(state.postponed, wall)}")
    elif state.announced:
        notes.append("it has been announced")
    if state.last is not None and state.last.why:
        notes.append(f"{_moment(state.last.due, wall)}: {state.last.why}")
    return notes


def _moment(moment: "datetime", wall: "datetime") -> str:
    """`today 22:15`, `tomorrow 22:15`, `Mon 30 Nov 22:15`, in the zone of the schedule."""
    days = (moment.date() - wall.astimezone(moment.tzinfo).date()).days
    day = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days) or f"{moment:%a %d %b}"
    return f"{day} {moment:%H:%M}"


def _day(text: str) -> Any:
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--from {text} is no day.", "Write it as 2026-12-20.") from None
