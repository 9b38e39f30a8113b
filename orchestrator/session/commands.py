"""What a session can be told: by a person, and by the house where something breaks in."""

from typing import NamedTuple, TypeAlias

from orchestrator.commands import SessionCommand
from orchestrator.scenes.planning.timeline import Say
from orchestrator.units import Percent


class Interrupt(NamedTuple):
    """Stand still, and bring the lights up to a level at least (perceived brightness) until it goes on."""

    light: Percent


class Tell(NamedTuple):
    """Say something that is not the scene's, as soon as the voice is free. Nothing stops for it."""

    say: Say


Command: TypeAlias = SessionCommand | Interrupt | Tell
