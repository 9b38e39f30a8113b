"""The way between a device and the broker, and what is wrong with it."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.witness.twins import Payload


@dataclass(slots=True)
class Line:
    """Nothing is wrong unless it is said. Times are seconds."""

    late: float = 0.0
    """All that it says comes so much later …"""
    uneven: float = 0.0
    """… and up to so much later still, each message by itself: they overtake one another."""
    doubled: bool = False
    """Each message comes twice, the second time by a way of its own."""
    shows: float = 1.0
    """A lamp's part of what it is told, which it shows and says."""
    jitter: int = 0
    """Units by which a lamp's word is at most beside what it shows, each time anew."""
    loses: Callable[[Payload], bool] | None = None
    """Whether a command is lost on its way to the device."""
    assumes: bool = False
    """Its bridge says that a command was done that was lost on the way behind it."""
    repeats: float | None = None
    """It says so often how it is."""

    def says(self, payload: Payload, chance: Random) -> Payload:
        """What comes of a state on its way."""
        if not isinstance(payload, dict) or not payload.get("brightness"):
            return payload
        units = round(payload["brightness"] * self.shows) + chance.randint(-self.jitter, self.jitter)
        return {**payload, "brightness": min(max(units, 1), 254)}


def first(is_meant: Callable[[Payload], bool]) -> Callable[[Payload], bool]:
    """Loses the first command that is meant, and no other."""
    lost: list[Payload] = []

    def loses(payload: Payload) -> bool:
        if lost or not is_meant(payload):
            return False
        lost.append(payload)
        return True

    return loses


def brighter_than(units: int) -> Callable[[Payload], bool]:
    """Commands to a lamp to be brighter: of a dim scene, those that give it back."""
    return lambda payload: isinstance(payload, dict) and int(payload.get("brightness") or 0) > units
