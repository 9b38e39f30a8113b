"""What is left of a length, shared out: in proportion, but nobody gets less than what they need."""

from collections.abc import Sequence
from typing import NamedTuple

from orchestrator.units import Ms


class Claim(NamedTuple):
    """One who takes a share, and the least that will do."""

    share: float
    least: Ms = 0


def shared(whole: Ms, claims: Sequence[Claim]) -> list[Ms]:
    """A length for each claim; together exactly `whole`.

    Whoever would get less than their least gets that, and the others share the rest. Raises ValueError where the whole
    is less than all the leasts together, or where nobody claims.
    """
    if not claims:
        raise ValueError("nobody takes a share")
    if whole < sum(claim.least for claim in claims):
        raise ValueError("the shares do not fit")
    needy: set[int] = set()
    while True:
        free = [place for place in range(len(claims)) if place not in needy]
        rest = whole - sum(claims[place].least for place in needy)
        total = sum(claims[place].share for place in free)
        poor = {place for place in free if rest * claims[place].share / total < claims[place].least}
        if not poor:
            break
        needy |= poor
    lengths = [claim.least for claim in claims]
    behind = 0.0
    for place in free:
        # Cumulative rounding: each boundary is rounded, so that no millisecond is lost or made.
        before, behind = behind, behind + rest * claims[place].share / total if total else 0.0
        lengths[place] = round(behind) - round(before)
    if free:
        lengths[free[-1]] += whole - sum(lengths)
    return lengths
