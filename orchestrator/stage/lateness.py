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

    @property
    def delays(self) -> tuple[Ms, ...]:
        """What was learnt, oldest first."""
        return tuple(self._delays)

    @property
    def usual(self) -> Ms | None:
        """Four of five reports come within this; None until enough is known."""
        if len(self._delays) < ENOUGH:
            return None
        return sorted(self._delays)[int(0.8 * (len(self._delays) - 1))]

    @property
    def longest(self) -> Ms:
        """So long may a report be on its way: 10 s until it is known, then with room to spare."""
        usual = self.usual
        return self._at_first if usual is None else min(2 * SECOND + usual * 3 // 2, AT_MOST)

    def learn(self, delay: Ms) -> None:
        """One that is certain."""
        self._delays = [*self._delays, delay][-KEPT:]

    def remember(self, delays: Iterable[Ms]) -> None:
        """What was learnt in a life before, oldest first."""
        self._delays = [*delays][-KEPT:]
