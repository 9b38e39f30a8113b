"""One session, moment by moment: what was due, when it went out, when it was answered, and why not."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from orchestrator.errors import JournalError
from orchestrator.events.codec import from_journal
from orchestrator.events.device import (
    CommandSent,
    DebtDropped,
    DeviceAnswered,
    DeviceMissing,
    DeviceRefused,
    DeviceReturned,
    DeviceSilent,
    GivenBack,
    OutOfRange,
    Overridden,
    SnapshotUnknown,
)
from orchestrator.events.event import Event
from orchestrator.events.music import MusicUnknown, VolumeSet
from orchestrator.events.refusal import CommandRefused
from orchestrator.events.session import (
    Landed,
    Landing,
    QueueDropped,
    SessionQueued,
    SessionResumed,
    SessionStarted,
)
from orchestrator.events.step import Extended, Paused, Resumed, StepStarted, Waiting
from orchestrator.events.words import Announced, WordsDropped, WordsSpoken
from orchestrator.journal.codec import facts_of
from orchestrator.journal.reader import Readable
from orchestrator.journal.sentences import why_not
from orchestrator.units import Ms


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
        path.take(at - started, event, from_journal(event, facts_of(details)))
    return Trace(name, room, scene, ending, tuple(path.traced), facts_of(folded) if folded else {})


class _Path:
    """The events so far, and those of them that wait for an answer."""

    def __init__(self) -> None:
        self.traced: list[Traced] = []
        self._words: dict[str, int] = {}
        self._commands: dict[str, int] = {}

    def take(self, at: Ms, kind: str, event: Event | None) -> None:
        """The next event; None for one of a kind that a newer relax wrote."""
        match event:
            case None:
                self.traced.append(Traced(kind, "", at, at))
            case Announced(name):
                self._words[name] = len(self.traced)
                self._add(at, event, at)
            case WordsDropped(name, late) if name in self._words:
                index = self._words.pop(name)
                self.traced[index] = replace(self.traced[index], due=at - late, sent=None, why=why_not(event))
            case WordsSpoken(name, done):
                failed = "" if done else "The voice did not get to the end of it."
                whole, _, sentence = name.partition(".")
                self._answer(self._words.get(whole) if sentence else self._words.pop(name, None), at, failed)
            case CommandSent(device, _, late):
                self._commands[device] = len(self.traced)
                self._add(at, event, at, late)
            case DeviceAnswered(device):
                self._answer(self._commands.pop(device, None), at)
            case WordsDropped(_, late):
                self._add(at, event, None, late)
            case _:
                self._add(at, event, None if why_not(event) else at)

    def _add(self, at: Ms, event: Event, sent: Ms | None, late: Ms = 0) -> None:
        self.traced.append(Traced(event.kind, about(event), at - late, sent, why=why_not(event)))

    def _answer(self, index: int | None, at: Ms, failed: str = "") -> None:
        if index is not None:
            self.traced[index] = replace(self.traced[index], answered=at, why=self.traced[index].why or failed)


def about(event: Event) -> str:
    """What an event is about, in a word or its words."""
    match event:
        case CommandSent(device, what):
            return f"{device}: {what}"
        case Overridden(device, attribute) | DebtDropped(device, attribute):
            return f"{device}: {attribute}"
        case DeviceMissing(name) | DeviceSilent(name) | DeviceReturned(name) | DeviceAnswered(name):
            return name
        case DeviceRefused(name) | OutOfRange(name):
            return name
        case SnapshotUnknown(name) | MusicUnknown(name):
            return name
        case Announced(text=text):
            return text
        case StepStarted(title=title):
            return title
        case SessionStarted(scene=scene) | SessionResumed(scene=scene) | SessionQueued(scene) | QueueDropped(scene):
            return scene
        case CommandRefused(command):
            return command
        case Landing(ending) | Landed(ending=ending):
            return str(ending)
        case Waiting(chapter) | Paused(chapter) | Resumed(chapter) | Extended(chapter):
            return chapter
        case GivenBack():
            first = event.unanswered or event.owed or event.unknown or event.given or event.sent or event.left
            return ", ".join(each if isinstance(each, str) else each[0] for each in first or event.fallback)
        case VolumeSet(level):
            return str(level) if level else ""
        case _:
            return ""
