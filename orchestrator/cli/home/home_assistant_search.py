"""Home Assistant asked what it has, where a token is known: by the environment, by a question, by the home file."""

import os
from collections.abc import Mapping
from typing import NamedTuple

from orchestrator.daemon.gateways import home_assistant_of
from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.devices.discovery.hass import found_in
from orchestrator.documents.home_assistant_url import websocket_url
from orchestrator.errors import HomeAssistantError, HomeAssistantRefused, UsageError
from orchestrator.hass.access import USUAL, HassAccess, access
from orchestrator.hass.connection import MAKE_ONE
from orchestrator.hass.inventory import inventory
from orchestrator.home.library import Home
from orchestrator.home.model import HomeAssistantModel

TOKEN = "RELAX_HOME_ASSISTANT_TOKEN"  # noqa: S105 - the name of a variable


class OwnDevices(NamedTuple):
    """What it has, and what a home file says of where it is. `has_new_token`: one was typed, that nothing has kept."""

    devices: tuple[FoundDevice, ...] = ()
    home_keys: Mapping[str, object] = {}
    has_new_token: bool = False


async def own_devices(address: str | None, *, may_ask: bool) -> OwnDevices:
    """None where nobody has named an address, and this is no add-on. Raises HomeAssistantError, UsageError."""
    token = os.environ.get(TOKEN)
    if address is None and token is None:
        supervised = access(None, None, os.environ)
        return OwnDevices(await _listed(supervised)) if supervised is not None else OwnDevices()
    where, is_new = address or USUAL, False
    try:
        url = websocket_url(where)
    except ValueError as error:
        raise UsageError(f"--home-assistant: {error}.") from None
    if token is None and may_ask:
        token, is_new = _asked(where), True
    if token is None:
        raise HomeAssistantRefused(f"Home Assistant wants a token: set {TOKEN}.", MAKE_ONE)
    devices = await _listed(HassAccess(url, token))
    return OwnDevices(devices, {"address": where, "token": f"${{{TOKEN}}}"}, is_new)


async def devices_of(home: Home) -> tuple[FoundDevice, ...]:
    """What the Home Assistant of a home file has; nothing where that names no token. Where it is away that is said."""
    told = home.model.home_assistant
    is_named = isinstance(told, HomeAssistantModel) and (told.token is not None or told.token_file is not None)
    if not is_named and access(None, None, os.environ) is None:
        return ()
    try:
        return await _listed(home_assistant_of(home))
    except HomeAssistantError as error:
        print(f"Without what Home Assistant has: {error}")
        return ()


async def _listed(where: HassAccess) -> tuple[FoundDevice, ...]:
    return tuple(found_in(await inventory(where)))


def _asked(where: str) -> str:
    import getpass

    try:
        return getpass.getpass(f"A token for Home Assistant at {where} (it is written nowhere): ").strip()
    except EOFError:
        raise UsageError("The questions were not answered.", "Say --yes, and nothing is asked.") from None
