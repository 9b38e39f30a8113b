"""Music that ends is begun again, on players that cannot repeat by themselves: a Cast, and many more.

A player says how long its track is and where it was in it at which moment; that it is silent after it would have been
over is its end, and before that somebody's hand.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from orchestrator.devices.dialects.hass.entity_state import EntityState
from orchestrator.devices.dialects.hass.player import REPEAT
from orchestrator.devices.wire import number
from orchestrator.hass.call_queue import Call

NEAR_ITS_END: Final = 3.0
"""Seconds: a position is told late and in whole seconds."""
BEGINS_WITHIN: Final = 10.0
"""Seconds in which what is begun again is silent, and that is not said."""
_PLACE: Final = ("media_content_id", "media_duration", "media_position", "media_position_updated_at")
_ENDS: Final = ("media_stop", "turn_off", "select_source")


class Repeating:
    """Of one player. `now` is a clock in seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._music: Call | None = None
        self._place: tuple[object, ...] = ()
        """Where it was in what, and when that was said: it stands there until it says another."""
        self._ends_at: float | None = None
        self._is_silent_until = 0.0

    def told(self, call: Call) -> None:
        """It is told something: what it plays, or that it is to be silent."""
        if call.service == "play_media" and not call.data.get("announce"):
            self._music, self._ends_at, self._place = call, None, ()
        elif call.service in _ENDS:
            self._music = self._ends_at = None

    def hear(self, state: EntityState) -> Call | None:
        """What is to be told it again, as its music has ended."""
        if self._music is None or state.has(REPEAT):
            return None
        if state.word in ("playing", "buffering"):
            self._note_place(state.attributes)
            self._is_silent_until = 0.0
        elif state.word == "paused":
            self._ends_at, self._place = None, ()
        elif self._ends_at is not None and self._now() >= self._ends_at - NEAR_ITS_END:
            self._ends_at, self._is_silent_until = None, self._now() + BEGINS_WITHIN
            return self._music
        return None

    @property
    def is_beginning(self) -> bool:
        """Whether it is silent only between an end and a beginning."""
        return self._now() < self._is_silent_until

    def _note_place(self, said: Mapping[str, Any]) -> None:
        place = tuple(said.get(key) for key in _PLACE)
        if place == self._place:
            return
        self._place = place
        lasts, position = number(said.get("media_duration")), number(said.get("media_position"))
        self._ends_at = None if lasts is None or lasts <= 0 else self._now() + lasts - (position or 0.0)
