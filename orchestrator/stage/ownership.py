"""Whose an attribute is: ours, or a person's.

After a command every report that lies on the way from where the device was to where it was told to go is its own, until
the transition and a settling time are over (devices sheet, 1.3). A report that fits no window, is not what we believe
and is not what the device said before, is somebody's hand. The believed value is always ours, never the reported one.
"""

from enum import Enum, auto
from typing import NamedTuple, TypeAlias

from orchestrator import chromaticity
from orchestrator.units import Ms
from orchestrator.values import Colour, Temperature

Vector: TypeAlias = tuple[float, ...]
"""A level in a device's units, a volume in percent, a temperature in mired, or a colour's place in u', v'."""

PLACES = 800.0
"""To a unit of u', v': then 8, the tolerance of a lamp, is about what rounding on its way makes of a colour."""


class Meaning(Enum):
    """What a report means."""

    LEARNT = auto()
    """Nothing was known: this is how the device is."""
    OURS = auto()
    """The device on its way, or where we put it."""
    HAND = auto()
    """A person."""


class Motion(NamedTuple):
    """What a device is believed to do: straight from one place to another, in its own unit."""

    start: Ms
    end: Ms
    origin: Vector
    target: Vector

    def at(self, moment: Ms) -> Vector:
        if moment >= self.end or len(self.origin) != len(self.target):
            return self.target
        if moment <= self.start:
            return self.origin
        share = (moment - self.start) / (self.end - self.start)
        return tuple(a + (b - a) * share for a, b in zip(self.origin, self.target, strict=True))


class Window(NamedTuple):
    """Until when reports between two corners are the device's own, for it follows this motion, or has followed it."""

    until: Ms
    low: Vector
    high: Vector
    motion: Motion

    def takes(self, value: Vector, tolerance: float) -> bool:
        if len(value) != len(self.low):
            return True
        return all(
            low - tolerance <= part <= high + tolerance
            for low, part, high in zip(self.low, value, self.high, strict=True)
        )

    def passes(self, now: Ms, value: Vector, settle: Ms, tolerance: float) -> bool:
        """Whether a device that still follows this motion could say this now: of now, or of so long ago."""
        before, here = self.motion.at(now - settle), self.motion.at(now)
        if not len(before) == len(here) == len(value):
            return False
        return all(
            min(parts) - tolerance <= part <= max(parts) + tolerance
            for *parts, part in zip(before, here, value, strict=True)
        )


class Ownership:
    """One attribute of one device: what we believe of it, which reports to expect, and whether a person has it."""

    def __init__(self, settle: Ms, tolerance: float, everything: tuple[float, float]) -> None:
        self.is_hand = False
        self.motion: Motion | None = None
        self._settle = settle
        self._tolerance = tolerance
        self._everything = everything
        self.reported: Vector | None = None
        """What the device said last, whatever we believe: a command may have been lost."""
        self._seen_on_its_way: Vector | None = None
        """What it said last since the newest command that was not just its target, which some bridges say at once."""
        self.is_commanded = False
        """A session has told it something, and has not let go of it yet."""
        self.is_confirmed = True
        """False from a command on until the device says that it is where it was sent."""
        self.is_told_of = False
        """True once the device has said it, ever: what it never says cannot be waited for."""
        self._windows: list[Window] = []

    def at(self, moment: Ms) -> Vector | None:
        """What the device is believed to show; None where nobody knows."""
        return self.motion.at(moment) if self.motion is not None else None

    def command(self, now: Ms, target: Vector, transition: Ms, *, anywhere: bool = False) -> None:
        """We have sent it to a target. `anywhere`: on the way it may show all its range (a lamp that is turned on)."""
        is_on_its_way = self.motion is not None and now <= self.motion.end + self._settle
        seen = self._seen_on_its_way if is_on_its_way else None
        known = [value for value in (self.at(now), self.reported, seen) if value is not None]
        corners = [target, *(value for value in known if len(value) == len(target))]
        low = tuple(min(parts) for parts in zip(*corners, strict=True))
        high = tuple(max(parts) for parts in zip(*corners, strict=True))
        if anywhere or not known or any(len(value) != len(target) for value in known):
            low, high = tuple(self._everything[0] for _ in target), tuple(self._everything[1] for _ in target)
        self._windows = [window for window in self._windows if window.until >= now]
        self.motion = Motion(now, now + transition, self.at(now) or target, target)
        self._windows.append(Window(now + transition + self._settle, low, high, self.motion))
        self._seen_on_its_way = None
        self.is_commanded, self.is_confirmed = True, False

    def report(self, now: Ms, value: Vector, *, retained: bool) -> Meaning:
        """What the device says it shows."""
        before, self.reported = self.reported, value
        self.is_told_of = True
        if self.is_commanded and not retained and self.motion is not None and len(value) == len(self.motion.target):
            self.is_confirmed = near(value, self.motion.target, self._tolerance)
            if not self.is_confirmed:
                self._seen_on_its_way = value
        if not self.is_commanded or self.motion is None:
            if not self.is_commanded or self.is_hand:
                self.motion = Motion(now, now, value, value)
            return Meaning.LEARNT
        if self.is_hand:
            self.motion = Motion(now, now, value, value)
            return Meaning.OURS
        if retained or self._fits(now, value, before):
            return Meaning.OURS
        self.is_hand = True
        self.motion = Motion(now, now, value, value)
        return Meaning.HAND

    def forget(self) -> None:
        """The device was away: nobody knows what it shows, and what it says when it returns is no hand."""
        if not self.is_hand:
            self.motion = None
        self._windows.clear()
        self.reported = self._seen_on_its_way = None

    def give_back(self) -> None:
        """The person hands it to the session again."""
        self.is_hand = False

    def release(self) -> None:
        """No session wants anything of it any more: what it shows from now on is how the room is."""
        self.is_hand = False
        self.is_commanded, self.is_confirmed = False, True
        self._seen_on_its_way = None

    def watch(self) -> None:
        """From now on a change is a hand's, though we have sent nothing: once we know how it is."""
        self.is_commanded = self.motion is not None

    def _fits(self, now: Ms, value: Vector, before: Vector | None) -> bool:
        self._windows = [window for window in self._windows if window.until >= now]
        self._cut_if_followed(now, value)
        if any(window.takes(value, self._tolerance) for window in self._windows):
            return True
        believed = self.at(now)
        return any(near(value, other, self._tolerance) for other in (believed, before) if other is not None)

    def _cut_if_followed(self, now: Ms, value: Vector) -> None:
        """A device that shows the newest target has followed; what older commands allow is soon over.

        Until then the newest command may have been lost, and the device be on its way to where the one before sent it:
        where that way leads past the newest target just now, being there shows nothing.
        """
        if self.motion is None or not self._windows or not near(value, self.motion.target, self._tolerance):
            return
        cut = now + self._settle
        self._windows = [
            window
            if window.motion is self.motion or window.passes(now, value, self._settle, self._tolerance)
            else window._replace(until=min(window.until, cut))
            for window in self._windows
        ]


def near(one: Vector, other: Vector, tolerance: float) -> bool:
    """True where two values are the same but for rounding, or cannot be compared."""
    return len(one) != len(other) or all(abs(a - b) <= tolerance for a, b in zip(one, other, strict=True))


def vector(colour: Colour) -> Vector:
    """A colour to be compared: mired, or where it lies in u', v'.

    As a screen shows it: what a lamp cannot show it reports at its own edge, which is no hand.
    """
    if isinstance(colour, Temperature):
        return (colour.mired,)
    seen = colour.rgb.xy
    u, v = chromaticity.uv_of_xy(seen.x, seen.y)
    return u * PLACES, v * PLACES
