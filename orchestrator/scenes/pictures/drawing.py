"""The few strokes that our pictures need, as SVG elements: text, boxes, areas, gradients."""

from collections.abc import Iterable, Sequence
from html import escape

WIDTH_OF_A_LETTER = 0.56
"""Of the font's size: the average of a humanist sans serif, on the safe side."""


def figure(value: float) -> str:
    """A coordinate: one decimal, no needless zero."""
    return f"{value:.1f}".removesuffix(".0") if abs(value) >= 0.05 else "0"


def text_width(text: str, size: float) -> float:
    """About how wide a text is, in pixels."""
    return len(text) * size * WIDTH_OF_A_LETTER


def cut(text: str, room: float, size: float) -> str:
    """The text, cut at a word so that it fits into `room` pixels; empty where not even a word does."""
    if text_width(text, size) <= room:
        return text
    letters = int(room / (size * WIDTH_OF_A_LETTER)) - 1
    head = text[: max(letters, 0)].rpartition(" ")[0].rstrip(" .,;:!?")
    return f"{head}…" if head else ""


def words(x: float, y: float, text: str, kind: str, extra: str = "") -> str:
    """A text, its baseline at y."""
    return f'<text x="{figure(x)}" y="{figure(y)}" class="{kind}"{extra}>{escape(text)}</text>'


def box(x: float, y: float, width: float, height: float, extra: str, *, tip: str = "") -> str:
    """A rectangle, with a tip that appears under the pointer."""
    inner = f"><title>{escape(tip)}</title></rect>" if tip else "/>"
    size = f'width="{figure(max(width, 0.5))}" height="{figure(height)}"'
    return f'<rect x="{figure(x)}" y="{figure(y)}" {size} {extra}{inner}'


def line(points: Iterable[tuple[float, float]], extra: str) -> str:
    """A line through points."""
    return f'<polyline points="{_list(points)}" {extra}/>'


def area(points: Sequence[tuple[float, float]], floor: float, extra: str) -> str:
    """What lies between a line and the floor below it."""
    corners = [(points[0][0], floor), *points, (points[-1][0], floor)]
    return f'<polygon points="{_list(corners)}" {extra}/>'


def gradient(name: str, left: float, right: float, stops: Iterable[tuple[float, str]]) -> str:
    """A gradient from left to right; stops are at x coordinates."""
    span = max(right - left, 1.0)
    inner = "".join(f'<stop offset="{(x - left) / span:.4f}" stop-color="{colour}"/>' for x, colour in stops)
    ends = f'x1="{figure(left)}" x2="{figure(right)}" y1="0" y2="0"'
    return f'<linearGradient id="{name}" gradientUnits="userSpaceOnUse" {ends}>{inner}</linearGradient>'


def _list(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{figure(x)},{figure(y)}" for x, y in points)
