"""The device's side of a dialect: what a command makes of a lamp or plug, and how it says what it is.

One module a dialect, the mirror of `devices/dialects/` and named as there: its `TWIN` says what can be simulated, and
nothing else has to know of it. As devices really are, not as we wish them to be.
"""

from typing import NamedTuple, Protocol

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
