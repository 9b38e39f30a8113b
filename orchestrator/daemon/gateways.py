"""What of a home is reached otherwise than through its broker, and how."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from orchestrator.devices.dialects.wyoming import WyomingSettings
from orchestrator.devices.messages import Message
from orchestrator.home.library import Home
from orchestrator.wyoming.gateway import WyomingGateway


class Gateway(Protocol):
    """Carries the messages of some topics, both ways, as a broker carries those of all others."""

    def carries(self, topic: str, /) -> bool: ...

    def publish(self, messages: Iterable[Message], /) -> None:
        """Never waits, never raises."""
        ...

    def serve(self, on_message: Callable[[Message], None], /) -> AbstractAsyncContextManager[None]: ...


def gateways_of(home: Home) -> Sequence[Gateway]:
    """Those that the devices of a home need."""
    satellites = [each.settings for each in home.devices.values() if isinstance(each.settings, WyomingSettings)]
    return [WyomingGateway(satellites)] if satellites else []
