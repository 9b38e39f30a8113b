"""Somebody's radio is on in a home that has no music for a scene: it plays on as it was, words or not."""

import json

from orchestrator.commands import Pause, Resume, Stop
from orchestrator.devices.messages import Message, SpeechEvent
from orchestrator.events.music import MusicUnknown
from orchestrator.events.session import SessionStarted
from orchestrator.events.step import StepStarted
from tests.conductor.wired import Wired

HOME = """
devices:
  speaker: {kind: [player, voice], dialect: relax_speaker, topic: speaker}
  lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}
rooms:
  bedroom: {roles: {main: lamp, music: speaker, voice: speaker}}
"""
SCENE = """
scene: calm
format: 1
title: Calm
roles: {main: {kind: light}, music: {kind: player, optional: true}, voice: {kind: voice, optional: true}}
looks: {warm: {main: {brightness: 30%}}}
steps:
  - {step: a, look: warm, music: {play: [calm, rain], volume: 70%}, say: Lie down., lasts: 60s}
  - {step: b, music: {volume: 40%}, say: [Breathe., And rest.], count: {every: 6s, say: In, lasts: 60s}}
finish: {look: restore, music: {stop: true, fade: 5s}}
"""
RADIO = Message("speaker/state", json.dumps({"playing": "http://example.invalid/radio", "volume": 0.5}), retain=True)
LAMP = Message("zigbee2mqtt/lamp", json.dumps({"state": "ON", "brightness": 200}), retain=True)


def spoken(message: Message) -> list[Message]:
    """The speaker says when it has spoken."""
    order = json.loads(message.payload) if message.topic == "speaker/set" else {}
    if order.get("do") != "say":
        return []
    done = {"id": order["id"], "event": SpeechEvent.DONE}
    return [Message("speaker/event", json.dumps(done))]


def evening() -> Wired:
    house = Wired(HOME, spoken, retained=[RADIO, LAMP])
    house.start(SCENE)
    return house


def told(house: Wired) -> set[str]:
    """What the speaker was told to do."""
    return {json.loads(message.payload)["do"] for _, message in house.sent if message.topic == "speaker/set"}


def test_its_volume_and_its_programme_are_left_alone() -> None:
    house = evening()
    house.until(20_000)
    house.command(Pause())
    house.until(30_000)
    house.command(Resume())
    house.finish()
    assert told(house) <= {"say", "hush"}
    assert "say" in told(house)


def test_it_plays_on_when_the_session_is_stopped() -> None:
    house = evening()
    house.until(20_000)
    house.command(Stop())
    house.finish()
    assert told(house) <= {"say", "hush"}


def test_it_is_said_once_as_the_session_begins() -> None:
    house = evening()
    house.finish()
    kinds = [
        record.event
        for record in house.records
        if isinstance(record.event, SessionStarted | MusicUnknown | StepStarted)
    ]
    assert kinds[1] == MusicUnknown("calm, rain")
    assert kinds.count(MusicUnknown("calm, rain")) == 1
