"""An undisturbed session shows what the timeline says, whatever the stepping."""

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.events.session import Ending
from orchestrator.scenes.planning.timeline import Timeline
from orchestrator.session.outputs import Announce
from orchestrator.session.session import Session
from orchestrator.session.voice import Traits
from tests.session.timelines import BEFORE, timelines

START = 5_000


@given(timelines(), st.lists(st.integers(1, 30_000), max_size=30))
def test_state_at_is_what_an_undisturbed_session_shows(timeline: Timeline, steps: list[int]) -> None:
    session = Session("s", timeline, BEFORE, START)
    now = START
    for step in steps:
        now += step
        session.advance(now)
        assert session.room(now) == timeline.state_at(now - START, BEFORE)


@given(timelines(), st.integers(1, 20_000))
def test_the_answer_is_the_same_whatever_the_stepping(timeline: Timeline, stride: int) -> None:
    at_once = Session("s", timeline, BEFORE, START)
    outputs = at_once.advance(START + timeline.lasts)
    step_by_step = Session("s", timeline, BEFORE, START)
    others = []
    for now in range(START, START + timeline.lasts + stride, stride):
        others.extend(step_by_step.advance(now))
    assert outputs == others


@given(timelines())
def test_a_session_ends_when_its_timeline_does_and_has_no_deadline_then(timeline: Timeline) -> None:
    session = Session("s", timeline, BEFORE, START)
    while (deadline := session.next_deadline()) is not None:
        assert not session.is_over
        session.advance(deadline)
        last = deadline
    assert session.is_over
    assert session.ending is Ending.FINISHED
    assert last == START + timeline.lasts


@given(timelines(), st.sampled_from([500, 2000, 60_000]), st.booleans())
def test_the_rate_changes_when_and_not_what(timeline: Timeline, rate: int, says_done: bool) -> None:
    usual = Session("s", timeline, BEFORE, START)
    fast = Session("s", timeline, BEFORE, START, rate=rate, traits=Traits(cast=True, done=says_done))
    end = START + timeline.lasts * 3
    words = [output.text for output in usual.advance(end) if isinstance(output, Announce)]
    assert [output.text for output in fast.advance(end) if isinstance(output, Announce)] == words
    assert fast.room(end) == usual.room(end)
    ended = Session("s", timeline, BEFORE, START, rate=rate, traits=Traits(cast=True, done=says_done))
    ended.advance(START + -(-timeline.lasts * 1000 // rate))
    assert ended.is_over


@given(timelines())
def test_an_earlier_now_does_nothing(timeline: Timeline) -> None:
    session = Session("s", timeline, BEFORE, START)
    session.advance(START + 10_000)
    before = session.room(START + 10_000)
    assert session.advance(START + 3_000) == []
    assert session.room(START + 10_000) == before
