"""What a broker takes, as it says in its CONNACK (MQTT 5, 3.2.2.3), and our messages made to fit. Pure.

A broker hangs up on who oversteps, and again on every new attempt: what does not fit must not be sent.
"""

from typing import NamedTuple

from paho.mqtt.properties import Properties

from orchestrator.devices.messages import Message


class Limits(NamedTuple):
    """`packet`: bytes of a whole packet, None for any. What a broker does not say it can, and so can one of 3.1.1."""

    packet: int | None = None
    retain: bool = True
    qos: int = 2
    wildcards: bool = True

    @classmethod
    def of(cls, properties: Properties | None) -> "Limits":
        """Those that a CONNACK names."""
        return cls(
            packet=getattr(properties, "MaximumPacketSize", None),
            retain=bool(getattr(properties, "RetainAvailable", True)),
            qos=int(getattr(properties, "MaximumQoS", 2)),
            wildcards=bool(getattr(properties, "WildcardSubscriptionAvailable", True)),
        )

    def fitted(self, message: Message) -> Message | None:
        """A message as this broker takes it, its length aside; None where that would say nothing.

        What would have been kept goes to those who listen now; where nothing is kept there is nothing to clear.
        """
        if message.retain and not self.retain:
            if not message.payload:
                return None
            message = message._replace(retain=False)
        return message._replace(qos=self.qos) if message.qos > self.qos else message

    def sentences(self) -> list[str]:
        """What people should know of them."""
        said = []
        if self.packet is not None:
            said.append(f"It takes packets of {self.packet} bytes at most; what is longer is not published.")
        if not self.retain:
            said.append("It keeps no messages: who comes later does not see how rooms stand.")
        if not self.wildcards:
            said.append("It takes no wildcards, and so none of our commands: relax cannot be steered at it.")
        return said
