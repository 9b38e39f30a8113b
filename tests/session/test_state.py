"""The table of states says what sessions do: which command is accepted where, and what comes of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.commands import (
    Abort,
    Back,
    Extend,
    Goto,
    MusicVolume,
    Next,
    Pause,
    Proceed,
    Repeat,
    Resume,
    Skip,
    Stop,
    Toggle,
)
from orchestrator.errors import Refused
from orchestrator.events.session import Landing
from orchestrator.events.step import Paused, Resumed
from orchestrator.scenes.planning.timeline import Say, Timeline
from orchestrator.session.commands import Command, Interrupt, Tell
from orchestrator.session.outputs import Announce, Output
from orchestrator.session.reports import Spoken
from orchestrator.session.session import Session
from orchestrator.session.state import BY_ITSELF, COMMANDS, HoldFor, State, Status, status_of
from orchestrator.session.voice import Traits
from orchestrator.units import Percent
from tests.session.timelines import BEFORE, timelines

TRAITS = [Traits(), Traits(cast=True, done=True), Traits(cast=True), Traits(cast=True, done=True, hush=False)]
commands: st.SearchStrategy[Command] = st.sampled_from(
    [
        Pause(),
        Resume(),
        Toggle(),
        Next(),
        Proceed(),
        Back(),
        Repeat(),
        Skip(),
        Goto("step1"),
        Extend(20_000),
        MusicVolume(Percent(50.0)),
        Interrupt(Percent(40.0)),
        Tell(Say("the bell", 2000)),
        Stop(),
        Abort(),
    ]
)
acts = st.one_of(commands, commands, st.sampled_from(["done", "failed", "nothing"]))


@contextmanager
def at_once(session: Session) -> Iterator[None]:
    """Within it commands act, and no time passes after them."""
    session._advance = lambda now: None  # type: ignore[method-assign]
    yield
    del session._advance


class Watched:
    """A session that is told things at random, and what is to be known of it from its outputs alone."""

    def __init__(self, timeline: Timeline, traits: Traits) -> None:
        self.session = Session("s", timeline, BEFORE, 0, traits=traits, paused_at_most=60_000)
        self.now = 0
        self.is_paused = False
        self.is_landing = False
        self._newest = ""
        self.hear(self.session.advance(0))

    def hear(self, outputs: list[Output]) -> None:
        for output in outputs:
            if isinstance(output, Announce):
                self._newest = output.id
            elif isinstance(output, Paused | Resumed):
                self.is_paused = isinstance(output, Paused)
            elif isinstance(output, Landing):
                self.is_landing, self.is_paused = True, False

    def until(self, now: int) -> None:
        self.now = now
        self.hear(self.session.advance(now))

    def act(self, act: Command | str) -> Refused | None:
        """Let it be told something; gives the refusal."""
        try:
            if not isinstance(act, str):
                self.hear(self.session.handle(act, self.now))
            elif act != "nothing":
                self.hear(self.session.report(Spoken(self._newest, done=act == "done"), self.now))
        except Refused as refused:
            return refused
        return None


def expected(one: Watched) -> Status:
    """From what was said to the outside, and what the view shows."""
    if one.session.is_over:
        return Status.IDLE
    if one.is_landing:
        return Status.LANDING
    if one.is_paused:
        return Status.PAUSED
    return Status.HOLDING if one.session.view(one.now).hold is not None else Status.RUNNING


@given(timelines(), st.sampled_from(TRAITS), st.lists(st.tuples(st.integers(0, 12_000), acts), max_size=20))
def test_the_status_is_what_the_outputs_have_told(
    timeline: Timeline, traits: Traits, told: list[tuple[int, Command | str]]
) -> None:
    one = Watched(timeline, traits)
    for pause, act in told:
        one.until(one.now + pause)
        assert one.session.status is one.session.view(one.now).status is expected(one)
        one.act(act)
        assert one.session.status is one.session.view(one.now).status is expected(one)
        assert one.session.is_over == (one.session.next_deadline() is None) == (one.session.state is State.OVER)


@given(timelines(), st.sampled_from(TRAITS), st.lists(st.tuples(st.integers(0, 12_000), acts), max_size=20))
def test_a_command_is_accepted_and_leads_where_the_table_says(
    timeline: Timeline, traits: Traits, told: list[tuple[int, Command | str]]
) -> None:
    one = Watched(timeline, traits)
    session = one.session
    for pause, act in told:
        one.until(one.now + pause)
        if isinstance(act, str):
            one.act(act)
            continue
        before = session.state
        accepted = COMMANDS[type(act)].get(before)
        with at_once(session):
            refusal = one.act(act)
        if refusal is None:
            assert accepted is not None, f"{act} in {before}"
            assert session.state in accepted, f"{act} in {before} led to {session.state}"
        else:
            assert session.state is before
            assert accepted is None or isinstance(act, Skip | Goto | MusicVolume), f"{act} in {before}: {refusal}"


@given(timelines(), st.sampled_from(TRAITS), st.lists(st.tuples(st.integers(0, 12_000), acts), max_size=12))
def test_time_leads_where_the_table_says(
    timeline: Timeline, traits: Traits, told: list[tuple[int, Command | str]]
) -> None:
    one = Watched(timeline, traits)
    for pause, act in told:
        end = one.now + pause
        while (due := one.session.next_deadline()) is not None and due <= end:
            before = one.session.state
            one.until(due)
            after = one.session.state
            reached = {
                before,
                *BY_ITSELF[before],
                *(later for state in BY_ITSELF[before] for later in BY_ITSELF[state]),
            }
            assert after in reached
        one.until(end)
        one.act(act)


def test_every_command_and_every_state_stands_in_the_table() -> None:
    assert set(COMMANDS) == set(get_args(Command))
    assert set(BY_ITSELF) == set(State)
    assert not [command for command, row in COMMANDS.items() if State.OVER in row]
    for state in State:
        for hold in (None, *HoldFor):
            assert status_of(state, hold) is not Status.STARTING


@pytest.mark.parametrize("command", [command for command, row in COMMANDS.items() if State.LANDING in row])
def test_a_landing_takes_what_makes_it_quicker_and_words(command: type[Command]) -> None:
    assert command in (Tell, Stop, Abort)
