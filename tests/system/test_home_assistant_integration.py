"""Our custom integration in a real Home Assistant: lamps that only it knows play a scene, and are given back."""

import asyncio
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestrator.daemon.clock import local_time, now
from orchestrator.daemon.scene_repository import read_scenes
from orchestrator.daemon.service import Service
from orchestrator.devices.messages import Message
from orchestrator.home.library import load
from orchestrator.integrations.interface import Interface
from orchestrator.journal.journal import Journal
from tests.conftest import LIMIT, Mosquitto, until
from tests.daemon.serving import client as somebody_who_asks
from tests.system.home_assistant import Client, HomeAssistant, found

pytestmark = [pytest.mark.timeout(1800), pytest.mark.broker]

HERE = Path(__file__).parent
TOP = HERE.parents[1]
SECONDS = int(os.environ.get("RELAX_TEST_SECONDS", "15"))
"""How long it plays."""


def lamp(name: str, *, transition: bool, **more: Any) -> dict[str, Any]:
    """A lamp that remembers what it was told, as one behind a cloud of its maker does."""
    nothing: list[Any] = []
    own = {"turn_on": nothing, "turn_off": nothing, "set_level": nothing, "set_temperature": nothing}
    return {"name": name, "unique_id": name, "supports_transition": transition, **own, **more}


PACKAGE: dict[str, Any] = {
    "rehearsed": None,
    "template": [
        {
            "light": [
                lamp("sofa", transition=True),
                lamp("shelf", transition=False, set_hs=[]),
                lamp("elsewhere", transition=True),
            ]
        },
        {"switch": [{"name": "fan", "unique_id": "fan", "turn_on": [], "turn_off": []}]},
    ],
}
MUSIC = "http://127.0.0.1/calm.mp3"
SCENE = """
scene: calm
format: 1
languages: [en]
title: Calm evening
roles: {main: {kind: light}, glow: {kind: light}}
looks:
  warm: {main: {brightness: 40%, temperature: 2500K}, glow: {brightness: 30%, temperature: 2300K}}
  low: {main: {brightness: 20%, temperature: 2200K}, glow: {brightness: 10%, temperature: 2200K}}
steps:
  - {step: arrive, look: warm, fade: 3s, lasts: 5s}
  - {step: sink, look: low, fade: 2min, lasts: 10min}
finish: {look: restore, fade: 1s}
stopped: {look: restore, fade: 1s}
"""


SPOKEN = """
scene: spoken
format: 1
languages: [en]
title: Spoken
roles: {main: {kind: light}, music: {kind: player}, voice: {kind: voice}}
looks: {warm: {main: {brightness: 40%, temperature: 2500K}}}
steps:
  - {step: arrive, look: warm, fade: 1s, music: {play: [calm], volume: 60%, fade: 1s}, lasts: 3s}
  - {step: listen, say: {en: Sit down and lean back.}, lasts: 2s}
  - {step: rest, lasts: 10min}
finish: {look: restore, fade: 1s, music: {stop: true, fade: 500ms}}
stopped: {look: restore, fade: 1s, music: {stop: true, fade: 500ms}}
"""


async def answer_of(home: HomeAssistant, path: str, **keys: Any) -> dict[str, Any]:
    """A step of a flow, over its web API, as its pages take it."""
    token = (home.config / "token").read_text().strip()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{home.url}/api/config/config_entries/{path}", json.dumps(keys).encode(), headers)

    def asked() -> Any:
        with urllib.request.urlopen(request, timeout=LIMIT) as answer:
            return json.load(answer)

    return dict(await asyncio.to_thread(asked))


async def furnish(client: Client, name: str, *entities: str) -> str:
    """An area with these in it."""
    area = await client.ask("config/area_registry/create", name=name)
    for entity in entities:
        await client.wait_for(entity, lambda state: state["state"] != "unavailable")
        await client.ask("config/entity_registry/update", entity_id=entity, area_id=area["area_id"])
    return str(area["area_id"])


async def set_up(home: HomeAssistant, area: str) -> None:
    """Through the dialog: relax is not there yet, and a person lends first."""
    flow = await answer_of(home, "flow", handler="relax")
    assert (flow["type"], flow["step_id"]) == ("form", "user")
    flow = await answer_of(home, f"flow/{flow['flow_id']}", base_topic="relax")
    assert flow["errors"] == {"base": "not_there"}
    flow = await answer_of(home, f"flow/{flow['flow_id']}", base_topic="relax", not_yet=True)
    assert flow["step_id"] == "lend"
    flow = await answer_of(home, f"flow/{flow['flow_id']}", areas=[area])
    assert flow["type"] == "create_entry"


async def set_up_what_was_heard(home: HomeAssistant, client: Client, area: str, voice: str) -> None:
    """relax says that it is there, and Home Assistant offers it: a person only chooses."""
    offered: list[dict[str, Any]] = []
    async with asyncio.timeout(LIMIT):
        while not offered:
            flows = await client.ask("config_entries/flow/progress")
            offered = [flow for flow in flows if flow["handler"] == "relax"]
            await asyncio.sleep(0.1)
    assert (offered[0]["context"]["source"], offered[0]["step_id"]) == ("mqtt", "lend")
    flow = await answer_of(home, f"flow/{offered[0]['flow_id']}", areas=[area], voice=voice)
    assert flow["type"] == "create_entry"


def init(folder: Path, port: int) -> dict[str, Any]:
    """`relax home init`, as a person calls it: the home file that it writes."""
    command = [
        sys.executable,
        "-m",
        "orchestrator",
        "home",
        "init",
        str(folder / "home.yaml"),
        "--yes",
        "--seconds",
        "2",
    ]
    said = subprocess.run(
        [*command, "--broker", f"127.0.0.1:{port}"], cwd=TOP, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    assert said.returncode == 0, said.stderr
    return dict(yaml.safe_load((folder / "home.yaml").read_text()))


@asynccontextmanager
async def relax(folder: Path) -> AsyncIterator[None]:
    """Its service, with the home file of this folder and a scene of light alone."""
    (folder / "scenes").mkdir(exist_ok=True)
    (folder / "scenes" / "calm.yaml").write_text(SCENE)
    (folder / "scenes" / "spoken.yaml").write_text(SPOKEN)
    house = load(folder / "home.yaml", {})
    repository, errors = read_scenes([folder / "scenes"])
    assert not errors
    journal = Journal(folder / "state" / "journal.db")
    journal.open(local_time(), now())
    try:
        async with Service(house, repository, journal, Interface(house.model.rooms)):
            yield
    finally:
        journal.close()


def shown(client: Client, entity: str) -> tuple[str | None, Any]:
    return client.state(entity), client.attribute(entity, "brightness")


async def test_lamps_that_only_home_assistant_has_play_a_scene_and_are_given_back(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    with found() as home:
        put(home)
        await asyncio.to_thread(home.start, mosquitto.port)
        async with home.client() as client:
            area = await furnish(client, "Living room", "light.sofa", "light.shelf", "switch.fan")
            await client.call("light.turn_on", "light.sofa", brightness=204, color_temp_kelvin=4000)
            await client.call("light.turn_on", "light.shelf", brightness=153, hs_color=[240, 60])
            await client.call("light.turn_off", "light.elsewhere")
            await set_up(home, area)
            written = await asyncio.to_thread(init, tmp_path, mosquitto.port)
            assert {each.get("command_topic") for each in written["devices"].values()} == {
                "relax/lent/light/sofa/set",
                "relax/lent/light/shelf/set",
                "relax/lent/switch/fan/set",
            }
            (room,) = written["rooms"]
            assert room == "living-room"
            async with somebody_who_asks(mosquitto) as asking, relax(tmp_path):
                await client.wait_for(f"media_player.relax_{room.replace('-', '_')}_session", "idle")
                await play(client, asking, room)
            rooms = [device for device in await client.devices() if device["name"] == "Relax Living room"]
            assert len(rooms) == 1, "the room of MQTT discovery, which the integration does not make again"
        assert complaints(home) == []


def put(home: HomeAssistant) -> None:
    home.put("custom_components/relax", TOP / "custom_components" / "relax")
    home.put("custom_components/rehearsed", HERE / "stand_ins/rehearsed")
    home.put("packages/lent.yaml", yaml.safe_dump(PACKAGE))


def complaints(home: HomeAssistant) -> list[str]:
    """All but what Home Assistant says of each custom integration."""
    return [one for one in home.complaints() if "We found a custom integration" not in one]


async def play(client: Client, asking: Any, room: str) -> None:
    """A session, a hand on one lamp in it, and its end."""
    session = f"media_player.relax_{room.replace('-', '_')}_session"
    said = await client.ask(
        "call_service", domain="relax", service="start", service_data={"scene": "Calm evening"}, return_response=True
    )
    assert said["response"]["room"] == room
    await client.wait_for(session, "playing")
    await client.wait_for("light.sofa", lambda lit: abs(lit["attributes"].get("brightness", 0) - 102) <= 1)
    await client.wait_for("light.shelf", lambda lit: lit["attributes"].get("color_mode") == "color_temp")
    began = asking.state(room)
    await asyncio.sleep(SECONDS)
    assert asking.state(room)["overridden"] == began["overridden"] == {}, "nobody has touched anything"
    assert asking.state(room)["unanswered"] == []
    await client.call("light.turn_on", "light.shelf", brightness=255)
    await until(lambda: asking.state(room)["overridden"] != {})
    await client.call("media_player.media_stop", session)
    await client.wait_for(session, "idle")
    await until(lambda: shown(client, "light.sofa") == ("on", 204))
    assert client.attribute("light.sofa", "color_temp_kelvin") == pytest.approx(4000, abs=20)
    assert shown(client, "light.shelf") == ("on", 255), "it is the person's"
    assert shown(client, "light.elsewhere") == ("off", None), "nobody has lent it"
    await until(lambda: asking.state(room)["owed"] == [])


async def test_its_player_speaks_and_a_kill_of_home_assistant_in_the_middle_leaves_nothing_behind(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    with found() as home:
        put(home)
        await asyncio.to_thread(home.start, mosquitto.port)
        async with home.client() as client:
            area = await furnish(client, "Den", "light.sofa", "media_player.plain")
            await client.call("light.turn_on", "light.sofa", brightness=204, color_temp_kelvin=4000)
            async with somebody_who_asks(mosquitto) as somebody:
                somebody.connection.publish([Message("relax/status", "online", retain=True)])
                await set_up_what_was_heard(home, client, area, "tts.rehearsed_voice")
            written = await asyncio.to_thread(init, tmp_path, mosquitto.port)
        assert written["rooms"]["den"]["roles"] == {"main": "sofa", "music": "plain", "voice": "plain"}
        with (tmp_path / "home.yaml").open("a") as file:
            file.write(f"music: {{calm: '{MUSIC}'}}\n")
        async with somebody_who_asks(mosquitto) as asking, relax(tmp_path):
            async with home.client() as client:
                await listen(client, asking)
            await until(lambda: is_stored(home, area))
            await asyncio.to_thread(home.kill)
            await until(lambda: sorted(asking.state()["missing"]) == ["plain", "sofa"])
            await asyncio.to_thread(home.start, mosquitto.port, fresh=False)
            async with home.client() as client:
                await client.wait_for(
                    "light.sofa", lambda lit: abs((lit["attributes"].get("brightness") or 0) - 102) <= 1
                )
                assert asking.state()["status"] != "idle"
                assert asking.state()["overridden"].get("sofa") is None, "what it forgot meanwhile is no hand"
                await client.ask("call_service", domain="relax", service="steer", service_data={"command": "stop"})
                await until(lambda: asking.state()["status"] == "idle" and asking.state()["owed"] == [])
                assert shown(client, "light.sofa") == ("on", 204)
                assert client.state("media_player.plain") != "playing"
        assert complaints(home) == []


def is_stored(home: HomeAssistant, area: str) -> bool:
    """Home Assistant writes some seconds later what is where: a kill before that makes it forget, whatever we do."""
    registry = home.config / ".storage" / "core.entity_registry"
    return registry.exists() and f'"area_id":"{area}"' in registry.read_text().replace(" ", "")


async def listen(client: Client, asking: Any) -> None:
    """Music, and words in its place: it waits until they are over, and plays on."""
    await client.wait_for("media_player.relax_den_session", "idle")
    await client.ask("call_service", domain="relax", service="start", service_data={"scene": "spoken", "room": "Den"})
    player = "media_player.plain"
    await client.wait_for(player, lambda so: so["attributes"].get("media_content_id") == MUSIC)
    await until(lambda: asking.events("announced"))
    await client.wait_for(player, lambda so: "tts" in (so["attributes"].get("media_content_id") or ""))
    await client.wait_for(player, lambda so: so["attributes"].get("media_content_id") == MUSIC)
    await until(lambda: asking.state()["chapter"] == "rest")
    said = [json.loads(one.payload)["event"] for one in asking.heard_of("relax/lent/speaker/plain/event")]
    assert said == ["started", "done"]
    assert asking.state()["overridden"] == {}
