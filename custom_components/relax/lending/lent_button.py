"""A button: presses of an `event` entity, or of an `input_button`, as Home Assistant's MQTT events say them."""

from typing import Any, ClassVar

from homeassistant.core import State, callback

from .lent_entity import LentEntity

_PRESS = "press"


class LentButton(LentEntity):
    """A press is said once, as it happens. What was pressed before Home Assistant started is over."""

    platform: ClassVar[str] = "event"
    is_there_when_unknown: ClassVar[bool] = True

    def announcement(self) -> dict[str, Any] | None:
        state = self.state
        listed = state.attributes.get("event_types") if state is not None else None
        return {"event_types": [str(each) for each in listed] if isinstance(listed, list) else [_PRESS]}

    @callback
    def told(self, payload: str) -> None:
        """Nobody presses it from outside."""

    @callback
    def changed(self, before: State | None, now: State) -> None:
        if before is None or before.state in (now.state, "unavailable") or before.attributes.get("restored") is True:
            return
        kind = now.attributes.get("event_type", _PRESS)
        if isinstance(kind, str):
            self.say(self.branch.state, {"event_type": kind})
