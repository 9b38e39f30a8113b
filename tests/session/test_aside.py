"""Words beside the scene's own: an answer to somebody who asked."""

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.scenes.planning.timeline import Say, Timeline
from orchestrator.session.commands import Next, Tell
from orchestrator.session.session import Session
from orchestrator.session.state import Announce, Ending, Output
from orchestrator.session.voice import Traits
from tests.session.timelines import BEFORE, timelines

START = 5_000
VOICE = Traits(cast=True, done=False, hush=True)
ASIDE = Say("Two minutes more.", 1_500)


def answered(session: Session, now: int) -> list[Output]:
    """What comes of an answer at a moment, whoever speaks then."""
    outputs = session.advance(now)
    if session.is_over or session.ending is not None:
        return outputs
    return outputs + session.handle(Tell(ASIDE), now)


def announced(outputs: list[Output]) -> list[Announce]:
    return [output for output in outputs if isinstance(output, Announce)]


@given(timelines(), st.lists(st.integers(0, 20_000), max_size=12))
def test_no_answer_is_spoken_over_other_words_and_none_of_them_is_lost(timeline: Timeline, steps: list[int]) -> None:
    usual = [announce.text for announce in announced(Session("u", timeline, BEFORE, 0, traits=VOICE).advance(10**9))]
    session = Session("s", timeline, BEFORE, START, traits=VOICE)
    outputs: list[Output] = []
    now = START
    for step in steps:
        now += step
        outputs += answered(session, now)
    outputs += session.advance(10**9)
    said = announced(outputs)
    assert [announce.text for announce in said if announce.text != ASIDE.text] == usual
    ends = [announce.at + announce.lasts for announce in said]
    assert all(end <= after.at for end, after in zip(ends, said[1:], strict=False))
    assert session.is_over
    assert session.ending is Ending.FINISHED


@given(timelines(), st.integers(0, 20_000))
def test_next_goes_before_an_answer(timeline: Timeline, after: int) -> None:
    session = Session("s", timeline, BEFORE, START, traits=VOICE)
    answered(session, START + after)
    visit = session.playhead
    said = session.handle(Next(), START + after) if session.ending is None else []
    if session.playhead is not visit:  # else it was meant for the step before
        said += session.advance(10**9)
        assert ASIDE.text not in [announce.text for announce in announced(said)]
