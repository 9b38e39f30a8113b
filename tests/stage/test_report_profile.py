"""How late and how exactly a device reports outlives the stage: it is heard once a session is over, and taken up."""

import math
import random

import pytest

from orchestrator.fade import Fade
from orchestrator.stage.accuracy import Accuracy
from orchestrator.stage.heard import Debt, Heard, Paid, ProfileChanged, TakenByHand
from orchestrator.stage.lateness import AT_FIRST, ENOUGH, KEPT
from orchestrator.stage.report_profile import ReportProfile
from orchestrator.stage.stage import Stage
from orchestrator.stage.want import Want
from orchestrator.units import SECOND, Ms
from orchestrator.values import Attribute
from tests.stage.radio import Clock, Nature, RadioDevice
from tests.stage.wires import DEVICES, Wire

LEVEL = Attribute.LEVEL
PROMPT = Nature("ends", late=300, lost=0.0, gain=0.95, jitter=0.0, doubles=0.0, answers=True)
"""Says 0.95 of what it is told, at most 300 ms late."""
FADE: Ms = SECOND
NAME = "asked"


class Room:
    """Sessions with one lamp, which says how it is at the end of each fade and once more when it is at rest."""

    def __init__(self, profile: ReportProfile | None = None) -> None:
        self.stage = Stage([DEVICES[NAME]], {})
        self.clock = Clock()
        self.lamp = RadioDevice(Wire(), PROMPT, self.clock, random.Random(3), self._say)
        self.heard: list[tuple[Ms, Heard]] = []
        self.is_deaf = False
        if profile is not None:
            self.stage.acquaint({NAME: profile})
        self.lamp.by_hand(62.0)
        self._wait(SECOND)

    def session(self, *levels: float) -> "Room":
        self.heard.clear()
        for level in levels:
            self._want(level)
            self._wait(20 * SECOND)
            self.lamp._say_place()
            self._wait(20 * SECOND)
        self._want(60.0, landing=True)
        self._wait(FADE)
        self.stage.settle([NAME], self.clock.now)
        self.landed = self.clock.now
        self._wait(120 * SECOND)
        return self

    @property
    def accuracy(self) -> Accuracy:
        return self.stage.staged(NAME).parts[0].ownerships[LEVEL].accuracy

    @property
    def profiles(self) -> list[ReportProfile]:
        return [each.profile for _, each in self.heard if isinstance(each, ProfileChanged)]

    @property
    def given_back_after(self) -> Ms:
        """From the end of the landing's fade."""
        [at] = [at for at, each in self.heard if isinstance(each, Paid)]
        return at - self.landed

    def _want(self, level: float, *, landing: bool = False) -> None:
        now = self.clock.now
        here = self.stage.value(NAME, LEVEL, now)
        fade = Fade(now, now + FADE, here if isinstance(here, float) else level, level)
        self.stage.wish(NAME, LEVEL, Want(fade, landing=landing), now, 60.0)

    def _wait(self, length: Ms) -> None:
        until = self.clock.now + length
        while True:
            due = self.stage.next_deadline()
            moments = [moment for moment in (self.clock.due, due, until) if moment is not None]
            self.clock.run(min(max(min(moments), self.clock.now), until))
            if (due := self.stage.next_deadline()) is not None and due <= self.clock.now:
                for message in self.stage.advance(self.clock.now):
                    if not self.is_deaf:
                        self.lamp.receive(message)
            self.heard += [(self.clock.now, each) for each in self.stage.heard()]
            if self.clock.now >= until and not (due is not None and due <= until):
                return

    def _say(self, value: float) -> None:
        self.stage.receive(Wire().says(NAME, value), self.clock.now)


@pytest.fixture(scope="module")
def learnt() -> ReportProfile:
    """After a session of six commands."""
    [profile] = Room().session(80.0, 40.0, 70.0, 50.0, 85.0, 65.0).profiles
    return profile


def test_what_was_learnt_in_a_session_is_heard_once_it_is_over(learnt: ReportProfile) -> None:
    assert len(learnt.delays) >= ENOUGH
    assert all(FADE <= delay <= FADE + PROMPT.late + SECOND for delay in learnt.delays)
    assert len(learnt.ratios[LEVEL]) >= 3
    assert all(abs(ratio - PROMPT.gain) < 0.02 for ratio in learnt.ratios[LEVEL])


def test_what_is_paid_is_heard_first() -> None:
    heard = Room().session(80.0, 40.0).heard
    assert [type(each) for _, each in heard if isinstance(each, Paid | ProfileChanged)] == [Paid, ProfileChanged]


def test_a_session_in_which_nothing_was_learnt_says_nothing(learnt: ReportProfile) -> None:
    room = Room(learnt)
    room.stage.settle([NAME], room.clock.now)
    room._wait(SECOND)
    assert room.profiles == []


def test_what_a_life_before_has_learnt_is_taken_up_and_added_to(learnt: ReportProfile) -> None:
    room = Room(learnt)
    assert room.stage.staged(NAME).lateness.longest < AT_FIRST
    assert room.accuracy.gain == pytest.approx(PROMPT.gain, abs=0.02)
    [grown] = room.session(80.0).profiles
    assert len(grown.delays) > len(learnt.delays)
    assert grown.delays[: len(learnt.delays)] == learnt.delays


def test_a_device_that_is_known_is_given_back_sooner(learnt: ReportProfile) -> None:
    assert Room().session(80.0).given_back_after >= AT_FIRST - FADE
    known = Room(learnt)
    assert known.session(80.0).given_back_after <= known.stage.staged(NAME).lateness.longest + SECOND


def test_what_the_life_before_had_told_a_known_device_is_still_no_hand(learnt: ReportProfile) -> None:
    """It was in a fade of ten seconds, and what we told it then was lost: it says where that fade has ended."""
    room = Room(learnt)
    debt = Debt(NAME, LEVEL, 60.0, 0)
    room.stage.owe(debt)
    room.stage.resumed([debt], (), room.clock.now)
    room._want(30.0)
    room.is_deaf = True
    room._wait(8 * SECOND)
    room._say(90.0)
    room._wait(SECOND)
    assert not [each for _, each in room.heard if isinstance(each, TakenByHand)]


@pytest.mark.parametrize("ratio", [0.0, -1.0, 5.0, math.nan, math.inf])
def test_what_is_no_inexactness_is_not_taken_up(ratio: float) -> None:
    assert Room(ReportProfile((), {LEVEL: (ratio, ratio, 0.9, ratio, 0.9, 0.9)})).accuracy.ratios == (0.9, 0.9, 0.9)


def test_of_more_than_is_kept_the_newest_count() -> None:
    room = Room(ReportProfile(tuple(range(100)), {LEVEL: tuple(0.9 + number / 1000 for number in range(100))}))
    assert room.stage.staged(NAME).lateness.delays == tuple(range(100 - KEPT, 100))
    assert max(room.accuracy.ratios) == 0.999


def test_what_is_not_inexact_by_its_nature_has_nothing_of_that_to_take_up() -> None:
    room = Room(ReportProfile((100,) * 5, {Attribute.VOLUME: (0.9,) * 5, Attribute.COLOUR: (0.9,) * 5}))
    assert not room.stage.staged(NAME).parts[0].ownerships[Attribute.COLOUR].accuracy.is_known
