"""Everything that can happen, as one type, and where and when it did."""

from typing import NamedTuple, TypeAlias

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
from orchestrator.events.interruption import Interrupted, InterruptionOver
from orchestrator.events.music import MusicUnknown, VolumeSet
from orchestrator.events.refusal import CommandRefused
from orchestrator.events.service import SchedulePassed, ScheduleStarted, Slept
from orchestrator.events.session import (
    Landed,
    Landing,
    QueueDropped,
    Replaced,
    SessionQueued,
    SessionResumed,
    SessionStarted,
)
from orchestrator.events.step import Extended, Paused, Resumed, StepStarted, Waiting
from orchestrator.events.words import Announced, WordsDropped, WordsSpoken
from orchestrator.units import Ms

SessionEvent: TypeAlias = (
    SessionStarted
    | SessionResumed
    | Replaced
    | StepStarted
    | Announced
    | Waiting
    | Paused
    | Resumed
    | Extended
    | VolumeSet
    | Landing
    | Landed
)
"""What a session says of itself; it knows roles and no devices."""

RoomEvent: TypeAlias = (
    SessionEvent
    | SessionQueued
    | QueueDropped
    | WordsDropped
    | MusicUnknown
    | SnapshotUnknown
    | DeviceMissing
    | DeviceSilent
    | DeviceRefused
    | OutOfRange
    | DeviceReturned
    | Overridden
    | GivenBack
    | Interrupted
    | InterruptionOver
    | CommandRefused
)
"""What happens in a room: it is published, and kept in the journal."""

JournalEvent: TypeAlias = (
    DebtDropped | Slept | ScheduleStarted | SchedulePassed | CommandSent | DeviceAnswered | WordsSpoken
)
"""What the journal keeps besides."""

Event: TypeAlias = RoomEvent | JournalEvent


class EventRecord(NamedTuple):
    """Something happened in a room at a real moment; `session` is the one that it is about, None where none is."""

    at: Ms
    room: str
    session: str | None
    event: RoomEvent
