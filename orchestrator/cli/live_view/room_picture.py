"""The room as a picture: a dark wall, each lamp on it with its glow, two pixels to a character cell.

The wall is painted by us, so that it looks the same on a dark and on a light terminal.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

from rich.color import Color
from rich.style import Style
from rich.text import Text

from orchestrator.cli.live_view.frame import FrameLamp

WALL = (22.0, 18.0, 17.0)
_UPPER = "▀"
_EDGES = ("╭─╮", "│ │", "╰─╯")


def picture(lamps: Sequence[FrameLamp], width: int, rows: int) -> list[Text]:
    """`rows` lines of `width` cells."""
    pixels = _lit(lamps, width, rows * 2)
    lines = []
    for row in range(rows):
        line = Text(no_wrap=True)
        upper, lower = pixels[2 * row], pixels[2 * row + 1]
        start = 0
        for place in range(1, width + 1):
            if place == width or (upper[place], lower[place]) != (upper[start], lower[start]):
                line.append(_UPPER * (place - start), _style(upper[start], lower[start]))
                start = place
        lines.append(line)
    for place, lamp in enumerate(lamps):
        if not lamp.level:
            _outline(lines, pixels, _centre(place, len(lamps), width), rows)
    return lines


def places(count: int, width: int) -> list[int]:
    """The cell above which each lamp's name is centred."""
    return [_centre(place, count, width) for place in range(count)]


Pixel = tuple[int, int, int]


def _lit(lamps: Sequence[FrameLamp], width: int, height: int) -> list[list[Pixel]]:
    """The wall with all light on it."""
    sums = [[list(WALL) for _ in range(width)] for _ in range(height)]
    for place, lamp in enumerate(lamps):
        colour = (lamp.light.red, lamp.light.green, lamp.light.blue)
        if not any(colour):
            continue
        shares = _glow(width, height, _centre(place, len(lamps), width))
        for row, line in enumerate(shares):
            target = sums[row]
            for column, share in enumerate(line):
                if share > 0.004:
                    cell = target[column]
                    cell[0] += colour[0] * share
                    cell[1] += colour[1] * share
                    cell[2] += colour[2] * share
    return [[_pixel(cell) for cell in line] for line in sums]


def _body(width: int, height: int) -> tuple[int, int]:
    """Width and height of a lamp in pixels; both are even, so that it begins and ends with a cell."""
    return max(width // 22 * 2, 6), max(height // 10 * 2, 4)


@lru_cache(maxsize=64)
def _glow(width: int, height: int, centre: int) -> list[list[float]]:
    """How much of a lamp's light each pixel shows: all on its body, a halo around it, a little everywhere."""
    middle = (height - height // 2 % 2) / 2 - 0.5
    wide, tall = _body(width, height)
    reach = height * 0.28
    lines = []
    for row in range(height):
        line = []
        for column in range(width):
            across = max(abs(column - centre + 0.5) - wide / 2, 0.0)
            along = max(abs(row - middle) - tall / 2, 0.0)
            if across == 0 and along == 0:
                line.append(1.0)
                continue
            square = across * across + along * along
            near = 0.42 * math.exp(-square / (2 * reach * reach))
            line.append(near + 0.07 * math.exp(-square / (16 * reach * reach)))
        lines.append(line)
    return lines


def _pixel(cell: list[float]) -> Pixel:
    """In steps of 2: finer ones cannot be seen, and cost bytes."""
    return tuple(min(int(part) & ~1, 255) for part in cell)  # type: ignore[return-value]


@lru_cache(maxsize=4096)
def _style(upper: Pixel, lower: Pixel) -> Style:
    return Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower))


def _outline(lines: list[Text], pixels: list[list[Pixel]], centre: int, rows: int) -> None:
    """A lamp that is off: only its edge."""
    wide, tall = _body(len(pixels[0]), len(pixels))
    left, high = centre - wide // 2, tall // 2
    top = (rows - rows % 2 - high) // 2
    for offset in range(high):
        row = top + offset
        edge = _EDGES[0 if offset == 0 else 2 if offset == high - 1 else 1]
        edge = edge[0] + edge[1] * (wide - 2) + edge[2]
        if not 0 <= row < rows or left < 0 or left + len(edge) > len(pixels[0]):
            continue
        ground = pixels[2 * row][centre]
        style = Style(color=Color.from_rgb(112, 100, 92), bgcolor=Color.from_rgb(*ground))
        line = lines[row]
        lines[row] = Text.assemble(line[:left], (edge, style), line[left + len(edge) :], no_wrap=True)


def _centre(place: int, count: int, width: int) -> int:
    return int((place + 0.5) / count * width)
