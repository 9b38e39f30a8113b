"""A whole home at a real broker, and what is written of its devices: it passes the checks of all fixtures."""

import asyncio
import json

import pytest

from orchestrator.devices.messages import Message
from orchestrator.errors import Refused
from orchestrator.home.library import read
from orchestrator.mqtt.connection import Connection
from orchestrator.recorder.description import Description
from orchestrator.recorder.fixture import fixture
from orchestrator.recorder.recorder import Recorder
from orchestrator.simulator.faults import parse
from orchestrator.simulator.serve import SimulatorService
from tests.conftest import LIMIT, until
from tests.devices import test_payloads

pytestmark = pytest.mark.broker

HOME = """
home: linden-street
format: 1
broker: {username: anna, password: zwergenhaft}
devices:
  annas_lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/Anna/bedside left, title: Annas Lampe}
  right: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/Anna/bedside right, colors: [temperature]}
  both: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/Anna/both, members: [annas_lamp, right]}
  strip: {kind: light, dialect: home_assistant, command_topic: esp-02a4e0ea95c3/light/anna/command,
    state_topic: esp-02a4e0ea95c3/light/anna/state, availability_topic: esp-02a4e0ea95c3/status}
  plug: {kind: switch, dialect: zigbee2mqtt, topic: zigbee2mqtt/0x00158d0001a2b3c4}
  speaker: {kind: [player, voice], dialect: relax_speaker, topic: speakers/anna}
  satellite: {kind: voice, dialect: hermes, site: annas-room}
  paper: {kind: light, dialect: template, set: {topic: anna/paper/set, payload: "{{ {'state': state, 'brightness':
    brightness} | tojson }}"}, state: {topic: anna/paper/state}}
rooms:
  annas-room: {title: Annas Zimmer, roles: {main: annas_lamp, glow: [strip, paper], music: speaker, voice: speaker}}
"""
DEFINED = [
    {
        "ieee_address": "0x00158d0001a2b3c4",
        "friendly_name": "Anna/bedside left",
        "type": "Router",
        "network_address": 4711,
        "supported": True,
        "software_build_id": "1.145.2",
        "description": "von Oma",
        "definition": {
            "vendor": "Philips",
            "model": "9290012573A",
            "description": "Hue white and color ambiance E27",
            "exposes": [{"type": "light", "features": [{"name": "brightness", "property": "brightness"}]}],
        },
    },
]
ANNOUNCED = {
    "~": "esp-02a4e0ea95c3/light/anna",
    "name": "Annas Band",
    "stat_t": "~/state",
    "uniq_id": "ESPlightanna",
    "dev": {"ids": "02a4e0ea95c3", "name": "anna", "sw": "2026.8.0", "mdl": "esp32", "mf": "Espressif"},
}
TOLD = (
    Message("zigbee2mqtt/bridge/devices", json.dumps(DEFINED), retain=True),
    Message("zigbee2mqtt/bridge/info", json.dumps({"version": "2.14.1", "network": {"pan_id": 4711}}), retain=True),
    Message("homeassistant/light/esp-02a4e0ea95c3/anna/config", json.dumps(ANNOUNCED), retain=True),
)
PERSONAL = ("anna", "oma", "linden", "zwerg", "02a4e0", "00158d", "bedside", "4711", "lampe", "zimmer")


async def recorded(mosquitto, name, *faults, told=TOLD, exercise=True, seconds=1.0):
    """The recording and the fixture of one device of a simulated home, and how the home is after it."""
    home = read(HOME, "home.yaml")
    async with SimulatorService(home, mosquitto.address, parse(faults)) as service:
        await service.first(LIMIT)
        async with Connection(mosquitto.address, client_id="bridge", on_message=lambda _: None) as connection:
            await connection.first(LIMIT)
            connection.publish(told)
        recorder = Recorder(home, home.devices[name], mosquitto.address, "relax", between=0.3)
        recording = await recorder.record(seconds, exercise=exercise)
        lamps = {lamp.name: lamp.level for lamp in service.simulated.lamps(service.now() + 60_000)}
    return recording, fixture(recording, home, "a test", Description()), lamps


def assert_passes_the_checks_of_all_fixtures(made):
    content = json.loads(made.text())
    for case in content["encode"]:
        test_payloads.test_a_change_becomes_the_payload_that_the_device_understands(content["devices"]["device"], case)
    for case in content["decode"]:
        test_payloads.test_a_payload_becomes_the_report_that_it_means(content["devices"]["device"], case)
    test_payloads.test_a_device_is_asked_for_its_state_where_it_can_be_asked("any", "1", content)
    return content


@pytest.mark.parametrize("name", ["annas_lamp", "right", "both", "strip", "plug", "speaker", "satellite", "paper"])
async def test_what_is_written_passes_the_checks_of_all_fixtures_and_names_nobody(mosquitto, name):
    recording, made, _ = await recorded(mosquitto, name, seconds=4.0 if name == "satellite" else 1.0)
    content = assert_passes_the_checks_of_all_fixtures(made)
    assert recording.says_something
    assert recording.exercised.is_as_before
    assert made.lost == 0
    assert content["encode"]
    assert [case for case in content["decode"] if case["reports"]]
    assert [word for word in PERSONAL if word in made.text().casefold()] == []


async def test_a_lamp_has_everything_back(mosquitto):
    _, _, lamps = await recorded(mosquitto, "annas_lamp")
    assert lamps == {name: pytest.approx(70, abs=0.5) for name in ("annas_lamp", "right", "strip", "paper")}


async def test_a_lamp_has_everything_back_also_where_somebody_has_had_enough(mosquitto):
    home = read(HOME, "home.yaml")
    async with SimulatorService(home, mosquitto.address) as service:
        await service.first(LIMIT)
        recorder = Recorder(home, home.devices["annas_lamp"], mosquitto.address, "relax", between=30)
        recording = asyncio.create_task(recorder.record(1.0, exercise=True))
        await until(lambda: level(service) < 60)
        recording.cancel()
        await asyncio.wait([recording])
        await until(lambda: level(service) == pytest.approx(70, abs=0.5))


def level(service):
    """Where the lamp is on its way to, in a minute."""
    lamps = service.simulated.lamps(service.now() + 60_000)
    return next(lamp.level for lamp in lamps if lamp.name == "annas_lamp")


async def test_a_bridge_says_what_its_lamp_is(mosquitto):
    _, made, _ = await recorded(mosquitto, "annas_lamp", exercise=False)
    told = {"vendor": "Philips", "model": "9290012573A", "firmware": "1.145.2", "bridge": "Zigbee2MQTT 2.14.1"}
    assert made.content["device"] == told | {"recorded": "a test"}
    assert made.name == "philips-9290012573a-1.145.2"
    ((described,),) = [each["payload"] for each in made.content["described"]]
    assert described["definition"] == DEFINED[0]["definition"]
    assert "description" not in described
    assert made.content["encode"] == []


async def test_home_assistants_discovery_says_what_a_light_is(mosquitto):
    _, made, _ = await recorded(mosquitto, "strip", exercise=False)
    assert made.content["device"] == {
        "vendor": "Espressif", "model": "esp32", "firmware": "2026.8.0", "recorded": "a test"
    }  # fmt: skip
    (described,) = made.content["described"]
    entry = made.content["devices"]["device"]
    assert entry["state_topic"] == described["payload"]["stat_t"].replace("~", described["payload"]["~"])


async def test_a_device_that_is_silent_says_nothing(mosquitto):
    recording, _, _ = await recorded(mosquitto, "annas_lamp", "annas_lamp=silent")
    assert not recording.says_something
    assert recording.exercised.changes == ()


async def test_a_device_that_is_offline_is_told_nothing(mosquitto):
    recording, _, _ = await recorded(mosquitto, "annas_lamp", "annas_lamp=offline")
    assert (recording.says_something, recording.is_there, recording.exercised.changes) == (False, False, ())


async def test_a_device_of_a_session_is_left_alone(mosquitto):
    playing = Message("relax/rooms/annas-room/session", '{"status": "running"}', retain=True)
    with pytest.raises(Refused, match="A session is on in annas-room, and Annas Lampe plays in it"):
        await recorded(mosquitto, "annas_lamp", told=(playing,))
    recording, _, _ = await recorded(mosquitto, "annas_lamp", told=(playing,), exercise=False)
    assert recording.says_something
