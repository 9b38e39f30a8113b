"""A session as the journal sees it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from orchestrator.conductor.journal_entries import Begun, Entered, Entry, Owed
from orchestrator.events.event import EventRecord, RoomEvent
from orchestrator.journal.journal import Journal
from orchestrator.journal.records import Heartbeat, SessionRecord
from orchestrator.stage.heard import Debt
from orchestrator.units import Ms
from orchestrator.values import Attribute, Temperature, Track

EVENING = datetime(2026, 11, 22, 21, 30, tzinfo=UTC)
LEVEL, COLOUR, VOLUME = Attribute.LEVEL, Attribute.COLOUR, Attribute.VOLUME
SNAPSHOT = (("ceiling", LEVEL, 62.5), ("ceiling", COLOUR, Temperature(370.0)), ("sonos", VOLUME, 20.0))


def opened(path: Path, wall: datetime = EVENING, now: Ms = 0) -> Journal:
    journal = Journal(path)
    journal.open(wall, now)
    return journal


def record(name: str = "s1", room: str = "bedroom", **different: Any) -> SessionRecord:
    usual: dict[str, Any] = {
        "scene": "foot-massage",
        "scene_text": "scene: foot-massage\n# Füße\n",
        "source": "scenes/foot-massage.yaml",
        "parameters": {"feet": "left", "bath": False, "pace": 0.9},
        "language": "de",
        "started_at": EVENING,
        "roles": {"main": ("ceiling",), "music": ("sonos",), "voice": ("sonos",)},
        "voice": "voice",
        "rate": 2000,
        "trigger": "mqtt",
        "at_night": True,
    }
    return SessionRecord(id=name, room=room, **{**usual, **different})


def beginning(name: str = "s1", room: str = "bedroom", at: Ms = 1000) -> list[Entry]:
    debts = [Debt("ceiling", LEVEL, 62.5, at), Debt("ceiling", COLOUR, None, at)]
    return [Begun(name, room, at, SNAPSHOT), *(Owed(name, debt) for debt in debts)]


def begin(journal: Journal, name: str = "s1", room: str = "bedroom", at: Ms = 1000, **different: Any) -> None:
    journal.expect(record(name, room, **different))
    journal.write(beginning(name, room, at), at)


def entered(number: int, chapter: str, name: str = "s1") -> Entered:
    return Entered(name, number, chapter, (Track("main", LEVEL),))


def happened(at: Ms, event: RoomEvent, session: str | None = "s1", room: str = "bedroom") -> EventRecord:
    return EventRecord(at, room, session, event)


def beat(after: Ms, boot: str = "boot-1") -> Heartbeat:
    return Heartbeat(boot, 50_000 + after, EVENING + timedelta(milliseconds=after))
