"""`relax home init`, `home add`, `doctor` beside a Home Assistant: what it has becomes rooms, its token is nowhere."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from orchestrator.cli.home import home_assistant_search as search
from orchestrator.devices.dialects.hass.entity_state import EntityState
from orchestrator.devices.discovery.hass import HassInventory, found_in
from orchestrator.devices.discovery.survey import Survey
from orchestrator.devices.messages import Message
from orchestrator.home import library
from tests.conftest import Mosquitto
from tests.hass.server import LIGHT, TOKEN, FakeHomeAssistant, listening

pytestmark = pytest.mark.broker

PLAYS, ANNOUNCES = 1 | 4 | 512 | 4096, 1_048_576
STATES: dict[str, tuple[str, dict[str, Any]]] = {
    "light.sofa": ("on", {**LIGHT, "friendly_name": "Sofa"}),
    "light.ceiling": ("on", {**LIGHT, "friendly_name": "Ceiling"}),
    "light.room": ("on", {**LIGHT, "friendly_name": "Both", "entity_id": ["light.sofa", "light.ceiling"]}),
    "light.hue_room": ("on", {**LIGHT, "friendly_name": "Living", "is_hue_group": True}),
    "light.by_mqtt": ("on", {**LIGHT, "friendly_name": "At the broker"}),
    "light.hidden": ("on", {**LIGHT, "friendly_name": "Hidden"}),
    "light.status_led": ("on", {**LIGHT, "friendly_name": "Status LED"}),
    "light.socket": ("on", {"supported_color_modes": ["onoff"], "friendly_name": "Socket"}),
    "switch.child_lock": ("off", {"friendly_name": "Child lock"}),
    "switch.diffuser": ("off", {"friendly_name": "Diffuser"}),
    "media_player.cast": ("idle", {"supported_features": PLAYS | ANNOUNCES, "friendly_name": "Speaker"}),
    "media_player.tv": ("off", {"supported_features": PLAYS, "device_class": "tv", "friendly_name": "TV"}),
    "event.dial": ("unknown", {"event_types": ["press", "hold"], "device_class": "button", "friendly_name": "Dial"}),
    "event.bell": ("unknown", {"event_types": ["ring"], "device_class": "doorbell", "friendly_name": "Bell"}),
    "sensor.temperature": ("21", {"friendly_name": "Temperature"}),
}
REGISTRIES: dict[str, list[dict[str, Any]]] = {
    "area": [{"area_id": "den", "name": "Den"}],
    "device": [{"id": "d1", "area_id": "den", "manufacturer": "Signify", "model": "LCA001"}],
    "entity": [
        {"entity_id": "light.sofa", "device_id": "d1", "area_id": None},
        {"entity_id": "light.ceiling", "area_id": "den"},
        {"entity_id": "light.room", "area_id": "den"},
        {"entity_id": "light.by_mqtt", "platform": "mqtt", "area_id": "den"},
        {"entity_id": "light.hidden", "hidden_by": "user", "area_id": "den"},
        {"entity_id": "switch.child_lock", "entity_category": "config", "area_id": "den"},
        {"entity_id": "media_player.cast", "area_id": "den"},
        {"entity_id": "event.dial", "area_id": "den"},
    ],
}
PIPER = [{"engine_id": "tts.piper", "supported_languages": ["en"]}]


def park() -> FakeHomeAssistant:
    return FakeHomeAssistant(dict(STATES), PIPER, registries=REGISTRIES)


@contextmanager
def serving(server: FakeHomeAssistant) -> Iterator[FakeHomeAssistant]:
    """In a thread of its own: a command has a loop of its own."""
    ready, done = threading.Event(), threading.Event()

    async def serve() -> None:
        async with listening(server):
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    ready.wait()
    try:
        yield server
    finally:
        done.set()
        thread.join()


def arguments(mosquitto: Mosquitto, server: FakeHomeAssistant) -> tuple[str, ...]:
    at = f"http://127.0.0.1:{server.port}"
    return ("--broker", f"127.0.0.1:{mosquitto.port}", "--seconds", "0.5", "--home-assistant", at)


def test_what_it_has_becomes_rooms_of_its_areas():
    states = {entity: EntityState(*state) for entity, state in STATES.items()}
    registries = (REGISTRIES["entity"], REGISTRIES["device"], REGISTRIES["area"])
    listed = HassInventory("2026.11", states, *registries, ["tts.piper"])
    found = {each.entry["entity"]: each for each in found_in(listed)}
    assert set(found) == {
        "light.sofa", "light.ceiling", "light.room", "light.status_led", "light.socket", "switch.diffuser",
        "media_player.cast", "media_player.tv", "event.dial", "event.bell",
    }  # fmt: skip
    played = {entity for entity, each in found.items() if each.proposed}
    assert played == {"light.sofa", "light.ceiling", "media_player.cast", "event.dial"}
    assert (found["light.sofa"].area, found["light.sofa"].model) == ("Den", "Signify LCA001")
    assert found["light.room"].members == ("hass:light.sofa", "hass:light.ceiling")
    assert list(found)[-1] == "light.room", "a group comes after its lamps"
    assert found["media_player.cast"].entry["kind"] == ["player", "voice"]


def test_what_the_broker_has_as_well_is_one_device_in_its_own_dialect_and_in_its_area():
    ieee = "0x0017880104e45520"
    bridge = {"type": "Router", "interview_completed": True, "supported": True}
    lamp = {"type": "light", "features": [{"name": "state"}, {"name": "brightness", "property": "brightness"}]}
    entry = {**bridge, "ieee_address": ieee, "friendly_name": "lamp_7", "definition": {"exposes": [lamp]}}
    survey = Survey("relax-probe")
    survey.hear(Message("zigbee2mqtt/bridge/devices", json.dumps([entry]), retain=True))
    survey.hear(Message("wled/a1b2c3/status", "online", retain=True))
    own: dict[str, tuple[str, dict[str, Any], list[list[str]]]] = {
        "light.by_hue": ("on", {**LIGHT, "friendly_name": "Lamp"}, [["zigbee", "00:17:88:01:04:e4:55:20"]]),
        "light.strip": ("on", {**LIGHT, "friendly_name": "Strip"}, [["mac", "AA:BB:CC:A1:B2:C3"]]),
        "light.other": ("on", {**LIGHT, "friendly_name": "Other"}, [["mac", "AA:BB:CC:00:00:01"]]),
        "media_player.strip": ("idle", {"supported_features": PLAYS}, [["mac", "AA:BB:CC:A1:B2:C3"]]),
    }
    listed = HassInventory(
        "2026.11.0",
        {entity: EntityState(state, more) for entity, (state, more, _) in own.items()},
        [{"entity_id": entity, "platform": "hue", "device_id": entity} for entity in own],
        [{"id": entity, "connections": known, "area_id": "den"} for entity, (_, _, known) in own.items()],
        [{"area_id": "den", "name": "Den"}],
        [],
    )
    survey.add(found_in(listed))
    found = {device.address: (device.entry["dialect"], device.area) for device in survey.found()}
    assert found == {
        "zigbee2mqtt/lamp_7": ("zigbee2mqtt", "Den"),
        "wled/a1b2c3": ("wled", "Den"),
        "light.other": ("hass", "Den"),
        "media_player.strip": ("hass", "Den"),
    }


def test_init_writes_a_home_of_them_without_the_token(relax, mosquitto, tmp_path, monkeypatch):
    monkeypatch.setenv("RELAX_HOME_ASSISTANT_TOKEN", TOKEN)
    with serving(park()) as server:
        done = relax("home", "init", "--yes", *arguments(mosquitto, server))
    assert (done.code, done.err) == (0, "")
    text = (tmp_path / "home.yaml").read_text()
    assert TOKEN not in text + done.out
    home = library.load(tmp_path / "home.yaml")
    assert home.model.rooms["den"].roles == {"main": "ceiling", "glow": "sofa", "music": "speaker",
                                             "voice": "speaker"}  # fmt: skip
    assert 'token: "${RELAX_HOME_ASSISTANT_TOKEN}"' in text
    assert relax("home", "check").code == 0
    assert relax("simulate", "foot-massage", "--home", "home.yaml", "--room", "den", "--json").code == 0


@pytest.mark.parametrize("token", ["wrong", None])
def test_init_without_a_token_that_is_taken_writes_nothing(relax, mosquitto, tmp_path, monkeypatch, token):
    monkeypatch.delenv("RELAX_HOME_ASSISTANT_TOKEN", raising=False)
    if token is not None:
        monkeypatch.setenv("RELAX_HOME_ASSISTANT_TOKEN", token)
    with serving(park()) as server:
        done = relax("home", "init", "--yes", *arguments(mosquitto, server))
    assert done.code == 1
    assert ("does not take the token" if token else "wants a token: set RELAX_HOME_ASSISTANT_TOKEN") in done.err
    assert "Long-lived access tokens" in done.err
    assert not list(tmp_path.glob("home.yaml"))


@pytest.mark.parametrize(("said", "has"), [(TOKEN, True), ("", False), ("wrong", False)])
async def test_where_it_usually_is_it_is_asked_for_a_token(monkeypatch, capsys, said, has):
    monkeypatch.delenv("RELAX_HOME_ASSISTANT_TOKEN", raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _question: said)
    server = park()
    async with listening(server):
        monkeypatch.setattr(search, "USUAL", f"http://127.0.0.1:{server.port}")
        monkeypatch.setattr(search, "PORT", server.port)
        found = await search.own_devices(None, may_ask=True)
        assert (bool(found.devices), found.has_new_token) == (has, has)
        assert ("Without what Home Assistant has" in capsys.readouterr().out) == (said == "wrong")
        assert await search.own_devices(None, may_ask=False) == search.OwnDevices()
    assert await search.own_devices(None, may_ask=True) == search.OwnDevices(), "nobody is there"


async def test_a_token_alone_is_for_where_it_usually_is_and_no_reason_to_write_no_home(monkeypatch, capsys):
    monkeypatch.setenv("RELAX_HOME_ASSISTANT_TOKEN", TOKEN)
    server = park()
    async with listening(server):
        monkeypatch.setattr(search, "USUAL", f"http://127.0.0.1:{server.port}")
        assert (await search.own_devices(None, may_ask=False)).devices
    assert await search.own_devices(None, may_ask=False) == search.OwnDevices()
    assert "Without what Home Assistant has: Nobody listens" in capsys.readouterr().out


def test_an_address_that_is_none_is_wrong_use(relax, mosquitto, monkeypatch):
    monkeypatch.setenv("RELAX_HOME_ASSISTANT_TOKEN", TOKEN)
    done = relax("home", "init", "--yes", "--broker", f"127.0.0.1:{mosquitto.port}", "--home-assistant", "ftp://x")
    assert (done.code, "http://homeassistant.local:8123" in done.err) == (2, True)


HOME = """
home: house
format: 1
broker: {{host: 127.0.0.1, port: {broker}}}
home_assistant: {{address: "http://127.0.0.1:{port}", token_file: token}}
devices:
  sofa: {{dialect: hass, entity: light.sofa}}
  gone: {{dialect: hass, entity: light.gone}}
rooms: {{den: {{roles: {{main: sofa}}}}}}
"""


def write(folder: Path, mosquitto: Mosquitto, server: FakeHomeAssistant, token: str = TOKEN) -> None:
    (folder / "home.yaml").write_text(HOME.format(broker=mosquitto.port, port=server.port))
    (folder / "token").write_text(f"{token}\n")


def test_add_puts_in_what_is_new(relax, mosquitto, tmp_path):
    with serving(park()) as server:
        write(tmp_path, mosquitto, server)
        done = relax("home", "add", "--seconds", "0.5")
        assert (done.code, done.err) == (0, "")
        assert "ceiling: Ceiling (light)" in done.out
        assert "sofa: Sofa" not in done.out, "it is there already"
        again = relax("home", "add", "--seconds", "0.5")
        assert "Nothing new" in again.out
    away = relax("home", "add", "--seconds", "0.5")
    assert (away.code, "Without what Home Assistant has: Nobody listens" in away.out) == (0, True)


def test_doctor_says_whether_it_is_let_in_and_what_is_not_there(relax, mosquitto, tmp_path):
    with serving(park()) as server:
        write(tmp_path, mosquitto, server)
        said = relax("doctor", "--home", "home.yaml").out
        assert "Home Assistant 2026.11.0 lets relax in." in said
        assert "gone: Home Assistant has no light.gone." in said
        assert "sofa:" not in said
        assert "No answer" not in said, "nobody asks at the broker for them"
        write(tmp_path, mosquitto, server, "wrong")
        said = relax("doctor", "--home", "home.yaml").out
        assert "does not take the token. Make one in Home Assistant" in said
        (tmp_path / "token").unlink()
        said = relax("doctor", "--home", "home.yaml").out
        assert "cannot be read from token: no such file or directory" in said
        assert TOKEN not in said


def test_check_warns_where_nobody_lets_relax_in(relax, mosquitto, tmp_path, monkeypatch):
    monkeypatch.delenv("SUPERVISOR_TOKEN", raising=False)
    write(tmp_path, mosquitto, park())
    assert "token" not in relax("home", "check").out
    (tmp_path / "token").unlink()
    done = relax("home", "check")
    assert done.code == 0
    assert "home.yaml: sofa, gone: The token of Home Assistant cannot be read from token" in done.out
    assert "[warning]" in done.out
    (tmp_path / "home.yaml").write_text(HOME.replace(", token_file: token", "").format(broker=mosquitto.port, port=1))
    assert "relax has no token for Home Assistant." in relax("home", "check").out


def test_nothing_is_recorded_of_what_is_at_no_broker(relax, mosquitto, tmp_path):
    write(tmp_path, mosquitto, park())
    done = relax("devices", "record", "sofa")
    assert (done.code, "sofa is at no broker" in done.err) == (2, True)
