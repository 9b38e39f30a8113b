"""How a device reports, as it was learnt: how late and how exactly. What outlives the stage, and the process."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from orchestrator.units import Ms
from orchestrator.values import Attribute


class ReportProfile(NamedTuple):
    """Of one device, oldest first.

    `delays`: real milliseconds from sending to hearing. `ratios`: what it said at rest, by what it was told.
    """

    delays: tuple[Ms, ...]
    ratios: Mapping[Attribute, tuple[float, ...]]


NOTHING_LEARNT: Final = ReportProfile((), {})
