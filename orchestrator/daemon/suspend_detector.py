"""What goes on with the machine's clocks: whether it slept, whether the clock on the wall was set.

Sessions live on the monotonic clock, which nobody sets and which stands while the machine sleeps.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from orchestrator.daemon.clock import boot_clock, boot_id, local_time, now
from orchestrator.journal.records import Heartbeat
from orchestrator.units import SECOND, Ms

NAP: Ms = 5 * SECOND
"""A machine that slept for less has not slept."""
STEP = timedelta(seconds=2)
"""A clock that is off by less was not set, but drifted."""


class SuspendDetector:
    """`boot` is the clock that counts sleep as well, `wall` the one that people set."""

    def __init__(self, boot: Callable[[], Ms] = boot_clock, wall: Callable[[], datetime] = local_time) -> None:
        self._boot = boot
        self._clock = wall
        self._boot_id = boot_id()
        self._asleep: Ms = boot() - now()
        self._woke = self._asleep
        self._wall = wall()
        self._at = now()

    def sign(self) -> Heartbeat:
        """A sign of life."""
        return Heartbeat(self._boot_id, self._boot(), self._clock())

    def wall(self, moment: Ms) -> datetime:
        """What the clock on the wall shows at a moment."""
        return self._wall + timedelta(milliseconds=moment - self._at)

    def slept(self, moment: Ms) -> Ms:
        """How long the machine slept since the last call; 0 where it did not."""
        asleep = self._boot() - moment
        slept, self._asleep = asleep - self._asleep, asleep
        return slept if slept >= NAP else 0

    def woke(self, moment: Ms) -> Ms:
        """The same, for who has to know of it before `slept` is asked: at the first word that is heard."""
        asleep = self._boot() - moment
        slept, self._woke = asleep - self._woke, asleep
        return slept if slept >= NAP else 0

    def was_set(self, moment: Ms) -> tuple[datetime, datetime] | None:
        """From when to when the clock on the wall was set since the last call; None where it was not."""
        expected, wall = self.wall(moment), self._clock()
        self._wall, self._at = wall, moment
        return (expected, wall) if abs(wall - expected) > STEP else None
