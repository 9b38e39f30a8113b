"""What we told one attribute of one device, and what it may say because of that: echoes, known by what they say.

A command explains a report where the report is near its target, near a place on its fade's line at some moment of the
device's lateness, or near where the device may have been when it heard it. It counts until a newer command was shown,
and a lateness longer: any may have been lost, and any report may be late. Real milliseconds.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from orchestrator.stage.accuracy import Accuracy, Scale
from orchestrator.stage.vector import Vector, distance
from orchestrator.units import MINUTE, SECOND, Ms

KEPT: Final[Ms] = 5 * MINUTE
"""How long a command that was followed by others is remembered."""
AT_MOST: Final = 64
"""Commands of a device that never says where it is: the newest of them."""
JUST_NOW: Final[Ms] = 1500
"""A fade's place is known this well: when the device heard of it is not."""
SLACK: Final = 0.1
"""Devices take their own time for a transition, a tenth more or less."""
FLASHES: Final[Ms] = 5 * SECOND
"""A lamp that is turned on may flash; so much later no word of that comes."""
LONG_AGO: Final[Ms] = 25 * SECOND
"""Nothing that was sent so long ago is answered any more."""
SPANS: Final = 4
"""Places from which one command may have begun: more of them are taken as all that lies between."""


class ValueRange(NamedTuple):
    """All values between two corners."""

    low: Vector
    high: Vector

    @classmethod
    def of(cls, *values: Vector) -> "ValueRange":
        """The least that holds these."""
        if len(values) == 1:
            return cls(values[0], values[0])
        parts = list(zip(*values, strict=True))
        return cls(tuple(map(min, parts)), tuple(map(max, parts)))


class SentCommand(NamedTuple):
    """A command: where the device may have been when it heard it, and until when it counts once a newer was shown."""

    sent: Ms
    end: Ms
    origins: tuple[ValueRange, ...]
    target: Vector
    until: Ms | None = None
    is_anywhere: bool = False
    """On the way it may show all its range."""
    vague: ValueRange | None = None
    """Where it sent it, as well as that can be said in the kind of a newer command: a white among colours."""

    def between(self, since: Ms, now: Ms) -> Iterator[ValueRange]:
        """Where its fade may have been in that time."""
        length = self.end - self.sent
        if length <= 0 or now <= self.sent:
            return
        first = min(max((since - self.sent) / length * (1.0 - SLACK), 0.0), 1.0)
        last = min(max((now - self.sent) / length * (1.0 + SLACK), 0.0), 1.0)
        for low, high in self.origins:
            if len(low) == len(self.target):
                yield ValueRange.of(
                    *(
                        tuple(a + (b - a) * share for a, b in zip(origin, self.target, strict=True))
                        for origin in (low, high)
                        for share in (first, last)
                    )
                )


class CommandLog:
    """The commands of one attribute, oldest first. The first entry is how the device was, which nobody sent."""

    def __init__(self, scale: Scale, accuracy: Accuracy) -> None:
        self._scale = scale
        self._accuracy = accuracy
        self._log: list[SentCommand] = []
        self._seen = 0
        """The newest that the device has shown: all from here on count."""
        self._heard = 0
        """The newest that it has surely heard: what came before that was not lost."""
        self._is_merged = False
        """The newest began anywhere that those which count have had it: so does what follows it, until one is shown."""
        self._woke_at: Ms = -1
        self._slept: Ms = 0

    @property
    def newest(self) -> SentCommand | None:
        return self._log[-1] if self._log else None

    @property
    def is_shown(self) -> bool:
        """True where the device has said that it is where the newest sent it, or nothing was sent."""
        return self._seen >= len(self._log) - 1

    def command(
        self,
        now: Ms,
        target: Vector,
        transition: Ms,
        before: Vector,
        *,
        anywhere: bool = False,
        vaguely: Callable[[Vector], ValueRange | None] | None = None,
    ) -> None:
        """We have sent it to a target. `anywhere`: on the way it may show all its range.

        `before` is what it said last: that is where it may be, also where nothing of ours explains it.
        `vaguely`: where a value of another kind lies among those of the target's; None where that cannot be said.
        """
        if not self._log:
            self._log.append(SentCommand(now, now, (), before))
        if vaguely is not None and any(told.vague is None and len(told.target) != len(target) for told in self._log):
            self._log = [
                told._replace(vague=_vague(told, vaguely)) if len(told.target) != len(target) else told
                for told in self._log
            ]
        if self._log[-1].target == target and self._log[-1].origins:
            self._repeat(now, transition)
            return
        self._forget_old(now)
        is_merged = self._is_merged and len(self._log[-1].target) == len(target)
        known = (self._log[-1],) if is_merged else tuple(self._live(now))
        origins = [*self._log[-1].origins] if is_merged else []
        origins += [span for told in known for span in _places(told, now) if len(span.low) == len(target)]
        if len(before) == len(target) and not any(self._is_in(before, span) for span in origins):
            origins.append(ValueRange.of(before))
        self._is_merged = not anywhere and (is_merged or len(origins) > SPANS)
        if anywhere or not origins:
            origins.append(ValueRange(tuple(0.0 for _ in target), tuple(self._scale.full for _ in target)))
        elif self._is_merged:
            origins = [ValueRange.of(*(corner for span in origins for corner in span))]
        origins = list(dict.fromkeys(origins))
        self._log.append(SentCommand(now, now + transition, tuple(origins), target, is_anywhere=anywhere))

    def _repeat(self, now: Ms, transition: Ms) -> None:
        """The newest was sent again: wherever it was on its way, it goes on from there."""
        newest = self._log[-1]
        known = [corner for span in newest.origins for corner in span if len(corner) == len(newest.target)]
        origins = (ValueRange.of(newest.target, *known),)
        self._log[-1] = newest._replace(sent=now, end=now + transition, origins=origins)

    def adopt(self, now: Ms, value: Vector, lateness: Ms) -> None:
        """A person has put it there, and it goes on from there: what we sent before may still be heard of."""
        self._log.append(SentCommand(now, now, (), value))
        self._show(len(self._log) - 1, now, lateness)

    def suspect(self, now: Ms, value: Vector) -> None:
        """It may as well be there: its last word may be true, or an echo that came late."""
        self._is_merged = False
        self._log.append(SentCommand(now, now, (), value))

    def slept(self, now: Ms, length: Ms) -> None:
        """Our clock stood for so long, and what it was told before that went on meanwhile."""
        self._woke_at, self._slept = now, length

    def explains(self, value: Vector, now: Ms, lateness: Ms) -> bool:
        """True where something that we sent may have made the device say this now."""
        for told in self._live(now):
            if told.vague is not None and len(told.target) != len(value) == len(told.vague.low):
                if self._is_in(value, told.vague):
                    return True
                continue
            since = now - (min(lateness, FLASHES) if told.is_anywhere else lateness) - SECOND
            if self.is_near(value, told.target):
                return True
            ahead = self._slept if told.sent <= self._woke_at else 0
            if any(self._is_in(value, span) for span in told.between(since, now + ahead)):
                return True
            if told.sent >= since and any(self._is_in(value, span, with_off=True) for span in told.origins):
                return True
        return False

    def show(self, value: Vector, now: Ms, lateness: Ms) -> bool:
        """Note which command a report shows: the nearest that counts, in doubt the oldest. True for the newest."""
        index = self._nearest(value)
        if index is not None:
            self._show(index, now, lateness)
        return index == len(self._log) - 1

    def _show(self, index: int, now: Ms, lateness: Ms) -> None:
        for older in range(self._seen, index):
            told = self._log[older]
            until = now + lateness
            self._log[older] = told._replace(until=until if told.until is None else min(told.until, until))
        self._is_merged = self._is_merged and index <= self._seen
        self._seen = max(self._seen, index)

    def is_nearest(self, value: Vector) -> bool:
        """Whether the newest is what a value shows."""
        return self._nearest(value) == len(self._log) - 1

    def hear(self, told: SentCommand) -> None:
        """It has answered that it is where this one sent it, which a bridge had only accepted before."""
        shown = (index for index in range(self._seen, -1, -1) if self._log[index].target == told.target)
        self._heard = max(self._heard, next(shown, 0))

    def was_target(self, value: Vector) -> bool:
        """Whether it would be there if it had not heard some of what it was told."""
        return any(self.is_near(value, told.target) for told in self._log[self._heard :] if told.target)

    def delay(self, value: Vector, now: Ms) -> Ms | None:
        """How late a report is that only one command of the last 25 s can have brought; None where that is not sure.

        Also of one that was followed by others: in a fade by steps only the quickest words would come in time.
        """
        near = [told for told in self._log if now - told.sent <= LONG_AGO and self.is_near(value, told.target)]
        is_sure = len(near) == 1 and near[0].origins and near[0].end - near[0].sent <= 2 * SECOND
        return now - near[0].sent if is_sure else None

    def older_targets(self) -> list[Vector]:
        """Where the commands before the newest sent it: one that it seemed to follow in passing may have been lost."""
        return [told.target for told in self._log[:-1]]

    def is_alone(self, now: Ms) -> bool:
        """Whether no other command of the last 25 s has the newest one's target: then only it can be answered."""
        *others, newest = self._log
        return not any(now - told.sent <= LONG_AGO and self.is_near(newest.target, told.target) for told in others)

    def is_near(self, value: Vector, told: Vector) -> bool:
        """Whether a device that is where it was told to be may say this. What cannot be compared may be."""
        if len(value) != len(told):
            return True
        if len(value) == 1:
            apart = abs(value[0] - self._accuracy.expected(told[0]))
            return apart <= self._accuracy.tolerance(told[0]) and self._is_same_side(value, told)
        return distance(value, told) <= self._scale.least

    def _is_same_side(self, value: Vector, told: Vector) -> bool:
        return not self._scale.has_off or (value[0] == 0.0) == (told[0] == 0.0)

    def _is_in(self, value: Vector, span: ValueRange, *, with_off: bool = False) -> bool:
        if len(value) != len(span.low):
            return True
        if self._scale.has_off and value == (0.0,) and not (with_off and span.low == value):
            return False  # off is never on the way
        if len(value) == 1:
            low = self._accuracy.expected(span.low[0]) - self._accuracy.tolerance(span.low[0])
            high = self._accuracy.expected(span.high[0]) + self._accuracy.tolerance(span.high[0])
            return low <= value[0] <= high
        least = self._scale.least
        return all(a - least <= part <= b + least for a, part, b in zip(span.low, value, span.high, strict=True))

    def _nearest(self, value: Vector) -> int | None:
        """Of the commands that count the one whose target is nearest; where two are as near, the older."""
        fitting = [
            (distance(self._log[index].target, value), index)
            for index in range(self._seen, len(self._log))
            if len(self._log[index].target) == len(value) and self.is_near(value, self._log[index].target)
        ]
        return min(fitting)[1] if fitting else None

    def _live(self, now: Ms) -> Iterator[SentCommand]:
        for index, told in enumerate(self._log):
            if index >= self._seen or (told.until is not None and told.until >= now):
                yield told

    def _forget_old(self, now: Ms) -> None:
        keep = next(
            (
                index
                for index, told in enumerate(self._log)
                if index >= self._seen or (told.until or 0) >= now or now - told.sent < KEPT
            ),
            len(self._log) - 1,
        )
        keep = max(keep, len(self._log) - AT_MOST)
        del self._log[:keep]
        self._seen = max(self._seen - keep, 0)
        self._heard = max(self._heard - keep, 0)


def _places(told: SentCommand, now: Ms) -> Iterator[ValueRange]:
    """Where a command may have brought the device by now."""
    if told.target:
        yield ValueRange.of(told.target)
    if told.vague is not None:
        yield told.vague
    if told.end > now - JUST_NOW:
        yield from told.between(now - JUST_NOW, now)


def _vague(told: SentCommand, vaguely: Callable[[Vector], ValueRange | None]) -> ValueRange | None:
    """All of where a command may have had the device, in another kind of value."""
    spans = [vaguely(value) for value in (told.target, *(corner for span in told.origins for corner in span))]
    corners = [corner for span in spans if span is not None for corner in span]
    return ValueRange.of(*corners) if None not in spans else None
