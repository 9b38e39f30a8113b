"""A family's discovery: it hears what a broker says, and tells what devices that makes.

It is pure: it knows no clock and no connection. What it hears may be anything, of anybody; it never raises, and keeps
only what is of its own family, and of that so much.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from orchestrator.devices.discovery.found_device import FoundDevice, LeftOut
from orchestrator.devices.messages import Message


class Discoverer(ABC):
    """One family's discovery. `topics` are the filters to subscribe to."""

    topics: Sequence[str]

    @abstractmethod
    def hear(self, message: Message) -> None:
        """Take a message in; those of other families as well: they mean nothing here."""

    @abstractmethod
    def found(self) -> Iterable[FoundDevice]:
        """The devices, by what was heard so far."""

    def too_long(self, topic: str, longest: int) -> None:
        """Something on a topic of its own was longer than is read."""
        del topic, longest

    @property
    def unreadable(self) -> Iterable[LeftOut]:
        """Those that would say what there is, and cannot be understood: part of what is left out."""
        return ()

    def left_out(self) -> Iterable[LeftOut]:
        """What was announced and is of no use."""
        return ()

    def probes(self) -> Iterable[Message]:
        """The questions that are due by what was heard, each once. They change nothing at any device."""
        return ()

    def look_ups(self) -> Iterable[str]:
        """Addresses of the web at which devices say of themselves what they do not say here, each once.

        To read there changes nothing; only a person who wants that has it done.
        """
        return ()

    def looked_up(self, address: str, page: str) -> bool:
        """Take in what was read there, which may be anything; whether it says anything of a device."""
        del address, page
        return False

    @property
    def listed(self) -> Iterable[str]:
        """What keys begin with of which all that are there were said: others that have such a key are of no use."""
        return ()

    @property
    def home_keys(self) -> Mapping[str, Any]:
        """What a home file says beside its devices, where the broker is not as usual."""
        return {}

    @property
    def starting(self) -> Sequence[str]:
        """Bridges that are there and have not said yet what they have."""
        return ()
