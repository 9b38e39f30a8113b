"""Where there is no home file yet: the service says that it is there, and waits for devices to make one of.

So a person whose lamps are in Home Assistant needs no terminal: relax is offered there, areas are lent to it, and the
rooms appear. What is written is what `relax home init --yes` writes.
"""

import logging
import secrets
from typing import Final

from orchestrator.cli.home.broker_search import broker_found
from orchestrator.cli.home.home_file import own_language, write_home
from orchestrator.cli.home.listening import listened
from orchestrator.daemon import logs
from orchestrator.daemon.settings import Settings
from orchestrator.daemon.systemd import Systemd
from orchestrator.devices.discovery.survey import Survey
from orchestrator.errors import BrokerUnreachable
from orchestrator.home.proposal import HomeProposal, proposed, proposed_devices
from orchestrator.integrations.interface import Interface
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.connection import Connection

LISTENS: Final = 3.0
"""Seconds of each look: what is retained comes at once."""
_MAIN: Final = "main"

_log = logging.getLogger(__name__)


async def write_first_home(settings: Settings, broker: str | None, systemd: Systemd | None = None) -> None:
    """Wait until a room has a lamp, and all that is found is the same in two looks; then write the home file.

    Raises BrokerError, UsageError.
    """
    systemd = systemd or Systemd()
    found = await broker_found(broker, may_ask=False)
    interface = Interface((), settings.base)
    connection = Connection(
        found.address,
        client_id=f"{settings.base}-first-{secrets.token_hex(4)}".replace("/", "-"),
        on_message=lambda _message: None,
        will=interface.will(),
        birth=interface.status(online=True),
    )
    async with connection:
        systemd.ready("waits for devices to make a home file of")
        _log.info("%s is not there: it is written as soon as a room has a lamp.", settings.home)
        before: HomeProposal | None = None
        while True:
            survey = await _looked(found.address, systemd)
            proposal = proposed(proposed_devices(survey.found())) if survey is not None else None
            if proposal is not None and _has_light(proposal) and _same(proposal, before):
                break
            before = proposal
    assert survey is not None
    write_home(settings.home, own_language(), found, proposal, dict(survey.home_keys))
    rooms = ", ".join(room.title for room in proposal.rooms)
    _log.info("%s is written: %d devices, in %s.", settings.home, len(proposal.devices), rooms)


def wait_for_first_home(settings: Settings, broker: str | None) -> None:
    """The same, for whoever has no loop: nothing is done where the file is there."""
    import asyncio

    if settings.home.exists():
        return
    handler = logs.set_up(settings.log_format, settings.log_level)
    try:
        asyncio.run(write_first_home(settings, broker))
    finally:
        logs.take_down(handler)


async def _looked(address: Address, systemd: Systemd) -> Survey | None:
    """None where the broker was away: it is waited for."""
    systemd.alive()
    try:
        return await listened(address, LISTENS, _log.info)
    except BrokerUnreachable as error:
        _log.warning("%s", error)
        return None


def _has_light(proposal: HomeProposal) -> bool:
    return any(_MAIN in room.roles for room in proposal.rooms)


def _same(proposal: HomeProposal, before: HomeProposal | None) -> bool:
    """Whoever is in the middle of choosing is not cut short."""
    return before is not None and {each.name for each in proposal.devices} == {each.name for each in before.devices}
