"""Which entities are lent: those of the areas that a person chose, those named beside them, without those left out."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from homeassistant.components.media_player import MediaPlayerEntityFeature
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from ..const import CONF_AREAS, CONF_ENTITIES, CONF_LEFT_OUT, DOMAIN, MAKER
from .lent_entity import LentAs

DOMAINS: Final = ("light", "switch", "media_player", "assist_satellite", "event", "input_button")
_AT_THE_BROKER: Final = ("mqtt", "tasmota")
"""Integrations whose devices are at the broker: relax hears these itself."""


@callback
def lent_entities(hass: HomeAssistant, options: Mapping[str, Any]) -> dict[str, LentAs]:
    """By their ids in the registry. An entity without such an id is not lent: nothing of it would last."""
    areas, named = set(options.get(CONF_AREAS, ())), set(options.get(CONF_ENTITIES, ()))
    left_out = set(options.get(CONF_LEFT_OUT, ()))
    found: dict[str, LentAs] = {}
    for entry in er.async_get(hass).entities.values():
        if entry.domain not in DOMAINS or entry.entity_id in left_out or not _may_be_lent(hass, entry):
            continue
        if entry.entity_id in named or (_area_id(hass, entry) in areas and _is_proposed(hass, entry)):
            found[entry.id] = _lent_as(hass, entry)
    return found


@callback
def gone(hass: HomeAssistant, options: Mapping[str, Any]) -> Iterator[str]:
    """What a person has chosen by name and what is not there any more: entity ids and ids of areas."""
    entities, areas = er.async_get(hass), ar.async_get(hass)
    yield from (name for name in options.get(CONF_ENTITIES, ()) if entities.async_get(name) is None)
    yield from (name for name in options.get(CONF_AREAS, ()) if areas.async_get_area(name) is None)


def _may_be_lent(hass: HomeAssistant, entry: er.RegistryEntry) -> bool:
    """Never relax's own, whoever made it; and nothing that is switched off in Home Assistant."""
    if entry.disabled_by is not None or entry.platform == DOMAIN:
        return False
    device = _device(hass, entry)
    return device is None or device.manufacturer != MAKER


def _is_proposed(hass: HomeAssistant, entry: er.RegistryEntry) -> bool:
    """Whether it is lent with its area: no setting, no group of others, nothing that is at the broker already."""
    if entry.entity_category is not None or entry.hidden_by is not None or entry.platform in _AT_THE_BROKER:
        return False
    state = hass.states.get(entry.entity_id)
    said = state.attributes if state is not None else {}
    if entry.platform == "group" or isinstance(said.get("entity_id"), list | tuple) or said.get("is_hue_group") is True:
        return False
    needed = MediaPlayerEntityFeature.PLAY_MEDIA
    return entry.domain != "media_player" or bool(entry.supported_features & needed)


def _area_id(hass: HomeAssistant, entry: er.RegistryEntry) -> str | None:
    if entry.area_id is not None:
        return entry.area_id
    device = _device(hass, entry)
    return device.area_id if device is not None else None


def _device(hass: HomeAssistant, entry: er.RegistryEntry) -> dr.DeviceEntry | None:
    """The device that it is of; of a part, the whole."""
    devices = dr.async_get(hass)
    found = devices.async_get(entry.device_id) if entry.device_id is not None else None
    if isinstance(found, dr.ChildDeviceEntry):
        found = devices.async_get(found.parent_device_id)
    return found if isinstance(found, dr.DeviceEntry) else None


def _lent_as(hass: HomeAssistant, entry: er.RegistryEntry) -> LentAs:
    device = _device(hass, entry)
    area_id = _area_id(hass, entry)
    area = ar.async_get(hass).async_get_area(area_id) if area_id is not None else None
    state = hass.states.get(entry.entity_id)
    title = entry.name or (state.name if state is not None else None) or entry.original_name or entry.entity_id
    about: dict[str, Any] = {"identifiers": [device.id if device is not None else entry.id]}
    if device is not None:
        known = {
            "name": device.name_by_user or device.name,
            "manufacturer": device.manufacturer,
            "model": device.model,
            "sw_version": device.sw_version,
        }
        about |= {key: value for key, value in known.items() if value}
    return LentAs(entry.entity_id, entry.id, title, area.name if area is not None else None, about)
