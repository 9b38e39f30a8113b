"""A session that is ended early keeps the light low for a minute, and then the room is as it was (rule 13)."""

import pytest

from orchestrator.commands import Abort, Stop
from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.rates import bridge_rates
from orchestrator.conductor.request import Start
from orchestrator.events.device import GivenBack, Overridden
from orchestrator.events.session import Ending
from orchestrator.scenes.library import read
from orchestrator.scenes.planning import planner
from orchestrator.scenes.planning.timeline import Timeline
from orchestrator.stage.heard import Debt
from orchestrator.units import MINUTE, SECOND
from orchestrator.values import Attribute
from tests.conductor.evening import HOME, START, Evening, Find, Hear, Lose, Plug, Turn, Unplug

SCENE = """
scene: low
format: 1
title: Low
roles: {main: {kind: light}, music: {kind: player, optional: true}}
looks: {low: {main: {brightness: 10%}}}
steps: [{step: lie, look: low, fade: 2s, lasts: 5min}]
finish: {fade: 4s, at_most: 20%}
"""
PRESS = Hear("zigbee2mqtt/remote", '{"action": "toggle"}')
STOPPED_AT = START + 20 * SECOND
LEVEL = Attribute.LEVEL


def planned() -> Timeline:
    return planner.plan(read(SCENE, "low.yaml").model, {})


def stopped(ending: Stop | Abort = Stop()) -> Evening:  # noqa: B008 - an immutable value
    evening = Evening(planned())
    evening.until(STOPPED_AT)
    evening.act(ending)
    return evening


def ceiling(evening: Evening, after: int) -> float:
    """How bright the ceiling is so long after the stop; it was 70 before."""
    evening.until(STOPPED_AT + after)
    level = evening.state()["ceiling"]
    assert isinstance(level, float)
    return level


def test_for_a_minute_it_is_not_brighter_than_the_scene_says_and_then_as_it_was() -> None:
    evening = stopped()
    seen = [ceiling(evening, second * SECOND) for second in range(6, 60)]
    assert max(seen) <= 20.5
    assert min(seen) >= 19.5
    assert 40 <= ceiling(evening, 75 * SECOND) <= 50
    assert ceiling(evening, 91 * SECOND) == pytest.approx(70, abs=0.5)


def test_the_session_is_over_meanwhile_and_the_room_owes() -> None:
    evening = stopped()
    evening.until(STOPPED_AT + 20 * SECOND)
    runner = evening.conductor.runner("room")
    assert runner is not None
    assert runner.is_over
    assert "ceiling" in runner.owed()
    assert not evening.conductor.is_settled("room")
    (told,) = evening.told(GivenBack)
    assert "ceiling" in told.later
    evening.until(STOPPED_AT + 100 * SECOND)
    assert runner.owed() == []
    assert "ceiling" in evening.told(GivenBack)[-1].given


def test_an_abort_has_no_minute() -> None:
    assert ceiling(stopped(Abort()), 3 * SECOND) == pytest.approx(70, abs=0.5)


def test_what_is_finished_stays_as_it_ends() -> None:
    evening = Evening(planned())
    evening.until(START + 6 * MINUTE)
    assert evening.conductor.is_settled("room")
    evening.until(START + 9 * MINUTE)
    assert evening.state()["ceiling"] == pytest.approx(20, abs=0.5)


def test_what_is_stopped_as_it_finishes_goes_on_all_the_same() -> None:
    scene = SCENE.replace("finish: {fade: 4s, at_most: 20%}", "finish: {fade: 40s}\nstopped: {at_most: 20%}")
    evening = Evening(planner.plan(read(scene, "low.yaml").model, {}))
    evening.until(START + 5 * MINUTE + 5 * SECOND)
    evening.act(Stop())
    stopped_at = evening.now
    evening.until(stopped_at + 30 * SECOND)
    assert evening.state()["ceiling"] == pytest.approx(20, abs=0.5)
    evening.until(stopped_at + 2 * MINUTE)
    assert evening.state()["ceiling"] == pytest.approx(70, abs=0.5)


def test_a_hand_takes_it_over() -> None:
    evening = stopped()
    evening.until(STOPPED_AT + 30 * SECOND)
    evening.act(Turn("ceiling", 5.0))
    assert ceiling(evening, 3 * MINUTE) == pytest.approx(5, abs=0.5)
    assert evening.conductor.is_settled("room")


def test_a_press_lets_it_go_on_at_once() -> None:
    evening = stopped()
    evening.until(STOPPED_AT + 30 * SECOND)
    evening.act(PRESS)
    assert ceiling(evening, 34 * SECOND) == pytest.approx(70, abs=0.5)


def test_a_start_takes_it_over_and_gives_back_what_was_before_the_first() -> None:
    evening = stopped()
    evening.until(STOPPED_AT + 30 * SECOND)
    roles: dict[str, tuple[str, ...]] = {"main": ("ceiling", "linear", "ikea")}
    evening.conductor.start(Start("next", "room", planned(), roles), evening.now)
    assert ceiling(evening, 80 * SECOND) == pytest.approx(10, abs=0.5)
    evening.act(Stop())
    evening.until(evening.now + 2 * MINUTE)
    assert evening.state()["ceiling"] == pytest.approx(70, abs=0.5)


def test_a_lamp_that_was_darker_before_is_given_back_at_once() -> None:
    evening = stopped()
    evening.until(STOPPED_AT + 20 * SECOND)
    assert evening.state()["ikea"] == 0.0
    assert "ikea" in evening.told(GivenBack)[0].given


def test_a_lamp_that_goes_away_meanwhile_comes_back_to_what_it_was() -> None:
    evening = stopped()
    evening.until(STOPPED_AT + 30 * SECOND)
    evening.act(Unplug("ceiling"))
    evening.until(STOPPED_AT + 5 * MINUTE)
    evening.act(Plug("ceiling"))
    assert ceiling(evening, 6 * MINUTE) == pytest.approx(70, abs=0.5)


def test_what_is_lost_has_its_minute_as_well() -> None:
    evening = Evening(planned())
    evening.until(STOPPED_AT)
    evening.conductor.end("room", Ending.LOST, evening.now)
    assert ceiling(evening, 50 * SECOND) == pytest.approx(20, abs=0.5)
    assert ceiling(evening, 2 * MINUTE) == pytest.approx(70, abs=0.5)


def test_after_a_restart_in_that_minute_the_light_goes_on_and_does_not_leap() -> None:
    """The journal has the debt; it is paid in half a minute, from where the lamp says that it is."""
    evening = stopped()
    evening.until(STOPPED_AT + 30 * SECOND)
    debts = [debt for debt in evening.conductor.stage.debts if debt.device == "ceiling"]
    assert Debt("ceiling", LEVEL, pytest.approx(70.0, abs=0.5), START) in debts  # type: ignore[arg-type]
    evening.conductor = Conductor(HOME, bridge_rates(HOME))
    evening.act(Turn("ceiling", 20.0))
    evening.conductor.owe(debts, evening.now)
    evening.act(Find())
    assert ceiling(evening, 45 * SECOND) == pytest.approx(45, abs=3)
    assert ceiling(evening, 61 * SECOND) == pytest.approx(70, abs=0.5)


def test_while_the_broker_is_away_the_minute_passes() -> None:
    evening = stopped()
    evening.until(STOPPED_AT + 10 * SECOND)
    evening.act(Lose())
    evening.until(STOPPED_AT + 80 * SECOND)
    evening.play([])
    assert evening.told(Overridden) == []
    assert evening.state()["ceiling"] == pytest.approx(70, abs=0.5)
