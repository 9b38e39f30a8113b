"""How loud a player is that only speaks: as loud as its words are to be, and then as loud again as it was."""

from typing import Final

from orchestrator.hass.owed_volumes import OwedVolume

SAME: Final = 0.005
FORGOTTEN_AFTER: Final = 600.0
"""Seconds of silence after which a volume that somebody has turned is no longer theirs."""


class WordsVolume:
    """Volumes are 0 to 1, moments are seconds. Somebody who turns it has it as loud as they like.

    `owed`: a former life has left it so.
    """

    def __init__(self, owed: OwedVolume | None = None) -> None:
        self._before = owed.before if owed is not None else None
        self._told = owed.told if owed is not None else None
        self._is_confirmed = owed is not None
        """Whether it has said that it is as loud as it was told: another volume is somebody's then."""
        self._is_turned = False
        self._spoke_at = 0.0

    @property
    def is_owed(self) -> bool:
        """Whether it is to be given back."""
        return self._before is not None

    @property
    def owed(self) -> OwedVolume | None:
        """What is to be given back, for whoever comes after us."""
        if self._before is None or self._told is None:
            return None
        return OwedVolume(self._before, self._told)

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
