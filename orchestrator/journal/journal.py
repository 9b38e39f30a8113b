"""The durable record of sessions: what is on, what is owed, what happened. No clock, no thread; calls are short.

Moments given in are the conductor's milliseconds, as they stand in its records and entries. The wall clock is told with
`open` and each `heartbeat`, and in between goes as the conductor's does.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from orchestrator.conductor.journal_entries import Begun, Ended, Entry, Owed, Settled
from orchestrator.events.codec import to_journal
from orchestrator.events.device import DebtDropped
from orchestrator.events.event import Event, EventRecord
from orchestrator.events.session import Ending, Landing
from orchestrator.events.step import Paused, Resumed
from orchestrator.journal import folding, queries, statements
from orchestrator.journal.codec import facts_text, roles_of
from orchestrator.journal.disk import sync
from orchestrator.journal.records import Closed, Heartbeat, RoomChoice, ScheduleMark, SessionRecord, Unfinished
from orchestrator.journal.recovery import IsOver
from orchestrator.journal.salvage import nonsense, salvaged
from orchestrator.journal.store import Statement, Store
from orchestrator.stage.heard import Debt
from orchestrator.units import Ms
from orchestrator.values import Attribute

EXPECTED_AT_MOST = 1024
"""Records of sessions that have not begun: some wait in a queue, some never begin."""


class SessionName(NamedTuple):
    """A session's name, and where it is."""

    id: str
    room: str


class Journal:
    """The one writer of a journal file. Nothing but `open` raises: what cannot be written is `trouble`."""

    def __init__(self, path: Path) -> None:
        self._store = Store(path, self._still_true, salvaged, nonsense)
        self._expected: dict[str, SessionRecord] = {}
        self._early: dict[str, list[Statement]] = {}
        """What is told of sessions that are expected: written once they have a line."""
        self._living: dict[str, list[Statement]] = {}
        self._owed: dict[tuple[str, Attribute], Statement] = {}
        self._chosen: dict[str, Statement] = {}
        self._session_of: dict[str, SessionName] = {}
        self._played: dict[str, Ms] = {}
        self._wall: Ms = 0
        self._anchor: Ms = 0

    def open(self, wall: datetime, now: Ms) -> None:
        """Begin to write; `wall` (with its zone) and `now` are the same moment on two clocks.

        Raises JournalError for a file of a newer relax, and where another daemon writes to it.
        """
        self._set_clock(wall, now)
        self._store.open(wall)

    def close(self) -> None:
        """Write what is left, and let go of the file."""
        self._store.close()

    @property
    def path(self) -> Path:
        """Its file."""
        return self._store.path

    @property
    def trouble(self) -> str | None:
        """Why the journal is not written at present, as a sentence; None while all is well."""
        return self._store.trouble

    @property
    def set_aside(self) -> Path | None:
        """Where a damaged journal is kept that was found in place of ours."""
        return self._store.set_aside

    @property
    def problem(self) -> str | None:
        """What a person should know of the journal: that it is not written, or was damaged. None while all is well."""
        aside = self._store.set_aside
        if self.trouble is not None or aside is None:
            return self.trouble
        rest = (
            "What it still said of sessions and of what is owed was taken over; its history is in that file."
            if self._store.saved
            else "Nothing of it could be read: a room that was being played in is not given back as it was."
        )
        return f"The journal was damaged, and is kept as {aside.name}. {rest}"

    # Sessions

    def expect(self, record: SessionRecord) -> None:
        """Tell what a session will begin with. It is written with the session's first entry, not before."""
        self._expected[record.id] = record
        while len(self._expected) > EXPECTED_AT_MOST:
            oldest = next(iter(self._expected))
            del self._expected[oldest]
            self._early.pop(oldest, None)

    def write(self, entries: Iterable[Entry], now: Ms) -> None:
        """Have the conductor's entries in the file when this returns, all in one commit: before the messages go."""
        found = False
        for entry in entries:
            found = True
            for statement in self._lines(entry, now):
                self._store.put(statement)
        if found:
            self._store.commit()

    def resumes(self, session: str, room: str, now: Ms) -> None:
        """A session that was cut off goes on; how often it has done so is in the file when this returns."""
        for lasted, roles in self._store.read("SELECT lasted, roles FROM sessions WHERE id = ?", (session,)):
            self._played[session] = now - lasted
            self._cast(SessionName(session, room), roles_of(roles))
        self._store.put(Statement("UPDATE positions SET resumes = resumes + 1 WHERE session = ?", (session,)))
        self._store.commit()

    def end(self, session: str, ending: Ending, now: Ms) -> None:
        """Close the line of a session that cannot even be landed: its scene cannot be planned in this home any more."""
        self.write([Ended(session, ending, now)], now)

    def make_up_for(self, over: IsOver, now: Ms) -> None:
        """Close the line of a session that was over before the journal could be told, with what had been paid."""
        paid = [Settled(over.session, debt.device, debt.attribute, by_hand=False) for debt in over.paid]
        self.write([*paid, Ended(over.session, over.ending, now - over.ago)], now)

    def knows(self, session: str) -> bool:
        """Whether a session has a line."""
        return bool(self.read("SELECT 1 FROM sessions WHERE id = ?", (session,)))

    def handed_back(self, session: str, device: str) -> None:
        """A person has handed a device to the session again."""
        self._store.put(Statement("DELETE FROM overrides WHERE session = ? AND device = ?", (session, device)))
        self._store.commit()

    def choose(self, room: str, scene: str, parameters: Mapping[str, Any]) -> None:
        """Remember what a room would start next."""
        self._chosen[room] = statements.of_choice(room, scene, facts_text(parameters))
        self._store.put(self._chosen[room])
        self._store.commit()

    # What happens

    def record(self, record: EventRecord) -> None:
        """Remember what happened; written with the next `flush`, at once where a restart must know of it."""
        self.tell(record.room, record.at, record.event, record.session)
        match record.event:
            case Landing(ending):
                self._mark("UPDATE sessions SET landing = ? WHERE id = ?", (str(ending), record.session))
            case Paused() | Resumed():
                is_paused = isinstance(record.event, Paused)
                self._mark("UPDATE positions SET paused = ? WHERE session = ?", (is_paused, record.session))
            case _:
                pass

    def tell(self, room: str, now: Ms, event: Event, session: str | None = None) -> None:
        """Remember an event of whatever kind, and the session that it is about."""
        statement = statements.of_event(session, room, self._at(now), event.kind, facts_text(to_journal(event)))
        if session is not None and session in self._expected:
            self._early.setdefault(session, []).append(statement)
        else:
            self._store.put(statement)

    def heartbeat(self, beat: Heartbeat, now: Ms) -> None:
        """Leave a sign of life, with what has waited to be written."""
        self._set_clock(beat.wall, now)
        for session, since in self._played.items():
            self._store.put(statements.of_lasting(session, now - since))
        values = (beat.boot_id, beat.boot_ms, self._wall)
        self._store.put(Statement("INSERT OR REPLACE INTO heartbeat VALUES (1, ?, ?, ?)", values))
        self._store.commit()

    def flush(self) -> None:
        """Write what has waited."""
        self._store.commit()

    def sync(self) -> None:
        """Wait until all that was committed is on the disk itself, so that it survives the machine.

        Touches neither the connection nor anything else of this object's: call it in a thread, after `write`.
        """
        sync(self._store.path)

    # After a restart

    def last_heartbeat(self) -> Heartbeat | None:
        """The last sign of life; of the life before this one, until the first `heartbeat`."""
        return queries.last_heartbeat(self)

    def unfinished(self, now: Ms) -> list[Unfinished]:
        """The sessions that have not ended, oldest first; `since` of their debts is on the conductor's clock."""
        return queries.unfinished(self, self._at(now), now)

    def mark(self, marks: Mapping[str, ScheduleMark]) -> None:
        """Have what is remembered of schedules in the file when this returns."""
        for name, mark in marks.items():
            self._store.put(statements.of_mark(name, mark))
        if marks:
            self._store.commit()

    def schedule_marks(self) -> dict[str, ScheduleMark]:
        """What is remembered of schedules, by name."""
        return queries.schedule_marks(self)

    def played_since(self, room: str, scene: str, since: datetime) -> int:
        """How many sessions of a scene have begun in a room since a moment."""
        return queries.played_since(self, room, scene, since)

    def last_in(self, room: str) -> Closed | None:
        """The session that ended last in a room."""
        return queries.last_in(self, room)

    def chosen(self) -> list[RoomChoice]:
        """What each room would start next, where somebody chose."""
        found = queries.chosen(self)
        for each in found:
            self._chosen[each.room] = statements.of_choice(each.room, each.scene, facts_text(each.parameters))
        return found

    def open_debts(self, now: Ms) -> list[Debt]:
        """All that is owed, of whatever session; `since` is on the conductor's clock."""
        return queries.open_debts(self, self._at(now), now)

    def forget_debts(self, now: Ms, at_most: Ms) -> list[Debt]:
        """Drop what is owed for too long, and give it, to be said aloud."""
        old = [debt for debt in self.open_debts(now) if now - debt.since > at_most]
        for debt in old:
            self.tell("", now, DebtDropped(debt.device, debt.attribute, now - debt.since))
        self.write([Settled("", debt.device, debt.attribute, by_hand=False) for debt in old], now)
        return old

    def forget_profiles(self, before: datetime) -> None:
        """Let go of how devices report of which nothing was learnt since: most are not there any more."""
        self._store.put(
            Statement("DELETE FROM report_profiles WHERE learnt_at < ?", (round(before.timestamp() * 1000),))
        )
        self._store.commit()

    def fold(self, before: datetime) -> None:
        """Fold what happened before a moment (90 days ago) into its session's line, as a count of each event."""
        for statement in folding.fold(self, round(before.timestamp() * 1000)):
            self._store.put(statement)
        self._store.commit()

    # For those who read

    def session_of(self, device: str) -> SessionName | None:
        """The session that plays with a device, or played with it last."""
        return self._session_of.get(device)

    def read(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of the file, with all that was told before; none where it cannot be read."""
        return self._store.read(sql, values)

    # Inside

    def _lines(self, entry: Entry, now: Ms) -> list[Statement]:
        made = statements.of_entry(entry, self._at(now), now)
        match entry:
            case Begun(session, room, at, _):
                record = self._expected.pop(session, None)
                if record is not None:
                    self._played.setdefault(session, at)
                    self._cast(SessionName(session, room), record.roles)
                    made = self._living[session] = [*statements.of_record(record), *made]
                    made = [*made, *self._early.pop(session, ())]
            case Owed(_, debt):
                self._owed[debt.device, debt.attribute] = made[0]
            case Settled(_, device, attribute, _):
                self._owed.pop((device, attribute), None)
            case Ended(session, _, at):
                self._living.pop(session, None)
                since = self._played.pop(session, None)
                if since is not None:
                    made.insert(0, statements.of_lasting(session, at - since))
        return made

    def _cast(self, session: SessionName, roles: Mapping[str, Iterable[str]]) -> None:
        self._session_of.update((device, session) for cast in roles.values() for device in cast)

    def _still_true(self) -> list[Statement]:
        """What a file that is begun anew must have: who plays, what is owed, and what was chosen."""
        living = (statement for made in self._living.values() for statement in made)
        return [*living, *self._owed.values(), *self._chosen.values()]

    def _mark(self, sql: str, values: tuple[Any, ...]) -> None:
        self._store.put(Statement(sql, values))
        self._store.commit()

    def _set_clock(self, wall: datetime, now: Ms) -> None:
        self._wall, self._anchor = round(wall.timestamp() * 1000), now

    def _at(self, now: Ms) -> Ms:
        """A moment of the conductor's in milliseconds since 1970."""
        return self._wall + now - self._anchor
