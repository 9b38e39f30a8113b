"""Rows of figures: the daemon's, the bare responder's, and their ratio."""

import math
from collections.abc import Sequence
from typing import NamedTuple


class Row(NamedTuple):
    """One thing measured on each side; None where a side has no such thing."""

    what: str
    daemon: float | None
    bare: float | None
    unit: str = "ms"
    engine: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.daemon / self.bare if self.daemon is not None and self.bare else None


class Aim(NamedTuple):
    """What we want of a figure: no more than a limit."""

    what: str
    figure: float
    limit: float
    unit: str = ""

    @property
    def is_met(self) -> bool:
        return self.figure <= self.limit


def percentile(values: Sequence[float], share: float) -> float:
    """The value that a share of all lie at or below (nearest rank); not a number where there are none."""
    if not values:
        return math.nan
    return sorted(values)[max(math.ceil(len(values) * share) - 1, 0)]


def table(title: str, rows: Sequence[Row], one: str = "daemon", beside: str = "bare") -> str:
    """The rows as fixed-width text; the engine's column only where it played."""
    has_engine = any(row.engine is not None for row in rows)
    engine = f"{'engine':>11}" if has_engine else ""
    lines = [f"\n{title}", f"  {'':<56}{one:>11}{beside:>11}  {'':<9}{'ratio':>7}{engine}"]
    for row in rows:
        ratio = f"{row.ratio:.2f}" if row.ratio is not None else ""
        engine = f"{_figure(row.engine):>11}" if has_engine else ""
        lines.append(
            f"  {row.what:<56}{_figure(row.daemon):>11}{_figure(row.bare):>11}  {row.unit:<9}{ratio:>7}{engine}"
        )
    return "\n".join(lines)


def aims_table(aims: Sequence[Aim]) -> str:
    lines = ["\nAims", f"  {'':<56}{'is':>11}{'aim':>11}"]
    for aim in aims:
        verdict = "met" if aim.is_met else "NOT MET"
        lines.append(
            f"  {aim.what:<56}{_figure(aim.figure):>11}{'≤ ' + _figure(aim.limit):>11}  {aim.unit:<8}{verdict:>7}"
        )
    return "\n".join(lines)


def _figure(value: float | None) -> str:
    if value is None or math.isnan(value):
        return "-"
    return f"{value:.0f}" if float(value).is_integer() or abs(value) >= 1000 else f"{value:.2f}"
