"""Data as JSON on standard output. What writes it is loaded when there is something to write."""

import sys
from collections.abc import Mapping
from datetime import date


def print_json(data: object) -> None:
    """One object or list, laid out for people; days and moments as ISO 8601. Raises OSError where nobody reads."""
    import json

    print(json.dumps(data, ensure_ascii=_has_few_signs(), indent=2, default=_iso))


def print_json_line(record: Mapping[str, object]) -> None:
    """One line, at once. Raises OSError where nobody reads any more."""
    import json

    print(json.dumps(record, ensure_ascii=_has_few_signs()), flush=True)


def _has_few_signs() -> bool:
    """Whether the output takes less than every letter: JSON has escapes for those that it lacks."""
    return not (sys.stdout.encoding or "utf-8").lower().replace("-", "").startswith("utf")


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} is nothing that JSON has")
