"""A device that is told over a radio, on virtual time: late, lossy, inexact, in its own way. Milliseconds."""

import heapq
import random
from collections.abc import Callable
from typing import NamedTuple

from orchestrator.devices.messages import Message
from orchestrator.units import SECOND, Ms
from tests.stage.wires import Wire


class Nature(NamedTuple):
    """How a device is: what it reports when, how late at most, what is lost, how inexact, and whether it can be asked.

    `kind`: it says how it is on accepting a command, at its end, all the way, once in a while (polled), never (mute).
    """

    kind: str
    late: Ms
    lost: float
    gain: float = 1.0
    jitter: float = 0.0
    doubles: float = 0.0
    answers: bool = True

    @property
    def behaves(self) -> bool:
        """Prompt, exact, seldom lost, and it answers: what a person does to it can be told from what we do."""
        is_exact = self.gain == 1.0 and self.jitter == 0.0
        return self.answers and is_exact and self.late <= SECOND and self.lost <= 0.05 and self.kind != "polled"


class Clock:
    """What is due, in order."""

    def __init__(self) -> None:
        self.now: Ms = 0
        self._due: list[tuple[Ms, int, Callable[[], None]]] = []
        self._count = 0

    def at(self, moment: Ms, do: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._due, (max(moment, self.now), self._count, do))

    @property
    def due(self) -> Ms | None:
        return self._due[0][0] if self._due else None

    def run(self, until: Ms) -> None:
        while self._due and self._due[0][0] <= until:
            self.now, _, do = heapq.heappop(self._due)
            do()
        self.now = until


class RadioDevice:
    """One device: what it shows is a number, as its wire has it."""

    def __init__(
        self, wire: Wire, nature: Nature, clock: Clock, dice: random.Random, hear: Callable[[float], None]
    ) -> None:
        self.nature = nature
        self._wire = wire
        self._clock = clock
        self._dice = dice
        self._hear = hear
        self._from = self._to = wire.at_first(dice)
        self._start = self._end = 0
        self._motion = 0
        self._heard_at: Ms = 0
        if nature.kind == "polled":
            clock.at(dice.randint(1, 45) * SECOND, self._poll)

    def value(self) -> float:
        return self.value_at(self._clock.now)

    def value_at(self, moment: Ms) -> float:
        """What it shows by the newest command that it has heard."""
        if moment >= self._end or self._end == self._start:
            return self._to
        share = max(moment - self._start, 0) / (self._end - self._start)
        return self._from + (self._to - self._from) * share

    def receive(self, message: Message) -> None:
        """A message is under way to it."""
        told = self._wire.told(message, self._to)
        if told is None:
            if self.nature.answers and self._arrives():
                self._clock.at(self._clock.now + self._dice.randint(5, 200), self._say_place)
            return
        if self.nature.kind == "accepts":
            self._say(told.value)  # the bridge says so, whatever the radio does
        if self._arrives():
            # What goes over one connection stays in order.
            self._heard_at = max(self._clock.now + self._dice.randint(5, 200), self._heard_at)
            self._clock.at(self._heard_at, lambda: self._move(told.value, told.transition))

    def by_hand(self, value: float) -> None:
        self._from = self._to = value
        self._end = self._clock.now
        self._motion += 1
        if self.nature.kind not in ("mute", "polled"):
            self._say(value)

    def _arrives(self) -> bool:
        return self._dice.random() >= self.nature.lost

    def _move(self, target: float, transition: Ms) -> None:
        self._from, self._to = self.value(), target
        self._start, self._end = self._clock.now, self._clock.now + transition
        self._motion += 1
        motion = self._motion
        if self.nature.kind == "moves":
            for moment in range(self._start + SECOND, self._end, SECOND):
                self._clock.at(moment, lambda: self._say_place() if motion == self._motion else None)
        if self.nature.kind in ("ends", "moves"):
            self._clock.at(self._end + 20, lambda: self._say_place() if motion == self._motion else None)

    def _poll(self) -> None:
        self._say_place()
        self._clock.at(self._clock.now + self._dice.randint(30, 60) * SECOND, self._poll)

    def _say_place(self) -> None:
        self._say(self.value())

    def says(self, value: float) -> float:
        """What it says where it shows a value."""
        return self._wire.inexact(value, self.nature.gain, self._dice.uniform(-self.nature.jitter, self.nature.jitter))

    def _say(self, value: float) -> None:
        said = self.says(value)
        for _ in range(2 if self._dice.random() < self.nature.doubles else 1):
            if self._arrives():
                self._clock.at(self._clock.now + self._dice.randint(0, self.nature.late), lambda: self._hear(said))
