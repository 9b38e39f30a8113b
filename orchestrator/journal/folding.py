"""Old events become a count in their session's line: the journal of years is as quick as that of a week."""

from collections import Counter, defaultdict

from orchestrator.journal.codec import facts_of, facts_text
from orchestrator.journal.reader import Readable
from orchestrator.journal.store import Statement
from orchestrator.units import Ms


def fold(journal: Readable, before: Ms) -> list[Statement]:
    """The changes that fold what happened before a moment (milliseconds since 1970).

    What belongs to no session is let go; so is how the room was before sessions that ended by then.
    """
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    rows = journal.read(
        "SELECT session, event, count(*) FROM events WHERE at < ? AND session IS NOT NULL GROUP BY session, event",
        (before,),
    )
    for session, event, count in rows:
        counts[session][event] += count
    return [
        *(_counted(journal, session, counted) for session, counted in counts.items()),
        Statement("DELETE FROM events WHERE at < ?", (before,)),
        Statement("DELETE FROM snapshots WHERE session IN (SELECT id FROM sessions WHERE ended_at < ?)", (before,)),
        Statement("DELETE FROM positions WHERE session IN (SELECT id FROM sessions WHERE ended_at < ?)", (before,)),
    ]


def _counted(journal: Readable, session: str, counted: Counter[str]) -> Statement:
    ((folded,),) = journal.read("SELECT folded FROM sessions WHERE id = ?", (session,))
    together = counted + Counter(facts_of(folded) if folded is not None else {})
    return Statement(
        "UPDATE sessions SET folded = ? WHERE id = ?", (facts_text(dict(sorted(together.items()))), session)
    )
