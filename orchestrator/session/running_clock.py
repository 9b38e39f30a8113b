"""The running clock: real time divided by the rate of play, standing while paused."""

import math

from orchestrator.units import Ms


class RunningClock:
    """Maps real moments to running time (0 at the start) and back. `rate` is in thousandths: 60000 is 60-fold."""

    def __init__(self, now: Ms, rate: int = 1000) -> None:
        if rate <= 0:
            raise ValueError("a rate is above zero")
        self.rate = rate
        self._real = now
        self._running: Ms = 0
        self._standing = False

    @property
    def is_standing(self) -> bool:
        return self._standing

    def at(self, now: Ms) -> Ms:
        """Running time at a real moment."""
        if self._standing:
            return self._running
        return self._running + (now - self._real) * self.rate // 1000

    def when(self, running: Ms) -> Ms:
        """The first real moment at which running time is so far, were the clock never to stand again."""
        return self._real + math.ceil((running - self._running) * 1000 / self.rate)

    def stand(self, now: Ms) -> None:
        self._running, self._real, self._standing = self.at(now), now, True

    def go_on(self, now: Ms) -> None:
        if self._standing:
            self._real, self._standing = now, False
