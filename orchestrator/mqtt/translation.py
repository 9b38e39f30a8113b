"""Our messages as paho has them, and paho's as we have them: the properties of MQTT 5 in both directions."""

from paho.mqtt.client import MQTTMessage
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from orchestrator.devices.messages import Message
from orchestrator.mqtt.packets import expiry_seconds


def properties_of(message: Message) -> Properties | None:
    """What a message says beside its payload, for a broker that speaks MQTT 5; None where it says nothing."""
    if message.expiry is None and message.reply_to is None and message.correlation is None:
        return None
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    if message.expiry is not None:
        properties.MessageExpiryInterval = expiry_seconds(message.expiry)
    if message.reply_to is not None:
        properties.ResponseTopic = message.reply_to
    if message.correlation is not None:
        properties.CorrelationData = message.correlation
    return properties


def message_of(received: MQTTMessage) -> Message:
    """A message that came. Bytes that are no UTF-8 become U+FFFD, which nothing that we understand has in it."""
    payload = received.payload.decode(errors="replace")
    properties = received.properties
    if properties is None or properties.isEmpty():  # type: ignore[no-untyped-call]
        return Message(received.topic, payload, received.qos, received.retain)
    return Message(
        received.topic,
        payload,
        received.qos,
        received.retain,
        reply_to=getattr(properties, "ResponseTopic", None),
        correlation=getattr(properties, "CorrelationData", None),
    )
