"""Rooms by what people call them."""

from collections.abc import Iterator

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import area_registry as ar

from . import devices
from .client import RelaxClient


@callback
def room_called(hass: HomeAssistant, client: RelaxClient, called: str) -> str | None:
    """The room with this name; else that whose device is called so, or stands in an area with this name, id or alias.

    None where there is none, or more than one: nobody guesses whose light is dimmed.
    """
    if called in client.sessions:
        return called
    wanted = called.strip().casefold()
    found = {room for room in client.sessions if wanted in (name.casefold() for name in _names(hass, client, room))}
    return found.pop() if len(found) == 1 else None


def _names(hass: HomeAssistant, client: RelaxClient, room: str) -> Iterator[str]:
    yield room
    device = devices.known(hass, devices.identifier(client.base, room))
    if device is None:
        return
    for name in (device.name, device.name_by_user):
        if name is not None:
            yield from (name, name.removeprefix("Relax "))
    area = ar.async_get(hass).async_get_area(device.area_id) if device.area_id is not None else None
    if area is not None:
        yield from (area.id, area.name, *(alias for alias in area.aliases if isinstance(alias, str)))
