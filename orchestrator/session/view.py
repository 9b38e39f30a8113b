"""A session as somebody who looks at it sees it."""

from typing import NamedTuple

from orchestrator.events.session import Ending
from orchestrator.scenes.planning.leaving import Leaving
from orchestrator.scenes.planning.timeline import Hands
from orchestrator.session.state import Hold, Status
from orchestrator.units import Ms


class View(NamedTuple):
    """At one moment. Lengths are running time; `until` of a hold is real."""

    status: Status
    scene: str
    chapter: str
    title: str
    number: int
    of: int
    position: Ms
    remaining: Ms
    hold: Hold | None
    hands: Hands
    rate: float
    ending: Ending | None
    leaves: Leaving | None = None
    """How the light is left, while it lands."""
