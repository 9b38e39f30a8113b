"""How a session is shown: as JSON lines, as a log, or as a living picture."""

from collections.abc import Callable
from typing import Protocol, TypeAlias

from orchestrator.conductor.session_runner import SessionRunner
from orchestrator.devices.messages import Message
from orchestrator.events.event import EventRecord
from orchestrator.values import Ms

Looking: TypeAlias = Callable[[], SessionRunner | None]
"""How a face looks at the session; None before there is one."""


class Face(Protocol):
    """Moments are real milliseconds since the start command."""

    def sent(self, at: Ms, message: Message) -> None:
        """We published something."""

    def happened(self, at: Ms, record: EventRecord) -> None:
        """Something happened in the session."""

    def told(self, sentence: str) -> None:
        """Something to say that is no event: the broker is away, a key made no sense."""

    def ended(self, at: Ms) -> None:
        """The session is over and the room given back."""
