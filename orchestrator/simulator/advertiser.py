"""What is said of devices, beside what each says of its state: how `relax home init` finds them."""

from collections.abc import Callable, Sequence
from typing import Protocol

from orchestrator.devices.messages import Message


class Advertiser(Protocol):
    """Speaks of all devices of a dialect in a home: a bridge, or what each of them says of itself."""

    @property
    def topics(self) -> Sequence[str]:
        """Where it is asked."""
        ...

    def says(self, *, online: bool) -> Sequence[Message]:
        """What it says by itself when it comes to the broker (`online`), or goes; most of it is retained."""
        ...

    def answers(self, message: Message, is_online: Callable[[str], bool], /) -> Sequence[Message]:
        """What those of its devices that are there answer to a question; nothing to what is none."""
        ...
