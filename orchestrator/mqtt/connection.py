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
from orchestrator.mqtt.cuts import SETTLED, Cuts
from orchestrator.mqtt.dialling import mistake_in_tls
from orchestrator.mqtt.inbox import Rank
from orchestrator.mqtt.limits import Limits
from orchestrator.mqtt.link import Link
from orchestrator.mqtt.terms import Terms

FIRST_CONNECT = 5.0
"""Seconds that the broker has to answer before a person is told that it does not."""
KEEPALIVE = 20
"""Seconds without a word after which the broker is asked for one. A broker that does not answer for as long is lost."""

_TERMS = 4
"""Links that are tried in one attempt, each on other terms: MQTT 5 and 3.1.1, a last will that is kept or not."""

logger = logging.getLogger(__name__)


class Connection:
    """A connection that comes back. Use it in `async with`, from the loop's own thread.

    `on_connected`, `on_lost` (with the reason in a few words) and `on_message` are called in the loop; what they raise
    is logged and harms nothing. `will` is what the broker publishes when we vanish; leaving in order publishes it too.
    `birth` is published on every connect, before `on_connected` is called. `rank` says what is said on a topic: who
    handles messages more slowly than they come gets commands first and of states the newest; all are commands unless
    it says otherwise. A topic of another rank that floods is left alone for a while; `on_listening` is called with it
    when it is listened to again: nobody knows what was said meanwhile.
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
        rank: Callable[[str], Rank] = lambda _topic: Rank.COMMAND,
        on_listening: Callable[[str], None] = lambda _topic: None,
    ) -> None:
        self.address = address
        """The one of the broker's addresses that was reached last."""
        self._terms = {each: Terms(client_id) for each in (address, *address.others)}
        self._cuts = Cuts()
        self._rank = rank
        self._on_listening = on_listening
        self._filters = list(dict.fromkeys(subscriptions))
        self._on_message = on_message
        self._on_connected = on_connected
        self._on_lost = on_lost
        self._will = will
        self._birth = birth
        self._keepalive = keepalive
        self._link: Link | None = None
        self._keeper: asyncio.Task[None] | None = None
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
        return self._terms[self.address].version_5

    @property
    def limits(self) -> Limits:
        """What the broker said that it takes. Means nothing before the first connect."""
        return self._terms[self.address].limits

    @property
    def round_trip(self) -> float:
        """Seconds that the broker took to answer last; 0 while nobody knows."""
        return self._link.round_trip if self._link is not None else 0.0

    @property
    def trouble(self) -> BrokerError | None:
        """Why there is no connection; None where there is one, or nobody knows yet."""
        return self._trouble

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
        """Wait for the first connect, `timeout` seconds at most for each of the broker's addresses.

        Raises `BrokerRefused` as soon as the broker says no, `BrokerUnreachable` when the time is over.
        """
        self._awaited = True
        try:
            async with asyncio.timeout(timeout * len(self._terms)):
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
                if await self._serve(link) > SETTLED:
                    attempt = 0
                seconds = self._cuts.wait(chance) or seconds
            attempt += 1
            await _wait(seconds)

    async def _reach(self) -> Link:
        """One attempt at each of the broker's addresses, in their order. Raises what came of the first, or of all."""
        troubles: list[BrokerError] = []
        for address, terms in self._terms.items():
            try:
                link = await self._reach_at(address, terms)
            except BrokerError as error:
                troubles.append(error)
            else:
                self.address = address
                return link
        raise refusals.none_of(troubles)

    async def _reach_at(self, address: Address, terms: Terms) -> Link:
        """MQTT 5, and 3.1.1 at once where the broker does not like that."""
        proven = terms.version_5
        for _ in range(_TERMS):
            link = Link(
                address,
                terms=terms,
                will=self._will,
                keepalive=self._keepalive,
                on_message=self._receive,
                rank=self._rank,
                on_listening=lambda topic: self._tell(lambda: self._on_listening(topic)),
            )
            had_version_5 = terms.version_5
            try:
                if await link.open():
                    return link
            except BrokerError:
                terms.version_5 = proven  # that it has gone meanwhile says nothing of its version
                raise
            if not had_version_5:
                break
        terms.version_5 = True
        raise await mistake_in_tls(address) or refusals.hangs_up(address)

    async def _serve(self, link: Link) -> float:
        """From connect to loss; the seconds between."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._link = link
        self._trouble = None
        self._answered.set()
        if self._complained and not self._cuts.are_many:
            logger.info("Connected to the broker at %s again", self.address)
            self._complained = False
        link.subscribe(self._filters)
        if self._birth is not None:
            link.publish([self._birth])
        self._tell(self._on_connected)
        loss = await link.lost()
        held = loop.time() - began
        were_many = self._cuts.are_many
        trouble = self._cuts.note(self.address, self._terms[self.address], loss, held)
        if were_many and not self._cuts.are_many:
            self._complained = False
        self._complain(trouble)
        self._tell(lambda: self._on_lost(loss.reason))
        return held

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
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.Event().wait()
