"""When signals of the home begin and end: what a message brings about, or the time for which something has been so."""

from collections.abc import Iterable
from enum import Enum, auto
from typing import Generic, NamedTuple, TypeVar

from orchestrator.devices.messages import Message
from orchestrator.signals import Signal, Watch
from orchestrator.values import Ms

BOUNCE: Ms = 300
"""The same again within so short a time is no second time (devices sheet, 4)."""

Name = TypeVar("Name")


class Turn(Enum):
    """What became of a signal."""

    BEGAN = auto()
    OVER = auto()


class Onset:
    """One signal. `is_momentary`: each message that passes begins it anew, as a press does; else it begins once.

    A retained message was said long ago: it begins nothing, but tells how things are. With `heeds_retained` it begins
    what was not so by then: an alarm that went off while nobody listened.
    """

    def __init__(self, signal: Signal, *, is_momentary: bool, heeds_retained: bool = False) -> None:
        self.topic = signal.topic
        self.is_on = False
        self.heard: Ms = 0
        """When it was last said to be so."""
        self._watch = Watch(signal)
        self._is_momentary = is_momentary
        self._heeds_retained = heeds_retained
        self._counted: Ms | None = None

    def take(self, message: Message, now: Ms) -> Turn | None:
        """A message on its topic."""
        self._watch.take(message.payload, now)
        was_on, held = self.is_on, self._watch.seen(now).held
        if held is None:
            self.is_on = False
            return Turn.OVER if was_on else None
        self.heard = now
        if message.retain and not self._heeds_retained:
            self.is_on = True
            return None
        if self._is_momentary and not message.retain:
            self.is_on = True
            return None if self._bounces(now) else Turn.BEGAN
        return self.advance(now)

    def advance(self, now: Ms) -> Turn | None:
        """Time passes: what had to last may have lasted."""
        if self.is_on or not self._watch.seen(now).is_on:
            return None
        self.is_on = True
        return Turn.BEGAN

    @property
    def due(self) -> Ms | None:
        """When it begins if nothing else is said."""
        return None if self.is_on else self._watch.due

    def _bounces(self, now: Ms) -> bool:
        before, self._counted = self._counted, now
        return before is not None and now - before < BOUNCE


class Turned(NamedTuple, Generic[Name]):
    """Which signal did what."""

    name: Name
    turn: Turn


class Onsets(Generic[Name]):
    """Signals by whatever name. Moments never go back."""

    def __init__(self, onsets: Iterable[tuple[Name, Onset]]) -> None:
        self._onsets = dict(onsets)
        self._by_topic: dict[str, list[Name]] = {}
        for name, onset in self._onsets.items():
            self._by_topic.setdefault(onset.topic, []).append(name)

    def __getitem__(self, name: Name) -> Onset:
        return self._onsets[name]

    @property
    def topics(self) -> tuple[str, ...]:
        """What to subscribe to."""
        return tuple(self._by_topic)

    def receive(self, message: Message, now: Ms) -> list[Turned[Name]]:
        """What a message brings about."""
        names = self._by_topic.get(message.topic, ())
        return [Turned(name, turn) for name in names if (turn := self._onsets[name].take(message, now)) is not None]

    def advance(self, now: Ms) -> list[Turned[Name]]:
        """What begins by itself, up to `now`."""
        due = self.next_deadline()
        if due is None or due > now:
            return []
        turns = ((name, onset.advance(now)) for name, onset in self._onsets.items())
        return [Turned(name, turn) for name, turn in turns if turn is not None]

    def next_deadline(self) -> Ms | None:
        return min((due for onset in self._onsets.values() if (due := onset.due) is not None), default=None)
