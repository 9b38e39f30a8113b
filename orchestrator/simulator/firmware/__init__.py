"""The device's side of a dialect: what a command makes of a lamp or plug, and how it says what it is.

One module a dialect, the mirror of `devices/dialects/` and named as there: its `TWIN` says what can be simulated, and
nothing else has to know of it. As devices really are, not as we wish them to be.
"""

from typing import Any, NamedTuple, Protocol, runtime_checkable

from orchestrator.devices.messages import Message
from orchestrator.simulator.bulb import Order
from orchestrator.units import Percent
from orchestrator.values import Colour


class Complaint(NamedTuple):
    """A command that did nothing, and what is published about it."""

    message: Message


class LightState(NamedTuple):
    """What a light says of itself. `remembered` is the level that it goes back to from off."""

    level: Percent
    colour: Colour | None
    remembered: Percent


@runtime_checkable
class PartOfAWhole(Protocol):
    """Firmware of one of the lamps or switches that a single device has: they speak in one message."""

    @property
    def whole(self) -> str | None:
        """What they are parts of; None for one that is a device by itself."""
        ...

    def share(self, said: dict[str, Any], /) -> None:
        """Take what all parts have said of themselves; each puts in its own."""
        ...


class LightFirmware(Protocol):
    """A light's codec, seen from the light."""

    @property
    def topics(self) -> tuple[str, ...]: ...

    def availability(self, *, online: bool) -> tuple[Message, ...]: ...

    def asks(self, message: Message, /) -> bool:
        """Whether this is a question and no command."""
        ...

    def order(self, message: Message, /) -> Order | Complaint | None: ...

    def state(self, state: LightState) -> tuple[Message, ...]: ...


class SwitchFirmware(Protocol):
    """A switch's codec, seen from the switch."""

    @property
    def topics(self) -> tuple[str, ...]: ...

    def availability(self, *, online: bool) -> tuple[Message, ...]: ...

    def asks(self, message: Message, /) -> bool: ...

    def switch(self, message: Message, /) -> bool | None:
        """What a command asks for; None for what is no command."""
        ...

    def switched(self, *, on: bool) -> tuple[Message, ...]: ...


class ButtonFirmware(Protocol):
    """A button's codec, seen from the button: it takes no commands."""

    def availability(self, *, online: bool) -> tuple[Message, ...]: ...

    def pressed(self, action: str, /) -> tuple[Message, ...]:
        """How it says that it was pressed; an event is never retained."""
        ...
