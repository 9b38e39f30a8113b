"""Home Assistant's own devices: what its registries list, as devices of a home file.

What it has over MQTT is at the broker, and is found there; what it has otherwise and the broker as well is known by its
hardware, and left to the broker (`survey.py`). What a user has hidden or disabled, and what an integration
calls a setting or a diagnosis, is no device; nor is a group that a bridge of its own has made beside its lamps.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from orchestrator.devices.abilities import Kind
from orchestrator.devices.dialects.hass.entity_state import EntityState
from orchestrator.devices.dialects.hass.player import ANNOUNCE, PLAY_MEDIA
from orchestrator.devices.dialects.hass.settings import kind_of
from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.devices.discovery.parsing import hardware, light_role, text

_AT_THE_BROKER: Final = ("mqtt",)
"""Integrations whose devices a broker knows; rooms of relax itself are among them."""
_SATELLITE_ANNOUNCES: Final = 1
_DOMAINS: Final = ("light", "switch", "media_player", "assist_satellite", "event")
_PRESSED: Final = "button"
"""The device class of events that a finger makes; one without any may be of a backup."""
_OF_A_BRIDGE: Final = ("is_hue_group", "is_deconz_group")


@dataclass(frozen=True, slots=True)
class HassInventory:
    """What a Home Assistant has, as its registries list it. `engines`: the entities that make sound of words."""

    version: str
    states: Mapping[str, EntityState]
    entities: Sequence[Mapping[str, Any]]
    devices: Sequence[Mapping[str, Any]]
    areas: Sequence[Mapping[str, Any]]
    engines: Sequence[str]


def found_in(inventory: HassInventory) -> Iterator[FoundDevice]:
    """Its devices, with the areas that they are in; lamps before their groups, which are proposed for nothing then."""
    areas = {str(each.get("area_id")): text(each.get("name")) for each in inventory.areas}
    devices = {str(each.get("id")): each for each in inventory.devices}
    listed = {str(each.get("entity_id")): each for each in inventory.entities}
    named = sorted(inventory.states, key=lambda entity: (_members(inventory.states[entity]) != (), entity))
    alone: set[str] = set()
    for entity in named:
        state, entry = inventory.states[entity], listed.get(entity, {})
        if entity.partition(".")[0] not in _DOMAINS or not _is_for_people(entry, state):
            continue
        device = devices.get(str(entry.get("device_id")), {})
        area = areas.get(str(entry.get("area_id") or device.get("area_id")))
        found = _found(entity, state, device, area, has_words=bool(inventory.engines))
        is_of_found = not alone.isdisjoint(_members(state))
        alone.add(entity)
        yield replace(found, proposed=()) if is_of_found else found


def _is_for_people(entry: Mapping[str, Any], state: EntityState) -> bool:
    if entry.get("platform") in _AT_THE_BROKER or any(state.attributes.get(key) for key in _OF_A_BRIDGE):
        return False
    return not any(entry.get(key) for key in ("hidden_by", "disabled_by", "entity_category"))


def _found(
    entity: str, state: EntityState, device: Mapping[str, Any], area: str | None, *, has_words: bool
) -> FoundDevice:
    kinds = _kinds(entity, state, has_words=has_words)
    kind = str(kinds[0]) if len(kinds) == 1 else [str(each) for each in kinds]
    types = state.attributes.get("event_types")
    return FoundDevice(
        (f"hass:{entity}",),
        {"kind": kind, "dialect": "hass", "entity": entity},
        text(state.attributes.get("friendly_name")) or entity,
        ("Home Assistant",),
        area=area or None,
        model=" ".join(filter(None, (text(device.get("manufacturer")), text(device.get("model"))))),
        proposed=_proposed(entity, state, kinds),
        members=tuple(f"hass:{each}" for each in _members(state)),
        signals=tuple(filter(None, map(text, types))) if isinstance(types, list) else (),
        hardware=_hardware(device),
    )


def _hardware(device: Mapping[str, Any]) -> tuple[str, ...]:
    """What its registry knows it by, as pairs of what kind of address it is, or whose, and the address."""
    pairs = [each for key in ("connections", "identifiers") for each in _listed(device.get(key))]
    return hardware(*(each[1] for each in pairs if isinstance(each, list) and len(each) == 2))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _kinds(entity: str, state: EntityState, *, has_words: bool) -> tuple[Kind, ...]:
    kind = kind_of(entity)
    assert kind is not None, "it is of one of the domains"
    speaks = kind is Kind.PLAYER and state.has(ANNOUNCE) and has_words
    return (Kind.PLAYER, Kind.VOICE) if speaks else (kind,)


def _proposed(entity: str, state: EntityState, kinds: tuple[Kind, ...]) -> tuple[Kind, ...]:
    """A switch may be anything; a lamp that does not dim, a television, a doorbell: none is to be used unasked."""
    said = state.attributes
    match entity.partition(".")[0]:
        case "light":
            modes = said.get("supported_color_modes")
            dims = isinstance(modes, list) and modes not in ([], ["onoff"], ["unknown"])
            return light_role(entity, text(said.get("friendly_name"))) if dims else ()
        case "media_player":
            return kinds if state.has(PLAY_MEDIA) and said.get("device_class") not in ("tv", "receiver") else ()
        case "assist_satellite":
            return kinds if state.has(_SATELLITE_ANNOUNCES) else ()
        case "event":
            return kinds if said.get("device_class") == _PRESSED else ()
    return ()


def _members(state: EntityState) -> tuple[str, ...]:
    listed = state.attributes.get("entity_id")
    return tuple(each for each in listed if isinstance(each, str)) if isinstance(listed, list) else ()
