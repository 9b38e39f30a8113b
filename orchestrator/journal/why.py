"""The last things that did not happen, with the value that decided."""

from datetime import datetime
from typing import Any, NamedTuple

from orchestrator.events.codec import from_journal
from orchestrator.journal.codec import facts_of
from orchestrator.journal.queries import wall
from orchestrator.journal.reader import Readable
from orchestrator.journal.sentences import NOT_HAPPENED, why_not


class Why(NamedTuple):
    """Something that did not happen: the event, its facts (the value that decided is among them), and a sentence."""

    at: datetime
    room: str
    session: str | None
    scene: str | None
    event: str
    details: dict[str, Any]
    sentence: str


def why(journal: Readable, *, room: str | None = None, at_most: int = 20) -> list[Why]:
    """The newest first, in all rooms or in one; `at` is in UTC. Raises JournalError."""
    found: list[Why] = []
    before = 1 << 62
    while len(found) < at_most:
        rows = _older(journal, room, before)
        if not rows:
            break
        before = rows[-1][0]
        found.extend(
            Why(wall(at), where, session, scene, event, facts, sentence)
            for _, at, where, session, scene, event, details in rows
            for facts in (facts_of(details),)
            for sentence in (_sentence(event, facts),)
            if sentence
        )
    return found[:at_most]


def _sentence(kind: str, facts: dict[str, Any]) -> str:
    event = from_journal(kind, facts)
    return why_not(event) if event is not None else ""


def _older(journal: Readable, room: str | None, before: int) -> list[tuple[Any, ...]]:
    """A hundred events that may have been failures, before the one with a number."""
    return journal.read(
        "SELECT events.id, events.at, events.room, events.session, sessions.scene, event, details FROM events"
        " INDEXED BY events_of_note LEFT JOIN sessions ON sessions.id = events.session"
        " WHERE event NOT IN ('sent', 'answered', 'spoken') AND events.id < ? AND ? IN ('', events.room)"
        " AND instr(?, ',' || event || ',') > 0"
        " ORDER BY events.id DESC LIMIT 100",
        (before, room or "", f",{','.join(each.kind for each in NOT_HAPPENED)},"),
    )
