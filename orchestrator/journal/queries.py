"""What a journal knows of the life before this one: who was playing, what is owed, when the last sign of life was."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from orchestrator.events.session import Ending
from orchestrator.journal.codec import facts_of, is_guess, roles_of, tracks_of, value_of
from orchestrator.journal.reader import Readable
from orchestrator.journal.records import (
    Closed,
    Heartbeat,
    InProgress,
    Position,
    RoomChoice,
    ScheduleMark,
    SessionRecord,
    Unfinished,
)
from orchestrator.schedules.outcome import Outcome, ScheduleResult
from orchestrator.stage.heard import Debt
from orchestrator.units import Ms
from orchestrator.values import Attribute, Track


def wall(at: Ms) -> datetime:
    """Milliseconds since 1970 as a moment, in UTC."""
    return datetime.fromtimestamp(at / 1000, UTC)


def last_heartbeat(journal: Readable) -> Heartbeat | None:
    rows = journal.read("SELECT boot_id, boot_ms, wall FROM heartbeat")
    return Heartbeat(rows[0][0], rows[0][1], wall(rows[0][2])) if rows else None


def open_debts(journal: Readable, at: Ms, now: Ms, session: str = "") -> list[Debt]:
    """What is owed, of one session, or of all; oldest first. `at` and `now` are one moment on two clocks."""
    rows = journal.read(
        "SELECT device, attribute, value, since FROM debts WHERE ? IN ('', session) ORDER BY since, device, attribute",
        (session,),
    )
    return [
        Debt(device, Attribute(attribute), value_of(value), now - max(at - since, 0), is_guess(value))
        for device, attribute, value, since in rows
    ]


def last_in(journal: Readable, room: str) -> Closed | None:
    """The session that ended last in a room."""
    rows = journal.read(
        "SELECT id, room, scene, ending, ended_at FROM sessions WHERE room = ? AND ended_at IS NOT NULL"
        " ORDER BY ended_at DESC LIMIT 1",
        (room,),
    )
    return next((Closed(name, where, scene, Ending(how), wall(at)) for name, where, scene, how, at in rows), None)


def schedule_marks(journal: Readable) -> dict[str, ScheduleMark]:
    """What is remembered of schedules, by name."""
    rows = journal.read(
        "SELECT name, fingerprint, until, enabled, skipped, postponed, postponed_to, announced,"
        " last_due, last_result, last_why, last_session, playing, piece, playing_due FROM schedule_marks"
    )
    return {row[0]: mark_of(row) for row in rows}


def played_since(journal: Readable, room: str, scene: str, since: datetime) -> int:
    """How many sessions of a scene have begun in a room since a moment."""
    rows = journal.read(
        "SELECT count(*) FROM sessions WHERE room = ? AND scene = ? AND started_at >= ?",
        (room, scene, round(since.timestamp() * 1000)),
    )
    return int(rows[0][0]) if rows else 0


def mark_of(row: tuple[Any, ...]) -> ScheduleMark:
    """What is remembered of a schedule, from its line."""
    _, fingerprint, until, enabled, skipped, postponed, postponed_to, announced = row[:8]
    due, result, why, session, playing, piece, playing_due = row[8:]
    return ScheduleMark(
        fingerprint,
        wall(until),
        bool(enabled),
        skipped=_wall(skipped),
        postponed=_wall(postponed),
        postponed_to=_wall(postponed_to),
        announced=_wall(announced),
        last=Outcome(wall(due), ScheduleResult(result), why, session) if due is not None else None,
        playing=InProgress(playing, piece, wall(playing_due)) if playing is not None else None,
    )


def _wall(at: Ms | None) -> datetime | None:
    return wall(at) if at is not None else None


def chosen(journal: Readable) -> list[RoomChoice]:
    """What each room would start next, where somebody chose."""
    rows = journal.read("SELECT room, scene, parameters FROM choices ORDER BY room")
    return [RoomChoice(room, scene, facts_of(parameters)) for room, scene, parameters in rows]


def unfinished(journal: Readable, at: Ms, now: Ms) -> list[Unfinished]:
    """The sessions that have not ended, oldest first, as they were when they were cut off."""
    rows = journal.read(
        "SELECT id, room, scene, coalesce(text, ''), source, parameters, language, started_at, roles, voice, rate,"
        " trigger, at_night, landing, number, chapter, touched, paused, resumes FROM sessions"
        " LEFT JOIN scene_texts ON scene_texts.session = id LEFT JOIN positions ON positions.session = id"
        " WHERE ending IS NULL ORDER BY started_at, id"
    )
    return [_unfinished(journal, row, at, now) for row in rows]


def _unfinished(journal: Readable, row: tuple[Any, ...], at: Ms, now: Ms) -> Unfinished:
    name, room, scene, text, source, parameters, language, started, roles, voice, rate, trigger, at_night = row[:13]
    landing, number, chapter, touched, paused, resumes = row[13:]
    record = SessionRecord(
        id=name,
        room=room,
        scene=scene,
        scene_text=text,
        source=source,
        parameters=facts_of(parameters),
        language=language,
        started_at=wall(started),
        roles=roles_of(roles),
        voice=voice,
        rate=rate,
        trigger=trigger,
        at_night=bool(at_night),
    )
    debts = tuple(open_debts(journal, at, now, name))
    by_hand = _attributes(journal.read("SELECT device, attribute FROM overrides WHERE session = ?", (name,)))
    snapshot = journal.read("SELECT device, attribute, value FROM snapshots WHERE session = ?", (name,))
    known = tracks_of(touched) if touched is not None else ()
    taken = (*((debt.device, debt.attribute) for debt in debts), *by_hand)
    return Unfinished(
        record=record,
        position=Position(number, chapter, bool(paused), resumes) if number is not None else None,
        snapshot=tuple(
            (device, Attribute(attribute), value)
            for device, attribute, text in snapshot
            if (value := value_of(text)) is not None
        ),
        debts=debts,
        touched=tuple(dict.fromkeys((*known, *_tracks(record, taken)))),
        by_hand=by_hand,
        landing=Ending(landing) if landing is not None else None,
    )


def _attributes(rows: Iterable[tuple[Any, ...]]) -> tuple[tuple[str, Attribute], ...]:
    return tuple((device, Attribute(attribute)) for device, attribute in rows)


def _tracks(record: SessionRecord, taken: Iterable[tuple[str, Attribute]]) -> list[Track]:
    """The tracks of which something was done since the chapter began: a debt or a hand tells. A voice has none."""
    return [
        Track(role, attribute)
        for device, attribute in taken
        for role, devices in record.roles.items()
        if device in devices and role != record.voice
    ]
