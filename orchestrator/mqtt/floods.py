"""Topics that flood: found by counting, and left alone for a while. Pure; moments are seconds of one clock.

A topic here is what can be left alone: one that was asked for, or a filter with wildcards.

A device that says a thousand things a second is broken, or somebody means harm. To read all of it takes the time in
which a person's command waits in the broker's queue behind it, so it is looked at now and then.
"""

WINDOW = 0.2
"""Seconds for which messages are counted."""
A_FLOOD = 200
"""Messages of one topic in a window. The busiest device that we know says sixty a second."""
TOO_MUCH = 600
"""Messages of all topics in a window: more than a small computer reads. Those with a part in it are a flood then."""
A_PART = 10
FIRST_REST = 5.0
LONGEST_REST = 60.0
"""Seconds for which a topic is left alone: twice as long each time it still floods."""


class Floods:
    """The topics of one connection."""

    def __init__(self) -> None:
        self._window = 0.0
        self._counts: dict[str, int] = {}
        self._all = 0
        self._rests: dict[str, tuple[float, float]] = {}
        """By topic the last rest, and when it ends."""

    def count(self, topic: str, now: float) -> float | None:
        """A message on a topic. Seconds for which it is to be left alone from now on, where it floods; else None."""
        if now - self._window >= WINDOW:
            self._window = now
            self._counts.clear()
            self._all = 0
        number = self._counts[topic] = self._counts.get(topic, 0) + 1
        self._all += 1
        if number < (A_PART if self._all >= TOO_MUCH else A_FLOOD) or self.is_resting(topic, now):
            return None
        self._counts[topic] = 0
        last, until = self._rests.get(topic, (0.0, 0.0))
        rest = min(2 * last, LONGEST_REST) if now < until + LONGEST_REST and last else FIRST_REST
        self._rests = {name: each for name, each in self._rests.items() if now < each[1] + LONGEST_REST}
        self._rests[topic] = (rest, now + rest)
        return rest

    def is_resting(self, topic: str, now: float) -> bool:
        return now < self._rests.get(topic, (0.0, 0.0))[1]
