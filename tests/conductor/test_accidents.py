"""Single accidents, each with its story."""

import pytest

from orchestrator.commands import GiveBack, MusicVolume, Next, Stop
from orchestrator.events.device import Overridden
from orchestrator.scenes.planning.timeline import Anchor, Chapter, Cue, Move, Timeline
from orchestrator.units import Percent
from tests.conductor.evening import Evening, Find, Lose, Plug, Turn, Unplug
from tests.session.timelines import GLOW, MAIN, landing

TIMELINE = Timeline(
    "small",
    "Small",
    "en",
    (
        Chapter("dim", "Dim", 0, 60_000, None, (Cue(0, Anchor.START, Move(MAIN, 20.0, 60_000)),)),
        Chapter("glow", "Glow", 0, 60_000, None, (Cue(0, Anchor.START, Move(GLOW, 30.0, 5000)),)),
    ),
    landing("finish", 6000),
    landing("stopped", 3000),
    landing("lost", 3000),
)


def test_a_lamp_that_was_away_when_the_broker_returned_is_paid_when_it_returns_itself() -> None:
    evening = Evening(TIMELINE)
    evening.until(20_000)
    evening.act(Lose())
    evening.act(Unplug("ceiling"))
    evening.act(Stop())
    evening.until(30_000)
    evening.act(Find())
    evening.until(45_000)
    assert {debt.device for debt in evening.conductor.stage.debts} == {"ceiling"}
    evening.act(Plug("ceiling"))
    evening.until(65_000)
    assert evening.state()["ceiling"] == pytest.approx(evening.before["ceiling"], abs=0.5)
    assert evening.conductor.stage.debts == []


def test_after_a_lost_broker_lamps_are_where_the_room_is_within_two_seconds() -> None:
    evening = Evening(TIMELINE)
    evening.until(20_000)
    evening.act(Lose())
    evening.until(40_000)
    evening.act(Find())
    evening.until(42_000)
    runner = evening.conductor.runner("room")
    assert runner is not None
    assert runner.session is not None
    wanted = runner.session.room(42_000)[MAIN]
    assert isinstance(wanted, float)
    shown = evening.state()["ceiling"]
    assert isinstance(shown, float)
    assert abs(shown - wanted) < 2.0


def test_a_lamp_that_was_switched_off_by_hand_gets_nothing() -> None:
    evening = Evening(TIMELINE)
    evening.until(25_000)
    evening.act(Turn("ceiling", 0.0))
    sent = len(evening.sent)
    evening.play([(1000, Next())])
    assert not [message for _, message in evening.sent[sent:] if message.topic == "zigbee2mqtt/ceiling/set"]
    assert evening.state()["ceiling"] == 0.0
    assert [event.device for event in evening.told(Overridden)] == ["ceiling"]


def test_give_back_hands_the_lamp_to_the_session_and_landing_gives_it_back_as_the_person_left_it() -> None:
    evening = Evening(TIMELINE)
    evening.until(25_000)
    evening.act(Turn("ceiling", 90.0))
    evening.conductor.command("room", GiveBack("ceiling"), evening.now)
    evening.until(80_000)
    shown = evening.state()["ceiling"]
    assert isinstance(shown, float)
    assert shown < 21.0
    evening.play([])
    assert evening.state()["ceiling"] == pytest.approx(90.0, abs=0.5)


def test_a_volume_is_refused_before_there_is_music() -> None:
    evening = Evening(TIMELINE)
    evening.act(MusicVolume(Percent(30.0)))
    assert not evening.events("volume_set")


def test_a_lamp_that_is_handed_back_in_the_landing_ends_as_the_person_had_left_it() -> None:
    evening = Evening(TIMELINE)
    evening.until(25_000)
    evening.act(Stop())
    evening.until(evening.now + 500)
    evening.act(Turn("ceiling", 95.0))
    evening.until(evening.now + 500)
    evening.act(GiveBack("ceiling"))
    evening.play([])
    assert evening.state()["ceiling"] == pytest.approx(95.0, abs=0.5)
    assert {**evening.state(), "ceiling": 70.0} == pytest.approx(evening.before, abs=0.5)
