"""relax inside Home Assistant: it lends relax the lamps, switches, players and voices that only Home Assistant has.

It speaks with relax over Home Assistant's own MQTT integration and nothing else: docs/home-assistant-integration.md.
"""

from dataclasses import dataclass
from typing import Final

from homeassistant.components import mqtt
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady, HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.typing import ConfigType

from . import devices
from .client import RelaxClient
from .const import CONF_ADDRESSES, CONF_BASE, DOMAIN
from .lending.choice import gone
from .lending.lender import Lender, async_clear
from .problems import Problems
from .services import async_setup_services

PLATFORMS: Final = (Platform.CALENDAR, Platform.MEDIA_PLAYER)
CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


@dataclass(slots=True)
class RelaxData:
    """What an entry has while it is loaded."""

    client: RelaxClient
    lender: Lender
    problems: Problems


type RelaxConfigEntry = ConfigEntry[RelaxData]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """The actions."""
    del config
    async_setup_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: RelaxConfigEntry) -> bool:
    """Hear relax, show its rooms, lend what was chosen."""
    if not await mqtt.async_wait_for_mqtt_client(hass):
        raise ConfigEntryNotReady(translation_domain=DOMAIN, translation_key="no_mqtt")
    client = RelaxClient(hass, entry.data[CONF_BASE])
    lender = Lender(hass, entry, client.base)
    problems = Problems(hass, client, lender, lambda: list(gone(hass, entry.options)))
    lender.changed = problems.look
    entry.runtime_data = RelaxData(client, lender, problems)
    await client.async_connect()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    client.listen(problems.look)
    await lender.async_start()
    return True


async def async_unload_entry(hass: HomeAssistant, entry: RelaxConfigEntry) -> bool:
    """Take back what is lent, and be silent."""
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        return False
    await entry.runtime_data.lender.async_stop()
    entry.runtime_data.client.disconnect()
    entry.runtime_data.problems.clear()
    return True


async def async_remove_entry(hass: HomeAssistant, entry: RelaxConfigEntry) -> None:
    """Leave nothing at the broker of what was lent."""
    for address in entry.data.get(CONF_ADDRESSES, {}).values():
        try:
            await async_clear(hass, f"{entry.data[CONF_BASE]}/lent", address)
        except HomeAssistantError:  # no broker: it is cleared when something is lent again
            return


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: RelaxConfigEntry, device: dr.DeviceEntry
) -> bool:
    """A person may delete the device of a room that relax does not have any more."""
    del hass
    client = entry.runtime_data.client
    in_use = {devices.identifier(client.base, room) for room in (None, *client.sessions)}
    return not any(name in in_use for _, name in device.identifiers)
