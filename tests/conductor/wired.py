"""A conductor wired to devices that a test makes itself: for what a twin of ours would not do.

A device takes a message that was sent and gives what it says to it. Everything is there at once; time is virtual.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from orchestrator.commands import RoomCommand
from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.preparation import prepare
from orchestrator.conductor.rates import bridge_rates
from orchestrator.devices.messages import Message
from orchestrator.events.event import EventRecord
from orchestrator.home.library import Home, read
from orchestrator.scenes import library

E = TypeVar("E")
Answer = Callable[[Message], Iterable[Message]]

HEAD = "home: house\nformat: 1\n"


class Wired:
    """One room, `bedroom`, of a home file without its head. What is `retained` is said before the start."""

    def __init__(self, home: str, *devices: Answer, retained: Iterable[Message] = ()) -> None:
        self.home: Home = read(HEAD + home, "house.yaml")
        self.conductor = Conductor(self.home, bridge_rates(self.home))
        self.now = 0
        self.sent: list[tuple[int, Message]] = []
        self.records: list[EventRecord] = []
        self._devices = devices
        self.say(*retained)

    def say(self, *messages: Message) -> None:
        """Devices say something by themselves."""
        for message in messages:
            self.conductor.receive(message, self.now)
        self._exchange()

    def start(self, scene: str, **given: object) -> None:
        model = library.read(scene, "scene.yaml")
        self.conductor.start(prepare(model, self.home, "bedroom", given, name="s"), self.now)
        self._exchange()

    def command(self, command: RoomCommand) -> None:
        self.conductor.command("bedroom", command, self.now)
        self._exchange()

    def until(self, moment: int) -> None:
        """Let time pass."""
        while (due := self.conductor.next_deadline()) is not None and due <= moment:
            self.now = max(self.now, due)
            self.conductor.advance(self.now)
            self._exchange()
        self.now = max(self.now, moment)

    def finish(self) -> None:
        """To the end, and until everything has come to rest."""
        while not self.conductor.is_settled("bedroom") and (due := self.conductor.next_deadline()) is not None:
            self.until(due)
        self.until(self.now + 20_000)

    def told(self, kind: type[E]) -> list[E]:
        """What happened of one kind."""
        return [record.event for record in self.records if isinstance(record.event, kind)]

    def payloads(self, topic: str) -> list[str]:
        """What was sent to a topic."""
        return [message.payload for _, message in self.sent if message.topic == topic]

    def _exchange(self) -> None:
        while True:
            messages, records = self.conductor.take()
            self.records.extend(records)
            if not messages and not records:
                return
            for message in messages:
                self.sent.append((self.now, message))
                for device in self._devices:
                    for answer in device(message):
                        self.conductor.receive(answer, self.now)
