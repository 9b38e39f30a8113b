"""How long to wait before the next attempt to reach a broker."""

FIRST = 0.2
GROWTH = 1.2
LONGEST = 30.0
_ENOUGH = 32
"""From this attempt on the wait is the longest; without it the power overflows in a weekend."""


def wait(attempt: int, chance: float) -> float:
    """Seconds to wait after the failed `attempt` (0 is the first), with `chance` from 0 up to 1 for the jitter.

    Growing by a fifth keeps the wait at about a fifth of the time that the broker has been away: after five seconds
    it is little more than one second, so that a room is right again within two seconds of the broker's return.
    Jitter takes up to half of it away: a house full of clients does not come back in one moment.
    """
    longest = FIRST * GROWTH ** min(attempt, _ENOUGH)
    return min(longest, LONGEST) * (1 - chance / 2)


def wait_when_refused(chance: float) -> float:
    """Seconds to wait after a refusal: at once the longest, since only a person can change the answer."""
    return LONGEST * (1 - chance / 2)


def wait_when_cut(times: int, chance: float) -> float:
    """Seconds to wait after a connection that was ended at once, with `times` such before it that counted.

    Doubling: what the broker does not like about us is not over in a moment, and each attempt is work for it.
    """
    return min(2.0 ** min(times, _ENOUGH), LONGEST) * (1 - chance / 2)
