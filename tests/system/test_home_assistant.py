"""A real Home Assistant: a room appears there by itself, is started and steered from there, and goes and comes back."""

import asyncio
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from orchestrator import __version__
from orchestrator.devices.messages import Message
from tests.conftest import Mosquitto, until
from tests.daemon.serving import HOME, House, house
from tests.daemon.serving import client as somebody
from tests.system.home_assistant import Client, HomeAssistant, found

pytestmark = pytest.mark.timeout(1800)

EVENING = """
scene: evening
format: 1
languages: [en, de]
title: {en: Evening, de: Abend}
parameters:
  bath: {flag: true, title: {en: Foot bath, de: Fußbad}}
  feet: {choice: [both, left, none], default: both, title: {en: "Which feet?", de: "Welche Füße?"}}
  soak: {duration: 10min, min: 2min, max: 20min, title: {en: Soak, de: Bad}}
  pace: {number: 1.0, min: 0.5, max: 2.0, title: {en: Pace, de: Tempo}}
  rounds: {whole: 12, min: 4, max: 40, title: {en: Rounds, de: Runden}}
roles: {main: {kind: light}, music: {kind: player, optional: true}}
looks: {warm: {main: {brightness: 40%, temperature: 2500K}}}
steps:
  - {step: soak, title: {en: Soak your feet, de: Bade die Füße}, look: warm, music: {play: [calm], volume: 60%},
     lasts: "{{ soak }}"}
  - {step: rest, title: {en: Rest, de: Ruhe}, lasts: 10min}
stopped: {look: restore, fade: 500ms}
"""
ENTITIES = {
    "select.relax_den_scene": ("Scene", None, None),
    "button.relax_den_start": ("Start", None, None),
    "button.relax_den_pause": ("Pause or go on", None, None),
    "button.relax_den_next": ("Next step", None, None),
    "button.relax_den_back": ("Step before", None, None),
    "button.relax_den_repeat": ("Say it again", None, None),
    "button.relax_den_extend": ("Two more minutes", None, None),
    "button.relax_den_stop": ("Stop", None, None),
    "sensor.relax_den_status": ("Status", "enum", None),
    "sensor.relax_den_step": ("Step", None, None),
    "sensor.relax_den_progress": ("Progress", None, "%"),
    "sensor.relax_den_remaining": ("Remaining", "duration", "min"),
    "sensor.relax_den_last_problem": ("Last problem", None, None),
    "event.relax_den_step_changes": ("Step changes", None, None),
    "number.relax_den_volume": ("Volume", None, "%"),
    "switch.relax_den_set_bath": ("Foot bath", None, None),
    "select.relax_den_set_feet": ("Which feet?", None, None),
    "number.relax_den_set_soak": ("Soak", "duration", "min"),
    "number.relax_den_set_pace": ("Pace", None, None),
    "number.relax_den_set_rounds": ("Rounds", None, None),
    "switch.relax_den_schedule_late": ("Your evening", None, None),
    "sensor.relax_den_schedule_late_next": ("Your evening: next time", "timestamp", None),
    "button.relax_den_schedule_late_skip": ("Your evening: skip next", None, None),
}
"""Name, class and unit of each."""
IN_A_SESSION = {
    *(f"button.relax_den_{key}" for key in ("pause", "next", "back", "repeat", "extend", "stop")),
    "number.relax_den_volume",
}
"""Those that are there only while something plays; and the events, once something has happened."""
EVENTS = "event.relax_den_step_changes"
HUB = {
    "binary_sensor.relax_connection": "on",
    "binary_sensor.relax_health": "off",
    "sensor.relax_last_problem": "",
    "sensor.relax_version": __version__,
    "sensor.relax_new_devices": "unavailable",
}
SCHEDULE = """\
location: {latitude: 52.52, longitude: 13.40, timezone: Europe/Berlin}
schedules:
  late: {title: Your evening, scene: evening, room: den, at: "04:05"}
"""


def shown(client: Client, entity: str) -> tuple[str, Any, Any]:
    name = client.attribute(entity, "friendly_name").removeprefix("Relax den ")
    return name, client.attribute(entity, "device_class"), client.attribute(entity, "unit_of_measurement")


async def all_there(client: Client) -> None:
    """Wait until they are; what is missing is said."""
    for entity in set(ENTITIES) - IN_A_SESSION - {EVENTS}:
        if entity.startswith("button"):  # unknown until somebody presses it
            await client.wait_for(entity, lambda state: state["state"] != "unavailable")
        else:
            await client.wait_for(entity, lambda state: state["state"] not in ("unavailable", "unknown"))
    await until(lambda: all(client.state(entity) == "unavailable" for entity in IN_A_SESSION))


async def test_a_room_lives_in_home_assistant(tmp_path: Path, mosquitto: Mosquitto) -> None:
    (tmp_path / "scenes").mkdir()
    (tmp_path / "scenes" / "evening.yaml").write_text(EVENING)
    with found() as ha:
        await asyncio.to_thread(ha.start, mosquitto.port)
        async with ha.client() as client:
            await meet_an_older_relax(client, mosquitto)
            async with house(tmp_path, mosquitto, more=SCHEDULE) as place:
                await until(lambda: client.state("sensor.relax_den_was") is None)
                await client.wait_for("select.relax_den_scene", "Back and shoulders, for two")
                await client.call("select.select_option", "select.relax_den_scene", option="Evening")
                await all_there(client)
                await until(lambda: {entity: shown(client, entity) for entity in ENTITIES} == ENTITIES)
                await look_at_the_device(client)
                await choose_on_the_dashboard(client, place)
                await see_what_is_refused(client, place)
                await steer(client, place)
                await leave_out_what_is_planned(client, place)
                await change_scenes(client)
            await until(lambda: all(client.state(entity) == "unavailable" for entity in gone(ENTITIES)))
            await client.wait_for("binary_sensor.relax_connection", "off")
            await in_another_language(client, tmp_path, mosquitto)
        await come_back(ha, tmp_path, mosquitto)
        await go_for_good(ha, tmp_path, mosquitto)
        assert ha.complaints() == []


async def meet_an_older_relax(client: Client, mosquitto: Mosquitto) -> None:
    """It has announced the room in its own way, with something that is no more."""
    sensor = {"platform": "sensor", "state_topic": "relax/rooms/den/display"}
    remaining = {**sensor, "device_class": "duration", "unit_of_measurement": "s", "name": "Remaining"}
    payload = {
        "device": {"identifiers": ["relax_den"], "name": "Relax den", "manufacturer": "relax", "model": "Room"},
        "origin": {"name": "relax"},
        "availability": [{"topic": "relax/status"}, {"topic": "relax/rooms/den/status"}],
        "availability_mode": "all",
        "components": {
            key: {"unique_id": f"relax_den_{key}", "default_entity_id": f"sensor.relax_den_{key}", **each}
            for key, each in {"remaining": remaining, "was": {**sensor, "name": "Was"}}.items()
        },
    }
    async with somebody(mosquitto) as older:
        config = json.dumps(payload)
        older.connection.publish([Message("homeassistant/device/relax/den/config", config, retain=True)])
        await until(lambda: client.state("sensor.relax_den_was") == "unavailable")


def gone(entities: dict[str, Any]) -> list[str]:
    return [entity for entity in entities if "_set_" not in entity]


async def look_at_the_device(client: Client) -> None:
    (device,) = [one for one in await client.devices() if one["name"] == "Relax den"]
    assert device["manufacturer"] == "relax"
    (hub,) = [one for one in await client.devices() if one["name"] == "relax"]
    assert (device["via_device_id"], hub["sw_version"]) == (hub["id"], __version__)
    assert device["area_id"] is None, "one that was there stays where its owner has it"
    await until(lambda: {entity: client.state(entity) for entity in HUB} == HUB)
    triggers = await client.ask("device_automation/trigger/list", device_id=device["id"])
    ours = {(each["type"], each["subtype"]) for each in triggers if each["domain"] == "mqtt"}
    assert ours == {("started", "session"), ("started", "step"), ("landed", "session")}
    registered = {entity["entity_id"]: entity for entity in await client.entities()}
    assert {registered[entity]["unique_id"] for entity in ENTITIES} >= {"relax_den_scene", "relax_den_set_bath_switch"}
    assert registered["switch.relax_den_set_bath"]["entity_category"] == "config"
    of_the_room = [one for one in registered.values() if one["device_id"] == device["id"]]
    face = [one["entity_id"] for one in of_the_room if one["entity_category"] is None and one["disabled_by"] is None]
    assert len(face) == 8, face
    assert registered["sensor.relax_den_ends_at"]["disabled_by"] == "integration"
    exposed = await client.ask("homeassistant/expose_entity/list")
    assert not [entity for entity, by in exposed["exposed_entities"].items() if "relax" in entity and any(by.values())]
    assert {"Box breathing", "Evening"} <= set(client.attribute("select.relax_den_scene", "options"))
    assert client.state("sensor.relax_den_status") == "idle"


async def choose_on_the_dashboard(client: Client, place: House) -> None:
    await client.call("switch.turn_off", "switch.relax_den_set_bath")
    await client.wait_for("switch.relax_den_set_bath", "off")
    await client.call("select.select_option", "select.relax_den_set_feet", option="(none)")
    await client.call("number.set_value", "number.relax_den_set_soak", value=12)
    await client.call("number.set_value", "number.relax_den_set_pace", value=1.5)
    await client.call("number.set_value", "number.relax_den_set_rounds", value=7)
    await client.wait_for("select.relax_den_set_feet", "(none)")
    await client.wait_for("number.relax_den_set_soak", lambda state: float(state["state"]) == 12)
    await client.wait_for("number.relax_den_set_pace", lambda state: float(state["state"]) == 1.5)
    await client.wait_for("number.relax_den_set_rounds", "7")
    rows = place.journal.read("SELECT scene, parameters FROM choices WHERE room = 'den'")
    assert [(scene, json.loads(given)) for scene, given in rows] == [
        ("evening", {"bath": False, "feet": "none", "soak": "12min", "pace": 1.5, "rounds": 7})
    ]


async def see_what_is_refused(client: Client, place: House) -> None:
    """In the event entity and as the last problem, until something begins; the title of the select will do."""
    problem = "sensor.relax_den_last_problem"
    assert client.state(problem) == ""
    command = {"command": "start", "scene": "Evening", "parameters": {"rounds": 3}}
    await place.client.ask(command)
    await client.wait_for(problem, lambda state: "rounds" in state["state"])
    assert client.attribute(problem, "when").startswith("20")
    assert client.attribute(problem, "code") == "bad_parameter"
    await client.wait_for(EVENTS, lambda state: state["attributes"].get("event_type") == "refused")
    assert client.attribute(EVENTS, "code") == "bad_parameter"
    assert "rounds" in client.attribute(EVENTS, "message")
    await client.wait_for("sensor.relax_last_problem", lambda state: "rounds" in state["state"])
    await client.wait_for("binary_sensor.relax_health", "on")
    await place.client.ask({"command": "start", "scene": "evening"})
    await client.wait_for(problem, "")
    await client.wait_for("binary_sensor.relax_health", "off")
    await place.client.ask("stop")
    await client.wait_for("sensor.relax_den_status", "idle")


async def in_another_language(client: Client, folder: Path, mosquitto: Mosquitto) -> None:
    """Nobody's choice is unknown afterwards, and it stays what it was."""
    select = "select.relax_den_scene"
    async with house(folder, mosquitto, more=f"{SCHEDULE}language: de\n"):
        await client.wait_for(select, "Abend")
        assert "Abend" in client.attribute(select, "options")
        await client.wait_for("sensor.relax_den_step", "Gerade läuft nichts")
    async with house(folder, mosquitto, more=SCHEDULE):
        await client.wait_for(select, "Evening")
        assert "Evening" in client.attribute(select, "options")


async def steer(client: Client, place: House) -> None:
    await client.call("button.press", "button.relax_den_start")
    await client.wait_for("sensor.relax_den_status", "running")
    assert place.client.state()["scene"] == "evening"
    assert place.client.state()["trigger"] == "home_assistant"
    await client.wait_for("sensor.relax_den_step", "Soak your feet")
    await until(lambda: client.attribute("sensor.relax_den_step", "steps") == ["Soak your feet", "Rest"])
    await until(lambda: client.attribute("sensor.relax_den_step", "session") == place.client.state()["id"])
    await client.wait_for("sensor.relax_den_remaining", lambda state: 20 < int(state["state"]) <= 24)
    assert {client.state(entity) for entity in IN_A_SESSION} & {"unavailable", None} == set()
    await client.wait_for(
        "event.relax_den_step_changes", lambda state: state["state"] not in ("unknown", "unavailable")
    )
    await until(lambda: client.attribute("event.relax_den_step_changes", "event_type") == "step_started")
    await client.wait_for("number.relax_den_volume", "60")
    await client.call("number.set_value", "number.relax_den_volume", value=35)
    await client.wait_for("number.relax_den_volume", "35")
    await client.call("button.press", "button.relax_den_pause")
    await client.wait_for("sensor.relax_den_status", "paused")
    await client.call("button.press", "button.relax_den_pause")
    await client.wait_for("sensor.relax_den_status", "running")
    before = int(str(client.state("sensor.relax_den_remaining")))
    await client.call("button.press", "button.relax_den_extend")
    await client.wait_for("sensor.relax_den_remaining", lambda state: int(state["state"]) > before)
    await client.call("button.press", "button.relax_den_next")
    await client.wait_for("sensor.relax_den_step", "Rest")
    await client.wait_for("sensor.relax_den_progress", lambda state: 0 <= int(state["state"]) <= 100)
    await client.call("button.press", "button.relax_den_back")
    await client.wait_for("sensor.relax_den_step", "Soak your feet")
    await client.call("button.press", "button.relax_den_stop")
    await client.wait_for("sensor.relax_den_status", "idle")
    await until(lambda: place.client.state()["last"]["ending"] == "stopped")
    await until(lambda: client.attribute("event.relax_den_step_changes", "event_type") == "landed")


async def leave_out_what_is_planned(client: Client, place: House) -> None:
    def told() -> dict[str, Any]:
        payloads = [one.payload for one in place.client.heard_of("relax/schedules/late/state")]
        return dict(json.loads(payloads[-1]))

    def moment(text: object) -> datetime:
        return datetime.fromisoformat(str(text))

    following = "sensor.relax_den_schedule_late_next"
    first = moment(client.state(following))
    assert first == moment(told()["next"])
    await client.call("button.press", "button.relax_den_schedule_late_skip")
    await client.wait_for(following, lambda state: moment(state["state"]) > first)
    await until(lambda: told()["skipped"])
    assert moment(told()["skipped"]) == first
    await client.call("switch.turn_off", "switch.relax_den_schedule_late")
    await client.wait_for(following, "unavailable")
    await until(lambda: told()["enabled"] is False)
    await client.call("switch.turn_on", "switch.relax_den_schedule_late")
    await client.wait_for(following, lambda state: state["state"].startswith("20"))


async def change_scenes(client: Client) -> None:
    """The parameters are those of the scene; one that comes back is as it was called before."""
    await client.call("select.select_option", "select.relax_den_scene", option="Quiet")
    await until(lambda: client.state("switch.relax_den_set_bath") is None)
    await client.wait_for("number.relax_den_set_rest", lambda state: state["state"] in ("2", "2.0"))
    await until(lambda: client.state("number.relax_den_set_soak") is None)
    await client.call("select.select_option", "select.relax_den_scene", option="Evening")
    await all_there(client)
    await until(lambda: client.state("number.relax_den_set_rest") is None)
    await client.wait_for("switch.relax_den_set_bath", "on")
    await client.call("switch.turn_off", "switch.relax_den_set_bath")
    await client.wait_for("switch.relax_den_set_bath", "off")


async def come_back(ha: HomeAssistant, folder: Path, mosquitto: Mosquitto) -> None:
    """After a restart of both: what was chosen is chosen still."""
    async with house(folder, mosquitto, more=SCHEDULE) as place:
        await asyncio.to_thread(ha.restart)
        async with ha.client() as client:
            await all_there(client)
            await client.wait_for("switch.relax_den_set_bath", "off")
            await client.wait_for("select.relax_den_scene", "Evening")
            await client.call("button.press", "button.relax_den_start")
            await client.wait_for("sensor.relax_den_status", "running")
            await client.call("button.press", "button.relax_den_stop")
            await client.wait_for("sensor.relax_den_status", "idle")
            await until(lambda: (place.client.state()["last"] or {}).get("ending") == "stopped")


async def go_for_good(ha: HomeAssistant, folder: Path, mosquitto: Mosquitto) -> None:
    """A room that is called otherwise is another device; with `home_assistant: off` there is none."""
    async with ha.client() as client:
        renamed = HOME.replace("  den:", "  lounge:")
        async with house(folder, mosquitto, text=renamed, room="lounge"):
            await client.wait_for("sensor.relax_lounge_status", "idle")
            await until(lambda: client.state("sensor.relax_den_status") is None)
            (device,) = [one for one in await client.devices() if one["name"] == "Relax lounge"]
            areas = {area["area_id"]: area["name"] for area in await client.ask("config/area_registry/list")}
            assert areas[device["area_id"]] == "lounge"
        async with house(folder, mosquitto, text=f"{renamed}home_assistant: off\n", room="lounge"):
            await until(lambda: client.state("sensor.relax_lounge_status") is None)
        assert [one for one in await client.devices() if one["manufacturer"] == "relax"] == []
