"""When signals of the home begin and end: what a message brings about, or the time for which something has been so."""

from collections.abc import Iterable
from enum import Enum, auto
from typing import Generic, NamedTuple, TypeVar

from orchestrator.devices.messages import Message
from orchestrator.signals import Signal, Watch
from orchestrator.units import Ms

BOUNCE: Ms = 300
"""The same again within so short a time is no second time (devices sheet, 4)."""

Label = TypeVar("Label")


class Edge(Enum):
    """What became of a signal."""

    BEGAN = auto()
    OVER = auto()


class EdgeDetector:
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

    def take(self, message: Message, now: Ms) -> Edge | None:
        """A message on its topic."""
        self._watch.take(message.payload, now)
        was_on, held = self.is_on, self._watch.seen(now).held
        if held is None:
            self.is_on = False
            return Edge.OVER if was_on else None
        self.heard = now
        if message.retain and not self._heeds_retained:
            self.is_on = True
            return None
        if self._is_momentary and not message.retain:
            self.is_on = True
            return None if self._bounces(now) else Edge.BEGAN
        return self.advance(now)

    def advance(self, now: Ms) -> Edge | None:
        """Time passes: what had to last may have lasted."""
        if self.is_on or not self._watch.seen(now).is_on:
            return None
        self.is_on = True
        return Edge.BEGAN

    @property
    def due(self) -> Ms | None:
        """When it begins if nothing else is said."""
        return None if self.is_on else self._watch.due

    def _bounces(self, now: Ms) -> bool:
        before, self._counted = self._counted, now
        return before is not None and now - before < BOUNCE


class Detected(NamedTuple, Generic[Label]):
    """Which signal did what."""

    name: Label
    turn: Edge


class EdgeDetectors(Generic[Label]):
    """Signals by whatever name. Moments never go back."""

    def __init__(self, detectors: Iterable[tuple[Label, EdgeDetector]]) -> None:
        self._detectors = dict(detectors)
        self._by_topic: dict[str, list[Label]] = {}
        for name, detector in self._detectors.items():
            self._by_topic.setdefault(detector.topic, []).append(name)

    def __getitem__(self, name: Label) -> EdgeDetector:
        return self._detectors[name]

    @property
    def topics(self) -> tuple[str, ...]:
        """What to subscribe to."""
        return tuple(self._by_topic)

    def receive(self, message: Message, now: Ms) -> list[Detected[Label]]:
        """What a message brings about."""
        names = self._by_topic.get(message.topic, ())
        return [
            Detected(name, turn) for name in names if (turn := self._detectors[name].take(message, now)) is not None
        ]

    def advance(self, now: Ms) -> list[Detected[Label]]:
        """What begins by itself, up to `now`."""
        due = self.next_deadline()
        if due is None or due > now:
            return []
        turns = ((name, detector.advance(now)) for name, detector in self._detectors.items())
        return [Detected(name, turn) for name, turn in turns if turn is not None]

    def next_deadline(self) -> Ms | None:
        return min((due for detector in self._detectors.values() if (due := detector.due) is not None), default=None)
