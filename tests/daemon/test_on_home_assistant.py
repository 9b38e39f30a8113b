"""The service plays on devices of Home Assistant's, beside the broker; and nobody at the broker speaks for them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from orchestrator.devices.messages import Message
from orchestrator.hass import gateway as gateway_module
from tests.conftest import Mosquitto, until
from tests.daemon.serving import House, house
from tests.hass.server import LIGHT, TOKEN, FakeHomeAssistant, listening

HOME = """
home: house
format: 1
broker: {{host: 127.0.0.1, port: {port}}}
home_assistant: {{address: "http://127.0.0.1:HTTP", token_file: token}}
devices:
  sofa: {{dialect: hass, entity: light.sofa}}
  shelf: {{dialect: hass, entity: light.shelf}}
  burner: {{dialect: hass, entity: switch.burner}}
  player: {{dialect: hass, entity: media_player.den}}
  remote: {{dialect: hass, entity: event.remote}}
rooms:
  den:
    roles: {{main: [sofa, shelf], music: player, scent: burner}}
    buttons: {{remote: {{long: stop}}}}
music: {{calm: "http://example.invalid/calm.mp3"}}
"""
SLOW = {"supported_color_modes": ["brightness"], "supported_features": 0}
PLAYS = {"supported_features": 1 | 4 | 512 | 4096, "volume_level": 0.31}


def park() -> FakeHomeAssistant:
    sofa = {**LIGHT, "color_mode": "color_temp", "brightness": 200, "color_temp_kelvin": 4000}
    return FakeHomeAssistant(
        {
            "light.sofa": ("on", sofa),
            "light.shelf": ("on", {**SLOW, "color_mode": "brightness", "brightness": 150}),
            "switch.burner": ("off", {}),
            "media_player.den": ("idle", PLAYS),
            "event.remote": ("unknown", {"event_types": ["long"]}),
        },
        takes={"light.shelf": 0.05},
    )


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SOONEST", "LATEST"):
        monkeypatch.setattr(gateway_module, name, 0.02)


@asynccontextmanager
async def serving(folder: Path, mosquitto: Mosquitto, server: FakeHomeAssistant) -> AsyncIterator[House]:
    (folder / "token").write_text(TOKEN)
    async with (
        listening(server),
        house(folder, mosquitto, text=HOME.replace("HTTP", str(server.port))) as place,
    ):
        stage = place.service.daemon.conductor.stage
        await until(
            lambda: all(stage.staged(name).is_online for name in ("sofa", "shelf", "burner", "player", "remote"))
        )
        yield place


def is_on(place: House) -> bool:
    return any(each["details"]["chapter"] == "sink" for each in place.client.events("step_started"))


async def ended(place: House) -> None:
    await until(lambda: place.client.events("given_back"))
    await until(lambda: place.client.state()["status"] == "idle" and not place.client.state()["owed"])


def shown(server: FakeHomeAssistant) -> dict[str, Any]:
    keys = ("brightness", "color_temp_kelvin", "volume_level")
    return {
        entity: (word, {key: said[key] for key in keys if said.get(key) is not None})
        for entity, (word, said) in server.states.items()
        if entity != "event.remote"
    }


async def test_a_session_plays_there_and_all_is_given_back(tmp_path: Path, mosquitto: Mosquitto) -> None:
    server = park()
    before = shown(server)
    async with serving(tmp_path, mosquitto, server) as place:
        await place.client.ask({"command": "start", "scene": "quiet"})
        await ended(place)
        assert place.client.state()["last"]["ending"] == "finished"
        assert not place.client.events("overridden")
        assert not [one for one in place.client.heard if one.topic.startswith("hass/")]
    assert shown(server) == before
    assert any(each["service"] == "media_player.play_media" for each in server.calls)
    assert any(each["service"] == "switch.turn_on" for each in server.calls)
    assert not [each for each in server.calls if each["entity"] == "light.shelf" and "transition" in each]
    assert server.most_at_once["light.shelf"] == 1


async def test_home_assistant_is_killed_in_the_middle_and_its_lamps_have_forgotten(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    server = park()
    before = shown(server)
    async with serving(tmp_path, mosquitto, server) as place:
        await place.client.ask({"command": "start", "scene": "quiet"})
        await until(lambda: is_on(place))
        await server.vanish()
        await until(lambda: len(place.client.events("device_missing")) >= 4)
        for entity in ("light.sofa", "light.shelf"):
            word, said = server.states[entity]
            server.states[entity] = word, {**said, "brightness": 255}
        await server.listen()
        await ended(place)
        assert not place.client.events("overridden")
    assert shown(server) == before


@pytest.mark.parametrize("lag", [1.0, 4.0])
async def test_lamps_whose_state_is_polled_are_nobodys_and_given_back(
    tmp_path: Path, mosquitto: Mosquitto, lag: float
) -> None:
    server = park()
    server.lags = {"light.sofa": lag, "light.shelf": lag}
    before = shown(server)
    async with serving(tmp_path, mosquitto, server) as place:
        await place.client.ask({"command": "start", "scene": "quiet"})
        await ended(place)
        assert not place.client.events("overridden")
    assert shown(server) == before


async def test_a_lamp_that_somebody_takes_there_is_theirs(tmp_path: Path, mosquitto: Mosquitto) -> None:
    server = park()
    before = shown(server)
    async with serving(tmp_path, mosquitto, server) as place:
        await place.client.ask({"command": "start", "scene": "quiet", "parameters": {"rest": "20s"}})
        await until(lambda: is_on(place))
        await until(lambda: server.states["light.sofa"][1]["brightness"] < 50)
        word, said = server.states["light.sofa"]
        server.show("light.sofa", word, **{**said, "brightness": 240})
        await until(lambda: place.client.events("overridden"))
        server.show("event.remote", "2026-11-22T20:00:01+00:00", event_types=["long"], event_type="long")
        await ended(place)
        assert place.client.state()["last"]["ending"] == "stopped"
    assert server.states["light.sofa"][1]["brightness"] == 240
    assert {entity: state for entity, state in shown(server).items() if entity != "light.sofa"} == {
        entity: state for entity, state in before.items() if entity != "light.sofa"
    }


async def test_nobody_at_the_broker_speaks_for_them(tmp_path: Path, mosquitto: Mosquitto) -> None:
    server = park()
    async with serving(tmp_path, mosquitto, server) as place:
        stage = place.service.daemon.conductor.stage
        off = json.dumps({"state": "unavailable", "attributes": {}})
        place.client.connection.publish(
            [Message("hass/light.sofa/state", off), Message("hass/light.sofa/status", "offline")]
        )
        await place.client.caught_up()
        assert not stage.is_away("sofa")
