"""The families that are looked for: one module each, one line each."""

from orchestrator.devices.discovery.discoverer import Discoverer
from orchestrator.devices.discovery.esphome import EsphomeDiscovery
from orchestrator.devices.discovery.hermes import HermesDiscovery
from orchestrator.devices.discovery.home_assistant import HomeAssistantDiscovery
from orchestrator.devices.discovery.homie import HomieDiscovery
from orchestrator.devices.discovery.lent import LentDiscovery
from orchestrator.devices.discovery.mopidy import MopidyDiscovery
from orchestrator.devices.discovery.relax_speaker import RelaxSpeakerDiscovery
from orchestrator.devices.discovery.shelly1 import Shelly1Discovery
from orchestrator.devices.discovery.shelly2 import Shelly2Discovery
from orchestrator.devices.discovery.sonos2mqtt import Sonos2MqttDiscovery
from orchestrator.devices.discovery.tasmota import TasmotaDiscovery
from orchestrator.devices.discovery.wled import WledDiscovery
from orchestrator.devices.discovery.zigbee2mqtt import Zigbee2MqttDiscovery


def families(source: str) -> tuple[Discoverer, ...]:
    """One of each. `source`: the topic below which those answer who are asked something."""
    return (
        Zigbee2MqttDiscovery(),
        TasmotaDiscovery(),
        Shelly2Discovery(source),
        WledDiscovery(),
        Shelly1Discovery(),
        HomieDiscovery(),
        Sonos2MqttDiscovery(),
        MopidyDiscovery(),
        HermesDiscovery(),
        RelaxSpeakerDiscovery(),
        HomeAssistantDiscovery(),
        EsphomeDiscovery(),
        LentDiscovery(),
    )
