"""Lamps of which the home file says where they are told and no more: at a broker they play by what they announce."""

import json
from pathlib import Path

from orchestrator.daemon.clock import local_time, now
from orchestrator.daemon.scene_repository import read_scenes
from orchestrator.daemon.service import Service
from orchestrator.devices.messages import Message
from orchestrator.home.library import load, read
from orchestrator.integrations.interface import Interface
from orchestrator.journal.journal import Journal
from orchestrator.simulator.serve import SimulatorService
from tests.conftest import LIMIT, Mosquitto, until
from tests.daemon.serving import ENVIRONMENT, Client, client, house, write_house

TOLD_ALL = """
home: house
format: 1
devices:
  json: {kind: light, dialect: home_assistant, command_topic: json/set, state_topic: json/state,
    supported_color_modes: [color_temp], brightness_scale: 100, color_temp_kelvin: true, min_kelvin: 2000,
    max_kelvin: 6500}
  topics: {kind: light, dialect: home_assistant, command_topic: t/set, state_topic: t/on,
    brightness_command_topic: t/level/set, brightness_state_topic: t/level, brightness_scale: 100,
    color_temp_command_topic: t/white/set, color_temp_state_topic: t/white}
  esphome: {kind: light, dialect: home_assistant, command_topic: e/light/l/command, state_topic: e/light/l/state,
    availability_topic: e/status, supported_color_modes: [rgbw]}
rooms: {den: {roles: {main: [json, topics, esphome]}}}
"""
SPARSE = """
home: house
format: 1
broker: {{host: 127.0.0.1, port: {port}}}
devices:
  json: {{kind: light, dialect: home_assistant, command_topic: json/set}}
  topics: {{kind: light, dialect: home_assistant, command_topic: t/set}}
  esphome: {{kind: light, dialect: home_assistant, command_topic: e/light/l/command}}
rooms: {{den: {{roles: {{main: [json, topics, esphome]}}}}}}
"""


async def test_they_play_and_are_given_back(tmp_path: Path, mosquitto: Mosquitto) -> None:
    home = load(write_house(tmp_path, mosquitto.port, text=SPARSE), ENVIRONMENT)
    repository, _ = read_scenes([tmp_path / "scenes"])
    record = Journal(tmp_path / "state" / "journal.db")
    record.open(local_time(), now())
    try:
        async with (
            SimulatorService(read(TOLD_ALL, "all.yaml"), mosquitto.address) as twins,
            client(mosquitto) as person,
        ):
            await twins.first(LIMIT)
            before = [(lamp.name, lamp.level, lamp.colour) for lamp in twins.simulated.lamps(twins.now())]
            interface = Interface(home.model.rooms)
            async with Service(home, repository, record, interface) as service:
                await until(lambda: person.state("den"))
                await until(lambda: all(service.daemon.conductor.stage.knows(name, now()) for name in home.devices))
                await person.ask({"command": "start", "scene": "brief"})
                await until(lambda: person.events("given_back"))
                await until(lambda: person.state()["owed"] == [])
                given = person.events("given_back")[0]["details"]["given"]
        assert set(given.split(", ")) == set(home.devices)
        after = [(lamp.name, lamp.level, lamp.colour) for lamp in twins.simulated.lamps(twins.now())]
        for (name, level, colour), (_, was, hue) in zip(after, before, strict=True):
            assert colour is not None
            assert hue is not None
            assert (name, round(level), colour.rgb.hex) == (name, round(was), hue.rgb.hex)
        assert not person.events("overridden")
    finally:
        record.close()


MUTE = """
home: house
format: 1
broker: {{host: 127.0.0.1, port: {port}}}
devices:
  ceiling: {{kind: light, dialect: home_assistant, command_topic: home/lamp/set}}
rooms: {{den: {{roles: {{main: ceiling}}}}}}
"""


async def test_what_it_announces_in_a_session_counts_also_while_its_answer_is_waited_for(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    """Who only looks on whether it answers takes nothing away from who plays with it."""

    def announce(person: Client, *modes: str) -> None:
        said = {"schema": "json", "cmd_t": "home/lamp/set", "stat_t": "home/lamp", "brightness": True}
        payload = json.dumps({**said, "sup_clrm": modes})
        person.connection.publish([Message("homeassistant/light/lamp/config", payload, retain=True)])

    home = load(write_house(tmp_path, mosquitto.port, text=MUTE), ENVIRONMENT)
    repository, _ = read_scenes([tmp_path / "scenes"])
    record = Journal(tmp_path / "state" / "journal.db")
    record.open(local_time(), now())
    try:
        async with client(mosquitto) as person:
            announce(person, "color_temp")
            async with Service(home, repository, record, Interface(home.model.rooms)):
                await until(lambda: person.state("den"))
                start = {"command": "start", "scene": "quiet", "parameters": {"rest": "10min"}}
                assert (await person.ask(start))["ok"]
                await until(lambda: any("color_temp" in one.payload for one in person.heard_of("home/lamp/set")))
                announce(person, "brightness")
                await person.caught_up()
                before = len(person.heard_of("home/lamp/set"))
                await person.ask("next")
                await until(lambda: len(person.heard_of("home/lamp/set")) > before)
                await person.ask("abort")
                told = [json.loads(one.payload) for one in person.heard_of("home/lamp/set")[before:]]
        assert not [each for each in told if "color_temp" in each]
    finally:
        record.close()


async def test_a_lamp_whose_presence_is_home_assistants_own_hears_that_it_is_gone(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    """Its birth topic is relax's to hear as well: it announces its rooms anew after it."""
    lent = """
home: lent
format: 1
broker: {{host: 127.0.0.1, port: {port}}}
devices:
  sofa: {{kind: light, dialect: home_assistant, command_topic: relax/lent/light/sofa/set,
    state_topic: relax/lent/light/sofa/state, supported_color_modes: [color_temp],
    availability: [{{topic: relax/lent/light/sofa/status}}, {{topic: homeassistant/status}}]}}
rooms:
  den: {{roles: {{main: sofa}}}}
"""
    async with house(tmp_path, mosquitto, text=lent) as place:
        await place.client.ask({"command": "start", "scene": "brief", "parameters": {"rest": "5min"}})
        await until(lambda: place.client.state()["status"] == "running")
        place.client.connection.publish([Message("homeassistant/status", "offline")])
        await until(lambda: place.client.state()["missing"] == ["sofa"])
        place.client.connection.publish([Message("homeassistant/status", "online")])
        await until(lambda: place.client.state()["missing"] == [])
