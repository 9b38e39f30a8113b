"""A word that an echo of ours explains, and yet is odd: the device would be late, or inexact. It is asked twice.

What stands where it said, though by what we sent it should be elsewhere, was put there by somebody. A device that turns
out to be only late or inexact is doubted a few times and then no more.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from orchestrator.stage.accuracy import Scale
from orchestrator.stage.vector import Vector, near
from orchestrator.units import SECOND, Ms

PROMPT: Final[Ms] = 1500
"""Words of a device that is quick come no later."""
EXACT: Final = 0.03
"""Words of a device that is exact lie within this share of the value, and half of what rounding makes of it."""
SAME: Final = 0.5
"""In a device's own units: what stands still says the same number."""
ANSWERS: Final = 2
"""So often it has to say the same again."""
PATIENCE: Final[Ms] = 4 * SECOND
"""So long nothing more is sent to it."""
TELLING: Final = 0.25
"""Of its full value: below that, all that a device says lies near what it was told."""
KNOWN: Final = 3
"""So many words show that a device is exact."""
AT: Final = 2.0
"""In its own units: a device that is known to be exact says this near to where it was told to be."""
TRUST: Final = 3
"""So often its words may turn out to be echoes."""


class Doubted(NamedTuple):
    """What was said, when, and how often it was said again since it was asked."""

    value: Vector
    since: Ms
    asked_at: Ms | None = None
    answers: int = 0


class Doubt:
    """About one attribute of one device that can be asked."""

    def __init__(self, scale: Scale) -> None:
        self._scale = scale
        self._trust = TRUST
        self._exact_words = 0
        self.doubted: Doubted | None = None

    @property
    def until(self) -> Ms | None:
        """Until when the next command waits for what is in doubt; None where nothing is."""
        return self.doubted.since + PATIENCE if self.doubted is not None else None

    def is_exact(self, value: Vector, told: Vector) -> bool:
        """Whether a device that is exact says this where it was told that."""
        return len(value) == len(told) and near(value, told, self._scale.least / 2.0 + EXACT * max(told, default=0.0))

    @property
    def knows_it_is_exact(self) -> bool:
        """Whether it says what it shows of a command so exactly that a value near ours is not ours."""
        return self._exact_words >= KNOWN and self._trust > 0

    def is_shown(self, value: Vector, told: Vector) -> bool:
        """Whether it says that it is where it was told to be: nearer than that, once it is known to be exact."""
        is_near = not self.knows_it_is_exact or near(value, told, self._scale.least)
        return is_near and self.is_exact(value, told)

    def is_at(self, value: Vector, told: Vector) -> bool:
        """Whether a device that is known to be exact stands where it was told to be."""
        return len(value) == len(told) and near(value, told, AT)

    def weigh_at_rest(self, value: Vector, told: Vector) -> None:
        """It has said what it shows of a command: only a device that is exact is doubted, once that is known."""
        if len(value) == len(told) == 1 and told[0] >= TELLING * self._scale.full:
            self._exact_words += near(value, told, 2 * SAME)
            self._trust = self._trust if self.is_exact(value, told) else 0

    def weigh_in_passing(self, value: Vector, told: Vector) -> None:
        """The same of a command that was over as the next one came: what is not just that shows nothing."""
        if len(value) == len(told) == 1 and told[0] >= TELLING * self._scale.full:
            self._exact_words += near(value, told, 2 * SAME)

    def weigh_on_the_way(self, value: Vector, places: Sequence[Vector], told: Vector) -> None:
        """What is neither where it may just have been nor where it was told to be shows, until it is known, that a
        device is not exact, or not quick: by chance such a one also says now and then just what it was told.
        """
        if self._exact_words >= KNOWN or len({len(value), len(told), *map(len, places)}) > 1 or self.is_at(value, told):
            return
        if not min(places)[0] - AT <= value[0] <= max(places)[0] + AT:
            self._exact_words = 0

    def raise_(self, now: Ms, value: Vector) -> bool:
        """Doubt an odd word; False for a device that is inexact from the first, or was late or inexact too often."""
        if not self.knows_it_is_exact or self.doubted is not None:
            return False
        self.doubted = Doubted(value, now)
        return True

    def asked(self, now: Ms) -> None:
        """The device was asked how it is."""
        if self.doubted is not None:
            self.doubted = self.doubted._replace(asked_at=now)

    def is_confirmed(self, now: Ms, value: Vector) -> bool:
        """Take in an answer: True once it has said the same so often that it stands there."""
        doubted = self.doubted
        if doubted is None or doubted.asked_at is None or now < doubted.asked_at:
            return False
        if not near(value, doubted.value, SAME):
            self._trust -= 1
            self.doubted = None
            return False
        self.doubted = doubted._replace(asked_at=None, answers=doubted.answers + 1)
        return self.doubted.answers >= ANSWERS

    def drop(self) -> None:
        """It is told something else, or does not answer."""
        self.doubted = None
