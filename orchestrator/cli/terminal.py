"""The sheet that tables are printed on: the terminal's width and colours, or plain text in a pipe."""

import os
import shutil
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestrator.values import Colour, Rgb, Temperature

PIPE_WIDTH = 120
COLUMN_GAP = 2
LEAST_COLUMN = 12
"""A column that is narrower than this says nothing."""


def page() -> Console:
    """Standard output. In a pipe it is 120 wide, or what COLUMNS says."""
    if sys.stdout.isatty():
        return Console(highlight=False)
    width = shutil.get_terminal_size((PIPE_WIDTH, 24)).columns if os.environ.get("COLUMNS") else PIPE_WIDTH
    return Console(highlight=False, width=width, color_system=None)


def text_table(columns: Iterable[str], rows: Iterable[Sequence[str | Text]], *, right: Iterable[int] = ()) -> Table:
    """Columns without lines; those in `right` stand to the right."""
    sheet = Table(box=None, padding=(0, COLUMN_GAP, 0, 0), show_edge=False, header_style="bold")
    flush = set(right)
    for place, name in enumerate(columns):
        sheet.add_column(name, justify="right" if place in flush else "left", no_wrap=True, overflow="ellipsis")
    for row in rows:
        sheet.add_row(*row)
    return sheet


def fitted(
    columns: Sequence[str], rows: Sequence[Sequence[str | Text]], width: int, elastic: int
) -> tuple[list[str], list[list[str | Text]]]:
    """Columns and rows cut to a width: the last column takes what is left, and goes where that is too little.

    Then the `elastic` one gives what still lacks; where it has not got that, the next to last goes in the same way.
    """
    widths = [max(Text(name).cell_len, *(_length(row[place]) for row in rows)) for place, name in enumerate(columns)]
    left = width - sum(widths[:-1]) - COLUMN_GAP * len(columns)
    if left >= LEAST_COLUMN:
        return list(columns), [[*row[:-1], _cut(row[-1], left)] for row in rows]
    narrow = widths[elastic] + left + COLUMN_GAP
    if narrow < LEAST_COLUMN and len(columns) > elastic + 2:
        return fitted(columns[:-1], [row[:-1] for row in rows], width, elastic)
    narrow = max(narrow, LEAST_COLUMN)
    cut = [[_cut(cell, narrow) if place == elastic else cell for place, cell in enumerate(row[:-1])] for row in rows]
    return list(columns[:-1]), cut


def _length(cell: str | Text) -> int:
    return cell.cell_len if isinstance(cell, Text) else Text(cell).cell_len


def _cut(cell: str | Text, width: int) -> Text:
    text = cell.copy() if isinstance(cell, Text) else Text(cell)
    text.truncate(width, overflow="ellipsis")
    return text


def swatch(colour: Colour | None, level: float) -> Text:
    """A dot in the colour of a lamp, as bright as it looks."""
    if level <= 0:
        return Text("○", style="dim")
    return Text("●", style=glow(colour, level).hex)


def glow(colour: Colour | None, level: float, ground: float = 0.0) -> Rgb:
    """How a lamp looks on a screen: its colour, darkened to its lightness, on a ground of 0 (black) to 255."""
    full = (colour or Temperature.of_kelvin(2700)).rgb
    share = level / 100.0
    return Rgb(*(ground + (part - ground) * share for part in (full.red, full.green, full.blue)))
