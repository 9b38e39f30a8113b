"""A broker listened to for what it has: the probes of discovery are the only thing that is published.

Meanwhile the network is asked for what no broker has.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from orchestrator.cli.home.satellite_search import announced_satellites
from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.devices.discovery.survey import Survey
from orchestrator.errors import BrokerUnreachable
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.connection import Connection

BROKER_SECONDS = 5.0
"""Seconds that the broker has to answer."""
RETAINED = 1.5
"""Seconds in which what is retained comes; only then is anybody asked."""
_AWAY = 30.0
"""Seconds that a broker has to come back that went away while it was listened to."""
_BETWEEN = 0.25
_PAGE_SECONDS = 3.0
_LONGEST_PAGE = 64_000
_STARTING = 20.0
"""Seconds that a bridge has to say what it has, where it has just been started."""


async def listened(address: Address, seconds: float, tell: Callable[[str], None], *, looks_up: bool = False) -> Survey:
    """What was heard at a broker in so many seconds; longer, and that is told, where a bridge has just been started.

    With `looks_up` devices are also asked over HTTP what they do not say here. A broker that goes away meanwhile is
    waited for, and listened to anew: what half of it said is no home. Raises BrokerError.
    """
    survey = await _heard(address, seconds, tell, BROKER_SECONDS)
    if survey is None:
        tell(
            f"The broker at {address} went away meanwhile. It is waited for {_AWAY:g} s at most, and listened to anew."
        )
        survey = await _heard(address, seconds, tell, _AWAY)
    if survey is None:
        message = f"The broker at {address} goes away again and again while it is listened to."
        raise BrokerUnreachable(message, "Look in its log, and begin anew.")
    if looks_up:
        await _looked_up(survey)
    return survey


async def _heard(address: Address, seconds: float, tell: Callable[[str], None], within: float) -> Survey | None:
    """What a broker that answers within so many seconds said; None where it went away meanwhile. Raises BrokerError."""
    token = secrets.token_hex(4)
    survey = Survey(f"relax-probe-{token}")
    losses: list[str] = []
    connection = Connection(
        address,
        client_id=f"relax-discovery-{token}",
        subscriptions=survey.topics,
        on_message=survey.hear,
        on_lost=losses.append,
    )
    async with connection, _beside(seconds) as satellites:
        await connection.first(within)
        await _waited(min(RETAINED, seconds / 2))
        await _asked(connection, survey, seconds - min(RETAINED, seconds / 2), until=lambda: bool(losses))
        if starting := [] if losses else list(survey.starting):
            tell(f"The bridge {starting[0]} has just been started: it is listened to for up to {_STARTING:g} s more.")
            await _asked(connection, survey, _STARTING, until=lambda: bool(losses) or not survey.starting)
        if losses:
            return None
        survey.add(await satellites)
    return survey


async def _looked_up(survey: Survey) -> None:
    addresses = survey.look_ups()
    pages = await asyncio.gather(*(asyncio.to_thread(_page, address) for address in addresses))
    for address, page in zip(addresses, pages, strict=True):
        survey.looked_up(address, page)


def _page(address: str) -> str:
    """What stands at an address; empty where nobody answers, or says no."""
    where = urlsplit(address)
    connection = HTTPConnection(where.hostname or "", where.port, timeout=_PAGE_SECONDS)
    try:
        connection.request("GET", where.path, headers={"Accept": "application/json"})
        answer = connection.getresponse()
        return answer.read(_LONGEST_PAGE).decode(errors="replace") if answer.status == HTTPStatus.OK else ""
    except (OSError, HTTPException):
        return ""
    finally:
        connection.close()


@asynccontextmanager
async def _beside(seconds: float) -> AsyncIterator[asyncio.Task[list[FoundDevice]]]:
    """What is looked for in the network meanwhile."""
    looking = asyncio.create_task(announced_satellites(seconds))
    try:
        yield looking
    finally:
        looking.cancel()
        await asyncio.wait([looking])


async def _asked(
    connection: Connection, survey: Survey, seconds: float, until: Callable[[], bool] = lambda: False
) -> None:
    """Who is heard of is asked as soon as it is."""
    left = seconds
    while left > 0 and not until():
        connection.publish(survey.probes())
        await _waited(min(_BETWEEN, left))
        left -= _BETWEEN


async def _waited(seconds: float) -> None:
    """Nothing but listening; cancelling ends it."""
    nobody_wakes_it = asyncio.Event()
    try:
        async with asyncio.timeout(seconds):
            await nobody_wakes_it.wait()
    except TimeoutError:
        return
