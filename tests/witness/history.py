"""What a device did over time: straight lines from moment to moment, which can be asked later."""

from bisect import bisect_right
from typing import Generic, NamedTuple, Protocol, TypeVar

V = TypeVar("V")


class Blend(Protocol[V]):
    def __call__(self, one: V, other: V, share: float, /) -> V: ...


class Line(NamedTuple, Generic[V]):
    start: float
    end: float
    origin: V
    target: V


class History(Generic[V]):
    """A value over time, seconds. `blend` says what lies between two values."""

    def __init__(self, value: V, blend: Blend[V]) -> None:
        self.lines: list[Line[V]] = [Line(float("-inf"), float("-inf"), value, value)]
        self._starts = [float("-inf")]
        self.blend = blend

    def move(self, t: float, target: V, seconds: float = 0.0) -> None:
        """From where it is at `t` to the target."""
        line = Line(t, t + max(seconds, 0.0), self.at(t), target)
        if self._starts[-1] == t:
            self.lines[-1] = line._replace(origin=self.lines[-1].origin if seconds == 0.0 else line.origin)
        else:
            self.lines.append(line)
            self._starts.append(t)

    def at(self, t: float) -> V:
        line = self.lines[bisect_right(self._starts, t) - 1]
        if t >= line.end or line.start == line.end:
            return line.target
        return self.blend(line.origin, line.target, (t - line.start) / (line.end - line.start))

    def just_before(self, t: float) -> V:
        return self.at(t - 1e-6)

    @property
    def moments(self) -> list[float]:
        """When something was told to it."""
        return self._starts[1:]

    @property
    def final(self) -> V:
        return self.lines[-1].target


def straight(one: float, other: float, share: float) -> float:
    return one + (other - one) * share


def stepped(one: V, other: V, share: float) -> V:
    return other
