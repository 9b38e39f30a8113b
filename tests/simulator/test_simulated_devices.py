import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.devices.messages import (
    Hush,
    Message,
    PauseMusic,
    Play,
    ResumeMusic,
    SetLight,
    SetSwitch,
    SetVolume,
    Speak,
    StopMusic,
)
from orchestrator.errors import UsageError
from orchestrator.home.library import read
from orchestrator.scenes.planning.pacing import spoken_ms
from orchestrator.simulator.home import SimulatedHome
from orchestrator.units import Percent, WordsPerMinute
from orchestrator.values import Rgb, Temperature
from tests.simulator.simulated import Talk, states

WORDS = "Let your shoulders drop. Breathe out."


def say(id_, text=WORDS, rate=110.0):
    return Speak(id_, text, "en", Percent(40.0), WordsPerMinute(rate), 2000)


def events(messages):
    return [(event["id"], event["event"]) for event in states(messages, "speakers/den/event")]


def speaker_state(messages):
    return states(messages, "speakers/den/state")[-1]


def test_a_home_introduces_itself():
    heard = Talk().simulated.connected(0)
    retained = {message.topic: message.payload for message in heard if message.retain}
    assert retained["zigbee2mqtt/bridge/state"] == '{"state":"online"}'
    assert retained["zigbee2mqtt/lamp/availability"] == '{"state":"online"}'
    assert retained["strip/status"] == "online"
    assert retained["speakers/den/status"] == "online"
    assert json.loads(retained["strip/state"])["state"] == "ON"
    assert "zigbee2mqtt/lamp" not in retained


def test_a_home_that_goes_is_offline_all_of_it():
    gone = {message.topic: message for message in Talk().simulated.gone()}
    assert gone["strip/status"].payload == "offline"
    assert gone["zigbee2mqtt/bridge/state"].payload == '{"state":"offline"}'
    assert all(message.retain for message in gone.values())


def test_an_esphome_light_says_its_target_once_and_retained():
    talk = Talk()
    (state,) = talk.tell("strip", SetLight(Percent(20.0), Rgb(255.0, 154.0, 60.0), 10_000))
    assert state.retain
    assert json.loads(state.payload) == {
        "state": "ON", "brightness": 51, "color_mode": "rgb", "color": {"r": 255, "g": 154, "b": 60},
    }  # fmt: skip
    assert talk.wait(60_000) == []


def test_an_esphome_light_takes_its_own_second_where_nobody_says_how_long():
    talk = Talk()
    talk.send("strip/set", {"state": "ON", "brightness": 51})
    talk.wait(999)
    assert talk.lamp("strip").level > 20
    talk.wait(1)
    assert talk.lamp("strip").level == pytest.approx(20)


def test_words_take_as_long_as_pacing_plans():
    talk = Talk()
    assert events(talk.tell("speaker", say("1"))) == [("1", "started")]
    assert [voice.saying for voice in talk.simulated.voices()] == [WORDS]
    length = spoken_ms(WORDS, "en", WordsPerMinute(110.0), 2000)
    assert talk.simulated.next_deadline() == length
    assert talk.wait(length - 1) == []
    assert events(talk.wait(1)) == [("1", "done")]
    assert [voice.saying for voice in talk.simulated.voices()] == [""]


def test_hushed_words_have_failed_and_are_never_done():
    talk = Talk()
    talk.tell("speaker", say("1"))
    assert events(talk.tell("speaker", Hush("another"))) == []
    assert events(talk.tell("speaker", Hush("1"))) == [("1", "failed")]
    assert talk.wait(600_000) == []


def test_new_words_cut_the_old_ones_short():
    talk = Talk()
    talk.tell("speaker", say("1"))
    talk.wait(1000)
    assert events(talk.tell("speaker", say("2"))) == [("1", "failed"), ("2", "started")]
    assert events(talk.wait(600_000)) == [("2", "done")]


def test_a_player_says_what_it_does():
    talk = Talk()
    assert speaker_state(talk.tell("speaker", Play("http://a/1")))["playing"] == "http://a/1"
    assert speaker_state(talk.tell("speaker", SetVolume(Percent(35.0))))["volume"] == 0.35
    assert speaker_state(talk.tell("speaker", PauseMusic()))["paused"]
    assert not speaker_state(talk.tell("speaker", ResumeMusic()))["paused"]
    (player,) = talk.simulated.players()
    assert (player.playing, player.is_paused, player.volume) == ("http://a/1", False, 35.0)
    assert speaker_state(talk.tell("speaker", StopMusic()))["playing"] == ""


@given(st.binary(max_size=40).map(lambda raw: raw.decode(errors="replace")) | st.text(max_size=40))
def test_nonsense_changes_nothing(payload):
    talk = Talk()
    before = (talk.simulated.lamps(0), talk.simulated.players(), talk.simulated.voices(), talk.simulated.switches())
    for topic in talk.simulated.topics:
        if payload.strip().upper() not in ("ON", "OFF"):
            talk.simulated.receive(Message(topic, payload), 0)
    talk.simulated.advance(0)
    after = (talk.simulated.lamps(0), talk.simulated.players(), talk.simulated.voices(), talk.simulated.switches())
    assert after == before


def test_a_plug_switches_and_is_seen():
    talk = Talk()
    (state,) = states(talk.tell("plug", SetSwitch(True)), "zigbee2mqtt/plug")
    assert state["state"] == "ON"
    assert talk.simulated.switches()[0].is_on


def test_a_hand_at_a_lamp_is_reported_at_once():
    talk = Talk()
    talk.tell("lamp", SetLight(Percent(10.0), None, 60_000))
    talk.wait(1000)
    (state,) = states(talk.simulated.turn("lamp", talk.now, level=Percent(90.0)), "zigbee2mqtt/lamp")
    assert state["brightness"] == 229
    talk.wait(60_000)
    assert talk.lamp("lamp").level == 90.0


def test_a_hand_at_the_knob_the_plug_and_the_remote_is_reported():
    talk = Talk()
    assert speaker_state(talk.simulated.turn("speaker", 0, level=Percent(12.0)))["volume"] == 0.12
    assert states(talk.simulated.turn("plug", 0, on=True), "zigbee2mqtt/plug")[0]["state"] == "ON"
    (press,) = talk.simulated.press("remote", "toggle", 0)
    assert json.loads(press.payload)["action"] == "toggle"
    assert not press.retain


@pytest.mark.parametrize(
    "deed",
    [
        lambda home: home.turn("sofa", 0, level=Percent(1.0)),
        lambda home: home.turn("plug", 0, level=Percent(1.0)),
        lambda home: home.press("lamp", "toggle", 0),
        lambda home: home.offline("sofa", 0),
    ],
)
def test_what_cannot_be_done_to_a_device_is_refused(deed):
    with pytest.raises(UsageError):
        deed(Talk().simulated)


def test_a_view_tells_how_bright_a_lamp_looks():
    talk = Talk()
    talk.tell("lamp", SetLight(Percent(50.0), Temperature(400.0), 0))
    lamp = talk.lamp("lamp")
    assert lamp.lightness == lamp.level == 50.0
    assert lamp.colour == Temperature(400.0)


def test_groups_are_no_lamps_of_their_own():
    assert [lamp.name for lamp in Talk().simulated.lamps(0)] == ["lamp", "other", "strip"]


steps = st.lists(
    st.tuples(
        st.sampled_from(["lamp", "other", "both", "strip"]),
        st.none() | st.floats(0, 100),
        st.none() | st.floats(153, 454).map(Temperature),
        st.integers(0, 60_000),
        st.integers(0, 90_000),
    ),
    max_size=12,
)


@given(steps, st.sampled_from(["lamp=intermediate", "lamp=silent", "lamp=full_when_turned_on", "lamp=drops_every:2"]))
def test_a_level_is_always_between_dark_and_full(told, fault):
    talk = Talk(fault)
    for device, level, colour, over, wait in told:
        talk.tell(device, SetLight(None if level is None else Percent(level), colour, over))
        talk.wait(wait // 2)
        assert all(0 <= lamp.level <= 100 for lamp in talk.simulated.lamps(talk.now))
        talk.wait(wait // 2)
    talk.wait(100_000)
    assert talk.simulated.next_deadline() is None


@given(steps, st.floats(0, 100), st.integers(0, 60_000))
def test_a_fade_ends_at_its_target(told, level, over):
    talk = Talk("strip=intermediate")
    for device, other, colour, length, wait in told:
        talk.tell(device, SetLight(None if other is None else Percent(other), colour, length))
        talk.wait(wait)
    talk.tell("both", SetLight(Percent(level), None, over))
    talk.tell("strip", SetLight(Percent(level), None, over))
    talk.wait(over + 100)
    for name in ("lamp", "other", "strip"):
        assert talk.lamp(name).level == pytest.approx(level, abs=0.4 if level == 0 or level > 0.4 else 0.8)


@given(st.floats(1, 100), st.floats(1, 100), st.integers(100, 60_000))
def test_no_report_lies_outside_of_the_way(first, second, over):
    """Not even with reports all the way; within half a unit."""
    talk = Talk("lamp=intermediate")
    talk.tell("lamp", SetLight(Percent(first), None, 0))
    start = talk.level("lamp")
    heard = talk.tell("lamp", SetLight(Percent(second), None, over)) + talk.wait(over + 100)
    end = talk.level("lamp")
    for state in states(heard, "zigbee2mqtt/lamp"):
        assert min(start, end) - 1 <= state["brightness"] <= max(start, end) + 1


@given(steps)
def test_time_in_one_go_or_in_small_steps_is_the_same(told):
    once, often = Talk("lamp=intermediate,late_echo:300"), Talk("lamp=intermediate,late_echo:300")
    for device, level, colour, over, wait in told:
        change = SetLight(None if level is None else Percent(level), colour, over)
        assert once.tell(device, change) == often.tell(device, change)
        heard = [message for part in (wait // 3, wait // 3, wait - 2 * (wait // 3)) for message in often.wait(part)]
        assert once.wait(wait) == heard
    assert once.simulated.lamps(once.now) == often.simulated.lamps(often.now)


SATELLITE = """
home: simulated
format: 1
devices:
  bedside: {kind: voice, dialect: hermes, site: bedroom}
  shelf: {kind: voice, dialect: hermes, site: den}
rooms: {room: {roles: {voice: bedside}}}
"""


def satellites():
    house = read(SATELLITE, "satellite.yaml")
    return house, SimulatedHome(house)


def saying(simulated):
    return {voice.name: voice.saying for voice in simulated.voices()}


def test_a_satellite_says_one_thing_after_the_other_and_cannot_be_stopped():
    house, simulated = satellites()
    first, second, hush = (house.devices["bedside"].dialect.encode(each) for each in (say("1"), say("2"), Hush("1")))
    assert hush == ()
    assert [simulated.receive(message, 0) for message in (*first, *second)] == [[], []]
    assert saying(simulated) == {"bedside": WORDS, "shelf": ""}
    finished = simulated.advance(60_000)
    assert [json.loads(message.payload) for message in finished] == [
        {"siteId": "bedroom", "id": "1"},
        {"siteId": "bedroom", "id": "2"},
    ]
    assert saying(simulated) == {"bedside": "", "shelf": ""}


def test_a_satellite_without_anything_to_say_has_failed_and_is_finished():
    _, simulated = satellites()
    command = Message("hermes/tts/say", json.dumps({"text": " ", "siteId": "den", "id": "3"}))
    assert [message.topic for message in simulated.receive(command, 0)] == [
        "hermes/error/tts",
        "hermes/tts/sayFinished",
    ]
    assert simulated.next_deadline() is None
