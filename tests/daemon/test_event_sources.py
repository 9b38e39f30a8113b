"""What goes on around a session, on a real broker: the doorbell, a smoke alarm, a foot that taps, a button."""

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from orchestrator.conductor.edge_detection import BOUNCE
from orchestrator.devices.messages import Message
from orchestrator.journal.why import why
from orchestrator.units import SECOND
from tests.conftest import Mosquitto, until
from tests.daemon.serving import HOME, House, house, room_of

AROUND = HOME.replace(
    "scent: burner}}}}",
    """scent: burner}}, buttons: {{remote: {{toggle: pause}}}},
    events: [{{topic: floor/mat, template: "{{{{ value_json.action }}}}", equals: vibration}}]}}
interruptions:
  doorbell: {{topic: house/bell, equals: ring, do: pause, goes_on: after 4s, say: Somebody is at the door.}}
  oven: {{topic: house/oven, above: 180, do: announce, say: The oven is hot.}}
  smoke_alarm: {{topic: house/smoke, template: "{{{{ value_json.smoke }}}}", do: abort, say: There is smoke.}}""",
)
SCENE = """
scene: oil
format: 1
languages: [en]
title: Oil
roles: {main: {kind: light}, music: {kind: player}, voice: {kind: voice}}
looks: {low: {main: {brightness: 15%, temperature: 2200K}}}
steps:
  - {step: sink, look: low, fade: 1s, music: {play: [calm], volume: 60%, fade: 1s}, lasts: 10min}
  - {step: knead, hands: oily, lasts: 10min}
  - {step: stroke, hands: oily, lasts: 10min}
  - {step: wipe, lasts: 10min}
finish: {look: restore, fade: 1s, music: {stop: true, fade: 500ms}}
stopped: {look: restore, fade: 500ms}
"""


def write_scene(folder: Path) -> None:
    (folder / "scenes").mkdir()
    (folder / "scenes" / "oil.yaml").write_text(SCENE)


async def begin(place: House) -> None:
    """The scene, in its low light."""
    assert (await place.client.ask({"command": "start", "scene": "oil"}))["ok"]
    await until(lambda: ceiling(place) == 15)


def ceiling(place: House) -> object:
    return room_of(place.simulator)["ceiling"]


def status(place: House) -> str:
    return str(place.client.state()["status"])


def said(place: House) -> list[str]:
    return [event["details"]["text"] for event in place.client.events("announced")]


def speaking(place: House) -> str:
    return place.simulator.simulated.voices()[0].saying


def moment(event: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(event["at"])


async def test_the_doorbell_stops_everything_lights_the_way_and_it_goes_on_by_itself(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    write_scene(tmp_path)
    async with house(tmp_path, mosquitto, text=AROUND) as place:
        before = room_of(place.simulator)
        await begin(place)
        place.simulator.say("house/bell", "ring")
        await until(lambda: status(place) == "paused")
        await until(lambda: speaking(place) == "Somebody is at the door.")
        await until(lambda: ceiling(place) == 40)
        assert place.simulator.simulated.players()[0].is_paused
        await until(lambda: status(place) == "running")
        (rang,), (over,) = place.client.events("interrupted"), place.client.events("interruption_over")
        assert moment(over) - moment(rang) >= timedelta(seconds=4)
        await until(lambda: ceiling(place) == 15)
        assert [event["details"] for event in place.client.events("interrupted")] == [
            {"name": "doorbell", "do": "pause"}
        ]
        assert [event["details"] for event in place.client.events("interruption_over")] == [{"name": "doorbell"}]
        assert place.client.events("overridden") == []
        place.simulator.say("house/oven", "200")
        await until(lambda: said(place) == ["Somebody is at the door.", "The oven is hot."])
        assert status(place) == "running"
        await place.client.ask("stop")
        await until(lambda: room_of(place.simulator) == before)


async def test_smoke_ends_it_in_full_light_which_stays_and_nothing_starts_until_it_is_gone(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    write_scene(tmp_path)
    async with house(tmp_path, mosquitto, text=AROUND) as place:
        before = room_of(place.simulator)
        await begin(place)
        place.simulator.say("house/smoke", '{"smoke": true}', retain=True)
        await until(lambda: room_of(place.simulator)["strip"] == 100)
        await until(lambda: ceiling(place) == 100)
        await until(lambda: status(place) == "idle")
        assert said(place) == ["There is smoke."]
        await until(lambda: not place.client.state()["owed"])
        assert room_of(place.simulator) == {**before, "ceiling": 100, "strip": 100}
        assert place.client.state()["last"]["ending"] == "aborted"
        assert not place.journal.read("SELECT device FROM debts")
        place.service.look()
        assert why(place.journal)[-1].sentence == "smoke_alarm broke in: the session was ended, in full light."
        refused = await place.client.ask({"command": "start", "scene": "oil"})
        assert refused["error"]["code"] == "not_now"
        assert "smoke_alarm" in refused["error"]["message"]
        place.simulator.say("house/smoke", '{"smoke": false}', retain=True)
        await until(lambda: not place.service.daemon.conductor._event_sources["smoke_alarm"].is_on)
        assert (await place.client.ask({"command": "start", "scene": "oil"}))["ok"]
        await place.client.ask("abort")
        await until(lambda: status(place) == "idle")
        assert ceiling(place) == 100


async def test_a_smoke_alarm_that_is_on_when_relax_starts_keeps_sessions_from_starting(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    write_scene(tmp_path)
    async with house(tmp_path, mosquitto, text=AROUND) as place:
        place.client.connection.publish(
            [Message("house/smoke", '{"smoke": true}', retain=True), Message("house/bell", "ring", retain=True)]
        )
        await until(lambda: place.service.daemon.conductor._event_sources["smoke_alarm"].is_on)
    async with house(tmp_path, mosquitto, text=AROUND) as place:
        await until(lambda: place.service.daemon.conductor._event_sources["smoke_alarm"].is_on)
        refused = await place.client.ask({"command": "start", "scene": "oil"})
        assert refused["error"]["code"] == "not_now"
        assert ceiling(place) == 70
        assert place.client.events("interrupted") == []


async def test_with_oily_hands_a_foot_and_any_press_are_next_and_a_finger_counts_once(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    write_scene(tmp_path)
    async with house(tmp_path, mosquitto, text=AROUND) as place:
        await begin(place)
        place.simulator.say("floor/mat", '{"action": "vibration"}')
        await place.client.ask("next")
        await until(lambda: place.client.state()["hands"] == "oily")
        assert place.client.state()["chapter"] == "knead", "before, it meant nothing"
        await asyncio.sleep(BOUNCE / SECOND)
        place.simulator.say("floor/mat", '{"action": "vibration"}')
        await until(lambda: place.client.state()["chapter"] == "stroke")
        both = [
            Message("zigbee2mqtt/remote", json.dumps({"action": "arrow_left_hold", "battery": 90})),
            Message("zigbee2mqtt/remote/action", "arrow_left_hold"),
            Message("zigbee2mqtt/remote", json.dumps({"action": "arrow_left_release", "battery": 90})),
            Message("zigbee2mqtt/remote/action", "arrow_left_release"),
        ]
        place.client.connection.publish(both)
        await until(lambda: place.client.state()["chapter"] == "wipe")
        started = [event["details"]["chapter"] for event in place.client.events("step_started")]
        assert started == ["sink", "knead", "stroke", "wipe"]
        place.simulator.press("remote", "toggle")
        await until(lambda: status(place) == "paused")
        await place.client.ask("abort")
        await until(lambda: status(place) == "idle")
