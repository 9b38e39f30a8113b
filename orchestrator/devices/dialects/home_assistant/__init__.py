"""What Home Assistant's MQTT light (JSON and default schema), switch and event platforms agree on with devices.

ESPHome speaks it, and what Arduino sketches and small bridges announce. Keys are those of Home Assistant's own
configuration, so that an entry can be copied; those that mean nothing here are let go. What a light or switch announces
of itself rules (`announced`). There is no query: states are retained.
"""

from orchestrator.devices.dialects.home_assistant.codec import HomeAssistant
from orchestrator.devices.dialects.home_assistant.settings import ColourModeName, HomeAssistantSettings
from orchestrator.devices.family import Family

__all__ = ["FAMILY", "ColourModeName", "HomeAssistant", "HomeAssistantSettings"]

FAMILY = Family("home_assistant", HomeAssistantSettings, HomeAssistant)
