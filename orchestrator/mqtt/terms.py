"""What was learnt of one broker, kept from one connection to the next: so that a mistake is made once."""

from dataclasses import dataclass, field

from orchestrator.mqtt.limits import Limits


@dataclass(slots=True)
class Terms:
    """How a broker wants to be spoken to. `told`: about which topics it has been said that they do not fit."""

    client_id: str
    version_5: bool = True
    limits: Limits = field(default_factory=Limits)
    assumed: int | None = None
    """Bytes of a packet that it seems to take at most, without having said so."""
    told: set[str] = field(default_factory=set)

    @property
    def largest_packet(self) -> int | None:
        """Bytes that a packet may have; None for any."""
        known = [each for each in (self.limits.packet, self.assumed) if each is not None]
        return min(known, default=None)
