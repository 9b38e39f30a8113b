"""A length as scene templates see it: it adds, scales and compares, and prints as scene files write it."""

from dataclasses import dataclass
from functools import total_ordering

from orchestrator.documents.notation import signed_duration
from orchestrator.units import HOUR, MINUTE, SECOND, Ms

_SIZES = (("h", HOUR), ("min", MINUTE), ("s", SECOND), ("ms", 1))


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class TemplateDuration:
    """Milliseconds, perhaps below zero. A text such as `5min` stands for a length beside it: `soak > '5min'`.

    Raises TypeError where a bare number is added or compared (60 of what?), ZeroDivisionError as numbers do.
    """

    ms: Ms

    @classmethod
    def of(cls, value: object) -> "TemplateDuration":
        """A length of what was written, or of one. Raises ValueError."""
        return value if isinstance(value, TemplateDuration) else cls(signed_duration(value))

    def __add__(self, other: object) -> "TemplateDuration":
        return TemplateDuration(self.ms + _ms(other))

    def __sub__(self, other: object) -> "TemplateDuration":
        return TemplateDuration(self.ms - _ms(other))

    def __radd__(self, other: object) -> "TemplateDuration":
        return TemplateDuration(_ms(other) + self.ms)

    def __rsub__(self, other: object) -> "TemplateDuration":
        return TemplateDuration(_ms(other) - self.ms)

    def __mul__(self, factor: object) -> "TemplateDuration":
        return TemplateDuration(round(self.ms * _factor(factor)))

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> "TemplateDuration | float":
        if isinstance(other, TemplateDuration | str):
            return self.ms / _ms(other)
        return TemplateDuration(round(self.ms / _factor(other)))

    def __floordiv__(self, other: object) -> int:
        return self.ms // _ms(other)

    def __neg__(self) -> "TemplateDuration":
        return TemplateDuration(-self.ms)

    def __bool__(self) -> bool:
        return self.ms != 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TemplateDuration | str) and self.ms == _ms(other)

    def __lt__(self, other: object) -> bool:
        return self.ms < _ms(other)

    def __hash__(self) -> int:
        return hash(self.ms)

    def __str__(self) -> str:
        return written(self.ms)


def written(ms: Ms) -> str:
    """As scene files write it, exactly: `10min`, `1h30m` becomes `1h30min`, `1.5s` becomes `1s500ms`; `0s`."""
    rest, parts = abs(ms), []
    for unit, size in _SIZES:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return ("-" if ms < 0 else "") + ("".join(parts) or "0s")


def _ms(value: object) -> Ms:
    if isinstance(value, TemplateDuration):
        return value.ms
    if isinstance(value, str):
        return signed_duration(value)
    raise TypeError(f"a length and {value!r} do not go together; write the unit, such as '{value}s'")


def _factor(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"a length times {value!r} is no length")
    return value
