"""What a lamp may have missed that hears nothing while it fades: it is told so again once its fade is over."""

from collections.abc import Iterable

from orchestrator.units import Ms
from orchestrator.values import Attribute

_NOTHING: frozenset[Attribute] = frozenset()


class Deafness:
    """Of one lamp. `fades_until` is when the fade is over that it is believed to be in."""

    def __init__(self) -> None:
        self._missed: set[Attribute] = set()
        self._until: Ms = 0
        """When the fade ends that it was in as it was told something."""

    def told(self, attributes: Iterable[Attribute], now: Ms, fades_until: Ms) -> None:
        """It was told something of these, and may be in a fade."""
        until = max(self._until, fades_until)
        if now < until:
            self._missed.update(attributes)
            self._until = until
        else:
            self._missed.difference_update(attributes)

    def missed(self, now: Ms, fades_until: Ms) -> frozenset[Attribute]:
        """What it is to be told again now: nothing while it fades."""
        if not self._missed or now < max(self._until, fades_until):
            return _NOTHING
        return frozenset(self._missed)

    def ends(self, fades_until: Ms) -> Ms | None:
        """When it hears again what it may have missed; None where that is nothing."""
        return max(self._until, fades_until) if self._missed else None

    def forget(self, *attributes: Attribute) -> None:
        """It need not be told these again; without any, nothing."""
        self._missed.difference_update(attributes or tuple(self._missed))
