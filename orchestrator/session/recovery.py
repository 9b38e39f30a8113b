"""Where a session that was cut off goes on."""

from typing import NamedTuple

from orchestrator.events.session import Ending
from orchestrator.scenes.planning.timeline import Say
from orchestrator.values import Track


class Recovery(NamedTuple):
    """A chapter (from 0), what was touched, and what to say first.

    With `ending` it does not go on, but lands as `lost`.
    """

    number: int
    touched: tuple[Track, ...]
    words: Say | None = None
    ending: Ending | None = None
