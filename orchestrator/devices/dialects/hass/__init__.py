"""Home Assistant's own devices, over its WebSocket API: Hue, Matter, LIFX, Tuya, Cast, Sonos and whatever else.

No broker reaches them, so what is written here goes to `orchestrator/hass/`: `hass/<entity>/call` is told what a
`call_service` of the API says, `/get` asks for the state, `/say` and `/hush` are for its voices; `/state` comes back
whole, `/status` where Home Assistant is away, `/error` with its reason, `/event` of words.

Source: developers.home-assistant.io, WebSocket API and entity documents; homeassistant 2026.11 as it was seen to do.
"""

from orchestrator.devices.dialects.hass.codec import Hass
from orchestrator.devices.dialects.hass.settings import PREFIX, HassSettings
from orchestrator.devices.family import Family

FAMILY = Family("hass", HassSettings, Hass)

__all__ = ["FAMILY", "PREFIX", "Hass", "HassSettings"]
