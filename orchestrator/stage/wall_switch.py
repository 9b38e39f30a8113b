"""A lamp that is turned off and on at the wall: twice within two minutes is how people ask for light."""

from typing import Final

from orchestrator.units import MINUTE, SECOND, Ms

TWICE: Final[Ms] = 2 * MINUTE
BACK: Final[Ms] = 10 * SECOND
"""It has said by then how it came back."""


class WallSwitch:
    """Of one lamp: when it came back from without power."""

    def __init__(self) -> None:
        self._returned_at: Ms | None = None
        """When it came back last, until it has said at which level."""
        self._powered_at: Ms | None = None
        """When it last said that it has been without power: it came back otherwise than it went."""

    def returned(self, now: Ms, *, had_no_power: bool) -> None:
        """It is back."""
        self._returned_at = now if had_no_power else None

    def has_just_returned(self, now: Ms) -> bool:
        """Whether what it says may be how it came back."""
        return self._returned_at is not None and now <= self._returned_at + BACK

    def was_used(self, now: Ms) -> bool:
        """Whether it was used in the last two minutes: the next time somebody asks for light."""
        return self._powered_at is not None and now - self._powered_at <= TWICE

    def use(self, now: Ms) -> bool:
        """It came back otherwise than it went. True where that is the second time: once, it may have been the power."""
        is_second = self.was_used(now)
        self._powered_at, self._returned_at = now, None
        return is_second
