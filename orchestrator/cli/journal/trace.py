"""`relax trace`: a session moment by moment, as the journal has it."""

from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli import options
from orchestrator.cli.json_output import print_json

if TYPE_CHECKING:
    from orchestrator.journal.trace import Traced

SessionNamed = Annotated[str, typer.Argument(metavar="SESSION", help="The session; the beginning of its name will do.")]


def trace(session: SessionNamed, state_dir: options.StateDir = None, as_json: options.JsonData = False) -> None:
    """A session moment by moment: due, sent, answered, and why not."""
    from orchestrator.daemon.settings import read_settings
    from orchestrator.journal.reader import Reader
    from orchestrator.journal.trace import trace as told

    with Reader(read_settings({"state_dir": state_dir}).journal) as journal:
        found = told(journal, session)
    if as_json:
        from dataclasses import asdict

        record = {**found._asdict(), "events": [asdict(each) for each in found.events]}
        print_json(record)
        return
    from orchestrator.cli.terminal import fitted, page, text_table

    sheet = page()
    sheet.print(f"{found.session}: {found.scene} in {found.room}, {found.ending or 'still on'}")
    sheet.print()
    rows = [
        (_seconds(each.due), _late(each), _answered(each), each.event, each.why or each.about) for each in found.events
    ]
    if rows:
        columns, cut = fitted(("due", "sent", "answered", "event", "what, or why not"), rows, sheet.width, 3)
        sheet.print(text_table(columns, cut, right=(0, 1, 2)))
    if found.folded:
        older = ", ".join(f"{count} {event}" for event, count in sorted(found.folded.items()))
        sheet.print(f"Older than the journal keeps in full: {older}")


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
