"""A simulated plug."""

from orchestrator.devices.messages import Message
from orchestrator.simulator.agenda import Agenda
from orchestrator.simulator.firmware import SwitchFirmware
from orchestrator.simulator.light import ANSWER
from orchestrator.units import Ms


class SimulatedPlug:
    """On or off, and it says so."""

    def __init__(self, name: str, firmware: SwitchFirmware, *, on: bool = False) -> None:
        self.name = name
        self.is_on = on
        self._firmware = firmware
        self._agenda = Agenda()

    @property
    def topics(self) -> tuple[str, ...]:
        return self._firmware.topics

    def availability(self, *, online: bool) -> tuple[Message, ...]:
        return self._firmware.availability(online=online)

    def connected(self, now: Ms) -> tuple[Message, ...]:
        return self._is(now)

    def receive(self, message: Message, now: Ms) -> tuple[Message, ...]:
        if self._firmware.asks(message):
            self._agenda.put(now + ANSWER, self._is)
            return ()
        on = self._firmware.switch(message)
        return () if on is None else self.switched(now, on=on)

    def switched(self, now: Ms, *, on: bool) -> tuple[Message, ...]:
        """Switched by a command or by hand."""
        self.is_on = on
        return self._is(now)

    def advance(self, now: Ms) -> list[Message]:
        return self._agenda.advance(now)

    def next_deadline(self) -> Ms | None:
        return self._agenda.next_deadline()

    def _is(self, _now: Ms) -> tuple[Message, ...]:
        return self._firmware.switched(on=self.is_on)
