"""Lengths in words: `ten minutes`, `zwei Stunden und 15 Minuten`, `za jedną minutę`."""

from collections.abc import Mapping, Sequence

from orchestrator.languages.plurals import Category, category
from orchestrator.units import HOUR, MINUTE, SECOND, Ms

UNITS = ("hour", "minute", "second")
_ROUNDS_FROM: Ms = 10 * MINUTE


def length_in_words(
    ms: Ms,
    units: Mapping[str, Mapping[str, str]],
    rules: Mapping[Category, str],
    numbers: Sequence[str],
    joint: str,
    none: str,
) -> str:
    """Whole seconds, from ten minutes on whole minutes; `none` for nothing.

    `units` has the forms of each unit by plural category, with `{{ n }}` where the number stands; `numbers` the words
    for one, two and so on, figures above; `joint` stands before the last of several.
    """
    counts = [(count, unit) for unit, count in zip(UNITS, _rounded(abs(ms)), strict=True) if count]
    said = [_counted(count, units[unit], rules, numbers) for count, unit in counts]
    if not said:
        return none
    return said[0] if len(said) == 1 else f"{' '.join(said[:-1])} {joint} {said[-1]}"


def length_in_figures(ms: Ms) -> str:
    """`10 min`, where there are no words: voices read it out in their own."""
    counts = zip(_rounded(abs(ms)), ("h", "min", "s"), strict=True)
    return " ".join(f"{count} {unit}" for count, unit in counts if count) or "0 s"


def _counted(count: int, forms: Mapping[str, str], rules: Mapping[Category, str], numbers: Sequence[str]) -> str:
    number = numbers[count - 1] if count <= len(numbers) else str(count)
    return forms[category(count, rules)].replace("{{ n }}", number)


def _rounded(ms: Ms) -> tuple[int, int, int]:
    """Hours, minutes, seconds: to whole seconds, from ten minutes on to whole minutes."""
    grain = MINUTE if ms >= _ROUNDS_FROM else SECOND
    total = (ms + grain // 2) // grain * grain
    return total // HOUR, total % HOUR // MINUTE, total % MINUTE // SECOND
