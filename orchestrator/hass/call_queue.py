"""What one entity is told: one call at a time, and what waits meanwhile is told in one where that means the same.

A lamp in a cloud takes a third of a second for each call, and some take seconds: steps of a fade that it is too slow
for are left out, and none overtakes another.
"""

from collections import deque
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

_COLOURS: Final = frozenset(
    {"color_temp_kelvin", "hs_color", "xy_color", "rgb_color", "rgbw_color", "rgbww_color", "white", "effect"}
)


class Call(NamedTuple):
    """A `call_service` of Home Assistant's API."""

    domain: str
    service: str
    data: Mapping[str, Any]
    target: Mapping[str, Any]


class CallQueue:
    """Of one entity."""

    def __init__(self) -> None:
        self._waiting: deque[Call] = deque()
        self.is_busy = False

    def put(self, call: Call) -> None:
        before = self._waiting[-1] if self._waiting else None
        both = merged(before, call) if before is not None else None
        if both is not None:
            self._waiting[-1] = both
        else:
            self._waiting.append(call)

    def take(self) -> Call | None:
        """The next one, where none is on its way; from now on one is, until it is `over`."""
        if self.is_busy or not self._waiting:
            return None
        self.is_busy = True
        return self._waiting.popleft()

    def over(self) -> None:
        self.is_busy = False

    @property
    def is_idle(self) -> bool:
        return not (self.is_busy or self._waiting)


def merged(earlier: Call, later: Call) -> Call | None:
    """One call for two; None where it takes both."""
    if earlier.domain != later.domain:
        return None
    match earlier.service, later.service:
        case ("turn_on", "turn_on") if later.domain == "light":
            has_colour = not _COLOURS.isdisjoint(later.data)
            kept = {key: value for key, value in earlier.data.items() if not (has_colour and key in _COLOURS)}
            if "white" in kept and "brightness" in later.data:
                return later._replace(data={**later.data, "white": later.data["brightness"]})
            if "white" in later.data:
                kept.pop("brightness", None)
            elif has_colour and "white" in earlier.data:
                kept.setdefault("brightness", earlier.data["white"])  # as bright as its white was to be
            return later._replace(data={**kept, **later.data})
        case ("turn_on" | "turn_off", "turn_off") if _COLOURS.isdisjoint(earlier.data):
            return later  # a colour it keeps while it is off
        case ("volume_set", "volume_set"):
            return later
    return None
