"""Whatever happens in whatever order at whatever times, the house keeps its manners."""

from collections import Counter

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
from orchestrator.events.device import Overridden
from orchestrator.events.words import Announced
from orchestrator.fade import Curve
from orchestrator.scenes.planning.timeline import Anchor, Chapter, Cue, Move, Timeline, Wait
from orchestrator.session.state import Status
from orchestrator.simulator.faults import Faults
from orchestrator.units import Percent
from tests.conductor.evening import LAMPS, Act, Evening, Find, Hear, Lose, Plug, Turn, Unplug
from tests.conftest import FEW
from tests.session.timelines import MAIN, landing, timelines

commands = st.sampled_from(
    [
        Next(),
        Back(),
        Pause(),
        Resume(),
        Toggle(),
        Proceed(),
        Repeat(),
        Skip(),
        Goto("step1"),
        Extend(30_000),
        MusicVolume(Percent(60.0)),
        Stop(),
    ]
)
around = st.sampled_from(
    [
        Hear("house/bell", "ring"),
        Hear("house/phone", "ringing"),
        Hear("house/phone", "idle"),
        Hear("house/visitor", "here"),
        Hear("house/oven", "200"),
        Hear("house/oven", "20"),
        Hear("cushion", '{"action": "vibration"}'),
        Hear("mat", "step"),
        Hear("zigbee2mqtt/remote", '{"action": "toggle"}'),
        Hear("zigbee2mqtt/remote/action", "toggle"),
    ]
)
told = commands | around
accidents = st.one_of(
    st.sampled_from(LAMPS).map(Unplug), st.sampled_from(LAMPS).map(Plug), st.just(Lose()), st.just(Find())
)
hands = st.builds(Turn, st.sampled_from(LAMPS), st.integers(0, 100).map(float))
pauses = st.integers(0, 25_000)
harmless = st.builds(
    Faults,
    late_echo=st.sampled_from([0, 300, 1500]),
    ignores_transitions=st.booleans(),
    full_when_turned_on=st.booleans(),
    drops_every=st.sampled_from([0, 0, 0, 3, 7]),
    silent=st.sampled_from([False, False, True]),
    intermediate=st.booleans(),
)
faults = st.dictionaries(st.sampled_from(LAMPS), harmless, max_size=4)


def test_a_lamp_that_goes_out_at_once_may_flash_when_it_is_turned_on() -> None:
    """It ignores transitions, flashes, and says late that it did: nobody touched it."""
    out = Chapter("out", "Out", 0, 0, Wait(1000, 500), (Cue(0, Anchor.START, Move(MAIN, 0.0, 1500, Curve.LINEAR)),))
    timeline = Timeline(
        "out", "Out", "en", (out,), landing("finish", 6000), landing("stopped", 3000), landing("lost", 3000)
    )
    slow = Faults(late_echo=1500, ignores_transitions=True, full_when_turned_on=True)
    assert Evening(timeline, {"linear": slow}).play([]).events("overridden") == []


@given(timelines(), faults, st.lists(st.tuples(pauses, told), max_size=12), st.integers(0, 300))
def test_without_a_hand_nobody_is_said_to_have_taken_anything(
    timeline: Timeline, wrong: dict[str, Faults], acts: list[tuple[int, Act]], latency: int
) -> None:
    evening = Evening(timeline, wrong, latency=latency).play(acts)
    assert evening.events("overridden") == []


@FEW
@given(timelines(), st.lists(st.tuples(pauses, st.one_of(told, accidents)), max_size=12), st.integers(0, 300))
def test_in_the_end_the_room_is_as_it_was_but_for_what_is_away(
    timeline: Timeline, acts: list[tuple[int, Act]], latency: int
) -> None:
    evening = Evening(timeline, latency=latency).play(acts)
    for lamp in LAMPS:
        evening.act(Plug(lamp))
    evening.until(evening.now + 60_000)
    now, before = evening.state(), evening.before
    assert {name: value for name, value in now.items() if not _same(value, before[name])} == {}
    assert evening.conductor.stage.debts == []


@FEW
@given(
    timelines(),
    st.lists(st.tuples(pauses, st.one_of(told, accidents, hands)), max_size=15),
    st.sampled_from([1000, 20_000]),
)
def test_a_budget_is_never_passed(timeline: Timeline, acts: list[tuple[int, Act]], rate: int) -> None:
    evening = Evening(timeline, rate=rate).play(acts)
    commands_at = [
        (at, message.topic, 2 if "brightness" in message.payload and "color" in message.payload else 1)
        for at, message in evening.sent
        if message.topic.startswith("zigbee2mqtt/") and message.topic.endswith("/set")
    ]
    for start, topic, _ in commands_at:
        window = [entry for entry in commands_at if start <= entry[0] < start + 1000]
        assert sum(cost for _, _, cost in window) <= 4
        assert len([entry for entry in window if entry[1] == topic]) == 1


@FEW
@given(timelines(), st.sampled_from(LAMPS), st.integers(3_000, 40_000), st.lists(st.tuples(pauses, told), max_size=8))
def test_a_lamp_that_a_person_took_is_left_as_they_left_it(
    timeline: Timeline, lamp: str, moment: int, acts: list[tuple[int, Act]]
) -> None:
    evening = Evening(timeline)
    evening.until(moment)
    if evening.conductor.is_settled("room"):
        return
    shown = evening.state()[lamp]
    assert isinstance(shown, float)
    evening.act(Turn(lamp, 100.0 if shown < 50 else 0.0))
    taken = [event for event in evening.told(Overridden) if event.device == lamp]
    if not taken:
        return
    sent_before = len(evening.sent)
    evening.play(acts)
    after = [
        message
        for _, message in evening.sent[sent_before:]
        if (message.topic.startswith(lamp) or f"/{lamp}/" in message.topic) and not message.topic.endswith("/get")
    ]
    assert not [message for message in after if "brightness" in message.payload or '"OFF"' in message.payload]
    assert evening.state()[lamp] == (100.0 if shown < 50 else 0.0)
    others = {name: value for name, value in evening.state().items() if name != lamp}
    assert {name: value for name, value in others.items() if not _same(value, evening.before[name])} == {}


@FEW
@given(timelines(), st.lists(st.tuples(pauses, st.one_of(commands, accidents, hands)), max_size=15))
def test_nothing_momentary_is_said_twice_in_a_visit_unless_asked_for(
    timeline: Timeline, acts: list[tuple[int, Act]]
) -> None:
    acts = [(pause, act) for pause, act in acts if not isinstance(act, Repeat | Pause | Resume | Toggle | Proceed)]
    evening = Evening(timeline).play(acts)
    visits: list[Counter[str]] = [Counter()]
    for note in evening.records:
        if note.event.kind in ("step_started", "landing"):
            visits.append(Counter())
        elif isinstance(note.event, Announced):
            visits[-1][note.event.text] += 1
    assert all(count == 1 for visit in visits for count in visit.values())


@FEW
@given(timelines(), st.lists(st.tuples(pauses, st.one_of(told, accidents, hands)), max_size=10))
def test_the_playhead_stays_inside_its_timeline(timeline: Timeline, acts: list[tuple[int, Act]]) -> None:
    evening = Evening(timeline)
    for pause, act in acts:
        evening.until(evening.now + pause)
        evening.act(act)
        runner = evening.conductor.runner("room")
        assert runner is not None
        session = runner.session
        if session is None:
            continue
        offset = session.offset(evening.now)
        assert 0 <= offset <= session.chapter.length
        assert session.index <= len(timeline.chapters)
        assert (session.next_deadline() is None) == session.is_over


@FEW
@given(timelines(), st.integers(0, 60_000))
def test_an_abort_ends_within_the_budget_of_the_bridges(timeline: Timeline, moment: int) -> None:
    evening = Evening(timeline)
    evening.until(moment)
    evening.act(Abort())
    aborted = evening.now
    evening.until(aborted + 10_000)
    assert evening.state() == pytest.approx(evening.before, abs=1)
    evening.until(aborted + 30_000)
    assert evening.conductor.is_settled("room")


@FEW
@given(
    timelines(), st.integers(0, 60_000), st.sampled_from([Hear("house/bell", "ring"), Hear("house/phone", "ringing")])
)
def test_an_interruption_leaves_nobody_in_the_dark_and_then_all_stand(
    timeline: Timeline, moment: int, bell: Hear
) -> None:
    """A lamp that was told something within the last second hears of it a second later: so slow is Zigbee."""
    evening = Evening(timeline)
    evening.until(moment)
    runner = evening.conductor.runner("room")
    assert runner is not None
    evening.act(bell)
    rang = _levels(evening)
    if runner.status is not Status.PAUSED:
        return
    evening.until(evening.now + 2600)
    lit = _levels(evening)
    assert {lamp: level for lamp, level in lit.items() if level < min(rang[lamp], 20.0) - 1.0} == {}
    evening.until(evening.now + 20_000)
    assert _levels(evening) == lit


def _levels(evening: Evening) -> dict[str, float]:
    return {lamp.name: lamp.lightness for lamp in evening.simulated.lamps(evening.now)}


def _same(one: object, other: object) -> bool:
    """Equal but for one step of a lamp's or a player's scale."""
    if isinstance(one, float | int) and isinstance(other, float | int) and not isinstance(one, bool):
        return abs(one - other) <= 1.0
    return one == other
