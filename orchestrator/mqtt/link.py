"""One attempt to reach a broker and the connection that comes of it: a fresh paho client, never used twice.

All of it happens in the loop's thread: paho's own loops stay unused, asyncio watches its socket. Two rules hold it
together:

- paho's callbacks only note what came. paho holds a lock while it calls them, and a write that failed under that lock
  would stop the loop for good.
- What waits to be written is our batch of packets, then paho's queue. The queue is always the younger of the two:
  nothing joins the batch while the queue has something in it.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from orchestrator.devices.messages import Message
from orchestrator.mqtt import refusals
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.dialling import LARGEST_PAYLOAD, PATIENCE, connect, fresh_client, in_a_thread
from orchestrator.mqtt.inbox import Inbox, Rank
from orchestrator.mqtt.loss import NO_RETAIN, Loss, SentPacket
from orchestrator.mqtt.packets import publish_packet
from orchestrator.mqtt.subscriptions import Subscriptions
from orchestrator.mqtt.terms import Terms
from orchestrator.mqtt.translation import message_of, properties_of

_BACKLOG = 10_000
"""Messages that may wait for a full socket. Beyond it they are dropped: the room gets what holds later."""
_BURST = 64
"""Packets read before they are handled."""
_SHARE = 0.02
"""Seconds for which we read, or handle, before others in the loop have their turn: fades, timers."""
_QUALITY = 2
"""Bytes that a packet of a higher quality has more."""
_FAREWELL = 1.0
_DISCONNECT = b"\xe0\x00"
_UNSPECIFIED = 128

logger = logging.getLogger(__name__)


class Link:
    """From TCP connect to loss. `on_message` is called in the loop for each message; it must not raise.

    `terms` are what is known of the broker; what it says of itself is added. `rank` says what comes first in a backlog;
    `on_listening` is called with a topic that flooded and is listened to again.
    """

    def __init__(
        self,
        address: Address,
        *,
        terms: Terms,
        will: Message | None,
        keepalive: int,
        on_message: Callable[[Message], None],
        rank: Callable[[str], Rank],
        on_listening: Callable[[str], None],
    ) -> None:
        self._address = address
        self._terms = terms
        self._keepalive = keepalive
        self._version_5 = terms.version_5
        self._on_message = on_message
        self._rank = rank
        self._on_listening = on_listening
        will = terms.fitted(will) if will is not None else None
        self._client = fresh_client(terms.client_id, will, address, version_5=terms.version_5)
        self._loop = asyncio.get_running_loop()
        self._answer: asyncio.Future[ReasonCode | None] = self._loop.create_future()
        self._lost: asyncio.Future[Loss] = self._loop.create_future()
        self._socket: Any = None
        self._timer: asyncio.TimerHandle | None = None
        self._subscriptions = Subscriptions(self._client, address, terms, self._listen_again)
        self._inbox = Inbox(rank)
        self._is_called = False
        self._received = 0
        self._largest = SentPacket()
        self._is_plain = address.tls is None and address.websocket is None
        self._batch = bytearray()
        self._backlog = 0
        self._waits_for_room = False
        self._leaving = False
        self._goodbye = b""
        self._reason = ""
        self._code: int | None = None
        self._asked_at: float | None = None
        self.round_trip = 0.0
        """Seconds that the broker took to answer what it was asked last."""

    @property
    def is_open(self) -> bool:
        return self._socket is not None and not self._leaving

    async def open(self) -> bool:
        """Connect. False where the broker hangs up, or wants other terms (they are changed then): try another link.

        Raises `BrokerUnreachable` or `BrokerRefused`.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                await in_a_thread(self._connect, self._hang_up)
                self._watch()
                answer = await self._answer
        except asyncio.CancelledError:
            self.drop("given up")
            raise
        except Exception as error:
            self.drop("never open")
            raise refusals.from_network(self._address, error) from error
        if answer is None or answer.value == refusals.UNSUPPORTED_VERSION:
            self.drop("another version")
            self._terms.version_5 = False
            return False
        if answer.is_failure:
            self.drop("refused")
            if answer.value == NO_RETAIN and not self._terms.refuses_retain:
                self._terms.refuses_retain = True
                return False
            raise refusals.from_answer(self._address, answer)
        return True

    async def lost(self) -> Loss:
        """Wait until the connection is gone."""
        return await asyncio.shield(self._lost)

    def subscribe(self, filters: Sequence[str]) -> None:
        """Ask for what matches, at quality 0. What the broker had stored comes with its retain flag set."""
        if self._asked_at is None:
            self._asked_at = self._loop.time()
        self._subscriptions.ask_for(filters)
        self._flush()

    def publish(self, messages: Iterable[Message]) -> int:
        """Send in order, at once; how many went. What no broker, or not this one, would take is said and left out."""
        went = 0
        for message in messages:
            if self._backlog >= _BACKLOG:
                self._flush()
                if self._backlog >= _BACKLOG:
                    break
            try:
                has_gone = self._queue(message)
            except ValueError as error:
                logger.warning("Not published: %s", error)
                continue
            if has_gone:
                self._backlog += 1
                went += 1
        self._flush()
        return went if self.is_open else 0

    async def leave(self) -> None:
        """Send what waits, say goodbye, and let the broker hang up: closing first may throw away what was sent last."""
        self._leaving = True
        self._goodbye = _DISCONNECT
        self._flush()
        try:
            async with asyncio.timeout(_FAREWELL):
                await self.lost()
        except TimeoutError:
            logger.debug("The broker at %s does not hang up", self._address)
        finally:
            self.drop("left")

    def drop(self, reason: str) -> None:
        """Hang up without a word: the broker then publishes the last will."""
        if self._lost.done():
            return
        self._unwatch()
        self._hang_up()
        self._lost.set_result(Loss(self._reason or reason, self._code, self._largest))
        self._inbox.clear()
        if not self._answer.done():
            self._answer.set_result(None)

    # Coming and going

    def _connect(self) -> None:
        connect(self._client, self._address, self._keepalive, version_5=self._version_5)

    def _hang_up(self) -> None:
        if (sock := self._client.socket()) is not None:
            sock.close()

    def _watch(self) -> None:
        client = self._client
        client.on_connect = self._note_answer
        client.on_disconnect = self._note_reason
        client.on_subscribe = self._note_subscribed
        client.on_message = self._note_message
        client.on_socket_close = lambda *_: self._unwatch()
        self._socket = client.socket()
        self._loop.add_reader(self._socket, self._read)
        self._flush()
        self._tick()

    def _unwatch(self) -> None:
        if self._socket is None:
            return
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        self._socket = None
        self._subscriptions.close()
        if self._timer is not None:
            self._timer.cancel()

    def _tick(self) -> None:
        """Let paho send a PINGREQ when it is due, and break the connection when the last one was never answered."""
        if self._socket is None:
            return
        keepalive = self._client.keepalive or self._keepalive  # the broker may have asked for another one, 0 is none
        self._timer = self._loop.call_later(keepalive / 4, self._tick)
        self._client.loop_misc()
        self._flush()

    # Reading

    def _read(self) -> None:
        """Read what is there, for a while, and handle it. paho reads a packet a call, and does not say if it did."""
        until = self._loop.time() + _SHARE
        for _ in range(_BURST if not self._inbox.is_full else 0):
            before = self._received
            try:
                self._client.loop_read()
            except Exception as error:  # noqa: BLE001 what a broker sends must not break the loop
                logger.debug("A packet that cannot be read: %r", error)
                self.drop("it sent what is not MQTT")
            if self._socket is None or (self._received == before and not self._is_decrypted()):
                break
            if self._loop.time() > until:
                break
        self._hand_over()
        if self._socket is not None and self._is_decrypted():
            self._go_on()
        self._flush()

    def _is_decrypted(self) -> bool:
        """Whether TLS holds bytes that the socket no longer shows."""
        return self._address.tls is not None and self._socket.pending() > 0

    def _hand_over(self) -> None:
        until = self._loop.time() + _SHARE
        while (message := self._inbox.take()) is not None:
            if not self._leaving:
                self._on_message(message)
            if self._inbox and self._loop.time() > until:
                self._go_on()
                return

    def _go_on(self) -> None:
        """There is more, for which nobody would call us."""
        if not self._is_called:
            self._is_called = True
            self._loop.call_soon(self._read_on)

    def _read_on(self) -> None:
        self._is_called = False
        if self._socket is not None:
            self._read()

    def _listen_again(self, topic: str) -> None:
        self._flush()
        self._on_listening(topic)

    # Writing

    def _queue(self, message: Message) -> bool:
        """Put it where it is sent from. False for what this broker would not take. Raises ValueError."""
        fitted = self._terms.fitted(message)
        if fitted is None:
            return False
        largest = self._terms.largest_packet
        is_ours_to_pack = fitted.qos == 0 and self._is_plain and not self._client.want_write()
        packet = publish_packet(fitted, version_5=self._version_5) if is_ours_to_pack or largest is not None else b""
        size = len(packet) or len(fitted.payload)  # without a limit nobody needs to know exactly
        if largest is not None and size + _QUALITY > largest:
            self._say_too_large(message.topic, size, largest)
            return False
        if size > self._largest.size:
            self._largest = SentPacket(size, message.topic)
        if is_ours_to_pack:
            self._batch += packet
            return True
        properties = properties_of(fitted) if self._version_5 else None
        self._client.publish(fitted.topic, fitted.payload.encode(), fitted.qos, fitted.retain, properties)
        return True

    def _say_too_large(self, topic: str, size: int, largest: int) -> None:
        if topic not in self._terms.told:
            self._terms.told.add(topic)
            sentence = "Not published on %s: %d bytes, and the broker at %s takes %d at most. What is shorter goes."
            logger.warning(sentence, topic, size, self._address, largest)

    def _flush(self) -> None:
        """Write what waits, as far as the socket takes it, and ask to be called when it takes more."""
        if self._socket is not None and self._batch:
            self._write_batch()
        if self._socket is not None and not self._batch and self._client.want_write():
            self._client.loop_write()
        if self._socket is None:
            self.drop("the broker hung up")
            return
        full = bool(self._batch) or self._client.want_write()
        if full and not self._waits_for_room:
            self._loop.add_writer(self._socket, self._flush)
        elif self._waits_for_room and not full:
            self._loop.remove_writer(self._socket)
        self._waits_for_room = full
        if not full:
            self._backlog = 0
            if self._goodbye:
                self._batch += self._goodbye
                self._goodbye = b""
                self._write_batch()

    def _write_batch(self) -> None:
        try:
            sent = self._socket.send(self._batch)
            del self._batch[:sent]
        except BlockingIOError:
            pass
        except OSError as error:
            self.drop((error.strerror or str(error)).lower())

    # What paho's callbacks note

    def _note_answer(
        self, _client: Client, _userdata: object, _flags: object, answer: ReasonCode, properties: Properties | None
    ) -> None:
        if not answer.is_failure:
            self._terms.learn(properties)
        if not self._answer.done():
            self._answer.set_result(answer)

    def _note_reason(
        self, _client: Client, _userdata: object, _flags: object, reason: ReasonCode, _properties: object
    ) -> None:
        if reason.value != _UNSPECIFIED:
            self._reason, self._code = str(reason).lower(), int(reason.value)

    def _note_subscribed(
        self, _client: Client, _userdata: object, _id: int, answers: list[ReasonCode], _properties: object
    ) -> None:
        if self._asked_at is not None:
            self.round_trip, self._asked_at = self._loop.time() - self._asked_at, None
        if any(answer.is_failure for answer in answers):
            logger.warning("The broker at %s refuses some of our subscriptions: see its access list.", self._address)

    def _note_message(self, _client: Client, _userdata: object, received: MQTTMessage) -> None:
        self._received += 1
        if len(received.payload) > LARGEST_PAYLOAD:
            logger.debug("Dropped a message of %d bytes", len(received.payload))
            return
        try:
            message = message_of(received)
        except UnicodeDecodeError as error:
            logger.debug("Dropped a message whose topic is no text: %s", error)
            return
        # What was stored comes once, however much it is.
        if message.retain or self._rank(message.topic) is Rank.COMMAND or self._subscriptions.count(message.topic):
            self._inbox.put(message)
