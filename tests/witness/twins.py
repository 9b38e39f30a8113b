"""What a device of the witness is: it hears commands, does something that can be seen or heard, and speaks of it."""

from typing import Any, NamedTuple, Protocol, TypeAlias

Payload: TypeAlias = Any
"""A JSON object as a dict, else text."""
Before: TypeAlias = dict[str, Any]
"""How a device was before anybody told it anything."""


class Said(NamedTuple):
    """What a device says."""

    topic: str
    payload: Payload
    retain: bool = False


class Twin(Protocol):
    """A device. Moments are seconds and never go back."""

    is_away: bool
    """Whether it is not reached: it hears nothing and says nothing."""

    @property
    def name(self) -> str: ...

    @property
    def topics(self) -> tuple[str, ...]:
        """What it is told on."""
        ...

    def connected(self) -> list[Said]:
        """What it says as it comes to the broker."""
        ...

    def receive(self, t: float, topic: str, payload: Payload) -> list[Said]: ...

    def due(self) -> float | None:
        """When it says something by itself."""
        ...

    def advance(self, t: float) -> list[Said]: ...

    def by_hand(self, t: float, hand: dict[str, Any]) -> list[Said]:
        """Somebody is at the device itself: `level` in percent of its own, `colour`, or `on`."""
        ...


class Quiet:
    """A device that says nothing by itself."""

    is_away = False

    def due(self) -> float | None:
        return None

    def advance(self, t: float) -> list[Said]:
        return []
