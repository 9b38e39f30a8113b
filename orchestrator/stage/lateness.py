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
    def longest(self) -> Ms:
        """So long may a report be on its way: 10 s until it is known, then with room to spare."""
        if len(self._delays) < ENOUGH:
            return self._at_first
        ordered = sorted(self._delays)
        return min(2 * SECOND + ordered[int(0.8 * (len(ordered) - 1))] * 3 // 2, AT_MOST)

    def learn(self, delay: Ms) -> None:
        """One that is certain."""
        self._delays = [*self._delays, delay][-KEPT:]
