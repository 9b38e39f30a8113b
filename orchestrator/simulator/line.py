"""The way between a simulated device and the broker."""

from collections.abc import Callable, Iterable

from orchestrator.devices.messages import Message
from orchestrator.simulator.agenda import Agenda
from orchestrator.simulator.bulb import Bulb, Order
from orchestrator.simulator.device import SimulatedDevice
from orchestrator.simulator.faults import Faults
from orchestrator.simulator.light import Light
from orchestrator.units import Ms


class Line:
    """Dead, lossy, one-way or slow, by its faults. What is wrong with a lamp itself is the lamp's own business."""

    def __init__(self, device: SimulatedDevice, faults: Faults) -> None:
        self.device = device
        self.faults = faults
        self.is_online = not faults.offline
        self._heard = 0
        self._late = Agenda()

    def connected(self, now: Ms) -> list[Message]:
        availability = self.device.availability(online=self.is_online)
        return [*availability, *(self.said(self.device.connected(now), now) if self.is_online else ())]

    def receive(self, message: Message, now: Ms) -> list[Message]:
        return self.said(self.device.receive(message, now), now) if self.hears() else []

    def hears(self) -> bool:
        """Whether the next message gets through to the device; each is asked for once."""
        if not self.is_online:
            return False
        self._heard += 1
        return not self.faults.drops_every or self._heard % self.faults.drops_every != 0

    def advance(self, now: Ms) -> list[Message]:
        """Late words first: they were said earlier. What was under way when the line went dead is lost."""
        late = self._late.advance(now)
        return [*(late if self.is_online else ()), *self.said(self.device.advance(now), now)]

    def next_deadline(self) -> Ms | None:
        moments = (self._late.next_deadline(), self.device.next_deadline())
        return min((moment for moment in moments if moment is not None), default=None)

    def said(self, messages: Iterable[Message], now: Ms) -> list[Message]:
        """What of the device's words gets through now."""
        spoken = list(messages)
        if not self.is_online or self.faults.silent:
            return []
        if not self.faults.late_echo or not spoken:
            return spoken
        self._late.put(now + self.faults.late_echo, _saying(spoken))
        return []

    def set_online(self, now: Ms, *, online: bool) -> list[Message]:
        """The device vanishes, or comes back and says how it is."""
        if online == self.is_online:
            return []
        self.is_online = online
        return self.connected(now) if online else list(self.device.availability(online=False))


class LightLine(Line):
    """The way to a light, which a group reaches as well."""

    def __init__(self, light: Light, faults: Faults) -> None:
        super().__init__(light, faults)
        self._light = light

    @property
    def lamp(self) -> Bulb:
        return self._light.lamp

    def join(self, group: Light) -> None:
        self._light.join(group)

    def follow(self, order: Order, now: Ms) -> list[Message]:
        """Do what the group is told, where the group's command gets through."""
        return self.said(self._light.carry_out(order, now), now) if self.hears() else []


def _saying(messages: list[Message]) -> Callable[[Ms], list[Message]]:
    return lambda _now: messages
