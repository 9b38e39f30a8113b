"""`relax history`, `trace` and `why`: what the journal tells, beside the daemon that writes it or without one."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestrator.cli import options
from orchestrator.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

    from orchestrator.journal.trace import Traced

Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="From this day on, such as 2026-11-01.")]
Session = Annotated[str, typer.Argument(metavar="SESSION", help="The session; the beginning of its name will do.")]
Count = Annotated[int, typer.Option("--count", metavar="N", min=1, max=1000, help="How many at most.")]


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
    from orchestrator.journal.history import history as told
    from orchestrator.journal.reader import Reader

    first = _day(since)
    with Reader(_journal(state_dir)) as journal:
        found = told(journal, local_zone(), since=first, room=room)
    if as_json:
        sessions = [each._asdict() for each in found.played]
        weeks = [each._asdict() for each in found.weeks]
        print(json.dumps({"sessions": sessions, "weeks": weeks}, ensure_ascii=False, indent=2, default=_plain))
        return
    if not found.played:
        print("Nothing has been played yet." if since is None else f"Nothing was played since {since}.")
        return
    from orchestrator.cli.terminal import fitted, page, table

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
    shown, cut = fitted(columns, rows, sheet.width, columns.index("scene"))
    sheet.print(table(shown, cut, right=(columns.index("minutes"),)))
    sheet.print()
    for week in found.weeks:
        times = "once" if week.sessions == 1 else f"{week.sessions} times"
        minutes = f"{week.minutes} minute{'s' if week.minutes != 1 else ''}"
        sheet.print(f"Week of {week.monday:%d %b %Y}: {times}, {minutes}")


def trace(session: Session, state_dir: options.StateDir = None, as_json: options.JsonData = False) -> None:
    """A session moment by moment: due, sent, answered, and why not."""
    from orchestrator.journal.reader import Reader
    from orchestrator.journal.trace import trace as told

    with Reader(_journal(state_dir)) as journal:
        found = told(journal, session)
    if as_json:
        from dataclasses import asdict

        record = {**found._asdict(), "events": [asdict(each) for each in found.events]}
        print(json.dumps(record, ensure_ascii=False, indent=2))
        return
    from orchestrator.cli.terminal import fitted, page, table

    sheet = page()
    sheet.print(f"{found.session}: {found.scene} in {found.room}, {found.ending or 'still on'}")
    sheet.print()
    rows = [
        (_seconds(each.due), _late(each), _answered(each), each.event, each.why or each.about) for each in found.events
    ]
    if rows:
        columns, cut = fitted(("due", "sent", "answered", "event", "what, or why not"), rows, sheet.width, 3)
        sheet.print(table(columns, cut, right=(0, 1, 2)))
    if found.folded:
        older = ", ".join(f"{count} {event}" for event, count in sorted(found.folded.items()))
        sheet.print(f"Older than the journal keeps in full: {older}")


def why(
    room: options.Room = None, count: Count = 20, state_dir: options.StateDir = None, as_json: options.JsonData = False
) -> None:
    """What did not happen lately, and why not.

    The newest first, each with the value that decided.
    """
    from orchestrator.daemon.clock import local_zone
    from orchestrator.journal.reader import Reader
    from orchestrator.journal.why import why as told

    with Reader(_journal(state_dir)) as journal:
        found = told(journal, room=room, at_most=count)
    if as_json:
        print(json.dumps([each._asdict() for each in found], ensure_ascii=False, indent=2, default=_plain))
        return
    if not found:
        print("Everything happened as it should.")
    zone = local_zone()
    for each in found:
        print(f"{each.at.astimezone(zone):%a %d %b %H:%M:%S}  {each.room}: {each.sentence}")


def _journal(state_dir: Path | None) -> Path:
    from orchestrator.daemon.settings import settled

    return settled({"state_dir": state_dir}).journal


def _day(text: str | None) -> "date | None":
    """Raises UsageError."""
    from datetime import date

    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        raise UsageError(f"--since {text} is no day.", "Write it as 2026-11-01.") from None


def _plain(value: Any) -> str:
    """What JSON has no word for: days and moments."""
    return str(value.isoformat())


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.1f}"


def _late(each: "Traced") -> str:
    """How long after it was due it went out."""
    return "no" if each.sent is None else f"+{(each.sent - each.due) / 1000:.2f}"


def _answered(each: "Traced") -> str:
    """How long after it went out it was answered."""
    if each.answered is None:
        return ""
    return f"+{(each.answered - (each.sent if each.sent is not None else each.due)) / 1000:.2f}"
