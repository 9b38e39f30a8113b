"""The device on which an entity stands: the one that MQTT discovery has made of the room, else one of our own.

So nothing stands there twice: what MQTT discovery has is not made again, and what it cannot have stands beside it.
"""

import re
from typing import Final

from homeassistant.components import mqtt
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo

from .const import DOMAIN, MAKER

_NOT_IN_AN_ID: Final = re.compile(r"[^a-zA-Z0-9_-]+")


def identifier(base: str, room: str | None = None) -> str:
    """Of a room, or of the service, as relax itself writes it in MQTT discovery."""
    slug = _NOT_IN_AN_ID.sub("-", base)
    return slug if room is None else f"{slug}_{room}"


@callback
def discovered(hass: HomeAssistant, name: str) -> dr.DeviceEntry | None:
    """The device that MQTT discovery has made; None where it has not."""
    return _of(hass, mqtt.DOMAIN, name)


@callback
def own(hass: HomeAssistant, name: str) -> dr.DeviceEntry | None:
    """The device that this integration has made; None where it needs none."""
    return _of(hass, DOMAIN, name)


@callback
def known(hass: HomeAssistant, name: str) -> dr.DeviceEntry | None:
    """Either of them."""
    return discovered(hass, name) or own(hass, name)


def described(name: str, room: str | None) -> DeviceInfo:
    """A device of our own, for as long as MQTT discovery has none."""
    readable = "relax" if room is None else f"Relax {room.replace('-', ' ').replace('_', ' ')}"
    return DeviceInfo(
        identifiers={(DOMAIN, name)},
        name=readable,
        manufacturer=MAKER,
        model="Service" if room is None else "Room",
        entry_type=DeviceEntryType.SERVICE,
    )


def _of(hass: HomeAssistant, domain: str, name: str) -> dr.DeviceEntry | None:
    devices = dr.async_get(hass)
    found = (
        devices.async_get_device_by_identifier((domain, name), entry.entry_id)
        for entry in hass.config_entries.async_entries(domain)
    )
    return next((device for device in found if device is not None), None)
