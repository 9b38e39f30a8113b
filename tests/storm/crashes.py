"""Every point at which the service may be cut off, one after the other: between any two writes, around each send.

As CrashMonkey does for file systems: a script is played once for each of its points, cut off there, started again and
played to its end; the judge of the storm judges.
"""

import json
import os
import warnings
from collections.abc import Collection
from random import Random
from typing import NamedTuple, Self

from tests.storm.evening import Deed, Evening
from tests.storm.homes import SHIPPED
from tests.storm.world import World

SCRIPT = Evening(
    seed=1,
    home="house",
    before={
        "ceiling": {"level": 70, "mired": 250},
        "linear": {"level": 60, "mired": 240},
        "ikea": {"level": 0, "mired": 300},
        "strip": {"level": 40, "rgb": [255, 180, 60]},
        "bulb": {"level": 55, "mired": 280},
        "desk": {"level": 80, "mired": 220},
        "left": {"level": 45, "mired": 300},
        "right": {"level": 45, "mired": 300},
        "speaker": {"volume": 33, "playing": "http://example.invalid/radio"},
        "radio": {"volume": 41},
        "burner": {"on": False},
    },
    radios={},
    deeds=(
        Deed(4_000, "start", "minute", {"room": "den"}),
        Deed(6_500, "start", "plain", {"room": "study"}),
        Deed(12_500, "hand", "strip", {"level": 100}),
        Deed(14_000, "command", "pause", {"room": "den"}),
        Deed(15_500, "command", "resume", {"room": "den"}),
        Deed(18_000, "unplug", "bulb", {"lasts": 6_000}),
        Deed(19_000, "command", "next", {"room": "den"}),
        Deed(24_000, "hear", "house/bell", {"payload": "ring"}),
        Deed(27_000, "command", "resume", {"room": "den"}),
        Deed(30_000, "start", "dusk", {"room": "study", "mode": "queued"}),
        Deed(33_000, "command", "back", {"room": "den"}),
        Deed(38_000, "command", "stop", {"room": "study"}),
        Deed(44_000, "start", "plain", {"room": "den", "mode": "restart"}),
        Deed(52_000, "command", "abort", {"room": "study"}),
        Deed(56_000, "press", "remote", {"action": "off"}),
    ),
    ends_with="stop",
    is_calm=True,
)
"""A minute with turns of all kinds: starts, takeovers, a queue, hands, outages of a lamp, interruptions, ways out."""


def scene_script(scene: str) -> Evening:
    """A shipped scene, undisturbed and eight times as fast; somebody takes a lamp of it."""
    deeds = (
        Deed(4_000, "start", scene, {"room": "den", "rate": 8.0}),
        Deed(24_000, "hand", "strip", {"level": 90}),
    )
    return Evening(7, "house", SCRIPT.before, {}, deeds, is_calm=True)


class Cut(NamedTuple):
    """What came of one point at which it was cut off."""

    point: int
    findings: list[str]


def points(evening: Evening) -> int:
    """How many there are in an evening that is not cut off. Raises AssertionError where that is wrong already."""
    world = World(evening).play()
    assert not world.watcher.findings, [str(each) for each in world.watcher.findings]
    return world.points


def cut(evening: Evening, point: int, *, power: bool = False) -> World:
    """The evening, cut off at a point and started again after 3 s."""
    return World(evening, cut_at=lambda number: number == point, cuts_power=power).play()


def every_cut(evening: Evening, wanted: Collection[int], *, power: bool = False) -> list[Cut]:
    """What comes of each of these points. The evening is played once: at each of them the process divides.

    The child is cut off there and plays to the end, the parent goes on: what was before a point is played once for all.
    """
    cuts: list[Cut] = []

    def divides(point: int) -> bool:
        if point not in wanted or world.tell_at_end is not None:
            return False
        here, there = os.pipe()
        child = _fork()
        if child == 0:
            os.close(here)
            world.tell_at_end = there
            return True
        os.close(there)
        with os.fdopen(here, "rb") as told:
            said = told.read()
        os.waitpid(child, 0)
        cuts.append(Cut(point, json.loads(said) if said else ["raised: the child has said nothing"]))
        return False

    world = Divided(evening, cut_at=divides, cuts_power=power)
    world.play()
    return cuts


def _fork() -> int:
    """Later Pythons warn of other threads (of the test runner): the child has nothing to do with them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


class Divided(World):
    """A world that may be a child's: that says what was found, and is no more."""

    tell_at_end: int | None = None

    def play(self) -> Self:
        try:
            super().play()
        except BaseException as error:
            if self.tell_at_end is None:
                raise
            self.watcher.find("raised", f"{type(error).__name__}: {error}")
        if self.tell_at_end is not None:
            os.write(self.tell_at_end, json.dumps([str(each) for each in self.watcher.findings]).encode()[:60_000])
            os._exit(0)
        return self


def sampled(total: int, count: int, seed: str) -> list[int]:
    """So many points, by chance; all where there are no more."""
    chance = Random(seed)
    return sorted(chance.sample(range(1, total + 1), min(count, total)))


SCENES = SHIPPED
