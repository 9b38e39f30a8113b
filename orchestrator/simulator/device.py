"""What every simulated device can be asked."""

from collections.abc import Sequence
from typing import Protocol

from orchestrator.devices.messages import Message
from orchestrator.values import Ms


class SimulatedDevice(Protocol):
    """A device on the other side of the broker. It has no clock: the moment is given, and never goes back."""

    @property
    def name(self) -> str: ...

    @property
    def topics(self) -> Sequence[str]:
        """Where it takes commands and questions."""
        ...

    def availability(self, *, online: bool) -> Sequence[Message]:
        """What the broker keeps of whether it is there; nothing where its dialect has no such thing."""
        ...

    def connected(self, now: Ms, /) -> Sequence[Message]:
        """What it says of itself when it comes to the broker."""
        ...

    def receive(self, message: Message, now: Ms, /) -> Sequence[Message]:
        """Take a command; what it answers at once."""
        ...

    def advance(self, now: Ms, /) -> Sequence[Message]:
        """Work through what is due by now."""
        ...

    def next_deadline(self) -> Ms | None: ...
