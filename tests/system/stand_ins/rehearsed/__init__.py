"""An integration for Home Assistant in tests: players that take their time, a voice and a satellite.

The stock demo player never ends what it plays, and no stock text-to-speech entity runs without a network. These do what
real ones do, with sounds of the right length and nobody to hear them: the player fetches what it is given and plays it
as long as it lasts.
"""

from homeassistant.config_entries import SOURCE_IMPORT, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.typing import ConfigType

from .models import register

PLATFORMS = ["assist_satellite", "event", "light", "media_player", "switch", "tts"]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    if "rehearsed" in config:
        hass.async_create_task(hass.config_entries.flow.async_init("rehearsed", context={"source": SOURCE_IMPORT}))
    return True


async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    register(hass)
    return True
