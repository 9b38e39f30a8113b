"""Evenings of one lamp of the real stage on virtual time: late, lossy, inexact, with people. Moments are milliseconds.

The lamp is the test's own; what it is told and says is what goes over the broker.
"""

import heapq
import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from orchestrator.devices.messages import Message
from orchestrator.fade import Fade
from orchestrator.home.library import read
from orchestrator.stage.evidence import Evidence
from orchestrator.stage.heard import Paid, TakenByHand
from orchestrator.stage.stage import Stage
from orchestrator.stage.want import Want
from orchestrator.units import SECOND, Ms
from orchestrator.values import Attribute

KINDS = ("accepts", "ends", "moves", "polled", "mute")
"""When a lamp says how it is: on accepting a command, at its end, all the way, once in a while, never."""
FULL = 254
HOME = """
home: house
format: 1
devices:
  asked: {kind: light, dialect: zigbee2mqtt, topic: z/lamp, colors: []}
  unasked: {kind: light, dialect: home_assistant, command_topic: z/lamp/set, state_topic: z/lamp}
rooms: {room: {roles: {main: asked}}}
"""
DEVICES = read(HOME, "house.yaml").devices


class Nature(NamedTuple):
    """How a lamp is: what it reports when, how late at most, what is lost, how inexact, and whether it can be asked."""

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

    @property
    def due(self) -> Ms | None:
        return self._due[0][0] if self._due else None

    def run(self, until: Ms) -> None:
        while self._due and self._due[0][0] <= until:
            self.now, _, do = heapq.heappop(self._due)
            do()
        self.now = until


class Lamp:
    """One that is told over a radio, and says how it is in its own way. Levels are percent."""

    def __init__(self, nature: Nature, clock: Clock, dice: random.Random, hear: Callable[[float], None]) -> None:
        self.nature = nature
        self._clock = clock
        self._dice = dice
        self._hear = hear
        self._from = self._to = float(dice.randint(20, 95))
        self._start = self._end = 0
        self._motion = 0
        if nature.kind == "polled":
            clock.at(dice.randint(1, 45) * SECOND, self._poll)

    def value(self) -> float:
        now = self._clock.now
        if now >= self._end:
            return self._to
        return self._from + (self._to - self._from) * (now - self._start) / (self._end - self._start)

    def receive(self, message: Message) -> None:
        """A message is under way to it."""
        if message.topic.endswith("/get"):
            if self.nature.answers and self._arrives():
                self._clock.at(self._clock.now + self._dice.randint(5, 200), self._say_place)
            return
        wish = json.loads(message.payload)
        level = 0.0 if wish.get("state") == "OFF" else wish.get("brightness", self._to / 100.0 * FULL) / FULL * 100.0
        if self.nature.kind == "accepts":
            self._say(level)  # the bridge says so, whatever the radio does
        if self._arrives():
            lasts = round(wish.get("transition", 0) * SECOND)
            self._clock.at(self._clock.now + self._dice.randint(5, 200), lambda: self._move(level, lasts))

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

    def by_hand(self, value: float) -> None:
        self._from = self._to = value
        self._end = self._clock.now
        self._motion += 1
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
        return min(max(value * self.nature.gain * off, 1.0), 100.0)

    def _say(self, value: float) -> None:
        said = self.says(value)
        for _ in range(2 if self._dice.random() < self.nature.doubles else 1):
            if self._arrives():
                self._clock.at(self._clock.now + self._dice.randint(0, self.nature.late), lambda: self._hear(said))


@dataclass
class Verdict:
    """What came of some evenings."""

    counts: Counter[str] = field(default_factory=Counter)
    """By what it was. A hand is plain where nothing of ours explains what tells it, else blurred; or it is untold."""
    flagged_after: list[Ms] = field(default_factory=list)
    """From the first report that tells a hand plainly to its being noticed."""
    false: list[int] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)
    lied: list[int] = field(default_factory=list)
    missed: list[int] = field(default_factory=list)


class Evening:
    """Some sessions one after the other in a room with one lamp, from one seed."""

    def __init__(self, seed: int, verdict: Verdict, *, with_hands: bool) -> None:
        self.seed = seed
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
        self.lamp = Lamp(self.nature, self.clock, dice, self._say)
        self.name = "asked" if self.nature.answers else "unasked"
        self.stage = Stage([DEVICES[self.name]], {})
        self.verdict = verdict
        self._with_hands = with_hands
        self._hand: tuple[Ms, float] | None = None
        self._told_at: Ms | None = None
        """When a report first told the hand so that nothing of ours explains it."""
        self._is_blurred = False
        """A report has told the hand that may as well be an echo of ours."""
        self._is_flagged = False
        self._paid: Evidence | None = None
        self._is_on = self._is_landing = False

    def play(self) -> None:
        for _ in range(self.dice.randint(1, 3)):
            self._session()
            self._wait(self.clock.now + self.dice.choice([0, 1, 30, 300]) * SECOND)

    def _session(self) -> None:
        stage, clock, dice = self.stage, self.clock, self.dice
        self.verdict.counts["sessions"] += 1
        for message in stage.query(self.name):
            self.lamp.receive(message)
        self._wait(clock.now + 6 * SECOND)
        debt = stage.debt(self.name, Attribute.LEVEL)
        true_before = self.lamp.value() if debt is None else None
        known = stage.value(self.name, Attribute.LEVEL, clock.now)
        before = float(str(known)) if known is not None else self.lamp.says(self.lamp.value())
        if debt is not None:
            before = float(str(debt.value))
        self._hand, self._told_at, self._is_blurred, self._is_flagged, self._paid = None, None, False, False, None
        self._is_on, self._is_landing = True, False
        if self._with_hands:
            clock.at(clock.now + dice.randint(5, 150) * SECOND, self._by_hand)
        level = before
        for _ in range(dice.randint(3, 6)):
            target, lasts = float(dice.randint(5, 100)), dice.choice([2, 10, 40]) * SECOND
            fade = Fade(clock.now, clock.now + lasts, level, target)
            stage.wish(self.name, Attribute.LEVEL, Want(fade), clock.now, before)
            self._wait(clock.now + lasts + dice.randint(5, 60) * SECOND)
            level = target
        self._is_landing = True
        fade = Fade(clock.now, clock.now + 10 * SECOND, level, before)
        stage.wish(self.name, Attribute.LEVEL, Want(fade, landing=True), clock.now, before)
        self._wait(clock.now + 10 * SECOND)
        stage.settle([self.name], clock.now)
        self._wait(clock.now + 120 * SECOND)
        self._is_on = False
        self._judge(true_before)

    def _wait(self, until: Ms) -> None:
        """Time goes on."""
        clock = self.clock
        while True:
            moments = [moment for moment in (clock.due, self.stage.next_deadline(), until) if moment is not None]
            clock.run(min(max(min(moments), clock.now), until))
            due = self.stage.next_deadline()
            if due is not None and due <= clock.now:
                for message in self.stage.advance(clock.now):
                    self.verdict.counts["messages"] += 1
                    self.lamp.receive(message)
            self._listen()
            if clock.now >= until and not (due is not None and due <= until):
                return

    def _listen(self) -> None:
        for heard in self.stage.heard():
            if isinstance(heard, Paid):
                self._paid = heard.evidence
            if isinstance(heard, TakenByHand):
                self._is_flagged = True
                if self._hand is None:
                    self.verdict.counts["false hands"] += 1
                    self.verdict.false.append(self.seed)
                elif self._told_at is not None:
                    self.verdict.flagged_after.append(self.clock.now - self._told_at)

    def _by_hand(self) -> None:
        if not self._is_on or self._is_flagged or self._is_landing:
            return
        value = self.dice.choice([0.0, 100.0, float(self.dice.randint(5, 100)), float(self.dice.randint(5, 100))])
        self._hand = (self.clock.now, value)
        self.verdict.counts["hands"] += 1
        self.lamp.by_hand(value)

    def _say(self, value: float) -> None:
        payload = {"state": "ON" if value else "OFF", **({"brightness": round(value / 100.0 * FULL)} if value else {})}
        if self._hand is not None and self._told_at is None and self._is_on and self._tells_hand(value):
            ownership = self.stage.staged(self.name).parts[0].ownerships[Attribute.LEVEL]
            if ownership.explains((float(payload.get("brightness", 0)),), self.clock.now):
                self._is_blurred = True
            else:
                self._told_at = self.clock.now
        self.stage.receive(Message("z/lamp", json.dumps(payload)), self.clock.now)
        self._listen()

    def _tells_hand(self, value: float) -> bool:
        assert self._hand is not None
        return abs(self.lamp.value() - self._hand[1]) < 0.5 and abs(value - self._hand[1] * self.nature.gain) <= 6

    def _judge(self, true_before: float | None) -> None:
        counts, shows = self.verdict.counts, self.lamp.value()
        if self._hand is not None:
            kind = "plain" if self._told_at is not None else "blurred" if self._is_blurred else "untold"
            counts[kind] += 1
            if not self._is_flagged:
                counts[f"{kind} missed"] += 1
                self.verdict.missed.append(self.seed)
                return
        wanted = self._hand[1] if self._hand is not None else true_before
        if wanted is None or (self._hand is None and self._is_flagged):
            return
        allowed = 3 if self._hand is not None else 3 + 0.12 * wanted
        if abs(shows - wanted) > allowed:
            counts["wrong"] += 1
            self.verdict.wrong.append(self.seed)
            if self._hand is None and self._paid is Evidence.SHOWN:
                counts["lied"] += 1
                self.verdict.lied.append(self.seed)
        counts[f"paid {self._paid}"] += 1


def total(seeds: range, *, with_hands: bool) -> Verdict:
    """All evenings of some seeds together."""
    verdict = Verdict()
    for seed in seeds:
        Evening(seed, verdict, with_hands=with_hands).play()
    return verdict


if __name__ == "__main__":
    import sys

    count = int(sys.argv[1])
    for with_hands in (False, True):
        found = total(range(count), with_hands=with_hands)
        print(dict(sorted(found.counts.items())))
        print("false", found.false[:20], "wrong", found.wrong[:30], "lied", found.lied[:20])
        delays = sorted(found.flagged_after)
        if delays:
            print("flagged after, median", delays[len(delays) // 2], "worst", delays[-1])
