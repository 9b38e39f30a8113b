"""Whatever comes on whatever topic: it is refused with a sentence, nothing changes, and the daemon serves on."""

import asyncio
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from orchestrator.daemon.clock import now
from orchestrator.values import Attribute
from tests.conftest import LIMIT, Mosquitto, until
from tests.daemon.serving import facts, house, room_of

PAYLOADS = int(os.environ.get("RELAX_PAYLOADS", "300"))
"""On each topic; CI sends five thousand."""
NAMES = (
    "../../etc/passwd",
    "+/#",
    "#",
    "$SYS/broker",
    "a" * 5000,
    "\u202e\u0000x",
    "den/../den",
    "C:\\con",
    "%s%n",
    "{{7*7}}",
)


ROOMS = ("den", "attic", "..", "$SYS", "%00")
"""As they stand in topics: one that is there, others that never are."""


def hostile(seed: int, number: int) -> Iterator[bytes]:
    chance = random.Random(seed)
    for _ in range(number):
        name = chance.choice(NAMES)
        match chance.randrange(8):
            case 0:
                yield chance.randbytes(chance.randrange(200))
            case 1:
                yield b"[" * chance.randrange(1, 30_000)
            case 2:
                yield b'{"command":' * chance.randrange(1, 5000)
            case 3:
                figure = chance.choice(["1e400", "-1e308", "9" * 4000, "NaN", "Infinity"])
                yield f'{{"command": "extend", "by": {figure}, "brightness": {figure}}}'.encode()
            case 4:
                yield json.dumps({"command": "start", "scene": name, "parameters": {name: name}}).encode()
            case 5:
                yield json.dumps({"command": "goto", "step": name, "request_id": name}).encode()
            case 6:
                yield json.dumps({"command": chance.choice(["start", "volume", "give_back"]), name: [name]}).encode()
            case _:
                yield b"x" * chance.choice([0, 65_537, 70_000])


SCHEDULE = """\
schedules:
  late: {scene: quiet, room: den, cron: "0 0 29 2 *", if: {topic: home/presence, equals: home}}
"""


def publish_all(port: int, topic: str, payloads: Iterator[bytes]) -> None:
    publisher = paho.Client(CallbackAPIVersion.VERSION2)
    publisher.max_queued_messages_set(0)
    publisher.connect("127.0.0.1", port)
    publisher.loop_start()
    last = None
    for payload in payloads:
        last = publisher.publish(topic, payload, qos=1)
    assert last is not None
    last.wait_for_publish(LIMIT)
    publisher.disconnect()
    publisher.loop_stop()


@pytest.mark.timeout(600 + PAYLOADS)
async def test_hostile_payloads_change_nothing_and_are_answered(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with house(tmp_path, mosquitto, more=SCHEDULE) as place:
        somebody = place.client
        assert (await somebody.ask({"command": "start", "scene": "quiet"}))["ok"]
        await until(lambda: somebody.state()["status"] == "running")
        assert (await somebody.ask("pause"))["ok"]
        await until(lambda: somebody.state()["status"] == "paused")
        stage, devices = place.service.daemon.conductor.stage, place.simulator.simulated
        await until(lambda: stage.next_deadline() is None and devices.next_deadline() is None)

        def is_there(name: str) -> bool:
            """A lamp has come to where it was told to go: nothing is on its way."""
            told, shows = stage.value(name, Attribute.LEVEL, now()), room_of(place.simulator)[name]
            assert isinstance(told, float)
            assert isinstance(shows, int | float)
            return stage.staged(name).busy_until <= now() and abs(shows - told) < 0.6  # both are rounded

        await until(lambda: is_there("ceiling") and is_there("strip") and devices.next_deadline() is None)
        await somebody.caught_up()
        stood, room = facts(somebody.state()), room_of(place.simulator)
        somebody.heard.clear()

        asked = [topic for device in place.service.home.devices.values() for topic in device.dialect.topics]
        topics = [topic.replace("+", "strip") for topic in dict.fromkeys(asked)]
        others = ["relax/rooms/den/session", "relax/rooms/den/choose", "relax/schedules/late/command", "home/presence"]
        stored = ["relax/schedules/late/state", "homeassistant/status", "homeassistant/device/relax/den/config"]
        for seed, topic in enumerate([*topics, *others, *stored]):
            await asyncio.to_thread(publish_all, mosquitto.port, topic, hostile(seed, PAYLOADS))
        await until(lambda: somebody.has_replies(number=PAYLOADS))  # to each choice
        assert somebody.events("overridden") == []
        somebody.heard.clear()

        for leaf in ROOMS:
            await asyncio.to_thread(publish_all, mosquitto.port, f"relax/rooms/{leaf}/command", hostile(7, PAYLOADS))
        await until(lambda: somebody.has_replies(number=len(ROOMS) * PAYLOADS))
        assert len(somebody.replies()) == len(ROOMS) * PAYLOADS
        assert not [reply for reply in somebody.replies() if reply["ok"]]
        assert all(reply["error"]["code"] and reply["error"]["message"] for reply in somebody.replies())
        events = [json.loads(message.payload) for message in somebody.heard_of("relax/rooms/den/event")]
        assert {event["event"] for event in events} == {"refused"}
        asked_again = sum(b'"request_id"' in payload for payload in hostile(7, PAYLOADS))  # has its reply, and no event
        assert len(events) >= PAYLOADS - asked_again, "one room of these is there"

        after = room_of(place.simulator)
        # A lamp may be told once more where it stands, and both are rounded.
        levels = {name: shows for name, shows in room.items() if isinstance(shows, int) and not isinstance(shows, bool)}
        assert {name: after[name] for name in levels} == pytest.approx(levels, abs=1.0)
        assert {**after, **levels} == room
        assert (await somebody.ask({"command": "extend", "by": "1s"}))["ok"], "still serving"
        await until(somebody.state)
        assert facts(somebody.state()) == stood
        assert (await somebody.ask("abort"))["ok"]
        await until(lambda: somebody.state()["status"] == "idle")
