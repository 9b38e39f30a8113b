"""A simulated button or remote: it says nothing until somebody presses it."""

from orchestrator.devices.messages import Message
from orchestrator.simulator.firmware import ButtonFirmware
from orchestrator.units import Ms


class Button:
    """Presses are events: never retained."""

    def __init__(self, name: str, firmware: ButtonFirmware) -> None:
        self.name = name
        self._firmware = firmware

    @property
    def topics(self) -> tuple[str, ...]:
        return ()

    def availability(self, *, online: bool) -> tuple[Message, ...]:
        return self._firmware.availability(online=online)

    def connected(self, _now: Ms) -> tuple[Message, ...]:
        return ()

    def receive(self, _message: Message, _now: Ms) -> tuple[Message, ...]:
        return ()

    def advance(self, _now: Ms) -> tuple[Message, ...]:
        return ()

    def next_deadline(self) -> Ms | None:
        return None

    def pressed(self, action: str) -> tuple[Message, ...]:
        """Somebody presses it."""
        return self._firmware.pressed(action)
