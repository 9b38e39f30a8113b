"""Units as types. Below the daemon time is whole milliseconds; levels are floats, rounded only on output."""

from typing import NewType, TypeAlias

Ms: TypeAlias = int
"""Whole milliseconds: a moment on a clock that is named beside it, or a length."""

Percent = NewType("Percent", float)
"""0 to 100. Brightness: perceived lightness (CIE L*) of the lamp's full light. Volume: of what is said beside it."""

Kelvin = NewType("Kelvin", float)
WordsPerMinute = NewType("WordsPerMinute", float)

SECOND: Ms = 1000
MINUTE: Ms = 60_000
HOUR: Ms = 3_600_000

OFF = Percent(0.0)
FULL = Percent(100.0)
