"""One session, moment by moment: what was due, when it went out, when it was answered, and why not."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from orchestrator.errors import JournalError
from orchestrator.journal.codec import facts_of
from orchestrator.journal.reader import Readable
from orchestrator.journal.sentences import why_not
from orchestrator.session.state import Event
from orchestrator.values import Ms

SENT = "sent"
"""A command went to a device: `device`, `what`, and `late`, the ms since it was due."""
ANSWERED = "answered"
"""A device said how it is now: `device`."""
SPOKEN = "spoken"
"""An announcement has ended: `id`, and whether it is `done`."""


@dataclass(frozen=True, slots=True)
class Traced:
    """Something that happened, or should have. Moments are ms since the session began, by the wall clock.

    `about` is a step, the words, a device; `why` a sentence where something did not happen, else empty.
    """

    event: str
    about: str
    due: Ms
    sent: Ms | None
    answered: Ms | None = None
    why: str = ""


class Trace(NamedTuple):
    """A session's events in order. `folded` counts by event those that are older than the journal keeps."""

    session: str
    room: str
    scene: str
    ending: str | None
    events: tuple[Traced, ...]
    folded: dict[str, int]


def trace(journal: Readable, session: str) -> Trace:
    """What happened in a session; the beginning of its id will do. Raises JournalError where there is no such one."""
    rows = journal.read(
        "SELECT id, room, scene, ending, started_at, folded FROM sessions WHERE substr(id, 1, length(?)) = ?"
        " ORDER BY length(id) LIMIT 2",
        (session, session),
    )
    if not session or not rows or (len(rows) > 1 and rows[0][0] != session):
        problem = f"Several sessions begin with {session!r}." if rows else f"The journal knows no session {session!r}."
        raise JournalError(problem, "Names of sessions: relax history.")
    name, room, scene, ending, started, folded = rows[0]
    events = journal.read("SELECT at, event, details FROM events WHERE session = ? ORDER BY id", (name,))
    path = _Path()
    for at, event, details in events:
        path.take(at - started, event, facts_of(details))
    return Trace(name, room, scene, ending, tuple(path.traced), facts_of(folded) if folded else {})


class _Path:
    """The events so far, and those of them that wait for an answer."""

    def __init__(self) -> None:
        self.traced: list[Traced] = []
        self._words: dict[str, int] = {}
        self._commands: dict[str, int] = {}

    def take(self, at: Ms, event: str, details: dict[str, Any]) -> None:
        """The next event."""
        match event:
            case Event.ANNOUNCED:
                self._words[str(details.get("id"))] = len(self.traced)
                self._add(at, event, details, at)
            case Event.WORDS_DROPPED if str(details.get("id")) in self._words:
                index = self._words.pop(str(details["id"]))
                due = at - int(details.get("late", 0))
                self.traced[index] = replace(self.traced[index], due=due, sent=None, why=why_not(event, details))
            case "spoken":
                self._answer(self._words.pop(str(details.get("id")), None), at, details)
            case "sent":
                self._commands[str(details.get("device"))] = len(self.traced)
                self._add(at, event, details, at)
            case "answered":
                self._answer(self._commands.pop(str(details.get("device")), None), at, details)
            case _:
                self._add(at, event, details, None if why_not(event, details) else at)

    def _add(self, at: Ms, event: str, details: dict[str, Any], sent: Ms | None) -> None:
        late = details.get("late", 0)
        due = at - int(late) if isinstance(late, int | float) else at
        self.traced.append(Traced(event, about(details), due, sent, why=why_not(event, details)))

    def _answer(self, index: int | None, at: Ms, details: dict[str, Any]) -> None:
        if index is not None:
            failed = "" if details.get("done", True) else "The voice did not get to the end of it."
            self.traced[index] = replace(self.traced[index], answered=at, why=self.traced[index].why or failed)


def about(details: dict[str, Any]) -> str:
    """What an event is about, in a word or its words."""
    device = details.get("device")
    if device is not None:
        what = details.get("what", details.get("attribute"))
        return f"{device}: {what}" if what is not None else str(device)
    names = ("text", "title", "about", "scene", "command", "ending", "chapter", "owed", "given", "left", "level")
    return next((str(details[name]) for name in names if details.get(name)), "")
