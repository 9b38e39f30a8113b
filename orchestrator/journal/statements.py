"""What the journal writes, line by line. Moments are milliseconds since 1970."""

from datetime import datetime
from typing import assert_never

from orchestrator.conductor.journal_entries import (
    Begun,
    Ended,
    Entered,
    Entry,
    Owed,
    ProfileLearnt,
    Settled,
    SpeechMeasured,
)
from orchestrator.journal.codec import debt_text, facts_text, plain, profile_texts, roles_text, text_of, tracks_text
from orchestrator.journal.records import ScheduleMark, SessionRecord
from orchestrator.journal.store import Statement
from orchestrator.scenes.planning.voice_timing import KEPT
from orchestrator.units import Ms


def of_record(record: SessionRecord) -> list[Statement]:
    """A session's own lines; they change nothing where it has them already."""
    values = (
        record.id,
        record.room,
        record.scene,
        record.source,
        facts_text(record.parameters),
        record.language,
        record.rate,
        plain(record.trigger),
        roles_text(record.roles),
        record.voice,
        record.at_night,
        round(record.started_at.timestamp() * 1000),
    )
    return [
        Statement(
            "INSERT OR IGNORE INTO sessions (id, room, scene, source, parameters, language, rate, trigger, roles,"
            " voice, at_night, started_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        ),
        Statement("INSERT OR IGNORE INTO scene_texts VALUES (?, ?)", (record.id, plain(record.scene_text))),
    ]


def of_entry(entry: Entry, at: Ms, now: Ms) -> list[Statement]:
    """The lines of one entry; `at` is the wall clock's word for the conductor's `now`."""
    match entry:
        case Begun(session, _, _, snapshot):
            line = "INSERT OR IGNORE INTO snapshots VALUES (?, ?, ?, ?)"
            return [Statement(line, (session, device, what, text_of(value))) for device, what, value in snapshot]
        case Owed(session, debt):
            line = "INSERT OR REPLACE INTO debts VALUES (?, ?, ?, ?, ?)"
            since = at - (now - debt.since)
            value = debt_text(debt.value, is_guess=debt.is_guess)
            return [Statement(line, (debt.device, debt.attribute, value, since, session))]
        case Settled(session, device, attribute, by_hand):
            paid = Statement("DELETE FROM debts WHERE device = ? AND attribute = ?", (device, attribute))
            taken = Statement("INSERT OR IGNORE INTO overrides VALUES (?, ?, ?)", (session, device, attribute))
            return [paid, taken] if by_hand else [paid]
        case Entered(session, number, chapter, touched):
            return [_position(session, number, chapter, tracks_text(touched))]
        case SpeechMeasured():
            return _of_speech(entry)
        case ProfileLearnt():
            return [_of_profile(entry, at)]
        case Ended(session, ending, moment):
            return of_end(session, str(ending), at - (now - moment))
        case _:
            assert_never(entry)


def of_choice(room: str, scene: str, parameters: str) -> Statement:
    """What a room would start next; the parameters are JSON."""
    return Statement("INSERT OR REPLACE INTO choices VALUES (?, ?, ?)", (room, scene, parameters))


def of_end(session: str, ending: str, at: Ms) -> list[Statement]:
    """A session is over: it need not be planned again."""
    return [
        Statement(
            "UPDATE sessions SET ending = ?, ended_at = ? WHERE id = ? AND ending IS NULL", (ending, at, session)
        ),
        Statement("DELETE FROM scene_texts WHERE session = ?", (session,)),
        Statement("DELETE FROM overrides WHERE session = ?", (session,)),
    ]


def of_lasting(session: str, lasted: Ms) -> Statement:
    """How long a session has been played so far."""
    return Statement("UPDATE sessions SET lasted = ? WHERE id = ? AND ending IS NULL", (lasted, session))


def of_event(session: str | None, room: str, at: Ms, event: str, details: str) -> Statement:
    """Something that happened; `details` are JSON."""
    return Statement(
        "INSERT INTO events (session, room, at, event, details) VALUES (?, ?, ?, ?, ?)",
        (session, plain(room), at, event, details),
        is_note=True,
    )


def of_mark(name: str, mark: ScheduleMark) -> Statement:
    """What is remembered of a schedule."""
    last, playing = mark.last, mark.playing
    values = (
        name,
        mark.fingerprint,
        _ms(mark.until),
        mark.enabled,
        *(_ms(moment) for moment in (mark.skipped, mark.postponed, mark.postponed_to, mark.announced)),
        *((_ms(last.due), str(last.result), plain(last.why), last.session) if last is not None else (None,) * 4),
        *((playing.session, playing.piece, _ms(playing.due)) if playing is not None else (None,) * 3),
    )
    return Statement(
        "INSERT OR REPLACE INTO schedule_marks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values
    )


def _of_speech(measured: SpeechMeasured) -> list[Statement]:
    """One more measure of a voice; the oldest are let go. None of it is worth more than a note."""
    voice = (measured.device, measured.language)
    figures = (measured.rate, measured.gap, measured.words, measured.lasted)
    return [
        Statement(
            "INSERT INTO speech (device, language, rate, gap, words, lasted) VALUES (?, ?, ?, ?, ?, ?)",
            (*voice, *figures),
            is_note=True,
        ),
        Statement(
            "DELETE FROM speech WHERE device = ? AND language = ? AND id <= (SELECT id FROM speech"
            " WHERE device = ? AND language = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
            (*voice, *voice, KEPT),
            is_note=True,
        ),
    ]


def _of_profile(learnt: ProfileLearnt, at: Ms) -> Statement:
    """How a device reports; no more than a note, for it can be learnt again."""
    values = (learnt.device, learnt.fingerprint, *profile_texts(learnt.profile), at)
    return Statement("INSERT OR REPLACE INTO report_profiles VALUES (?, ?, ?, ?, ?)", values, is_note=True)


def _ms(moment: datetime | None) -> Ms | None:
    return round(moment.timestamp() * 1000) if moment is not None else None


def _position(session: str, number: int, chapter: str, touched: str) -> Statement:
    """Another chapter than before is one that was got through: the count of resumes begins again."""
    return Statement(
        "INSERT INTO positions (session, number, chapter, touched) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (session) DO UPDATE SET resumes = CASE WHEN number = excluded.number THEN resumes ELSE 0 END,"
        " number = excluded.number, chapter = excluded.chapter, touched = excluded.touched, paused = 0",
        (session, number, chapter, touched),
    )
