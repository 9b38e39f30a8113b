"""A Sonos learns its uuid and its group from states; what it says belongs together only with what it said before."""

import json

import pytest
from pydantic import ValidationError

from orchestrator.devices.dialects.sonos2mqtt import Sonos2Mqtt, Sonos2MqttSettings
from orchestrator.devices.messages import (
    AvailabilityReport,
    Message,
    Play,
    PlayerReport,
    RefusalReport,
    ResumeMusic,
    SpeechEvent,
    SpeechReport,
)
from orchestrator.simulator.firmware.sonos2mqtt import SimulatedSonos
from orchestrator.units import Percent

OWN, OTHER, OLD = "RINCON_02A4E096841B01400", "RINCON_02A4E0AAAAAA01400", "RINCON_02A4E0000000001400"


ENTRY = {"dialect": "sonos2mqtt", "name": "living-room"}


def sonos(**keys):
    entry = {"kind": ["player", "voice"], **ENTRY} | keys
    return Sonos2Mqtt("sonos", Sonos2MqttSettings.model_validate(entry))


def state(uuid=OWN, name="Living Room", *, retain=False, **says):
    return Message(f"sonos/{uuid}", json.dumps({"uuid": uuid, "name": name, **says}), retain=retain)


def playing(uri, volume=20):
    return {"transportState": "PLAYING", "currentTrack": {"TrackUri": uri}, "volume": {"Master": volume}}


def test_in_a_group_the_coordinator_has_the_music_and_each_player_its_volume():
    player = sonos()
    assert player.decode(state(OTHER, "Kitchen", coordinatorUuid=OTHER, **playing("http://a", 70))) == ()
    joined = state(coordinatorUuid=OTHER, **playing(f"x-rincon:{OTHER}"))
    assert player.decode(joined) == (PlayerReport("http://a", Percent(20.0)),)
    assert player.decode(state(OTHER, "Kitchen", **playing("http://b", 71))) == (PlayerReport("http://b"),)
    loaded, play = player.encode(Play("http://c"))
    assert (loaded.topic, play.topic) == (f"sonos/set/{OTHER}/setavtransporturi", "sonos/set/living-room/play")
    player.decode(state(coordinatorUuid=OWN, **playing("http://d")))
    assert player.decode(state(OTHER, "Kitchen", **playing("http://b"))) == ()
    assert player.encode(Play("http://c"))[0].topic == "sonos/set/living-room/setavtransporturi"


def test_what_the_broker_keeps_of_a_player_that_had_the_name_before_counts_for_nothing():
    player = sonos()
    player.decode(state(retain=True, **playing("http://a")))
    assert player.decode(state(OLD, retain=True, **playing("http://old"))) == ()
    assert player.decode(state(OLD, **playing("http://new"))) == (PlayerReport("http://new", Percent(20.0)),)


def test_a_bridge_is_back_when_a_player_speaks_though_its_last_will_stands():
    player = sonos()
    player.decode(Message("sonos/connected", "0", retain=True))
    assert AvailabilityReport(True) not in player.decode(state(retain=True, **playing("http://a")))
    assert player.decode(state(**playing("http://a")))[0] == AvailabilityReport(True)
    assert len(player.decode(state(**playing("http://a")))) == 1


def test_an_error_is_of_its_player_and_says_what_the_bridge_could_not_do():
    player, payload = sonos(), '{"command":"pause","error":{"UpnpErrorDescription":"Transition not available"}}'
    assert player.decode(Message(f"sonos/{OWN}/error", payload)) == ()
    player.decode(state(**playing("http://a")))
    assert player.decode(Message(f"sonos/{OWN}/error", payload)) == (RefusalReport("pause: Transition not available"),)
    (refused,) = player.decode(Message(f"sonos/{OWN}/error", '{"command":"adv-command","error":{}}'))
    assert refused == RefusalReport("adv-command: see the log of sonos2mqtt")


@pytest.mark.parametrize(
    ("keys", "answer", "event"),
    [
        ({}, "true", SpeechEvent.STARTED),
        ({"kind": "voice", "announce": "replace"}, "true", SpeechEvent.DONE),
        ({"kind": "voice", "announce": "replace"}, "false", None),
    ],
)
def test_the_answer_of_the_bridge_is_when_a_clip_begins_and_when_what_replaced_the_music_is_over(keys, answer, event):
    player = sonos(**keys)
    player.decode(state())
    reports = player.decode(Message(f"sonos/{OWN}/relax-a%2F1", answer))
    assert reports == ((SpeechReport("a/1", event),) if event else ())
    assert player.abilities.voice.done is bool(keys)


def test_music_is_never_broken_off_for_each_sentence():
    with pytest.raises(ValidationError, match="write kind: voice"):
        sonos(announce="replace")


def test_a_queue_that_is_given_back_goes_on_at_its_track():
    player = sonos()
    queue = {"QueueLength": 12, "QueuePosition": 5}
    (report,) = player.decode(state(enqueuedMetadata=queue, **playing("x-sonos-spotify:a")))
    assert [each.topic.rpartition("/")[2] for each in player.encode(Play(report.playing))] == [
        "setavtransporturi",
        "selecttrack",
        "play",
    ]
    assert player.encode(ResumeMusic())[0].payload == ""


def test_other_music_begins_without_a_silence_that_would_look_like_a_hand():
    codec = sonos()
    twin = SimulatedSonos("sonos", Sonos2MqttSettings.model_validate({"kind": "player", **ENTRY}))
    heard = []
    for now, uri in ((0, "http://a"), (2000, "http://b")):
        said = [answer for message in codec.encode(Play(uri)) for answer in twin.receive(message, now)]
        said += twin.advance(now + 1000)
        heard.append([report.playing for message in said for report in codec.decode(message)])
    assert heard == [["http://a"], ["http://b"]]
