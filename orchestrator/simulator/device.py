"""What every simulated device can be asked."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from orchestrator.devices.messages import Message
from orchestrator.units import Ms, Percent


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


class SimulatedSound(SimulatedDevice, Protocol):
    """A player or a voice."""

    @property
    def address(self) -> str:
        """Where it is reached: two entries of a home with the same one are the same device."""
        ...


@runtime_checkable
class SimulatedVoice(Protocol):
    """What can be heard of one that speaks."""

    @property
    def saying(self) -> tuple[str | None, str] | None:
        """Id and text of what is being said."""
        ...


@runtime_checkable
class SimulatedPlayer(Protocol):
    """What can be heard of one that plays. `playing` is an address, "" for silence."""

    @property
    def playing(self) -> str: ...

    @property
    def is_paused(self) -> bool: ...

    @property
    def volume(self) -> Percent: ...

    def turned(self, volume: Percent, /) -> Sequence[Message]:
        """Somebody turns the knob."""
        ...
