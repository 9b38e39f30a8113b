"""A playhead that stands for the voice goes on when the voice is free, whatever made it free."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.commands import Back, Extend, Next, Pause, Repeat, Resume, Stop
from orchestrator.errors import Refused
from orchestrator.scenes.planning.timeline import Anchor, Chapter, Cue, Move, Say, Timeline, Wait
from orchestrator.session.commands import Command, Interrupt, Tell
from orchestrator.session.outputs import Announce, Output
from orchestrator.session.reports import RoomReport, Spoken, VoiceIs
from orchestrator.session.session import Session
from orchestrator.session.voice import Traits
from orchestrator.units import MINUTE, Percent
from tests.session.timelines import BEFORE, MAIN, landing, timelines

GOOD = Traits(cast=True, done=True, hush=True)
TRAITS = [GOOD, Traits(), Traits(cast=True), Traits(cast=True, hush=False), Traits(cast=True, done=True, hush=False)]
BELL = Say("the bell", 4000)


def two(first: Chapter, second: Chapter) -> Timeline:
    ways = (landing("finish", 6000), landing("stopped", 3000), landing("lost", 3000))
    return Timeline("two", "Two", "en", (first, second), *ways)


def quiet(name: str, lasts: int, wait: Wait | None = None) -> Chapter:
    return Chapter(name, name, 0, lasts, wait, (Cue(0, Anchor.START, Move(MAIN, 20.0, 500)),))


def words(name: str, at: int = 0) -> Chapter:
    return Chapter(name, name, at + 2000, 5000, None, (Cue(at, Anchor.START, Say(f"{name} words", 2000)),))


@pytest.mark.parametrize("chapters", [(quiet("a", 1000), words("b")), (quiet("a", 0), words("b", at=1000))])
@pytest.mark.parametrize("command", [Pause(), Interrupt(Percent(40.0))])
def test_what_stands_for_words_that_a_pause_ended_goes_on_after_it(
    chapters: tuple[Chapter, Chapter], command: Command
) -> None:
    one = Session("s", two(*chapters), BEFORE, 0, traits=GOOD)
    one.advance(500)
    one.handle(Tell(BELL), 500)
    one.advance(2000)
    assert one.view(2000).hold is not None, "it stands for the bell"
    one.handle(command, 2000)
    one.advance(60_000)
    outputs = one.handle(Resume(), 60_000) + one.advance(61_500)
    assert one.chapter.id == "b"
    assert [output.text for output in outputs if isinstance(output, Announce)] == ["b words"]
    one.advance(10 * MINUTE)
    assert one.is_over


acts: st.SearchStrategy[Command | RoomReport] = st.one_of(
    st.sampled_from([Next(), Back(), Pause(), Resume(), Resume(), Repeat(), Extend(30_000), Interrupt(Percent(40.0))]),
    st.sampled_from([Tell(BELL), Tell(Say("the phone", 9000)), Stop()]),
    st.sampled_from(TRAITS).map(VoiceIs),
    st.sampled_from([Spoken(None, done=False), Spoken("newest"), Spoken("newest", done=False)]),
)


@given(
    timelines(),
    st.sampled_from(TRAITS),
    st.lists(st.tuples(st.integers(0, 9000), acts), max_size=20),
    st.sampled_from([1000, 1000, 20_000]),
)
def test_something_is_always_due_and_every_session_ends(
    timeline: Timeline, traits: Traits, told: list[tuple[int, Command | RoomReport]], rate: int
) -> None:
    ends_whatever_is_done(timeline, traits, told, rate)


def ends_whatever_is_done(
    timeline: Timeline, traits: Traits, told: list[tuple[int, Command | RoomReport]], rate: int
) -> None:
    """Play it, as people and the voice act; it must come to its end."""
    one, now, newest = Session("s", timeline, BEFORE, 0, traits=traits, rate=rate), 0, ""

    def heard(outputs: list[Output]) -> None:
        nonlocal newest
        newest = next((output.id for output in reversed(outputs) if isinstance(output, Announce)), newest)

    for pause, act in told:
        now += pause
        heard(one.advance(now))
        try:
            if isinstance(act, Spoken | VoiceIs):
                named = isinstance(act, Spoken) and act.id is not None
                heard(one.report(act._replace(id=newest) if named else act, now))  # type: ignore[call-arg]
            else:
                heard(one.handle(act, now))  # type: ignore[arg-type]
        except Refused:
            continue
        assert (one.next_deadline() is None) == one.is_over
    one.advance(now + 24 * 60 * MINUTE)
    assert one.is_over
