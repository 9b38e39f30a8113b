"""A session that is interrupted: nobody talks into anybody, lights only rise, and it goes on as after any pause."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.commands import Abort, Back, Extend, Next, Pause, Repeat, Resume, Stop
from orchestrator.fade import Fade
from orchestrator.scenes.planning.timeline import Anchor, Chapter, Cue, Move, Say, Timeline
from orchestrator.session.commands import Command, Interrupt, Tell
from orchestrator.session.outputs import Announce, HushWords, Output, Wish
from orchestrator.session.reports import Spoken
from orchestrator.session.session import Session
from orchestrator.session.state import Status
from orchestrator.session.voice import Traits
from orchestrator.units import MINUTE, Percent
from tests.levels import level
from tests.session.timelines import BEFORE, GLOW, MAIN, landing, timelines

LOW = Timeline(
    "low",
    "Low",
    "en",
    (
        Chapter(
            "low",
            "",
            10_000,
            10 * MINUTE,
            None,
            (
                Cue(0, Anchor.START, Move(MAIN, 20.0, 5000)),
                Cue(0, Anchor.START, Move(GLOW, 60.0, 2000)),
                Cue(0, Anchor.START, Say("one", 4000)),
                Cue(6000, Anchor.START, Say("two", 4000)),
            ),
        ),
        Chapter("end", "", 0, MINUTE, None, ()),
    ),
    landing("finish", 6000),
    landing("stopped", 3000),
    landing("lost", 3000),
)
BELL, PHONE = Say("the bell", 2000), Say("the phone", 2000)
DEAF = Traits(cast=True, done=False, hush=False)
GOOD = Traits(cast=True, done=True, hush=True)


class Played:
    """A session, and all that it says to the outside."""

    def __init__(self, timeline: Timeline = LOW, traits: Traits = GOOD, rate: int = 1000) -> None:
        self.session = Session("s", timeline, BEFORE, 0, traits=traits, rate=rate)
        self.out: list[Output] = []
        self.now = 0
        self.until(0)

    def until(self, now: int) -> None:
        self.now = now
        self.out += self.session.advance(now)

    def tell(self, *commands: Command) -> None:
        for command in commands:
            self.out += self.session.handle(command, self.now)

    def spoken(self, text: str) -> None:
        name = next(each.id for each in self.said() if each.text == text)
        self.out += self.session.report(Spoken(name), self.now)

    def said(self) -> list[Announce]:
        return [output for output in self.out if isinstance(output, Announce)]

    def told(self) -> list[tuple[int, str]]:
        return [(each.at, each.text) for each in self.said()]


def test_what_is_darker_comes_up_and_what_is_brighter_stays() -> None:
    one = Played()
    one.until(20_000)
    one.tell(Interrupt(Percent(40.0)))
    wishes = [output for output in one.out if isinstance(output, Wish) and output.rises]
    assert [(wish.track, wish.fade) for wish in wishes] == [(MAIN, Fade(20_000, 21_500, 20.0, 40.0))]
    assert one.session.room(20_750)[MAIN] == 30.0
    assert one.session.room(60_000) == {MAIN: 40.0, GLOW: 60.0}


def test_when_it_goes_on_each_fade_goes_where_it_was_going_from_where_the_light_is() -> None:
    one = Played()
    one.until(3000)
    one.tell(Interrupt(Percent(80.0)))
    one.until(60_000)
    assert one.session.room(60_000) == {MAIN: 80.0, GLOW: 80.0}
    one.tell(Resume())
    assert one.session.fades[MAIN] == Fade(3000, 5000, 80.0, 20.0)
    assert one.session.fades[GLOW] == Fade(3000, 5000, 80.0, 60.0)
    assert one.session.room(61_000)[MAIN] == 50.0
    assert one.session.room(62_000) == {MAIN: 20.0, GLOW: 60.0}


@pytest.mark.parametrize("command", [Next(), Stop(), Abort()])
def test_every_way_out_begins_where_the_light_is(command: Command) -> None:
    one = Played()
    one.until(20_000)
    one.tell(Interrupt(Percent(40.0)))
    one.until(30_000)
    one.tell(command)
    assert one.session.room(30_000)[MAIN] == pytest.approx(40.0)


def test_a_second_interruption_lifts_from_where_the_first_has_come() -> None:
    one = Played()
    one.until(20_000)
    one.tell(Interrupt(Percent(40.0)))
    one.until(20_750)
    one.tell(Interrupt(Percent(70.0)))
    assert one.session.room(20_750)[MAIN] == 30.0
    assert one.session.room(23_000) == {MAIN: 70.0, GLOW: 70.0}


def test_a_voice_that_can_be_hushed_says_the_bell_at_once_and_the_scenes_words_again_later() -> None:
    one = Played()
    one.until(1000)
    one.tell(Interrupt(Percent(40.0)), Tell(BELL))
    assert one.told() == [(0, "one"), (1000, "the bell")]
    assert [output.id for output in one.out if isinstance(output, HushWords)] == ["s-1"]
    one.until(3000)
    one.spoken("the bell")
    one.until(60_000)
    one.tell(Resume())
    assert one.told()[2:] == [(60_000, "one")]


def test_a_voice_that_cannot_be_hushed_finishes_first() -> None:
    one = Played(traits=DEAF)
    one.until(1000)
    one.tell(Interrupt(Percent(40.0)), Tell(BELL), Tell(PHONE), Tell(BELL))
    one.until(60_000)
    assert one.told() == [(0, "one"), (4000, "the bell"), (6000, "the phone")]


def test_who_goes_on_while_the_bell_is_announced_hears_the_next_words_after_it() -> None:
    one = Played(traits=DEAF)
    one.until(11_000)
    one.tell(Interrupt(Percent(40.0)), Tell(BELL))
    one.until(11_500)
    one.tell(Resume(), Repeat())
    one.until(30_000)
    assert one.told()[2:] == [(11_000, "the bell"), (13_000, "one"), (19_000, "two")]


def test_a_step_that_had_ended_under_an_announcement_goes_on_after_a_pause_once_that_is_over() -> None:
    steps = (Chapter("first", "First", 0, 500, None, ()), Chapter("second", "Second", 0, 20_000, None, ()))
    one = Played(Timeline("low", "Low", "en", steps, landing("f", 3000), landing("s", 3000), landing("l", 3000)))
    one.tell(Tell(BELL))
    one.until(600)
    one.tell(Interrupt(Percent(40.0)))
    one.until(5000)
    one.tell(Resume())
    assert one.session.chapter.id == "first"
    one.until(8000)  # so long the bell may be in the air, where no voice says that it is done
    assert one.session.chapter.id == "second"


def test_an_announcement_waits_for_the_words_in_the_air_and_the_next_words_for_it() -> None:
    one = Played(traits=DEAF)
    one.until(3000)
    one.tell(Tell(BELL._replace(lasts=5000)))
    one.until(30_000)
    assert one.told() == [(0, "one"), (4000, "the bell"), (9000, "two")]


asides = st.sampled_from([Tell(BELL), Tell(PHONE), Interrupt(Percent(40.0)), Interrupt(Percent(90.0))])
others = st.sampled_from([Next(), Back(), Pause(), Resume(), Repeat(), Extend(30_000), Stop()])


@given(
    timelines(),
    st.lists(st.tuples(st.integers(0, 20_000), asides | others), max_size=15),
    st.sampled_from([1000, 1000, 20_000]),
)
def test_nobody_ever_talks_into_anybody(timeline: Timeline, acts: list[tuple[int, Command]], rate: int) -> None:
    one = Played(timeline, DEAF, rate)
    for pause, command in acts:
        one.until(one.now + pause)
        if one.session.is_over or one.session.ending is not None:
            break
        one.tell(command)
    one.until(one.now + 10 * MINUTE)
    spans = [(each.at, each.at + each.lasts * 1000 // rate, each.text) for each in one.said()]
    overlaps = [(before, after) for before, after in pairwise(spans) if after[0] < before[1] - 1]
    assert overlaps == []


@given(timelines(), st.lists(st.tuples(st.integers(0, 20_000), asides | others), max_size=15))
def test_lights_never_jump_by_an_interruption_or_its_end(timeline: Timeline, acts: list[tuple[int, Command]]) -> None:
    one = Played(timeline)
    for pause, command in acts:
        one.until(one.now + pause)
        if one.session.is_over or one.session.ending is not None:
            break
        before = {track: value for track, value in one.session.room(one.now).items() if track in (MAIN, GLOW)}
        was_paused = one.session.status is Status.PAUSED
        one.tell(command)
        after, later = one.session.room(one.now), one.session.room(one.now + 5000)
        if isinstance(command, Interrupt) or (isinstance(command, Resume) and was_paused):
            assert {track: after[track] for track in before} == pytest.approx(before)
        if isinstance(command, Interrupt):
            assert [track for track, value in before.items() if level(later[track]) < level(value)] == []


def test_words_that_end_in_a_pause_are_waited_for_no_more_when_it_is_over() -> None:
    """A voice that cannot be hushed is late with its words: the playhead stands for it, and then for a person."""
    one = Played(traits=Traits(cast=True, done=True, hush=False))
    one.until(7000)
    one.tell(Pause())
    one.until(8000)
    one.spoken("one")
    one.until(20_000)
    one.tell(Resume())
    one.until(20_000)
    assert one.told() == [(0, "one"), (20_000, "two")]


def test_only_the_words_that_a_pause_has_cut_are_said_again() -> None:
    """A step of two announcements, paused in the second: the first was heard whole."""
    one = Played()
    one.until(4000)
    one.spoken("one")
    one.until(7000)
    one.tell(Pause())
    one.until(60_000)
    one.tell(Resume())
    one.until(60_000)
    assert one.told() == [(0, "one"), (6000, "two"), (60_000, "two")]
