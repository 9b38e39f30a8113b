"""Words beside the scene's own: an answer to somebody who asked, what an interruption has to say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.commands import Next, Pause, Resume
from orchestrator.events.session import Ending
from orchestrator.scenes.planning.timeline import Anchor, Chapter, Cue, Say, Timeline
from orchestrator.session.commands import Command, Interrupt, Tell
from orchestrator.session.outputs import Announce, HushWords, Output
from orchestrator.session.reports import Spoken
from orchestrator.session.session import Session
from orchestrator.session.voice import Traits
from orchestrator.units import Percent
from tests.session.timelines import BEFORE, timelines

START = 5_000
VOICE = Traits(cast=True, done=False, hush=True)
ANSWER = Say("Two minutes more.", 1_500)


def answered(session: Session, now: int) -> list[Output]:
    """What comes of an answer at a moment, whoever speaks then."""
    outputs = session.advance(now)
    if session.is_over or session.ending is not None:
        return outputs
    return outputs + session.handle(Tell(ANSWER), now)


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
    assert [announce.text for announce in said if announce.text != ANSWER.text] == usual
    ends = [announce.at + announce.lasts for announce in said]
    assert all(end <= after.at for end, after in zip(ends, said[1:], strict=False))
    assert session.is_over
    assert session.ending is Ending.FINISHED


@given(timelines(), st.integers(0, 20_000))
def test_next_goes_before_an_answer(timeline: Timeline, after: int) -> None:
    session = Session("s", timeline, BEFORE, START, traits=VOICE)
    answered(session, START + after)
    visits = session.visits
    said = session.handle(Next(), START + after) if session.ending is None else []
    if session.visits != visits:  # else it was meant for the step before
        said += session.advance(10**9)
        assert ANSWER.text not in [announce.text for announce in announced(said)]


OVEN, BELL = Say("The oven is hot.", 3000), Say("The doorbell.", 2000)
QUIET = Timeline(
    "quiet",
    "Quiet",
    "en",
    (Chapter("quiet", "", 0, 60_000, None, (Cue(1000, Anchor.START, Say("one", 4000)),)),),
    Chapter("finish", "", 0, 1000, None, ()),
    Chapter("stopped", "", 0, 1000, None, ()),
    Chapter("lost", "", 0, 1000, None, ()),
)


@pytest.mark.parametrize("pause", [Pause(), Interrupt(Percent(40.0))])
@pytest.mark.parametrize("traits", [VOICE, VOICE._replace(done=True), VOICE._replace(hush=False)])
def test_a_pause_cuts_the_scenes_words_and_no_others(pause: Command, traits: Traits) -> None:
    one = Session("s", QUIET, BEFORE, 0, traits=traits)
    outputs = one.handle(Tell(OVEN), 500)
    outputs += one.handle(pause, 1000)
    outputs += one.handle(Tell(BELL), 1000)
    outputs += one.report(Spoken("s-1"), 3500)
    outputs += one.advance(20_000)
    assert [(each.at, each.text) for each in announced(outputs)] == [(500, OVEN.text), (3500, BELL.text)]
    assert not [output for output in outputs if isinstance(output, HushWords)]
    later = one.handle(Resume(), 20_000) + one.advance(30_000)
    assert [each.text for each in announced(later)] == ["one"]


def test_words_that_waited_for_those_that_a_pause_cuts_are_said_in_it() -> None:
    one = Session("s", QUIET, BEFORE, 0, traits=VOICE)
    one.handle(Tell(OVEN), 2000)
    outputs = one.handle(Pause(), 3000)
    assert [each.text for each in announced(outputs)] == [OVEN.text]
    later = one.handle(Resume(), 20_000) + one.advance(30_000)
    assert [(each.at, each.text) for each in announced(later)] == [(20_000, "one")]


def test_music_is_back_after_words_that_went_on_into_a_pause() -> None:
    one = Session("s", QUIET, BEFORE, 0, traits=VOICE)
    one.handle(Tell(OVEN), 6000)
    assert one.gain.target == -12.0
    one.handle(Pause(), 6500)
    one.handle(Resume(), 7000)
    assert one.gain.target == -12.0, "the words are still in the air"
    one.handle(Pause(), 7500)
    one.handle(Resume(), 60_000)
    assert one.gain.target == 0.0


@given(
    timelines(),
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 9000), st.sampled_from(["pause", "resume", "tell", "tell", "interrupt"]))),
)
def test_each_word_that_is_not_the_scenes_is_said_once_whatever_pauses(
    timeline: Timeline, can_hush: bool, acts: list[tuple[int, str]]
) -> None:
    one, now = Session("s", timeline, BEFORE, 0, traits=VOICE._replace(hush=can_hush)), 0
    told: list[str] = []
    outputs: list[Output] = []
    for after, act in acts:
        now += after
        outputs += one.advance(now)
        if one.ending is not None:
            break
        if act == "tell":
            told.append(f"word {len(told)}")
            outputs += one.handle(Tell(Say(told[-1], 2500)), now)
        else:
            commands: dict[str, Command] = {"pause": Pause(), "resume": Resume(), "interrupt": Interrupt(Percent(40.0))}
            outputs += one.handle(commands[act], now)
    outputs += one.advance(now)
    if one.ending is None:
        outputs += one.handle(Resume(), now)
    outputs += one.advance(now + 10**9)
    assert [each.text for each in announced(outputs) if each.text in told] == told
    of = {each.id: each.text for each in announced(outputs)}
    assert [of[output.id] for output in outputs if isinstance(output, HushWords) if of[output.id] in told] == []
