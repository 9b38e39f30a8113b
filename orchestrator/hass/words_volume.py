"""How loud a player is that only speaks: as loud as its words are to be, and then as loud again as it was."""

from typing import Final

SAME: Final = 0.005
FORGOTTEN_AFTER: Final = 600.0
"""Seconds of silence after which a volume that somebody has turned is no longer theirs."""


class WordsVolume:
    """Volumes are 0 to 1, moments are seconds. Somebody who turns it has it as loud as they like."""

    def __init__(self) -> None:
        self._before: float | None = None
        self._told: float | None = None
        self._is_confirmed = False
        """Whether it has said that it is as loud as it was told: another volume is somebody's then."""
        self._is_turned = False
        self._spoke_at = 0.0

    @property
    def is_owed(self) -> bool:
        """Whether it is to be given back."""
        return self._before is not None

    def for_words(self, wanted: float | None, here: float | None, now: float) -> float | None:
        """What it is to be told before words; None where it stays as it is."""
        self._is_turned = self._is_turned and now - self._spoke_at < FORGOTTEN_AFTER
        self._spoke_at = now
        if wanted is None or here is None or self._is_turned or abs(here - wanted) < SAME:
            return None
        self._before = here if self._before is None else self._before
        self._told, self._is_confirmed = wanted, False
        return wanted

    def hear(self, here: float | None) -> None:
        """It says how loud it is."""
        if here is None or self._told is None:
            return
        if abs(here - self._told) < SAME:
            self._is_confirmed = True
        elif self._is_confirmed:
            self._told = self._before = None
            self._is_turned = True

    def given_back(self) -> float | None:
        """What it is told once it is silent; it is owed no more then."""
        before, self._before, self._told = self._before, None, None
        return before
