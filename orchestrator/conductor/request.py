"""What starts a session, and what the conductor says of it."""

from typing import NamedTuple

from orchestrator.scenes.timeline import Timeline
from orchestrator.session.state import Happened
from orchestrator.values import Ms


class Start(NamedTuple):
    """A planned scene for a room. `roles` are the devices of each role that is cast; `rate` is in thousandths."""

    name: str
    room: str
    timeline: Timeline
    roles: dict[str, tuple[str, ...]]
    voice: str | None = None
    """The role whose device speaks; None leaves captions."""
    rate: int = 1000
    at_night: bool = False


class Note(NamedTuple):
    """Something happened in a room, at a real moment."""

    at: Ms
    room: str
    happened: Happened
