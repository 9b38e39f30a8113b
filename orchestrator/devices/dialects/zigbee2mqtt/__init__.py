"""Zigbee2MQTT 1.x and 2.x: lamps, groups, plugs, remotes; of several gangs each by its endpoint.

Payloads as its converters 26.112 take them. Brightness 1 to 254; transition in seconds with one decimal, at most 6553.4
(16 bits of tenths); level and colour are two Zigbee commands even in one message; off fades are made by the bridge.
What a lamp can is taken from what the bridge says of it, once that is heard, within what the home file says.
"""

from orchestrator.devices.dialects.zigbee2mqtt.codec import Zigbee2Mqtt
from orchestrator.devices.dialects.zigbee2mqtt.settings import FULL_LEVEL, Zigbee2MqttSettings
from orchestrator.devices.family import Family

__all__ = ["FAMILY", "FULL_LEVEL", "Zigbee2Mqtt", "Zigbee2MqttSettings"]

FAMILY = Family("zigbee2mqtt", Zigbee2MqttSettings, Zigbee2Mqtt)
