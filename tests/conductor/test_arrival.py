"""A room arrives in the light of a scene slowly, and light that breathes meanwhile breathes on top of that."""

from collections.abc import Sequence
from itertools import pairwise

import pytest

from orchestrator.commands import Next, Pause, Resume
from orchestrator.conductor.preparation import prepare
from orchestrator.conductor.rehearsal import Commanded, Rehearsal
from orchestrator.home.library import read
from orchestrator.scenes import library
from orchestrator.scenes.planning.timeline import Timeline
from orchestrator.session.recovery import Recovery
from orchestrator.session.session import Session
from orchestrator.units import SECOND, Ms, Percent
from orchestrator.values import Attribute, Track
from tests.levels import level
from tests.scenes.sketches import sketch

HOME = read(
    """
home: small
format: 1
devices:
  bright: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/bright}
  dim: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/dim}
rooms:
  den: {roles: {main: [bright, dim]}}
""",
    "small.yaml",
)
PARTS = "[{lasts: 4s, swell: up}, {lasts: 6s, swell: down}]"
BREATHS = sketch(
    "steps: [{step: a, look: warm, fade: 3min, lasts: 20s}, "
    f"{{step: b, count: {{times: 8, parts: {PARTS}, swell: {{main: 8%}}}}}}, {{step: c, lasts: 5min}}]"
)
MAIN = Track("main", Attribute.LEVEL)


def planned(scene: library.Scene) -> Timeline:
    return prepare(scene, HOME, "den", {}, name="den-1").timeline


def shown(
    scene: library.Scene, bright: float, dim: float, until: Ms, commands: Sequence[Commanded] = ()
) -> dict[str, list[float]]:
    """What each lamp shows, every half second of a session; before it they were so bright."""
    rehearsal = Rehearsal(HOME, prepare(scene, HOME, "den", {}, name="den-1"), commands=commands)
    for name, before in (("bright", bright), ("dim", dim)):
        rehearsal.simulated.turn(name, 0, level=Percent(before))
    found: dict[str, list[float]] = {"bright": [], "dim": []}
    moment = 0
    for _ in rehearsal.play():
        while moment < min(rehearsal.now, until):
            for lamp in rehearsal.simulated.lamps(moment):
                found[lamp.name].append(float(lamp.level))
            moment += SECOND // 2
        if moment >= until:
            break
    return found


def test_light_swells_on_top_of_an_arrival_that_goes_on() -> None:
    timeline = planned(BREATHS)
    at = [level(timeline.state_at(second * SECOND, {MAIN: 90.0})[MAIN]) for second in range(240)]
    way = [90.0 - 50.0 * second / 180 for second in range(181)]
    assert at[:20] == pytest.approx(way[:20])
    assert at[24] == pytest.approx(way[24] + 8.0)
    assert at[30] == pytest.approx(way[30])
    assert at[94] == pytest.approx(way[94] + 8.0)
    assert at[100:181] == pytest.approx(way[100:181]), "after the count it goes on to its end, at its own pace"
    assert at[181:] == [40.0] * 59
    assert max(abs(one - other) for one, other in pairwise(at)) <= 3.0


def test_each_lamp_swells_on_its_own_way_however_far_apart_they_began() -> None:
    lamps = shown(BREATHS, bright=90.0, dim=15.0, until=200 * SECOND)
    assert lamps["bright"][-1] == pytest.approx(40.0, abs=1.0)
    assert lamps["dim"][-1] == pytest.approx(40.0, abs=1.0)
    for half, (bright, dim) in enumerate(zip(lamps["bright"], lamps["dim"], strict=True)):
        there = min(half / 360, 1.0)
        assert -3.0 <= bright - (90.0 - 50.0 * there) <= 11.0, half / 2
        assert -3.0 <= dim - (15.0 + 25.0 * there) <= 11.0, half / 2
    assert max(lamps["dim"]) <= 49.0


def test_a_swell_of_a_look_that_rests_is_what_it_was() -> None:
    timeline = planned(BREATHS)
    at = [level(timeline.state_at(second * SECOND, {MAIN: 40.0})[MAIN]) for second in (20, 24, 30, 34, 40)]
    assert at == pytest.approx([40.0, 48.0, 40.0, 48.0, 40.0])


def test_who_says_next_on_the_way_does_not_make_the_light_leap() -> None:
    scene = sketch("steps: [{step: a, look: warm, fade: 3min, wait: true}, {step: b, lasts: 5min}]")
    session = Session("s", planned(scene), {MAIN: 90.0}, 0)
    session.handle(Next(), 20 * SECOND)
    assert session.index == 1
    for second in range(20, 200):
        session.advance(second * SECOND)
        assert level(session.room(second * SECOND)[MAIN]) == pytest.approx(max(90.0 - 50.0 * second / 180, 40.0))


def test_a_session_that_goes_on_after_a_restart_goes_on_arriving() -> None:
    scene = sketch("steps: [{step: a, look: warm, fade: 3min, lasts: 1min}, {step: b, lasts: 5min}]")
    recovery = Recovery(1, (MAIN,), None, None)
    session = Session("s", planned(scene), {MAIN: 90.0}, 0, recovery=recovery)
    for second in range(200):
        session.advance(second * SECOND)
        way = max(90.0 - 50.0 * (second + 60) / 180, 40.0)
        assert level(session.room(second * SECOND)[MAIN]) == pytest.approx(way)


def test_a_pause_holds_each_lamp_where_it_is_and_each_goes_on_from_there() -> None:
    """Those of one role may be on ways of their own: none leaps to where another is."""
    scene = sketch("steps: [{step: a, look: warm, fade: 3min, lasts: 4min}]")
    paused = [Commanded(30 * SECOND, Pause()), Commanded(60 * SECOND, Resume())]
    lamps = shown(scene, 100.0, 10.0, 100 * SECOND, paused)
    for levels in lamps.values():
        assert max(abs(after - before) for before, after in pairwise(levels)) < 3.0
        assert max(levels[64:118]) - min(levels[64:118]) < 1.0
    assert lamps["bright"][90] > 80.0
    assert lamps["dim"][90] < 25.0


def test_after_a_swell_that_was_left_the_look_goes_on_as_evenly_as_before() -> None:
    """Not as a swell does, which is slow at first and fast in the middle."""
    lamps = shown(BREATHS, 100.0, 10.0, 120 * SECOND, [Commanded(26 * SECOND, Next())])
    steps = [before - after for before, after in pairwise(lamps["bright"][60:240:20])]
    assert max(steps) - min(steps) < 0.4 * sum(steps) / len(steps)
