"""Evenings of one device, or two, of the real stage on virtual time: late, lossy, inexact, with people. Milliseconds.

The device is the test's own; what it is told and says is what goes over the broker. `python -m tests.stage.evenings
10000 [lamp …]` plays so many of each kind of device and prints what came of them (docs/trust.md, section Hands).
"""

import random
import sys
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from orchestrator.devices.messages import Message
from orchestrator.fade import Fade
from orchestrator.stage.accuracy import Accuracy
from orchestrator.stage.evidence import Evidence
from orchestrator.stage.heard import Paid, TakenByHand
from orchestrator.stage.stage import Stage
from orchestrator.stage.want import Want
from orchestrator.units import SECOND, Ms
from orchestrator.values import Attribute
from tests.stage.radio import Clock, Nature, RadioDevice
from tests.stage.wires import DEVICES, WIRES, Wire

WHILE_IN_DOUBT: Ms = 8 * SECOND
"""A hand so shortly before the landing may be overlooked: what is owed comes first."""
JUST_NOW: Ms = 2 * SECOND
"""Where a fade was so long ago it may have been as it spoke."""
REMEMBERED: Ms = 300 * SECOND
"""Whoever puts a device so long after us where we put it cannot be told from a command that was lost."""
LIKE: float = 0.025
"""Of the full scale: so near to a value of ours is at it."""


@dataclass
class Verdict:
    """What came of some evenings."""

    counts: Counter[str] = field(default_factory=Counter)
    """By what it was. A hand is plain where nothing of ours explains what tells it, else blurred; of old, where it
    is where we put it once in these minutes; or it is untold."""
    flagged_after: list[Ms] = field(default_factory=list)
    """From the first report that tells a hand plainly to its being noticed."""
    seeds: dict[str, list[int]] = field(default_factory=dict)
    """By what went wrong, where."""

    def note(self, what: str, seed: int) -> None:
        self.counts[what] += 1
        self.seeds.setdefault(what, []).append(seed)

    def add(self, other: "Verdict") -> None:
        self.counts += other.counts
        self.flagged_after += other.flagged_after
        for what, seeds in other.seeds.items():
            self.seeds.setdefault(what, []).extend(seeds)


class Hand(NamedTuple):
    """What a person did. `can_be_known`: the device behaves and is known, and nothing of ours looks like it."""

    at: Ms
    value: float
    can_be_known: bool


def nature(dice: random.Random, wire: Wire) -> Nature:
    """Any."""
    kind = dice.choice(wire.kinds)
    answers = wire.can_be_asked and kind != "mute" and dice.random() < 0.8
    return Nature(
        kind,
        late=dice.randint(0, 5 * SECOND),
        lost=dice.choice([0.0, 0.05, 0.1, 0.3]),
        gain=1.0 if wire.is_exact else dice.choice([1.0, 1.0, dice.uniform(0.9, 1.1)]),
        jitter=0.0 if wire.is_exact else dice.choice([0.0, 0.0, 0.05]),
        doubles=dice.choice([0.0, 0.1]),
        answers=answers,
    )


def prompt(dice: random.Random, wire: Wire) -> Nature:
    """One that behaves: it says exactly and soon what it shows, and when it is asked."""
    kind = dice.choice([kind for kind in wire.kinds if kind not in ("polled", "mute")])
    return Nature(kind, late=300, lost=0.0, answers=wire.can_be_asked)


NATURES = {"any": nature, "prompt": prompt}


class Evening:
    """Some sessions one after the other in a room with one kind of device, from one seed."""

    def __init__(
        self, seed: int, verdict: Verdict, *, with_hands: bool, of: str = "lamp", natures: str = "any", touches: int = 1
    ) -> None:
        self.seed = seed
        self.dice = dice = random.Random(seed)
        self.wire = wire = WIRES[of]()
        self.nature = NATURES[natures](dice, wire)
        self.clock = Clock()
        self.names = wire.names(answers=self.nature.answers)
        self.devices = {
            name: RadioDevice(wire, self.nature, self.clock, dice, partial(self._say, name)) for name in self.names
        }
        self.stage = Stage([DEVICES[name] for name in (*self.names, *(["both"] if len(self.names) > 1 else []))], {})
        if len(self.names) > 1:
            self.stage.play(self.names, {"both": self.names})
        self.verdict = verdict
        self._with_hands = with_hands
        self._touches = touches
        self._told: list[tuple[Ms, float]] = []
        """Where we put it, and when that was over."""
        self._sessions = self._undisturbed = 0
        self._rises_until: Ms = 0
        """So long a lamp is on its way from off: it may show anything."""
        self._begin()

    def _begin(self) -> None:
        self._hand: Hand | None = None
        self._told_at: Ms | None = None
        """When a report first told the hand so that nothing of ours explains it."""
        self._is_blurred = self._is_flagged = False
        self._is_of_old_at: Ms | None = None
        self._onto_hand = 0
        """Commands that went onto a person's value, since a report told it."""
        self._paid: dict[str, Evidence] = {}
        self._own: float | None = None
        """A person's volume: the session's own from then on."""
        self._lands_at: Ms = 0
        self._is_on = True

    def play(self) -> None:
        for _ in range(self.dice.randint(1, 3)):
            self._session()
            self._wait(self.clock.now + self.dice.choice([0, 1, 30, 300]) * SECOND)

    def _session(self) -> None:
        stage, clock, dice, wire = self.stage, self.clock, self.dice, self.wire
        self._is_on = False
        self._sessions += 1
        self.verdict.counts["sessions"] += 1
        for name in self.names:
            for message in stage.staged(name).dialect.query():
                self._carry(name, message.topic, message)
        self._wait(clock.now + 6 * SECOND)
        self._begin()
        befores, trues = {}, {}
        for name, device in self.devices.items():
            debt = stage.debt(name, wire.attribute)
            known = debt.value if debt is not None else stage.value(name, wire.attribute, clock.now)
            befores[name] = wire.number(known) if known is not None else device.says(device.value())
            trues[name] = device.value() if debt is None else None
        steps = [
            (wire.scene(dice), dice.choice(wire.lengths), dice.randint(5, 60) * SECOND)
            for _ in range(dice.randint(3, 6))
        ]
        self._told.append((clock.now, befores[self.names[0]]))
        self._lands_at = clock.now + sum(lasts + rests for _, lasts, rests in steps)
        if self._with_hands and (self._sessions > 1 or self.seed % 2):
            clock.at(clock.now + dice.randint(5, 150) * SECOND, self._by_hand)
        levels = dict(befores)
        for target, lasts, rests in steps:
            self._wish(levels, target, lasts, befores)
            self._wait(clock.now + lasts + rests)
        for name in self.names:
            self._want(name, levels[name], befores[name], wire.landing, befores[name], landing=True)
        self._wait(clock.now + wire.landing)
        stage.settle(self.names, clock.now)
        self._wait(clock.now + 120 * SECOND)
        self._is_on = False
        self._judge(trues)

    def _wish(self, levels: dict[str, float], target: float, lasts: Ms, befores: dict[str, float]) -> None:
        for name in self.names:
            self._want(name, levels[name], target, lasts, befores[name], landing=False)
            levels[name] = target

    def _want(self, name: str, origin: float, target: float, lasts: Ms, before: float, *, landing: bool) -> None:
        wire, now = self.wire, self.clock.now
        if self._own is not None:
            origin = target = self._own
        fade = Fade(now, now + lasts, wire.value(origin), wire.value(target))
        self.stage.wish(name, wire.attribute, Want(fade, landing=landing), now, wire.value(before))

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
                    self._carry(None, message.topic, message)
            self._listen()
            if clock.now >= until and not (due is not None and due <= until):
                return

    def _carry(self, name: str | None, topic: str, message: Message) -> None:
        """To the device that it is for, or to all."""
        for other, device in self.devices.items():
            if len(self.devices) == 1 or other == name or f"/{other}/" in topic or "/both/" in topic:
                told = self.wire.told(message, device.value())
                if told is None:
                    self.verdict.counts["questions"] += 1
                elif other == self.names[0]:
                    if self.wire.attribute is Attribute.LEVEL and device.value() == 0.0 != told.value:
                        self._rises_until = self.clock.now + told.transition + SECOND
                    self._told.append((self.clock.now + told.transition, told.value))
                    is_told = self._told_at is not None or self._is_blurred
                    self._onto_hand += is_told and not self._is_flagged and self._lands_at > self.clock.now
                device.receive(message)

    def _listen(self) -> None:
        for heard in self.stage.heard():
            if isinstance(heard, Paid):
                self._paid[heard.device] = heard.evidence
            if isinstance(heard, TakenByHand) and heard.attribute is self.wire.attribute:
                if self._hand is None or heard.device != self.names[0]:
                    self.verdict.note("false hands", self.seed)
                elif self._told_at is not None and not self._is_flagged:
                    self.verdict.flagged_after.append(self.clock.now - self._told_at)
                self._is_flagged = True
                if self.wire.attribute is Attribute.VOLUME and heard.value is not None:
                    self._own = self.wire.number(heard.value)
                    self._want(heard.device, self._own, self._own, 0, self._own, landing=False)

    def _by_hand(self) -> None:
        now = self.clock.now
        if not self._is_on or self._is_flagged or now >= self._lands_at:
            return
        device = self.devices[self.names[0]]
        here = device.value()
        value = self.wire.hand(self.dice, here)
        near = LIKE * (600.0 if self.wire.attribute is Attribute.COLOUR else 100.0)
        ours = [told for end, told in self._told if end > now - REMEMBERED]
        way = (here, device.value_at(now - JUST_NOW))
        is_ours = min(way) - near <= value <= max(way) + near or any(abs(value - told) <= near for told in ours)
        is_known = self.nature.behaves and self._undisturbed > 0 and now > self._rises_until
        is_known = is_known and self._lands_at - now > WHILE_IN_DOUBT
        self._hand = Hand(now, value, can_be_known=is_known and not is_ours)
        self.verdict.counts["hands"] += 1
        self._touch(self._touches)

    def _touch(self, times: int) -> None:
        """A person puts it where they want it, and again where it does not stay there: so often at most."""
        hand, device = self._hand, self.devices[self.names[0]]
        if hand is None or not self._is_on or self._is_flagged or self.clock.now >= self._lands_at:
            return
        if hand.at == self.clock.now or abs(device.value() - hand.value) > self.wire.apart:
            device.by_hand(hand.value)
            times -= 1
        if times > 0:
            self.clock.at(self.clock.now + self.dice.randint(3, 7) * SECOND, lambda: self._touch(times))

    def _say(self, name: str, value: float) -> None:
        if name == self.names[0] and self._is_on and self._told_at is None and self._tells_hand(value):
            one = self.stage.staged(name)
            part = one.part(self.wire.attribute)
            assert part is not None
            ownership = part.ownerships[self.wire.attribute]
            if not ownership.is_commanded:
                pass  # the session is over: how the room is is the person's, and nobody's hand
            elif ownership.explains(self.wire.vector(one, value), self.clock.now):
                self._is_blurred = True
            elif self._is_of_old(ownership.accuracy, value):
                self._is_of_old_at = self.clock.now
            else:
                self._told_at = self.clock.now
        self.stage.receive(self.wire.says(name, value), self.clock.now)
        self._listen()

    def _is_of_old(self, accuracy: Accuracy, value: float) -> bool:
        """Where we put it once in these minutes: as a device says it whose command was lost."""
        since = self.clock.now - REMEMBERED
        allowed = accuracy.tolerance(value * self.wire.unit) / self.wire.unit
        return any(end > since and abs(told * accuracy.gain - value) <= allowed for end, told in self._told)

    def _tells_hand(self, value: float) -> bool:
        if self._hand is None or self._is_flagged:
            return False
        still_there = abs(self.devices[self.names[0]].value() - self._hand.value) < min(0.5, self.wire.apart)
        said = self.wire.inexact(self._hand.value, self.nature.gain, 0.0)
        return still_there and abs(value - said) <= min(2.0 * self.wire.apart, 6.0)

    def _judge(self, trues: dict[str, float | None]) -> None:
        counts = self.verdict.counts
        if self._hand is not None:
            kind = "plain" if self._told_at is not None else "blurred" if self._is_blurred else "untold"
            kind = "of old" if kind != "plain" and self._is_of_old_at is not None else kind
            kind = f"{kind} to be known" if kind == "blurred" and self._hand.can_be_known else kind
            counts[kind] += 1
            counts["commands onto a hand"] += self._onto_hand
            if not self._is_flagged:
                self.verdict.note(f"{kind} missed", self.seed)
        else:
            self._undisturbed += 1
        for name, before in trues.items():
            is_touched = self._hand is not None and name == self.names[0]
            if not is_touched or self._is_flagged:
                self._judge_device(
                    name, self._hand.value if is_touched and self._hand else before, is_touched=is_touched
                )

    def _judge_device(self, name: str, wanted: float | None, *, is_touched: bool) -> None:
        if wanted is None or (self._hand is None and self._is_flagged):
            return
        allowed = self.wire.apart + (0.0 if is_touched else self.wire.inexactness * wanted)
        if abs(self.devices[name].value() - wanted) > allowed:
            self.verdict.note("wrong", self.seed)
            if not is_touched and self._paid.get(name) is Evidence.SHOWN:
                self.verdict.note("lied", self.seed)


def total(
    seeds: Iterable[int], *, with_hands: bool, of: str = "lamp", natures: str = "any", touches: int = 1
) -> Verdict:
    """All evenings of some seeds together."""
    verdict = Verdict()
    for seed in seeds:
        Evening(seed, verdict, with_hands=with_hands, of=of, natures=natures, touches=touches).play()
    return verdict


def _total(seeds: range, touches: int, of: str, natures: str) -> Verdict:
    return total(seeds, with_hands=touches > 0, of=of, natures=natures, touches=touches)


def show(count: int, kinds: Iterable[str]) -> None:
    """So many evenings of each of these kinds of device: without hands, with them, and with people who insist."""
    with ProcessPoolExecutor(2) as pool:
        for natures in NATURES:
            for of in kinds:
                for touches, people in ((0, "without hands"), (1, "with hands"), (3, "with people who insist")):
                    halves = [range(part, count, 2) for part in (0, 1)]
                    found = Verdict()
                    for verdict in pool.map(_total, halves, [touches] * 2, [of] * 2, [natures] * 2):
                        found.add(verdict)
                    print(of, natures, people, dict(sorted(found.counts.items())))
                    print("  ", {what: seeds[:12] for what, seeds in sorted(found.seeds.items())})
                    delays = sorted(found.flagged_after)
                    if delays:
                        print("   noticed after: 99 %", delays[int(0.99 * (len(delays) - 1))], "worst", delays[-1])


if __name__ == "__main__":
    show(int(sys.argv[1]), sys.argv[2:] or WIRES)
