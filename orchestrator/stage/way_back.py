"""How a lamp that fades in steps goes back to where the room is, from the level at which it came back."""

from typing import Final

from orchestrator.fade import Curve, Fade
from orchestrator.units import SECOND, Ms
from orchestrator.values import Value

GLIDE: Final[Ms] = 10 * SECOND
"""A lamp that had no power comes back at full: nobody has to see how far that was from the scene."""


class WayBack:
    """Of one lamp; nothing where it goes by itself, or is on its way no more. Levels are lightness L*."""

    def __init__(self) -> None:
        self.awaits_word = False
        """It is back, and has not said yet at which level: nobody knows whence it is to go."""
        self._start: Ms = 0
        self._origin: float | None = None

    def begin(self) -> None:
        """It is back."""
        self.awaits_word, self._origin = True, None

    def start(self, now: Ms, level: float) -> None:
        """It has said where it is; what it says later is of what it was told."""
        if self.awaits_word:
            self.awaits_word, self._start, self._origin = False, now, level

    def leave(self) -> None:
        """It goes another way, which begins where it is."""
        self.awaits_word, self._origin = False, None

    def is_on(self, moment: Ms) -> bool:
        return self._origin is not None and moment < self._start + GLIDE

    @property
    def since(self) -> Ms:
        """From when its steps are counted."""
        return self._start

    def at(self, moment: Ms, wanted: float) -> float:
        """Where it is to be, by what the room wants then."""
        if self._origin is None or not self.is_on(moment):
            return wanted
        value: Value = Fade(self._start, self._start + GLIDE, self._origin, wanted, Curve.PERCEPTUAL).at(moment)
        assert isinstance(value, float)
        return value
