"""What is done in an evening on virtual time besides commands: by hands, to devices, to relax itself."""

from typing import NamedTuple, TypeAlias

from orchestrator.units import Ms, Percent
from orchestrator.values import Colour


class Hand(NamedTuple):
    """Somebody at the device itself: a lamp's level (0 is off) or colour, a player's volume, a switch."""

    device: str
    level: Percent | None = None
    colour: Colour | None = None
    on: bool | None = None


class Offline(NamedTuple):
    """A device is no longer reached; its lamp goes on as it was told."""

    device: str


class Online(NamedTuple):
    """It is back, and says how it is."""

    device: str


class Restart(NamedTuple):
    """relax is killed, and back after so long."""

    away: Ms


class Morning(NamedTuple):
    """The night is over."""


Deed: TypeAlias = Hand | Offline | Online | Restart | Morning
