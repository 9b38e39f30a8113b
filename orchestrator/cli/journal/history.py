"""`relax history`: the sessions that were played, as the journal has them, beside the daemon or without one."""

from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli import options
from orchestrator.cli.json_output import print_json
from orchestrator.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="From this day on, such as 2026-11-01.")]


def history(
    room: options.Room = None,
    since: Since = None,
    state_dir: options.StateDir = None,
    as_json: options.JsonData = False,
) -> None:
    """The sessions that were played, and the minutes of each week.

    Part sessions count with the minutes that they lasted; a day ends at four in the morning.
    """
    from orchestrator.daemon.clock import local_zone
    from orchestrator.daemon.settings import read_settings
    from orchestrator.journal.history import history as told
    from orchestrator.journal.reader import Reader

    first = _day(since)
    with Reader(read_settings({"state_dir": state_dir}).journal) as journal:
        found = told(journal, local_zone(), since=first, room=room)
    if as_json:
        sessions = [each._asdict() for each in found.played]
        weeks = [each._asdict() for each in found.weeks]
        print_json({"sessions": sessions, "weeks": weeks})
        return
    if not found.played:
        print("Nothing has been played yet." if since is None else f"Nothing was played since {since}.")
        return
    from orchestrator.cli.terminal import fitted, page, text_table

    columns = ("day", "began", "room", "scene", "ended", "minutes", "session", "by")
    rows = [
        (
            f"{each.day:%a %d %b}",
            f"{each.started_at:%H:%M}",
            each.room,
            each.scene,
            str(each.ending or "still on"),
            str(each.minutes),
            each.session,
            each.trigger,
        )
        for each in found.played
    ]
    sheet = page()
    fitting, cut = fitted(columns, rows, sheet.width, columns.index("scene"))
    sheet.print(text_table(fitting, cut, right=(columns.index("minutes"),)))
    sheet.print()
    for week in found.weeks:
        times = "once" if week.sessions == 1 else f"{week.sessions} times"
        minutes = f"{week.minutes} minute{'s' if week.minutes != 1 else ''}"
        sheet.print(f"Week of {week.monday:%d %b %Y}: {times}, {minutes}")


def _day(text: str | None) -> "date | None":
    """Raises UsageError."""
    from datetime import date

    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        raise UsageError(f"--since {text} is no day.", "Write it as 2026-11-01.") from None
