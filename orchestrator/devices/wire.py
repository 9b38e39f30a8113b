"""Numbers and JSON on the wire: percent to a device's units and back, and reading what may be nonsense.

The rules of every dialect: a percentage above 0 never becomes 0 units; mired is round(1 000 000 / K); a payload that is
not what it should be is nothing, never an error.
"""

import json
import math
from typing import Any

from orchestrator.units import FULL, OFF, Ms, Percent

_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def units(percent: Percent, scale: float) -> int:
    """A percentage in whole device units of 0 to `scale`: 0 for off, and at least 1 for whatever is on."""
    if percent <= OFF:
        return 0
    return min(max(round(percent * scale / 100), 1), math.floor(scale))


def share(amount: float, scale: float) -> Percent:
    """Device units as a percentage, at most all."""
    return Percent(min(max(amount * 100.0 / scale, 0.0), float(FULL)))


def seconds(length: Ms, places: int = 1) -> float | int:
    """Milliseconds as seconds, rounded; a whole number where it is one, so that payloads read `30` and not `30.0`."""
    value = round(length / 1000, places)
    return int(value) if value == int(value) else value


def number(value: Any) -> float | None:
    """A finite number, also where it stands in quotes; None for all else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        read = float(value)
    except (ValueError, OverflowError):
        return None
    return read if math.isfinite(read) else None


def fields(payload: str) -> dict[str, Any]:
    """The object in a JSON payload; empty for what is no JSON object. Never raises."""
    if not payload.lstrip().startswith("{"):
        return {}
    try:
        value = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def compact(**values: Any) -> str:
    """JSON as devices get it: without blanks, keys in the order given, absent ones left out."""
    return _COMPACT({key: value for key, value in values.items() if value is not None})
