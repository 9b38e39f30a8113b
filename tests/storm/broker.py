"""The broker of the storm: what it keeps, whom it tells, and what comes too late, twice, out of order or not at all."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Protocol

from orchestrator.devices.messages import Message
from orchestrator.stage.topics import matches
from orchestrator.units import Ms
from tests.storm.virtual_time import Agenda


class Client(Protocol):
    """Who is connected: it has subscriptions, and perhaps a last will."""

    filters: Sequence[str]
    will: Message | None

    def arrive(self, message: Message, session: int, /) -> None: ...
    def is_cut(self, reason: str, /) -> None: ...


@lru_cache(maxsize=1 << 16)
def _matches(pattern: str, topic: str) -> bool:
    return matches(pattern, topic)


class Broker:
    """`latency` is the way from one to another, each half of it on one side. Devices are told by `tell_devices`."""

    def __init__(self, agenda: Agenda, latency: Ms) -> None:
        self._agenda = agenda
        self.latency = latency
        self.is_up = True
        self.tell_devices: Callable[[Message], None] = lambda _message: None
        self.device_topics: frozenset[str] = frozenset()
        self.watch: Callable[[object, Message], None] = lambda _sender, _message: None
        self.kept: dict[str, Message] = {}
        self._sessions: dict[int, Client] = {}
        self._counted = 0
        self.in_flight = 0

    # Clients

    def connect(self, client: Client) -> int:
        """A session of this client, which ends when it leaves or is cut."""
        self._counted += 1
        self._sessions[self._counted] = client
        return self._counted

    def subscribe(self, session: int, filters: Iterable[str]) -> None:
        """What is kept on these topics comes first."""
        wanted = tuple(filters)
        for topic, message in list(self.kept.items()):
            if any(_matches(each, topic) for each in wanted):
                self._tell(session, message)

    def cut(self, session: int, reason: str = "cut", *, says_will: bool = True) -> None:
        """The client is gone, as far as the broker knows: its last will is told."""
        client = self._sessions.pop(session, None)
        if client is None:
            return
        if says_will and client.will is not None and self.is_up:
            self.publish(client, client.will)
        client.is_cut(reason)

    def leave(self, session: int) -> None:
        self._sessions.pop(session, None)

    def vanish(self, session: int) -> None:
        """The process behind it died: the operating system closes what it had."""
        client = self._sessions.pop(session, None)
        if client is not None and client.will is not None and self.is_up:
            self.publish(client, client.will)

    def go_down(self, *, forgets: bool) -> None:
        self.is_up = False
        for session in list(self._sessions):
            self.cut(session, "the broker is gone", says_will=False)
        if forgets:
            self.kept.clear()

    def come_up(self) -> None:
        self.is_up = True

    # Messages

    def publish(self, sender: object, message: Message) -> None:
        if not self.is_up:
            return
        self.watch(sender, message)
        if message.retain:
            if message.payload:
                self.kept[message.topic] = message
            else:
                self.kept.pop(message.topic, None)
        live = message._replace(retain=False)  # it is retained only for who comes later
        if message.topic in self.device_topics:
            self.tell_devices(live)
        for session, client in list(self._sessions.items()):
            if any(_matches(each, message.topic) for each in client.filters):
                self._tell(session, live)

    def _tell(self, session: int, message: Message) -> None:
        client = self._sessions[session]
        if not self.latency:
            client.arrive(message, session)
            return
        self.in_flight += 1

        def arrive() -> None:
            self.in_flight -= 1
            if self._sessions.get(session) is client:
                client.arrive(message, session)

        self._agenda.after(self.latency, arrive)
