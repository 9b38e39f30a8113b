"""How late a device's reports come, learnt from commands that only one report can answer."""

from collections.abc import Iterable

from orchestrator.units import SECOND, Ms

AT_FIRST: Ms = 10 * SECOND
AT_MOST: Ms = 15 * SECOND
ENOUGH = 5
KEPT = 20


class Lateness:
    """Real milliseconds from sending to hearing, of one device."""

    def __init__(self, at_first: Ms = AT_FIRST, delays: Iterable[Ms] = ()) -> None:
        self._at_first = max(at_first, AT_FIRST)
        self._delays = [*delays][-KEPT:]
        self._longest_echo: Ms | None = None

    @property
    def delays(self) -> tuple[Ms, ...]:
        """What was learnt, oldest first."""
        return tuple(self._delays)

    @property
    def typical(self) -> Ms | None:
        """Four of five reports come within this; None until enough is known."""
        if len(self._delays) < ENOUGH:
            return None
        return sorted(self._delays)[int(0.8 * (len(self._delays) - 1))]

    @property
    def longest(self) -> Ms:
        """So long may a report be on its way: 10 s until it is known, then with room to spare."""
        typical = self.typical
        return self._at_first if typical is None else min(2 * SECOND + typical * 3 // 2, AT_MOST)

    @property
    def usual(self) -> Ms:
        """So late its echoes are for all that was heard, from the first one on: less certain, and sooner known."""
        if self._longest_echo is None:
            return self.longest
        return min(2 * SECOND + self._longest_echo * 3 // 2, self.longest)

    def hear_echo(self, delay: Ms) -> None:
        """One that may be of this command, or of another that said the same."""
        self._longest_echo = max(delay, self._longest_echo or 0)

    def learn(self, delay: Ms) -> None:
        """One that is certain."""
        self._delays = [*self._delays, delay][-KEPT:]

    def remember(self, delays: Iterable[Ms]) -> None:
        """What was learnt in a life before, oldest first."""
        self._delays = [*delays][-KEPT:]
