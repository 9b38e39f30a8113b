"""How a session is shown: as text, as JSON, as a living picture. Whoever shows one is a renderer."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self, TypeAlias

from orchestrator.cli.follow.session_summary import SessionSummary
from orchestrator.devices.messages import Message
from orchestrator.events.event import EventRecord, RoomEvent
from orchestrator.units import Ms

if TYPE_CHECKING:
    from orchestrator.integrations.outgoing import EventMessage

MessageTap: TypeAlias = Callable[[Ms, Message], None]
"""Is told each message that this process publishes, and how many real milliseconds after the start command."""


class FollowedEvent(NamedTuple):
    """Something that happened in a room, the same wherever it is played; `at` is a moment of the clock on the wall.

    `event` is None for what only a newer relax knows; what it published tells of it all the same.
    """

    room: str
    at: datetime
    session: str | None
    event: RoomEvent | None
    origin: "EventRecord | EventMessage"

    @classmethod
    def played(cls, record: EventRecord, at: datetime) -> Self:
        """It happened in this process."""
        return cls(record.room, at, record.session, record.event, record)

    @classmethod
    def received(cls, room: str, message: "EventMessage") -> Self:
        """It happened in the service, which published it."""
        return cls(room, message.at, message.session, message.happened(), message)

    def concerns(self, room: str, session: str) -> bool:
        """Whether it is about a session, or about its room and no session."""
        return self.room == room and self.session in (None, session)

    def published(self) -> "EventMessage":
        """As the service publishes it."""
        if not isinstance(self.origin, EventRecord):
            return self.origin
        from orchestrator.integrations.outgoing import EventMessage

        return EventMessage.of(self.origin, self.at)


class Renderer(Protocol):
    """Shows one session, whoever plays it. What else it may look at is given to it when it is made.

    Each method raises OSError where nobody reads any more.
    """

    def happened(self, event: FollowedEvent) -> None:
        """Something happened in the session, or in its room."""

    def told(self, sentence: str) -> None:
        """Something is to be said that is no event: the broker is away, a key made no sense."""

    def ended(self, summary: SessionSummary) -> None:
        """Nothing more comes: the room is given back, or whoever followed has seen enough."""
