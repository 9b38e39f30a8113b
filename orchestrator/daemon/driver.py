"""One driver a home: whoever would like to drive asks first, and whoever drives says so."""

import asyncio
import platform
import secrets
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from orchestrator.daemon.clock import local_time
from orchestrator.devices.messages import Message
from orchestrator.errors import BrokerUnreachable, HomeTaken
from orchestrator.integrations.driver_claim import ClaimTopics, DriverClaim, DriverKind
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.connection import Connection
from orchestrator.units import Ms

BROKER_WITHIN = 3.0
DRIVER_WITHIN = 2.0
"""Seconds that a driver has to answer of whom the broker has a claim."""
ROUND_TRIPS = 3
SHORTEST = 0.02
"""Without a claim at the broker nobody is to be expected, and has so many of our own round trips to speak up."""


def service_claim(base: str, journal: Path) -> DriverClaim:
    """The claim of the service with this journal: the same in each of its lives, for the journal has one owner."""
    place = f"{platform.node()}:{journal.absolute()}"
    return DriverClaim(
        driver=uuid.uuid5(uuid.NAMESPACE_URL, place).hex, kind=DriverKind.SERVICE, base=base, since=_now()
    )


def run_claim(base: str) -> DriverClaim:
    """The claim of a single session."""
    return DriverClaim(driver=secrets.token_hex(16), kind=DriverKind.RUN, base=base, since=_now())


def connected_now(claim: DriverClaim) -> DriverClaim:
    """The claim of a driver that has just connected: who was away begins at the end of the row."""
    return claim.model_copy(update={"since": _now()})


async def refuse_second(address: Address, home: str, own: DriverClaim) -> None:
    """Raises HomeTaken where another relax drives this home; BrokerRefused. A broker that is away is not asked."""
    with suppress(BrokerUnreachable):
        other = await _Question(address, ClaimTopics(home), own).ask()
        if other is not None:
            raise taken(home, address, other)


async def driver_of(address: Address, home: str) -> DriverClaim | None:
    """Who drives a home, for somebody who does not want to. Raises BrokerError."""
    own = run_claim("relax").model_copy(update={"only_asks": True})
    return await _Question(address, ClaimTopics(home), own).ask()


def taken(home: str, address: Address, other: DriverClaim) -> HomeTaken:
    """The sentence for somebody who is not to drive."""
    since = other.since.astimezone().strftime("%H:%M")
    what = "a service" if other.kind is DriverKind.SERVICE else "`relax run --standalone`"
    about = f"since {since}, base topic {other.base}" if other.kind is DriverKind.SERVICE else f"since {since}"
    hint = (
        "Ask it instead: `relax run` without --standalone; or end it first."
        if other.kind is DriverKind.SERVICE
        else "Wait until it is over, or end it first."
    )
    sentence = f"Another relax drives the home {home} at {address} already ({what}, {about})"
    return HomeTaken(f"{sentence}: two would fight over its devices.", hint)


class SingleDriver:
    """A session that plays in a process of its own: it says that it drives, and goes with the process."""

    def __init__(self, home: str) -> None:
        self.claim = run_claim("relax")
        self.publish: Callable[[Sequence[Message]], None] = lambda _messages: None
        self.rival: DriverClaim | None = None
        self._topics = ClaimTopics(home)
        self._came_back = asyncio.Event()
        self._has_rival = asyncio.Event()
        self.released = self._topics.released()[0]
        """What clears the claim: the broker says it as well where the process vanishes."""

    def subscriptions(self) -> list[str]:
        return self._topics.subscriptions()

    def connected(self, _moment: Ms) -> None:
        self.claim = connected_now(self.claim)
        self.publish(self._topics.claimed(self.claim))

    def hear(self, message: Message, _moment: Ms) -> bool:
        """True for what is no device's."""
        if not self._topics.is_ours(message.topic):
            return False
        self.publish(self._topics.replies(message, self.claim))
        if (rival := self._topics.rival(message, self.claim)) is not None:
            self.rival = rival
            self._has_rival.set()
        if self._topics.is_own_question(message, self.claim):
            self._came_back.set()
        return True

    async def settled(self) -> None:
        """Wait until whoever began in the same moment has been heard. `rival` is one to whom we give way."""
        with suppress(TimeoutError):
            async with asyncio.timeout(DRIVER_WITHIN):
                await self._came_back.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(SHORTEST):
                await self._has_rival.wait()


class _Question:
    """One question at one broker, on a connection of its own that disturbs nobody."""

    def __init__(self, address: Address, topics: ClaimTopics, own: DriverClaim) -> None:
        self._topics = topics
        self._own = own
        self._answer: asyncio.Future[DriverClaim] = asyncio.get_running_loop().create_future()
        self._came_back = asyncio.Event()
        self._has_claim = False
        self._connection = Connection(
            address,
            client_id=f"relax-asks-{secrets.token_hex(4)}",
            subscriptions=topics.subscriptions(),
            on_message=self._hear,
            on_connected=self._put,
        )

    async def ask(self) -> DriverClaim | None:
        loop = asyncio.get_running_loop()
        async with self._connection:
            await self._connection.first(BROKER_WITHIN)
            asked = loop.time()
            with suppress(TimeoutError):
                async with asyncio.timeout(DRIVER_WITHIN):
                    await self._came_back.wait()
            trip = loop.time() - asked
            patience = DRIVER_WITHIN if self._has_claim else max(ROUND_TRIPS * trip, SHORTEST)
            with suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    return await asyncio.shield(self._answer)
        return None

    def _put(self) -> None:
        self._connection.publish([self._topics.question(self._own)])

    def _hear(self, message: Message) -> None:
        stored = self._topics.stored(message)
        if stored is not None and stored.driver != self._own.driver:
            self._has_claim = True
        answered = self._topics.answered(message)
        if answered is not None and answered.driver != self._own.driver and not self._answer.done():
            self._answer.set_result(answered)
            self._came_back.set()
        if self._topics.is_own_question(message, self._own):
            self._came_back.set()


def _now() -> datetime:
    return local_time().astimezone(UTC)
