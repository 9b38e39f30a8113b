"""What all entities of this integration share: the device on which they stand, and when they are there."""

from abc import abstractmethod
from typing import Final, override

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity, async_get_entity_settings
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity

from . import devices
from .client import RelaxClient

_ASSISTANT: Final = "conversation"


class RelaxEntity(Entity):
    """It is there while relax says that it is; it is written anew after each thing that relax says of it."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, hass: HomeAssistant, client: RelaxClient, key: str, room: str | None = None) -> None:
        self.client = client
        self._device = devices.identifier(client.base, room)
        self._attr_unique_id = f"{self._device}_{key}"
        self._attr_translation_key = key
        self._shown: object = None
        if (device := devices.discovered(hass, self._device)) is not None:
            self.device_entry = device
        else:
            self._attr_device_info = devices.described(self._device, room)

    @property
    @override
    def available(self) -> bool:
        return self.client.is_online is True

    @abstractmethod
    def about(self) -> object:
        """What relax said that this entity shows: where it is the same as before, nothing is written."""

    @override
    async def async_added_to_hass(self) -> None:
        self.async_on_remove(self.client.listen(self._heard))
        self.async_on_remove(self.hass.bus.async_listen(dr.EVENT_DEVICE_REGISTRY_UPDATED, self._on_device))
        self._shown = (self.available, self.about())
        self._keep_from_models()
        self._move()

    @callback
    def _heard(self) -> None:
        shown = (self.available, self.about())
        if shown != self._shown:
            self._shown = shown
            self.async_write_ha_state()

    @callback
    def _on_device(self, event: Event[dr.EventDeviceRegistryUpdatedData]) -> None:
        if event.data["action"] == "create":
            self._move()

    @callback
    def _move(self) -> None:
        """MQTT discovery has made the device by now: the entity moves there, and the last one clears the other away."""
        registry = er.async_get(self.hass)
        there, here = devices.discovered(self.hass, self._device), devices.own(self.hass, self._device)
        if there is None or here is None:
            return
        registry.async_update_entity(self.entity_id, device_id=there.id)
        if not er.async_entries_for_device(registry, here.id, include_disabled_entities=True):
            dr.async_get(self.hass).async_remove_device(here.id)

    @callback
    def _keep_from_models(self) -> None:
        """Language models and voice see only what a person shows them. What that person has decided stays."""
        settings = async_get_entity_settings(self.hass, self.entity_id)
        if "should_expose" not in settings.get(_ASSISTANT, {}):
            async_expose_entity(self.hass, _ASSISTANT, self.entity_id, should_expose=False)
