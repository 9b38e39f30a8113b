"""The connection to the home's broker: it is kept, whatever happens to the broker.

A fresh link for each attempt; on every connect the subscriptions are asked for again and the birth message is sent.
What could not be sent is dropped, never kept for later: whoever wanted it knows what holds now and sends that when
`on_connected` says so.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

from orchestrator.devices.messages import Message
from orchestrator.errors import BrokerError
from orchestrator.mqtt import backoff, refusals
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.link import Link

KEEPALIVE = 20
"""Seconds without a word after which the broker is asked for one. A broker that does not answer for as long is lost."""
_SETTLED = 10.0
"""Seconds that a connection must have held before back-off starts from the beginning."""

logger = logging.getLogger(__name__)


class Connection:
    """A connection that comes back. Use it in `async with`, from the loop's own thread.

    `on_connected`, `on_lost` (with the reason in a few words) and `on_message` are called in the loop; what they raise
    is logged and harms nothing. `will` is what the broker publishes when we vanish; leaving in order publishes it too.
    `birth` is published on every connect, before `on_connected` is called.
    """

    def __init__(
        self,
        address: Address,
        *,
        client_id: str,
        subscriptions: Sequence[str] = (),
        on_message: Callable[[Message], None],
        on_connected: Callable[[], None] = lambda: None,
        on_lost: Callable[[str], None] = lambda _reason: None,
        will: Message | None = None,
        birth: Message | None = None,
        keepalive: int = KEEPALIVE,
    ) -> None:
        self.address = address
        self._client_id = client_id
        self._filters = list(dict.fromkeys(subscriptions))
        self._on_message = on_message
        self._on_connected = on_connected
        self._on_lost = on_lost
        self._will = will
        self._birth = birth
        self._keepalive = keepalive
        self._link: Link | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._version_5 = True
        self._answered = asyncio.Event()
        self._trouble: BrokerError | None = None
        self._complained = False
        self._awaited = False

    @property
    def is_connected(self) -> bool:
        """Whether a message that is published now goes out. A broker that fell silent is noticed after a while."""
        return self._link is not None and self._link.is_open

    @property
    def speaks_version_5(self) -> bool:
        """Whether the broker takes MQTT 5: it is 3.1.1 else. Means nothing before the first connect."""
        return self._version_5

    async def __aenter__(self) -> Self:
        self._keeper = asyncio.create_task(self._keep(), name=f"mqtt {self.address}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        link, self._link = self._link, None
        if link is not None and link.is_open:
            if self._will is not None:
                link.publish([self._will])
            await link.leave()

    async def first(self, timeout: float) -> None:  # noqa: ASYNC109 what is raised when it is over is the point
        """Wait for the first connect, `timeout` seconds at most.

        Raises `BrokerRefused` as soon as the broker says no, `BrokerUnreachable` when the time is over.
        """
        self._awaited = True
        try:
            async with asyncio.timeout(timeout):
                await self._answered.wait()
        except TimeoutError:
            raise self._trouble or refusals.unreachable(self.address, "no answer in time") from None
        finally:
            self._awaited = False
        if not self.is_connected and self._trouble is not None:
            raise self._trouble

    def publish(self, messages: Iterable[Message]) -> int:
        """Send messages in their order, at once; how many went. Without a connection none: they are dropped."""
        return self._link.publish(messages) if self._link is not None and self._link.is_open else 0

    def subscribe(self, filters: Iterable[str]) -> None:
        """Ask for more topics, now and on every connect."""
        new = [name for name in dict.fromkeys(filters) if name not in self._filters]
        self._filters += new
        if new and self._link is not None and self._link.is_open:
            self._link.subscribe(new)

    async def _keep(self) -> None:
        attempt = 0
        while True:
            chance = random.random()  # noqa: S311 jitter, no secret
            seconds = backoff.wait(attempt, chance)
            try:
                link = await self._reach()
            except BrokerError as error:
                self._complain(error)
                if not error.retryable:
                    seconds = backoff.wait_when_refused(chance)
            else:
                if await self._serve(link) > _SETTLED:
                    attempt = 0
            attempt += 1
            await _wait(seconds)

    async def _reach(self) -> Link:
        """One attempt: MQTT 5, and 3.1.1 at once where the broker does not like that."""
        for version_5 in (True, False) if self._version_5 else (False,):
            link = Link(
                self.address,
                client_id=self._client_id,
                will=self._will,
                keepalive=self._keepalive,
                version_5=version_5,
                on_message=self._receive,
            )
            if await link.open():
                self._version_5 = version_5
                return link
        self._version_5 = True
        raise refusals.unreachable(self.address, "it hangs up at once")

    async def _serve(self, link: Link) -> float:
        """From connect to loss; the seconds between."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._link = link
        self._trouble = None
        self._answered.set()
        if self._complained:
            logger.info("Connected to the broker at %s again", self.address)
        self._complained = False
        link.subscribe(self._filters)
        if self._birth is not None:
            link.publish([self._birth])
        self._tell(self._on_connected)
        reason = await link.lost()
        self._complain(refusals.lost(self.address, reason))
        self._tell(lambda: self._on_lost(reason))
        return loop.time() - began

    def _complain(self, trouble: BrokerError) -> None:
        """Once aloud, then quietly, until the next connect; quietly too while somebody waits in `first` to be told."""
        self._trouble = trouble
        if not trouble.retryable:
            self._answered.set()
        aloud = not (self._complained or self._awaited)
        logger.log(logging.WARNING if aloud else logging.DEBUG, "%s", trouble)
        self._complained = self._complained or aloud

    def _receive(self, message: Message) -> None:
        self._tell(lambda: self._on_message(message))

    def _tell(self, call: Callable[[], None]) -> None:
        try:
            call()
        except Exception:
            logger.exception("Something went wrong while an event of the broker was handled")


async def _wait(seconds: float) -> None:
    """Nothing but a pause; cancelling ends it."""
    woken = asyncio.Event()
    with suppress(TimeoutError):
        await asyncio.wait_for(woken.wait(), seconds)
