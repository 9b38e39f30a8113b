"""Evenings of one attribute of one device on virtual time: late, lossy, inexact, with people.

Moments are milliseconds. Nothing here is the product but `Belief`: the driver is a stage in forty lines.
"""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from orchestrator.stage.accuracy import Accuracy, Scale
from orchestrator.stage.belief import Belief, Check, Meaning
from orchestrator.stage.lateness import Lateness
from orchestrator.units import SECOND, Ms

KINDS = ("accepts", "ends", "moves", "polled", "mute")


class Nature(NamedTuple):
    """How a device is: what it reports when, how late at most, what is lost, how inexact."""

    kind: str
    late: Ms
    lost: float
    gain: float
    jitter: float
    doubles: float
    answers: bool


class Clock:
    """What is due, in order."""

    def __init__(self) -> None:
        self.now: Ms = 0
        self._due: list[tuple[Ms, int, Callable[[], None]]] = []
        self._count = 0

    def at(self, moment: Ms, do: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._due, (max(moment, self.now), self._count, do))

    def run(self, until: Ms) -> None:
        while self._due and self._due[0][0] <= until:
            self.now, _, do = heapq.heappop(self._due)
            do()
        self.now = until


class Device:
    """One that is told over a radio, and says how it is in its own way."""

    def __init__(self, nature: Nature, clock: Clock, dice: random.Random, hear: Callable[[float], None]) -> None:
        self.nature = nature
        self._clock = clock
        self._dice = dice
        self._hear = hear
        self._from = self._to = float(dice.randint(20, 95))
        self._start = self._end = 0
        if nature.kind == "polled":
            clock.at(dice.randint(1, 45) * SECOND, self._poll)

    def value(self) -> float:
        now = self._clock.now
        if now >= self._end:
            return self._to
        return self._from + (self._to - self._from) * (now - self._start) / (self._end - self._start)

    def told(self, target: float, transition: Ms) -> None:
        """A command is under way to it."""
        if self.nature.kind == "accepts":
            self._say(target)  # the bridge says so, whatever the radio does
        if self._dice.random() < self.nature.lost:
            return
        self._clock.at(self._clock.now + self._dice.randint(5, 200), lambda: self._move(target, transition))

    def _move(self, target: float, transition: Ms) -> None:
        self._from, self._to = self.value(), target
        self._start, self._end = self._clock.now, self._clock.now + transition
        if self.nature.kind == "moves":
            for moment in range(self._start + SECOND, self._end, SECOND):
                self._clock.at(moment, self._say_place)
        if self.nature.kind in ("ends", "moves"):
            self._clock.at(self._end + 20, lambda: self._say_place() if self._clock.now >= self._end else None)

    def asked(self) -> None:
        if self.nature.answers and self._dice.random() >= self.nature.lost:
            self._clock.at(self._clock.now + self._dice.randint(5, 200), self._say_place)

    def by_hand(self, value: float) -> None:
        self._from = self._to = value
        self._end = self._clock.now
        if self.nature.kind not in ("mute", "polled"):
            self._say(value)

    def _poll(self) -> None:
        self._say_place()
        self._clock.at(self._clock.now + self._dice.randint(30, 60) * SECOND, self._poll)

    def _say_place(self) -> None:
        self._say(self.value())

    def says(self, value: float) -> float:
        if value == 0.0:
            return 0.0
        off = 1.0 + self._dice.uniform(-self.nature.jitter, self.nature.jitter)
        return float(min(max(round(value * self.nature.gain * off), 1), 100))

    def _say(self, value: float) -> None:
        said = self.says(value)
        times = 2 if self._dice.random() < self.nature.doubles else 1
        for _ in range(times):
            if self._dice.random() >= self.nature.lost:
                late = self._dice.randint(0, self.nature.late)
                self._clock.at(self._clock.now + late, lambda: self._hear(said))


@dataclass
class Verdict:
    """What came of an evening."""

    hands: int = 0
    false_hands: int = 0
    missed: int = 0
    told: int = 0
    told_missed: int = 0
    blurred: int = 0
    blurred_missed: int = 0
    wrong: int = 0
    lied: int = 0
    extra: int = 0
    sessions: int = 0
    flagged_after: list[Ms] = field(default_factory=list)


class Evening:
    """Some sessions one after the other in a room with one device, from one seed."""

    def __init__(self, seed: int, *, with_hands: bool) -> None:
        self.dice = dice = random.Random(seed)
        kind = dice.choice(KINDS)
        self.nature = Nature(
            kind,
            late=dice.randint(0, 5 * SECOND),
            lost=dice.choice([0.0, 0.05, 0.1, 0.3]),
            gain=dice.choice([1.0, 1.0, dice.uniform(0.9, 1.1)]),
            jitter=dice.choice([0.0, 0.0, 0.05]),
            doubles=dice.choice([0.0, 0.1]),
            answers=kind != "mute" and dice.random() < 0.8,
        )
        self.clock = Clock()
        self.device = Device(self.nature, self.clock, dice, self._hear)
        scale = Scale(100.0, 2.0, has_off=True)
        self.belief = Belief(scale, Accuracy(scale), Lateness(), can_ask=self.nature.answers)
        self.verdict = Verdict()
        self._with_hands = with_hands
        self._hand: tuple[Ms, float] | None = None
        self._told: bool | None = None
        """Whether a report has told the hand: None not yet, True plainly, False where it may be an echo of ours."""
        self._is_on = False

    def play(self) -> Verdict:
        for _ in range(self.dice.randint(1, 3)):
            self._session()
            self.clock.run(self.clock.now + self.dice.choice([0, 1, 30, 300]) * SECOND)
        return self.verdict

    def _session(self) -> None:
        belief, clock, dice = self.belief, self.clock, self.dice
        self.verdict.sessions += 1
        self.device.asked()
        clock.run(clock.now + 6 * SECOND)
        true_before = self.device.value()
        before = belief.before(clock.now) or (self.device.says(true_before),)
        self._hand, self._told, self._is_on = None, None, True
        begins = clock.now
        hand_at = begins + dice.randint(5, 150) * SECOND if self._with_hands else None
        if hand_at is not None:
            clock.at(hand_at, self._by_hand)
        level = before[0]
        for _ in range(dice.randint(3, 6)):
            target, lasts = float(dice.randint(5, 100)), dice.choice([2, 10, 40]) * SECOND
            began, origin = clock.now, level
            while clock.now < began + lasts and belief.hand is None:
                end = min(clock.now + 10 * SECOND, began + lasts)
                place = round(origin + (target - origin) * (end - began) / lasts)
                belief.command(clock.now, (float(place),), end - clock.now)
                self.device.told(float(place), end - clock.now)
                self._wait(end)
            level = target
            self._wait(clock.now + dice.randint(5, 60) * SECOND)
        if belief.hand is None:
            told = belief.give_back(clock.now, before, 10 * SECOND)
            self.device.told(round(told[0]), 10 * SECOND)
            self._wait(clock.now + 120 * SECOND)
        self._is_on = False
        self._judge(true_before, before)
        belief.release()

    def _wait(self, until: Ms) -> None:
        """Time goes on; what the belief wants looked at is looked at."""
        clock, belief = self.clock, self.belief
        while clock.now < until:
            check = belief.check_at
            clock.run(min(until, max(check, clock.now + 1)) if check is not None else min(until, clock.now + SECOND))
            if check is None or check > clock.now or belief.check_at is None or belief.check_at > clock.now:
                continue
            match belief.check(clock.now):
                case Check.ASK:
                    self.verdict.extra += 1
                    self.device.asked()
                case Check.SEND:
                    self.verdict.extra += 1
                    self.device.told(belief.newest[0], 0)

    def _by_hand(self) -> None:
        if not self._is_on or self.belief.hand is not None or self.belief.is_landing:
            return
        value = self.dice.choice([0.0, 100.0, float(self.dice.randint(5, 100)), float(self.dice.randint(5, 100))])
        self._hand = (self.clock.now, value)
        self.verdict.hands += 1
        self.device.by_hand(value)

    def _hear(self, value: float) -> None:
        if self._hand is not None and self._told is None and self._is_on and self._tells_hand(value):
            self._told = not self.belief.is_explained((value,), self.clock.now)
        meaning = self.belief.report(self.clock.now, (value,), retained=False)
        if meaning is Meaning.HAND and self._is_on:
            if self._hand is None:
                self.verdict.false_hands += 1
            else:
                self.verdict.flagged_after.append(self.clock.now - self._hand[0])
        elif meaning is Meaning.LOST:
            self.device.told(self.belief.newest[0], 0)

    def _tells_hand(self, value: float) -> bool:
        assert self._hand is not None
        return abs(self.device.value() - self._hand[1]) < 0.5 and abs(value - self._hand[1] * self.nature.gain) <= 6

    def _judge(self, true_before: float, before: tuple[float, ...]) -> None:
        shows = self.device.value()
        if self._hand is not None and self.belief.hand is None:
            self.verdict.missed += 1
            self.verdict.told_missed += self._told is True
            self.verdict.blurred_missed += self._told is False
        self.verdict.told += self._told is True
        self.verdict.blurred += self._told is False
        if self._hand is not None and self.belief.hand is None:
            return
        wanted = self._hand[1] if self._hand is not None else true_before
        del before
        is_wrong = self.belief.hand is None and abs(shows - wanted) > 3 + 0.12 * wanted
        if self._hand is not None:
            is_wrong = abs(shows - wanted) > 3
        self.verdict.wrong += is_wrong
        self.verdict.lied += is_wrong and self.belief.is_shown


def total(seeds: range, *, with_hands: bool) -> Verdict:
    """All evenings of some seeds together."""
    whole = Verdict()
    for seed in seeds:
        one = Evening(seed, with_hands=with_hands).play()
        for name in (
            "hands",
            "false_hands",
            "missed",
            "told",
            "told_missed",
            "blurred",
            "blurred_missed",
            "wrong",
            "lied",
            "extra",
            "sessions",
        ):
            setattr(whole, name, getattr(whole, name) + getattr(one, name))
        whole.flagged_after += one.flagged_after
    return whole


if __name__ == "__main__":
    import sys

    count = int(sys.argv[1])
    print(total(range(count), with_hands=False))
    found = total(range(count), with_hands=True)
    delays = sorted(found.flagged_after)
    found.flagged_after = []
    print(found, "median", delays[len(delays) // 2])
