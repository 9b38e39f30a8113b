"""What a broker has that the home has not: looked for now and then, while nothing is on. Nothing is published for it.

It listens for a few seconds on a connection of its own, puts aside what comes, and reads it in a thread: what a broker
keeps may be a lot, and no light waits for it. Only what is retained is found like that, or said in just these seconds.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress

from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.devices.discovery.survey import Survey
from orchestrator.devices.messages import Message
from orchestrator.errors import BrokerError
from orchestrator.home.additions import offered
from orchestrator.home.library import Home
from orchestrator.integrations.outgoing import NewDevice, NewDevices
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.connection import Connection
from orchestrator.mqtt.inbox import Rank

FIRST = 20.0
"""Seconds after the start of the service."""
EVERY = 1800.0
"""Seconds from one look to the next."""
AGAIN = 60.0
"""Seconds after which one is tried again that a session was in the way of."""
HEARS_FOR = 3.0
"""Seconds in which what is retained comes."""
BROKER_PATIENCE = 5.0
MOST_MESSAGES = 20_000
"""So many are put aside; no home has as many announcements."""
MOST_TOLD, MOST_SAID = 20, 5
"""So many devices are told one by one, and in the log."""

logger = logging.getLogger(__name__)


class NewDeviceLook:
    """Of one home. `is_busy`: something is on, and goes before; `tell` gets what is news."""

    def __init__(
        self, home: Home, address: Address, is_busy: Callable[[], bool], tell: Callable[[NewDevices], None]
    ) -> None:
        self._home = home
        self._address = address
        self._is_busy = is_busy
        self._tell = tell
        self._told: NewDevices | None = None
        self._said: set[str] = set()

    async def run(self) -> None:
        """Until it is cancelled."""
        wait = FIRST
        while True:
            await _rest(wait)
            wait = EVERY if await self.look() else AGAIN

    async def look(self) -> bool:
        """Whether the broker could be heard to the end; what is new is told then."""
        heard = await self._listened()
        if heard is None:
            return False
        try:
            devices = await asyncio.to_thread(_offered, self._home, heard)
        except Exception:
            logger.exception("What the broker has could not be read for new devices")
            return True
        found = told(devices)
        if found != self._told:
            self._told = found
            self._tell(found)
        self._say(devices)
        return True

    async def _listened(self) -> list[Message] | None:
        heard: list[Message] = []
        losses: list[str] = []
        if self._is_busy():
            return None
        connection = Connection(
            self._address,
            client_id=f"relax-listens-{secrets.token_hex(4)}",
            subscriptions=Survey("").topics,
            on_message=lambda message: heard.append(message) if len(heard) < MOST_MESSAGES else None,
            on_lost=losses.append,
            rank=lambda _topic: Rank.EVENT,
        )
        with suppress(BrokerError):
            async with connection:
                await connection.first(BROKER_PATIENCE)
                for _ in range(round(HEARS_FOR * 10)):
                    await _rest(0.1)
                    if self._is_busy() or losses:
                        return None
                return heard
        return None

    def _say(self, devices: Sequence[FoundDevice]) -> None:
        """Each once."""
        new = [device for device in devices if device.keys[0] not in self._said]
        self._said.update(device.keys[0] for device in new)
        if new:
            titles = ", ".join(f"{device.title} ({device.address})" for device in new[:MOST_SAID])
            more = f" and {len(new) - MOST_SAID} more" if len(new) > MOST_SAID else ""
            logger.info("New at the broker: %s%s. `relax home add` puts them into the home file.", titles, more)


def told(devices: Sequence[FoundDevice]) -> NewDevices:
    """As it is published: so many one by one, and how many there are."""
    return NewDevices(
        count=len(devices),
        devices=[
            NewDevice(
                title=device.title,
                kinds=[str(kind) for kind in device.kinds],
                dialect=str(device.entry["dialect"]),
                address=device.address,
                area=device.area,
                model=device.model or None,
            )
            for device in devices[:MOST_TOLD]
        ],
    )


def _offered(home: Home, heard: Sequence[Message]) -> list[FoundDevice]:
    survey = Survey("")
    for message in heard:
        survey.hear(message)
    return offered(survey.found(), home)


async def _rest(seconds: float) -> None:
    """Nothing but a pause; cancelling ends it."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.Event().wait()
