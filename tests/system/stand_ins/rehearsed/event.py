"""A remote, pressed by the action `rehearsed.press`."""

from homeassistant.components.event import EventDeviceClass, EventEntity
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback


async def async_setup_entry(hass: HomeAssistant, _entry: ConfigEntry, add: AddConfigEntryEntitiesCallback) -> None:
    remote = Remote()
    add([remote])

    async def press(call: ServiceCall) -> None:
        remote.press(call.data["action"])

    hass.services.async_register("rehearsed", "press", press)


class Remote(EventEntity):
    _attr_name = "Rehearsed remote"
    _attr_unique_id = "rehearsed_remote"
    _attr_device_class = EventDeviceClass.BUTTON

    def __init__(self) -> None:
        self._attr_event_types = ["single", "double"]

    def press(self, action: str) -> None:
        self._trigger_event(action)
        self.async_write_ha_state()
