"""What a session can be told: by a person, and by the house where something breaks in."""

from typing import NamedTuple, TypeAlias

from orchestrator.scenes.planning.timeline import Say
from orchestrator.values import Ms, Percent


class Pause(NamedTuple):
    """Stand still: fades, words, limits; music pauses."""


class Resume(NamedTuple):
    """Go on from where it stands; words that were cut are said again from their start."""


class Toggle(NamedTuple):
    """Pause, or go on where it is paused: for whoever has one button for both."""


class Next(NamedTuple):
    """To the next step."""


class Back(NamedTuple):
    """To the step before."""


class Repeat(NamedTuple):
    """Say the step's words again. Moves nothing."""


class Skip(NamedTuple):
    """Leave the whole part, where the scene lets it."""


class Extend(NamedTuple):
    """Give the step so much more time."""

    by: Ms


class Goto(NamedTuple):
    """To a step, by its id or the part of it before `:` or `#`."""

    step: str


class SetVolume(NamedTuple):
    """The music's level for the rest of the session, in percent of the room's comfortable level (100 may be passed)."""

    level: Percent


class Stop(NamedTuple):
    """Land the room."""


class Abort(NamedTuple):
    """Land the room at once and without words."""


class Interrupt(NamedTuple):
    """Stand still, and bring the lights up to a level at least (perceived brightness) until it goes on."""

    light: Percent


class Tell(NamedTuple):
    """Say something that is not the scene's, as soon as the voice is free. Nothing stops for it."""

    say: Say


Command: TypeAlias = (
    Interrupt | Tell | Pause | Resume | Toggle | Next | Back | Repeat | Skip | Extend | Goto | SetVolume | Stop | Abort
)
