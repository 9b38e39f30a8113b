"""Data as JSON on standard output. What writes it is loaded when there is something to write."""

import sys
from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from orchestrator.errors import RelaxError

P = ParamSpec("P")
R = TypeVar("R")


def concerns_its_device(command: Callable[P, R]) -> Callable[P, R]:
    """A command about the device `name`: what it raises says so."""

    @wraps(command)
    def done(*given: P.args, **named: P.kwargs) -> R:
        from orchestrator.errors import RelaxError

        try:
            return command(*given, **named)
        except RelaxError as error:
            error.device = str(named["name"])
            raise

    return done


def failure_record(error: "RelaxError") -> dict[str, object]:
    """Why a command could not do what it was told: `{"error": {"message", "hint"}}`.

    With `code` where the house said no (docs/interface.md, reasons), with `device` beside it where it is about one.
    """
    from orchestrator.errors import Refused

    code = {"code": error.reason.value} if isinstance(error, Refused) else {}
    about = {"device": error.device} if error.device is not None else {}
    return {**about, "error": {**code, "message": error.message, "hint": error.hint}}


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
