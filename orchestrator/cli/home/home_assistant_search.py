"""Home Assistant asked what it has, where a token is known: by the environment, by a question, by the home file."""

import os
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from orchestrator.cli.home.broker_search import first_that_answers
from orchestrator.cli.interrupts import while_asked
from orchestrator.daemon.gateways import home_assistant_of
from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.devices.discovery.hass import found_in
from orchestrator.documents.home_assistant_url import PORT, websocket_url
from orchestrator.errors import HomeAssistantError, HomeAssistantRefused, UsageError
from orchestrator.hass.access import USUAL, HassAccess, access
from orchestrator.hass.connection import MAKE_ONE
from orchestrator.hass.inventory import inventory
from orchestrator.home.library import Home
from orchestrator.home.model import HomeAssistantModel
from orchestrator.mqtt.address import Address

TOKEN = "RELAX_HOME_ASSISTANT_TOKEN"  # noqa: S105 - the name of a variable


class OwnDevices(NamedTuple):
    """What it has, and what a home file says of where it is. `has_new_token`: one was typed, that nothing has kept."""

    devices: tuple[FoundDevice, ...] = ()
    home_keys: Mapping[str, object] = {}
    has_new_token: bool = False


async def own_devices(address: str | None, *, may_ask: bool, tell: Callable[[str], None] = print) -> OwnDevices:
    """None where nobody names an address or has a token. Raises HomeAssistantError, UsageError where one was named.

    Where it is usually is asked for a token, too, if somebody listens there.
    """
    token = os.environ.get(TOKEN)
    try:
        if address is not None:
            return await _known(address, token, may_ask=may_ask)
        if (supervised := access(None, None, os.environ)) is not None:
            return OwnDevices(await _listed(supervised))
        if token is not None or (may_ask and await _is_somewhere()):
            return await _known(USUAL, token, may_ask=may_ask, is_optional=True)
    except HomeAssistantError as error:
        if address is not None:
            raise
        tell(f"Without what Home Assistant has: {error}")
    return OwnDevices()


async def _known(where: str, token: str | None, *, may_ask: bool, is_optional: bool = False) -> OwnDevices:
    try:
        url = websocket_url(where)
    except ValueError as error:
        raise UsageError(f"--home-assistant: {error}.") from None
    is_new = token is None and may_ask
    if is_new:
        token = _asked(where, is_optional=is_optional)
    if not token and is_optional:
        return OwnDevices()
    if not token:
        raise HomeAssistantRefused(f"Home Assistant wants a token: set {TOKEN}.", MAKE_ONE)
    devices = await _listed(HassAccess(url, token))
    return OwnDevices(devices, {"address": where, "token": f"${{{TOKEN}}}"}, is_new)


async def _is_somewhere() -> bool:
    return await first_that_answers([Address(urlsplit(USUAL).hostname or "", PORT)]) is not None


async def devices_of(home: Home, tell: Callable[[str], None] = print) -> tuple[FoundDevice, ...]:
    """What the Home Assistant of a home file has; nothing where that names no token. Where it is away that is said."""
    told = home.model.home_assistant
    is_named = isinstance(told, HomeAssistantModel) and (told.token is not None or told.token_file is not None)
    if not is_named and access(None, None, os.environ) is None:
        return ()
    try:
        return await _listed(home_assistant_of(home))
    except HomeAssistantError as error:
        tell(f"Without what Home Assistant has: {error}")
        return ()


async def _listed(where: HassAccess) -> tuple[FoundDevice, ...]:
    return tuple(found_in(await inventory(where)))


def _asked(where: str, *, is_optional: bool) -> str:
    import getpass

    without = "; Enter: without" if is_optional else ""
    try:
        with while_asked():
            return getpass.getpass(f"A token for Home Assistant at {where} (it is written nowhere{without}): ").strip()
    except EOFError:
        raise UsageError("The questions were not answered.", "Say --yes, and nothing is asked.") from None
