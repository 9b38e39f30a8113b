"""What is stored at the broker between turns: nothing, so that nobody begins with what somebody else left behind."""

import time

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from orchestrator.mqtt.address import Address

QUIET = 0.3
"""Seconds in which nothing stored comes any more."""


def wipe(address: Address) -> None:
    """Clear every retained message."""
    heard = time.monotonic()

    def clear(client: paho.Client, _nothing: object, message: paho.MQTTMessage) -> None:
        nonlocal heard
        if message.retain and message.payload:
            heard = time.monotonic()
            client.publish(message.topic, b"", retain=True)

    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.on_message = clear
    client.connect(address.host, address.port)
    client.subscribe("#")
    while time.monotonic() - heard < QUIET:
        client.loop(0.05)
    while client.want_write():
        client.loop(0.05)
    client.disconnect()
