"""What was learnt of one broker, kept from one connection to the next: so that a mistake is made once."""

from dataclasses import dataclass, field

from paho.mqtt.properties import Properties

from orchestrator.devices.messages import Message
from orchestrator.mqtt.limits import Limits


@dataclass(slots=True)
class Terms:
    """How a broker wants to be spoken to. `told`: about which topics it has been said that they do not fit."""

    client_id: str
    version_5: bool = True
    limits: Limits = field(default_factory=Limits)
    refuses_retain: bool = False
    """It has refused a message that was to be kept."""
    assumed: int | None = None
    """Bytes of a packet that it seems to take at most, without having said so."""
    told: set[str] = field(default_factory=set)

    def learn(self, properties: Properties | None) -> None:
        """What a CONNACK says of the broker."""
        self.limits = Limits.of(properties)
        self.client_id = getattr(properties, "AssignedClientIdentifier", self.client_id)

    def fitted(self, message: Message) -> Message | None:
        """A message as this broker takes it, its length aside; None where that would say nothing."""
        limits = self.limits._replace(retain=False) if self.refuses_retain else self.limits
        return limits.fitted(message)

    @property
    def largest_packet(self) -> int | None:
        """Bytes that a packet may have; None for any."""
        known = [each for each in (self.limits.packet, self.assumed) if each is not None]
        return min(known, default=None)
