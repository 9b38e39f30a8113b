"""What breaks in on a session: it stands and the way is lit, words are said over it, or it ends in full light."""

import json

import pytest

from orchestrator.commands import Next, Pause, Resume, Stop
from orchestrator.conductor.request import Mode, Start
from orchestrator.errors import Reason, Refused
from orchestrator.events.device import GivenBack
from orchestrator.events.interruption import Interrupted, InterruptionOver
from orchestrator.events.session import Landed, QueueDropped
from orchestrator.events.words import Announced
from orchestrator.scenes.planning.timeline import Anchor, Chapter, Cue, Move, Say, Timeline
from orchestrator.session.state import Status
from orchestrator.units import MINUTE
from orchestrator.values import Attribute, Playing
from tests.conductor.evening import LAMPS, START, Evening, Find, Hear, Lose, Turn
from tests.session.timelines import GLOW, MAIN, MUSIC, VOLUME, landing

RING = Hear("house/bell", "ring")
RINGING, HUNG_UP = Hear("house/phone", "ringing"), Hear("house/phone", "idle")
VISITOR = Hear("house/visitor", "here")
SMOKE, NO_SMOKE = Hear("house/smoke", '{"smoke": true, "battery": 90}'), Hear("house/smoke", '{"smoke": false}')
GAS = Hear("house/gas", "alarm")
FULL = {**dict.fromkeys(LAMPS, 95.0), "linear": 87.8}
"""As bright as the room may be, in percent of each lamp's own scale."""
WAYS_OUT = landing("finish", 3000), landing("stopped", 3000), landing("lost", 3000)


def timeline(*cues: Cue, words: int = 0) -> Timeline:
    """Main low in 5 s, glow off, music, and ten quiet minutes."""
    moves = (Move(MAIN, 20.0, 5000), Move(GLOW, 0.0, 0), Move(MUSIC, Playing(("calm",))), Move(VOLUME, 50.0, 1000))
    first = (*(Cue(0, Anchor.START, move) for move in moves), *cues)
    chapters = (Chapter("low", "Low", words, 10 * MINUTE, None, first), Chapter("end", "End", 0, MINUTE, None, ()))
    return Timeline("t", "T", "en", chapters, landing("finish", 6000), landing("stopped", 3000), landing("lost", 3000))


def evening(at: int = 30_000, latency: int = 0) -> Evening:
    one = Evening(timeline(), latency=latency)
    one.until(at)
    return one


def status(one: Evening) -> Status:
    runner = one.conductor.runner("room")
    assert runner is not None
    return runner.status


def level(one: Evening, lamp: str) -> float:
    shown = one.state()[lamp]
    assert isinstance(shown, float)
    return shown


def said(one: Evening) -> list[str]:
    return [event.text for event in one.told(Announced)]


def names(one: Evening, kind: type[Interrupted | InterruptionOver]) -> list[str]:
    return [event.name for event in one.told(kind)]


# The doorbell


def test_the_doorbell_pauses_all_and_lights_the_way_within_two_seconds() -> None:
    one = evening()
    assert level(one, "ceiling") == pytest.approx(20, abs=1)
    one.act(RING)
    assert status(one) is Status.PAUSED
    one.until(one.now + 400)
    assert level(one, "ceiling") < 35, "no faster than eyes take it"
    one.until(one.now + 1600)
    for lamp in ("ceiling", "ikea", "bulb", "strip"):
        assert level(one, lamp) == pytest.approx(40, abs=1)
    assert one.simulated.players()[0].is_paused
    assert said(one) == ["The doorbell."]
    interrupted = one.events("interrupted")
    assert [note.event for note in interrupted] == [Interrupted("doorbell", "pause")]
    runner = one.conductor.runner("room")
    assert runner is not None
    assert runner.session is not None
    assert runner.session.room(one.now)[MAIN] == 40.0


def test_it_goes_on_by_itself_and_the_lights_go_back_to_where_the_scene_has_them() -> None:
    one = evening()
    one.act(RING)
    one.until(one.now + 119_000)
    assert status(one) is Status.PAUSED
    one.until(one.now + 1000)
    assert status(one) is Status.RUNNING
    one.until(one.now + 2500)
    assert level(one, "ceiling") == pytest.approx(20, abs=1)
    assert level(one, "strip") == 0.0
    assert not one.simulated.players()[0].is_paused
    assert names(one, InterruptionOver) == ["doorbell"]
    one.play([])
    assert one.state() == pytest.approx(one.before, abs=0.5)
    assert one.events("overridden") == []


def test_who_rings_again_has_two_minutes_again_and_is_announced_once() -> None:
    one = evening()
    one.act(RING)
    one.until(one.now + 100_000)
    one.act(RING)
    one.until(one.now + 119_000)
    assert status(one) is Status.PAUSED
    one.until(one.now + 1000)
    assert status(one) is Status.RUNNING
    assert said(one) == ["The doorbell."]
    assert len(one.events("interrupted")) == 1


@pytest.mark.parametrize("command", [Resume(), Next()])
def test_a_person_who_goes_on_ends_the_interruption(command: Resume | Next) -> None:
    one = evening()
    one.act(RING)
    one.until(one.now + 10_000)
    one.act(command)
    assert status(one) is Status.RUNNING
    assert names(one, InterruptionOver) == ["doorbell"]
    one.until(one.now + 3000)
    assert level(one, "ceiling") == pytest.approx(20, abs=1)
    one.until(one.now + 115_000)
    assert len(one.events("resumed")) == 1, "nothing goes on a second time"


def test_a_session_that_a_person_had_paused_stays_paused() -> None:
    one = evening()
    one.act(Pause())
    one.until(one.now + 5000)
    one.act(RING)
    one.until(one.now + 3 * MINUTE)
    assert names(one, InterruptionOver) == ["doorbell"]
    assert status(one) is Status.PAUSED
    one.act(Resume())
    one.until(one.now + 3000)
    assert level(one, "ceiling") == pytest.approx(20, abs=1)


def test_a_person_who_pauses_in_an_interruption_means_it() -> None:
    one = evening()
    one.act(RING)
    one.act(Pause())
    one.until(one.now + 3 * MINUTE)
    assert status(one) is Status.PAUSED


def test_the_phone_goes_on_when_it_is_over() -> None:
    one = evening()
    one.act(RINGING)
    one.until(one.now + 4 * MINUTE)
    assert status(one) is Status.PAUSED
    one.act(HUNG_UP)
    assert status(one) is Status.RUNNING


def test_it_goes_on_when_the_last_interruption_is_over() -> None:
    one = evening()
    one.act(RING)
    one.until(one.now + 10_000)
    one.act(RINGING)
    one.until(one.now + 3 * MINUTE)
    assert names(one, InterruptionOver) == ["doorbell"]
    assert status(one) is Status.PAUSED
    one.act(HUNG_UP)
    assert status(one) is Status.RUNNING


def test_what_never_goes_on_by_itself_is_given_back_when_it_stands_too_long() -> None:
    one = evening()
    one.act(VISITOR)
    one.until(one.now + 29 * MINUTE)
    assert status(one) is Status.PAUSED
    one.until(one.now + 2 * MINUTE)
    assert one.conductor.is_settled("room")
    assert names(one, InterruptionOver) == ["visitor"]
    assert one.state() == pytest.approx(one.before, abs=0.5)


def test_a_lamp_that_a_person_has_is_left_alone_and_none_becomes_darker() -> None:
    one = evening()
    one.act(Turn("ceiling", 0.0))
    one.act(Turn("linear", 80.0))
    one.until(one.now + 1000)
    one.act(RING)
    one.until(one.now + 3000)
    assert level(one, "ceiling") == 0.0
    assert level(one, "linear") == 80.0
    assert level(one, "ikea") == pytest.approx(40, abs=1)
    one.act(Stop())
    one.play([])
    assert one.state() == pytest.approx({**one.before, "ceiling": 0.0, "linear": 80.0}, abs=0.5)


def test_lights_that_are_brighter_than_the_way_needs_stay() -> None:
    bright = Chapter("bright", "Bright", 0, 10 * MINUTE, None, (Cue(0, Anchor.START, Move(MAIN, 60.0, 2000)),))
    one = Evening(Timeline("t", "T", "en", (bright,), *WAYS_OUT))
    one.until(20_000)
    sent = len(one.sent)
    one.act(RING)
    one.until(one.now + 3000)
    assert level(one, "ceiling") == pytest.approx(60, abs=1)
    assert not [message for _, message in one.sent[sent:] if message.topic.endswith(("ceiling/set", "ikea/set"))]


def test_a_fade_that_was_cut_goes_on_from_the_light_to_where_it_was_going() -> None:
    slow = Chapter("slow", "Slow", 0, 10 * MINUTE, None, (Cue(0, Anchor.START, Move(MAIN, 10.0, 60_000)),))
    one = Evening(Timeline("t", "T", "en", (slow,), *WAYS_OUT))
    one.until(START + 50_000)
    assert level(one, "ceiling") == pytest.approx(20, abs=2)
    one.act(RING)
    one.until(one.now + 3000)
    one.act(Resume())
    one.until(one.now + 5000)
    assert level(one, "ceiling") == pytest.approx(25, abs=2), "half way down"
    one.until(one.now + 6000)
    assert level(one, "ceiling") == pytest.approx(10, abs=1)


def test_a_retained_ring_is_an_old_one() -> None:
    one = evening()
    one.act(Hear("house/bell", "ring", retain=True))
    assert status(one) is Status.RUNNING
    assert one.events("interrupted") == []


def test_a_bell_that_rings_before_the_session_has_begun_pauses_it_as_it_begins() -> None:
    one = Evening(timeline(), latency=300)
    assert status(one) in (Status.STARTING, Status.RUNNING)
    one.act(RING)
    one.until(one.now + 2000)
    assert status(one) is Status.PAUSED
    one.until(one.now + 2 * MINUTE)
    assert status(one) is Status.RUNNING


def test_without_a_session_nothing_happens() -> None:
    one = evening()
    one.act(Stop())
    one.play([])
    notes = len(one.records)
    one.act(RING)
    one.act(SMOKE)
    assert len(one.records) == notes
    assert one.state() == pytest.approx(one.before, abs=0.5)


def test_while_the_room_is_given_back_the_bell_changes_nothing() -> None:
    one = evening()
    one.act(Stop())
    one.act(RING)
    assert status(one) is Status.LANDING
    assert one.events("interrupted") == []


# Words


WORDS = (Cue(0, Anchor.START, Say("Sit down.", 4000)), Cue(6000, Anchor.START, Say("Lean back.", 4000)))


def test_words_are_said_after_those_in_the_air_and_the_scene_waits_for_them() -> None:
    long = "Lean back, and let go of the whole long day, of all that was in it, and of all that was not. " * 2
    cues = (Say("Sit down.", 4000), Say(long, 20_000), Say("Close the eyes.", 3000))
    one = Evening(timeline(*(Cue(at, Anchor.START, say) for at, say in zip((0, 5000, 26_000), cues, strict=True))))
    one.until(START + 500)
    for celsius in ("200", "210"):
        one.act(Hear("house/oven", celsius))
    one.until(START + 60_000)
    assert said(one) == ["Sit down.", long, "The oven is hot.", "Close the eyes."]
    _, second, third, fourth = (note.at for note in one.events("announced"))
    assert second < START + 10_500, "it was hot for long enough while these words were in the air"
    assert third > START + 12_000
    assert fourth - third > 500, "and nobody talks into it"
    assert status(one) is Status.RUNNING
    assert names(one, Interrupted) == ["oven"]
    assert one.events("paused") == []


def test_an_announcement_is_no_words_of_the_step_to_be_said_again() -> None:
    one = evening()
    one.act(Hear("house/oven", "200"))
    one.until(one.now + 10_100)
    assert said(one) == ["The oven is hot."]
    one.act(Pause())
    one.until(one.now + 5000)
    one.act(Resume())
    one.until(one.now + 30_000)
    assert said(one) == ["The oven is hot."]


def test_the_bells_words_take_the_place_of_the_scenes_which_are_said_again() -> None:
    one = Evening(timeline(*WORDS, words=10_000))
    one.until(START + 1500)
    one.act(RING)
    one.until(one.now + 10_000)
    assert said(one) == ["Sit down.", "The doorbell."]
    one.act(Resume())
    one.until(one.now + 20_000)
    assert said(one) == ["Sit down.", "The doorbell.", "Sit down.", "Lean back."]


def test_two_bells_do_not_talk_at_the_same_time_in_a_pause() -> None:
    one = evening()
    one.act(Hear("house/oven", "200"))
    one.until(one.now + 9900)
    one.act(RING)
    one.until(one.now + 10_000)
    first, second = one.events("announced")
    assert said(one) == ["The doorbell.", "The oven is hot."]
    assert second.at - first.at > 500


# Alarms


def test_smoke_ends_the_session_at_once_in_full_light_that_stays() -> None:
    one = evening()
    one.act(SMOKE)
    one.until(one.now + 600)
    assert level(one, "strip") == pytest.approx(95, abs=1)
    one.until(one.now + 1500)
    assert {lamp: level(one, lamp) for lamp in LAMPS} == pytest.approx(FULL, abs=1)
    one.until(one.now + 10 * MINUTE)
    assert one.conductor.is_settled("room")
    assert {lamp: level(one, lamp) for lamp in LAMPS} == pytest.approx(FULL, abs=1)
    assert one.state()["music"] == one.before["music"]
    assert one.state()["volume"] == one.before["volume"]
    assert one.conductor.stage.debts == []
    assert said(one) == ["Smoke. Please leave."]
    spoken = [json.loads(message.payload) for _, message in one.sent if message.topic == "speakers/room/set"]
    assert [each["text"] for each in spoken if each["do"] == "say"] == ["Smoke. Please leave."], "and not only noted"
    assert one.told(Landed)[-1].ending == "aborted"
    [given] = one.told(GivenBack)
    assert given.given == ("speaker",)


def test_a_lamp_that_has_not_said_yet_that_it_is_lit_is_owed_the_light_and_not_the_dark_before() -> None:
    one = evening(latency=200)
    one.act(SMOKE)
    one.until(one.now + 300)
    owed = {debt.value for debt in one.conductor.stage.debts if debt.attribute is Attribute.LEVEL}
    assert owed == {95.0}


def test_smoke_lights_also_what_a_person_had_switched_off() -> None:
    one = evening()
    one.act(Turn("ceiling", 0.0))
    one.until(one.now + 1000)
    one.act(SMOKE)
    one.until(one.now + 3000)
    assert level(one, "ceiling") == pytest.approx(95, abs=1)


def test_after_an_alarm_the_lamps_are_whoever_touches_them() -> None:
    one = evening()
    one.act(SMOKE)
    one.until(one.now + 5000)
    sent = len(one.sent)
    one.act(Turn("ceiling", 10.0))
    one.until(one.now + MINUTE)
    assert level(one, "ceiling") == 10.0
    assert {message.topic for _, message in one.sent[sent:]} <= {f"zigbee2mqtt/{lamp}/get" for lamp in LAMPS}


def test_no_session_starts_into_an_alarm_until_it_is_over() -> None:
    one = evening()
    one.act(SMOKE)
    one.until(one.now + 5000)
    again = Start("t", "room", timeline(), {"main": ("ceiling",)})
    with pytest.raises(Refused, match="smoke is on") as refusal:
        one.conductor.start(again, one.now)
    assert refusal.value.reason is Reason.NOT_NOW
    one.act(NO_SMOKE)
    assert one.conductor.start(again, one.now)


def test_what_waits_for_the_room_does_not_begin_in_an_alarm_either() -> None:
    one = evening()
    waiting = Start("t", "room", timeline(), {"main": ("ceiling",)}, mode=Mode.QUEUED)
    assert not one.conductor.start(waiting, one.now)
    one.act(SMOKE)
    one.until(one.now + 5000)
    (dropped,) = one.told(QueueDropped)
    assert "smoke is on" in dropped.reason
    runner = one.conductor.runner("room")
    assert runner is not None
    assert runner.start.name == "s"


def test_an_alarm_that_has_said_nothing_for_long_keeps_nobody_from_resting() -> None:
    one = evening()
    one.act(SMOKE)
    one.until(one.now + 10 * MINUTE)
    assert one.conductor.start(Start("t", "room", timeline(), {"main": ("ceiling",)}), one.now)


def test_an_alarm_that_went_off_while_nobody_listened_counts_and_one_that_was_known_does_not() -> None:
    one = evening()
    one.act(Lose())
    one.until(one.now + 5000)
    one.act(Find())
    one.act(SMOKE._replace(retain=True))
    one.until(one.now + 3000)
    assert one.events("landed")
    one.until(one.now + 11 * MINUTE)
    one.conductor.start(Start("t", "room", timeline(), {"main": ("ceiling",)}), one.now)
    one.act(SMOKE._replace(retain=True))
    assert status(one) is not Status.LANDING


def test_an_idle_room_is_lit_only_where_the_alarm_says_so() -> None:
    one = evening()
    one.act(Stop())
    one.play([])
    one.act(SMOKE)
    one.until(one.now + 3000)
    assert level(one, "hall") == one.before["hall"]
    one.act(GAS)
    one.until(one.now + 3000)
    assert level(one, "hall") == pytest.approx(100)
    assert level(one, "ceiling") == pytest.approx(95, abs=1)
    assert [note.room for note in one.events("interrupted")] == ["room", "hall"]
    one.until(one.now + 15_000)
    assert one.conductor.stage.debts == []
