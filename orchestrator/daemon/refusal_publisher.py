"""Where a refusal is told to everybody who looks at the room: as an event, and in the room's state."""

from collections.abc import Callable
from datetime import datetime

from orchestrator.errors import Refused
from orchestrator.events.event import EventRecord
from orchestrator.events.refusal import CommandRefused
from orchestrator.integrations.interface import Interface
from orchestrator.journal.journal import Journal
from orchestrator.units import Ms


class RefusalPublisher:
    """One home's. `tell` publishes an event; `wall` is what the clock on the wall shows at a moment."""

    def __init__(
        self,
        interface: Interface,
        journal: Journal,
        *,
        tell: Callable[[EventRecord], None],
        wall: Callable[[Ms], datetime],
    ) -> None:
        self._interface = interface
        self._journal = journal
        self._tell = tell
        self._wall = wall

    def publish(
        self, room: str, refusal: Refused, command: str, now: Ms, *, session: str | None = None, is_kept: bool = False
    ) -> None:
        """A command was refused in a room, if that is one of the home; `is_kept`: the journal is to have it as well."""
        if not self._interface.has(room):
            return
        record = EventRecord(now, room, session, CommandRefused(command, str(refusal.reason), str(refusal)))
        if is_kept:
            self._journal.record(record)
        self._tell(record)
        self._interface.refusal_is(room, refusal, command, self._wall(now))
