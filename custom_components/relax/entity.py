"""What all entities of this integration share: the device on which they stand, and when they are there."""

import re
from typing import Final, override

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity, async_get_entity_settings
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity

from .client import RelaxClient
from .const import MAKER

_NOT_IN_AN_ID: Final = re.compile(r"[^a-zA-Z0-9_-]+")
_ASSISTANT: Final = "conversation"


def slug(base: str) -> str:
    """The base topic as an id, as relax itself writes it in MQTT discovery."""
    return _NOT_IN_AN_ID.sub("-", base)


def device_of(hass: HomeAssistant, base: str, room: str | None = None) -> DeviceInfo:
    """The device of a room, or of the service: the one that MQTT discovery has made, where it has.

    Its identifiers are the same, so nothing stands there twice; its name, version and area are relax's to say.
    """
    own = ("mqtt", slug(base) if room is None else f"{slug(base)}_{room}")
    if dr.async_get(hass).async_get_device(identifiers={own}) is not None:
        return DeviceInfo(identifiers={own})
    readable = "relax" if room is None else f"Relax {room.replace('-', ' ').replace('_', ' ')}"
    return DeviceInfo(
        identifiers={own},
        name=readable,
        manufacturer=MAKER,
        model="Service" if room is None else "Room",
        entry_type=DeviceEntryType.SERVICE,
    )


class RelaxEntity(Entity):
    """It is there while relax says that it is; it is written anew after each thing that relax says of it."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, hass: HomeAssistant, client: RelaxClient, key: str, room: str | None = None) -> None:
        self.client = client
        self._attr_unique_id = "_".join(part for part in (slug(client.base), room, key) if part)
        self._attr_translation_key = key
        self._attr_device_info = device_of(hass, client.base, room)
        self._shown: object = None

    @property
    @override
    def available(self) -> bool:
        return self.client.is_online is True

    def about(self) -> object:
        """What relax said that this entity shows: where it is the same as before, nothing is written."""
        raise NotImplementedError

    @override
    async def async_added_to_hass(self) -> None:
        self.async_on_remove(self.client.listen(self._heard))
        self._shown = (self.available, self.about())
        self._keep_from_models()

    @callback
    def _heard(self) -> None:
        shown = (self.available, self.about())
        if shown != self._shown:
            self._shown = shown
            self.async_write_ha_state()

    @callback
    def _keep_from_models(self) -> None:
        """Language models and voice see only what a person shows them. What that person has decided stays."""
        settings = async_get_entity_settings(self.hass, self.entity_id)
        if "should_expose" not in settings.get(_ASSISTANT, {}):
            async_expose_entity(self.hass, _ASSISTANT, self.entity_id, should_expose=False)
