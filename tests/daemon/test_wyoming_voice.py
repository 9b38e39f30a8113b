"""The service speaks through a Wyoming satellite, beside the broker; and nobody at the broker speaks for it."""

import json
from pathlib import Path

from orchestrator.devices.messages import Message
from orchestrator.stage.topics import matches
from tests.conftest import Mosquitto, until
from tests.daemon.serving import House, house
from tests.wyoming.servers import SatelliteServer, SpeechServer, listening, sound_of

HOME = """
home: house
format: 1
broker: {{host: 127.0.0.1, port: {port}}}
devices:
  ceiling: {{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/ceiling, colors: [temperature]}}
  satellite: {{kind: voice, dialect: wyoming, host: 127.0.0.1, port: SATELLITE, tts: {{host: 127.0.0.1, port: SPEECH}}}}
rooms:
  den: {{roles: {{main: ceiling, voice: satellite}}, levels: {{voice: 40%}}}}
"""
SAID = """
scene: said
format: 1
languages: [en]
title: Said
roles:
  main: {kind: light}
  voice: {kind: voice}
looks:
  warm: {main: {brightness: 40%, temperature: 2500K}}
steps:
  - {step: arrive, look: warm, fade: 1s, say: "Breathe in.", lasts: 1s}
  - {step: rest, say: "And out. Once more.", lasts: 500ms}
finish: {look: restore, fade: 500ms}
"""


def written(folder: Path, satellite: SatelliteServer, speech: SpeechServer) -> str:
    (folder / "scenes").mkdir()
    (folder / "scenes" / "said.yaml").write_text(SAID)
    return HOME.replace("SATELLITE", str(satellite.port)).replace("SPEECH", str(speech.port))


async def played(place: House) -> None:
    await place.client.ask({"command": "start", "scene": "said"})
    await until(lambda: place.client.events("landed"))
    await until(lambda: place.client.state()["status"] == "idle")


async def test_a_session_is_spoken_through_a_satellite(tmp_path: Path, mosquitto: Mosquitto) -> None:
    satellite, speech = SatelliteServer(), SpeechServer()
    async with (
        listening(satellite, speech),
        house(tmp_path, mosquitto, text=written(tmp_path, satellite, speech)) as place,
    ):
        voice = place.service.daemon.conductor.stage
        await until(lambda: voice.staged("satellite").is_online)
        await played(place)
        assert place.client.state()["last"]["ending"] == "finished"
        assert not place.client.events("device_missing")
        assert not place.client.events("words_dropped")
        assert not [one for one in place.client.heard if one.topic.startswith("wyoming/")]
    assert [each["text"] for each in speech.asked] == ["Breathe in.", "And out.", "Once more."]
    assert len(satellite.of("audio-start")) == 2
    heard = len(satellite.sound) - sum(len(sound_of(each["text"])) for each in speech.asked)
    assert heard > 0, "the silence between two sentences is sound as well"


async def test_a_session_goes_on_without_a_satellite_that_is_away_and_says_why(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    satellite, speech = SatelliteServer(), SpeechServer()
    async with listening(satellite, speech):
        text = written(tmp_path, satellite, speech)
        await speech.vanish()
        async with house(tmp_path, mosquitto, text=text) as place:
            voice = place.service.daemon.conductor.stage
            await until(lambda: voice.is_away("satellite"))
            await played(place)
            assert place.client.state()["last"]["ending"] == "finished"
            assert place.client.events("device_missing")
        await speech.listen()
    assert not satellite.sound


async def test_nobody_at_the_broker_speaks_for_a_satellite(tmp_path: Path, mosquitto: Mosquitto) -> None:
    satellite, speech = SatelliteServer(), SpeechServer()
    async with (
        listening(satellite, speech),
        house(tmp_path, mosquitto, text=written(tmp_path, satellite, speech)) as place,
    ):
        stage = place.service.daemon.conductor.stage
        await until(lambda: stage.staged("satellite").is_online)
        topic = f"wyoming/{satellite.place}/status"
        assert any(matches(each, topic) for each in stage.staged("satellite").dialect.topics)
        place.client.connection.publish([Message(topic, "offline"), Message(topic, json.dumps({"id": "x"}))])
        await place.client.caught_up()
        assert not stage.is_away("satellite")
