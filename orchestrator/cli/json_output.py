"""Data as JSON on standard output. What writes it is loaded when there is something to write."""

import sys
from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def fails_as_json(command: Callable[P, R]) -> Callable[P, R]:
    """A command with `as_json` that says as JSON, too, why it could not do what it was told.

    `{"error": {"message", "hint"}}`, with `device` where it is about one; the sentence is on standard error as well.
    """

    @wraps(command)
    def done(*given: P.args, **named: P.kwargs) -> R:
        from orchestrator.errors import RelaxError

        try:
            return command(*given, **named)
        except RelaxError as error:
            if named.get("as_json"):
                about = {"device": named["name"]} if "name" in named else {}
                print_json({**about, "error": {"message": error.message, "hint": error.hint}})
            raise

    return done


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
