"""Where a lent entity is found: a branch of its own below relax's base topic."""

from typing import NamedTuple


class Branch(NamedTuple):
    """The topics of one entity: `relax/lent/light/sofa/set` and those beside it."""

    root: str
    address: str
    """`light/sofa`"""

    @property
    def _own(self) -> str:
        return f"{self.root}/{self.address}"

    @property
    def config(self) -> str:
        """What it is, retained."""
        return f"{self._own}/config"

    @property
    def command(self) -> str:
        return f"{self._own}/set"

    @property
    def state(self) -> str:
        return f"{self._own}/state"

    @property
    def event(self) -> str:
        return f"{self._own}/event"

    @property
    def status(self) -> str:
        """`online` or `offline`, retained."""
        return f"{self._own}/status"

    @property
    def speaker(self) -> str:
        """What a speaker's topics are added to."""
        return self._own
