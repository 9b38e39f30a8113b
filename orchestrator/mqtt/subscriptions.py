"""What one connection is subscribed to: asked for in packets that the broker takes, and left alone where it floods."""

import asyncio
import logging
from collections.abc import Callable, Sequence

from paho.mqtt.client import Client, topic_matches_sub

from orchestrator.mqtt.address import Address
from orchestrator.mqtt.floods import Floods
from orchestrator.mqtt.terms import Terms

_FILTERS_A_PACKET = 100
_ROOM_FOR_THE_REST = 32
"""Bytes of a SUBSCRIBE packet that are no filters, at most."""

logger = logging.getLogger(__name__)


class Subscriptions:
    """Of one paho client; packets are only put in its queue. `close` before the client goes.

    `listens_again` is called with a topic that was left alone and is asked for again; it has the queue written.
    """

    def __init__(self, client: Client, address: Address, terms: Terms, listens_again: Callable[[str], None]) -> None:
        self._client = client
        self._address = address
        self._terms = terms
        self._listens_again = listens_again
        self._loop = asyncio.get_running_loop()
        self._filters: dict[str, None] = {}
        self._wildcards: dict[str, None] = {}
        """Of the filters those that take many topics."""
        self._floods = Floods()
        self._named: set[str] = set()
        self._rests: dict[str, asyncio.TimerHandle] = {}

    def ask_for(self, filters: Sequence[str]) -> None:
        """At quality 0. What the broker had stored comes with its retain flag set."""
        takes = [name for name in filters if self._is_taken(name)]
        self._filters.update(dict.fromkeys(takes))
        self._wildcards.update(dict.fromkeys(name for name in takes if _is_wildcard(name)))
        packet: list[str] = []
        room = size = (self._terms.largest_packet or 1 << 20) - _ROOM_FOR_THE_REST
        for name in takes:
            needs = len(name.encode()) + 3
            if packet and (needs > room or len(packet) == _FILTERS_A_PACKET):
                self._send(packet)
                packet, room = [], size
            packet.append(name)
            room -= needs
        if packet:
            self._send(packet)

    def count(self, topic: str) -> bool:
        """A message on a topic that nobody may flood. False where it came after the topic was left alone."""
        now, asked = self._loop.time(), self._asked_for(topic)
        if self._floods.is_resting(asked, now):
            return False
        if (seconds := self._floods.count(asked, now)) is not None:
            self._rest(asked, topic, seconds)
        return True

    def close(self) -> None:
        for timer in self._rests.values():
            timer.cancel()
        self._rests.clear()

    def _asked_for(self, topic: str) -> str:
        """What a message on a topic came by: the topic itself, else a filter with wildcards."""
        if topic in self._filters:
            return topic
        return next((name for name in self._wildcards if topic_matches_sub(name, topic)), topic)

    def _rest(self, asked: str, topic: str, seconds: float) -> None:
        """Leave a topic alone that was asked for, with whatever else comes by the same filters."""
        filters = [name for name in self._filters if name == asked or topic_matches_sub(name, topic)]
        aloud = asked not in self._named
        self._named.add(asked)
        sentence = "%s floods: too much is said there to read it all. It is left alone for %d s, then looked at again."
        logger.log(logging.WARNING if aloud else logging.DEBUG, sentence, asked, seconds)
        self._client.unsubscribe(filters)
        if (timer := self._rests.pop(asked, None)) is not None:
            timer.cancel()
        self._rests[asked] = self._loop.call_later(seconds, self._look_again, asked, topic, filters)

    def _look_again(self, asked: str, topic: str, filters: list[str]) -> None:
        del self._rests[asked]
        self.ask_for(filters)
        self._listens_again(topic)

    def _send(self, filters: Sequence[str]) -> None:
        """One SUBSCRIBE; where a filter is no filter, one for each of the others."""
        try:
            self._client.subscribe([(name, 0) for name in filters])
        except ValueError:
            if len(filters) == 1:
                logger.warning("Not a topic to subscribe to: %r", filters[0])
                return
            for name in filters:
                self._send([name])

    def _is_taken(self, name: str) -> bool:
        if self._terms.limits.wildcards or not _is_wildcard(name):
            return True
        if name not in self._terms.told:
            self._terms.told.add(name)
            logger.warning("The broker at %s takes no wildcards: nothing is heard on %s.", self._address, name)
        return False


def _is_wildcard(name: str) -> bool:
    return "+" in name or "#" in name
