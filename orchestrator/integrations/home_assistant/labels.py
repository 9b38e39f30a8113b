"""Words to choose from, as Home Assistant can show them: each once, none empty, none that it takes for unknown."""

from collections.abc import Iterable

from orchestrator.integrations.wording import clipped

_LONGEST = 200
_UNKNOWN = "none"


def labels(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What stands for each name: its words, with the name behind them where that is needed to tell them apart."""
    found: dict[str, str] = {}
    for name, words in named:
        label = clipped(" ".join(words.split()), _LONGEST)
        if not label or label.casefold() == _UNKNOWN:
            label = f"({label})"
        taken, count = label in found.values(), 1
        while taken:
            count += 1
            numbered = f"{label} ({name})" if count == 2 else f"{label} ({name}, {count})"
            if numbered not in found.values():
                label, taken = numbered, False
        found[name] = label
    return found
