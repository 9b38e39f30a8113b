"""The interruptions for which a session stands, and when it goes on by itself."""

from orchestrator.home.interruption import GoesOn
from orchestrator.values import Ms


class ActiveInterruptions:
    """Of one session. It goes on once none is left, unless a person had paused it."""

    def __init__(self) -> None:
        self.is_persons = False
        """A person wants it to stand, whatever becomes of the interruptions."""
        self._until: dict[str, Ms | None] = {}
        self._ends_with_signal: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._until)

    def __contains__(self, name: str) -> bool:
        return name in self._until

    def begin(self, name: str, goes_on: GoesOn, now: Ms) -> None:
        """It breaks in; once more, and it counts anew from now."""
        self._until[name] = now + goes_on.after if goes_on.after is not None else None
        if goes_on.when_over:
            self._ends_with_signal.add(name)

    def signal_over(self, name: str) -> bool:
        """The signal is over; True where the session stood for it and needs not any more."""
        if name not in self._ends_with_signal:
            return False
        self._end(name)
        return True

    @property
    def due(self) -> Ms | None:
        """When the next is over by itself."""
        return min((until for until in self._until.values() if until is not None), default=None)

    def pass_due(self, now: Ms) -> list[str]:
        """Those that are over by now."""
        over = [name for name, until in self._until.items() if until is not None and until <= now]
        for name in over:
            self._end(name)
        return over

    def clear(self) -> list[str]:
        """The session does not stand any more: all are over."""
        over = list(self._until)
        self._until.clear()
        self._ends_with_signal.clear()
        self.is_persons = False
        return over

    def _end(self, name: str) -> None:
        self._until.pop(name, None)
        self._ends_with_signal.discard(name)
