"""What a lamp that was off goes back to when somebody turns it on: whether it has that again after a session."""

from orchestrator.units import OFF, Percent


class LampMemory:
    """Of one lamp. Levels are percent of its own scale."""

    def __init__(self) -> None:
        self.kept: Percent | None = None
        """What it went back to from off before it was told anything; None where it was on, or nobody knows."""
        self.is_lost = False
        """It has gone out from another level, and goes back to that one now."""
        self._lit: Percent | None = None
        self._is_forgotten = False
        """It was off before, and what it went back to then was known to a life before, if to anybody."""

    def was_out(self) -> None:
        """It is owed to be off again, and we have not seen it so."""
        self._is_forgotten = self.kept is None

    def said(self, level: Percent, remembered: Percent | None) -> None:
        """What it says before it is told anything: of its memory, else the level that it was on at last counts."""
        if level > OFF:
            self._lit, self.kept, self.is_lost = level, None, False
        else:
            self.kept = remembered or self.kept or self._lit
            self._is_forgotten = self._is_forgotten and self.kept is None

    def told(self, level: Percent, *, may_be_told_while_off: bool, step: float) -> None:
        """It was told a level; two that are no more than a `step` apart are one."""
        if level > OFF:
            self._lit, self.is_lost = level, False
        elif may_be_told_while_off:
            self.is_lost = False
        elif self._is_forgotten:
            self.is_lost = True
        elif self._lit is not None and self.kept is not None:
            self.is_lost = abs(self._lit - self.kept) > step

    def given_back(self) -> None:
        """It was told, while it was off, what it had kept."""
        self.kept = None
