"""A real Home Assistant finds our twins by what they announce, and shows of each what our commands made of it.

So its MQTT light platform judges both sides: what is announced is taken without a word in its log, what a dialect tells
a twin is in Home Assistant what was meant, and what Home Assistant tells the twin is what the dialect reads.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from orchestrator.devices.abilities import Kind
from orchestrator.devices.messages import LightReport, Message, Report, SetLight, SetSwitch, SwitchReport
from orchestrator.home.library import Home, read
from orchestrator.mqtt.connection import Connection
from orchestrator.simulator.serve import SimulatorService
from orchestrator.units import Percent
from orchestrator.values import Channels, Colour, Rgb, Temperature, same_light
from tests.conftest import LIMIT, Mosquitto, until
from tests.system.home_assistant import Client, found

pytestmark = [pytest.mark.timeout(1800), pytest.mark.broker]

HOME = """
home: lights
format: 1
devices:
  json: {kind: light, dialect: home_assistant, command_topic: json/set, state_topic: json/state,
    availability_topic: json/there, brightness_scale: 100, supported_color_modes: [color_temp, xy],
    color_temp_kelvin: true, min_kelvin: 2000, max_kelvin: 6500}
  undimmed: {kind: light, dialect: home_assistant, command_topic: undimmed/set, state_topic: undimmed/state,
    supported_color_modes: [rgb], brightness: false}
  rgbw: {kind: light, dialect: home_assistant, command_topic: den/light/rgbw/command, state_topic: den/light/rgbw/state,
    availability_topic: den/status, supported_color_modes: [rgbw]}
  white: {kind: light, dialect: home_assistant, command_topic: den/light/white/command,
    state_topic: den/light/white/state, availability_topic: den/status, supported_color_modes: [rgb, white]}
  topics: {kind: light, dialect: home_assistant, schema: default, command_topic: topics/on/set, state_topic: topics/on,
    brightness_command_topic: topics/level/set, brightness_state_topic: topics/level, brightness_scale: 254,
    color_temp_command_topic: topics/white/set, color_temp_state_topic: topics/white, min_mireds: 153, max_mireds: 454,
    rgb_command_topic: topics/rgb/set, rgb_state_topic: topics/rgb, color_mode_state_topic: topics/mode,
    rgb_command_template: "{{ '#%02x%02x%02x' | format(red, green, blue) }}",
    availability: [{topic: topics/there}, {topic: bridge/there, payload_available: up}], availability_mode: all}
  first: {kind: light, dialect: home_assistant, command_topic: first/set, state_topic: first/state,
    on_command_type: first, state_value_template: "{{ value_json.power }}", payload_on: "1", payload_off: "0",
    brightness_scale: 100, brightness_command_topic: first/level, brightness_state_topic: first/state,
    brightness_value_template: "{{ value_json.level }}", hs_command_topic: first/hs, hs_state_topic: first/hs/state}
  by_rgb: {kind: light, dialect: home_assistant, command_topic: by/set, state_topic: by/state,
    rgb_command_topic: by/rgb/set, rgb_state_topic: by/rgb}
  plug: {kind: switch, dialect: home_assistant, command_topic: plug/set, state_topic: plug/state, payload_on: "1",
    payload_off: "0", state_on: "yes", state_off: "no", availability_topic: plug/there}
  remote: {kind: button, dialect: home_assistant, state_topic: remote/event}
rooms: {den: {roles: {main: json}}}
"""
AMBER, WHITE = Rgb(255.0, 154.0, 60.0), Temperature(370.0)
TOLD: dict[str, list[tuple[Percent, Colour | None, str | None]]] = {
    "json": [(Percent(40.0), WHITE, "color_temp"), (Percent(70.0), AMBER, "xy")],
    "undimmed": [(Percent(40.0), AMBER, "rgb"), (Percent(10.0), None, "rgb")],
    "rgbw": [(Percent(40.0), AMBER, "rgbw"), (Percent(60.0), Channels((0.0, 0.0, 0.0, 200.0)), "rgbw")],
    "white": [(Percent(40.0), AMBER, "rgb"), (Percent(60.0), Channels((0.0, 0.0, 0.0, 255.0)), "white")],
    "topics": [(Percent(40.0), WHITE, "color_temp"), (Percent(20.0), AMBER, "rgb")],
    "first": [(Percent(40.0), AMBER, "hs"), (Percent(80.0), None, "hs")],
    "by_rgb": [(Percent(40.0), AMBER, "rgb"), (Percent(10.0), None, "rgb")],
}
"""Level, colour, and the mode in which Home Assistant is to show it."""
PLATFORMS = {Kind.LIGHT: "light", Kind.SWITCH: "switch", Kind.BUTTON: "event"}


class Heard:
    """What each lamp says, as its dialect reads it."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self.reports: dict[str, list[Report]] = {name: [] for name in home.devices}

    def __call__(self, message: Message) -> None:
        for name, device in self._home.devices.items():
            self.reports[name] += device.dialect.decode(message)

    def said(self, name: str) -> LightReport:
        """The last of each."""
        known = LightReport()
        for report in self.reports[name]:
            if isinstance(report, LightReport):
                known = known._replace(**{key: each for key, each in report._asdict().items() if each is not None})
        return known


async def test_home_assistant_takes_our_twins_and_shows_what_they_were_told(mosquitto: Mosquitto) -> None:
    home = read(HOME, "lights.yaml")
    heard = Heard(home)
    topics = sorted({topic for device in home.devices.values() for topic in device.dialect.topics})
    watching = Connection(mosquitto.address, client_id="relax", subscriptions=topics, on_message=heard)
    with found() as ha:
        await asyncio.to_thread(ha.start, mosquitto.port)
        async with ha.client() as client, watching as connection, SimulatorService(home, mosquitto.address) as twins:
            await connection.first(LIMIT)
            await twins.first(LIMIT)
            entities = await found_by(client, home)
            for name, told in TOLD.items():
                for level, colour, mode in told:
                    connection.publish(home.devices[name].dialect.encode(SetLight(level, colour, 0)))
                    await client.wait_for(entities[name], shows(level, colour, mode))
                await obeys(client, heard, name, entities[name])
                connection.publish(home.devices[name].dialect.encode(SetLight(Percent(0.0), None, 0)))
                await client.wait_for(entities[name], "off")
            await switched(client, connection, home, heard, entities["plug"])
            twins.press("remote", "double_press")
            await client.wait_for(entities["remote"], lambda now: now["attributes"].get("event_type") == "double_press")
            await announced_anew(client, connection, entities["json"])
            twins.set_online("topics", online=False)
            await client.wait_for(entities["topics"], "unavailable")
        assert ha.complaints("mqtt") == []


async def found_by(client: Client, home: Home) -> dict[str, str]:
    """The entity of each twin, once all are there and say how they are."""
    known: dict[str, str] = {}
    async with asyncio.timeout(2 * LIMIT):
        while len(known) < len(home.devices):
            named = {entity["unique_id"]: entity["entity_id"] for entity in await client.entities()}
            ids = {name: f"ESP{PLATFORMS[device.kinds[0]]}{name}" for name, device in home.devices.items()}
            known = {name: named[id_] for name, id_ in ids.items() if id_ in named}
            await asyncio.sleep(0.1)
    for name in TOLD:
        await client.wait_for(known[name], "on")
    return known


def shows(level: Percent, colour: Colour | None, mode: str | None) -> Callable[[dict[str, Any]], bool]:
    """Whether a state in Home Assistant is this level and colour."""

    def is_so(state: dict[str, Any]) -> bool:
        said = state["attributes"]
        rgb = (said.get("rgbw_color") or said.get("rgb_color") or [0, 0, 0])[:3]
        if said.get("brightness") is None and max(rgb) > 0:  # how bright it is stands in its colour
            is_bright = abs(max(rgb) - level * 2.55) <= 3
            rgb = [part * 255 / max(rgb) for part in rgb]
        else:
            is_bright = abs((said.get("brightness") or 0) - level * 2.55) <= 3
        is_coloured = said.get("color_mode") == mode
        if isinstance(colour, Temperature):
            is_coloured = is_coloured and abs(1_000_000 / (said.get("color_temp_kelvin") or 1) - colour.mired) <= 2
        elif isinstance(colour, Channels) and mode == "rgbw":
            is_coloured = is_coloured and said.get("rgbw_color") == [round(part) for part in colour.parts]
        elif isinstance(colour, Rgb) and mode == "xy":
            x, y = said.get("xy_color") or (0.0, 0.0)
            is_coloured = is_coloured and abs(x - colour.xy.x) + abs(y - colour.xy.y) < 0.005
        elif isinstance(colour, Rgb):
            is_coloured = is_coloured and all(abs(a - b) <= 6 for a, b in zip(rgb, colour.parts, strict=True))
        return bool(state["state"] == "on" and is_bright and is_coloured)

    return is_so


async def obeys(client: Client, heard: Heard, name: str, entity: str) -> None:
    """What somebody does in Home Assistant is what our dialect reads."""
    await client.call("light.turn_on", entity, brightness=204, rgb_color=[0, 0, 255])

    def is_heard() -> bool:
        said = heard.said(name)
        is_blue = said.colour is not None and same_light(said.colour, Rgb(0.0, 0.0, 255.0), 0.05)
        return said.level is not None and abs(said.level - 80.0) <= 1.0 and is_blue

    try:
        await until(is_heard)
    except AssertionError:
        raise AssertionError(f"{name} says {heard.said(name)}, {client.states[entity]}") from None


async def switched(client: Client, connection: Connection, home: Home, heard: Heard, entity: str) -> None:
    """A switch in its own words, both ways."""
    connection.publish(home.devices["plug"].dialect.encode(SetSwitch(on=True)))
    await client.wait_for(entity, "on")
    await client.call("switch.turn_off", entity)
    await until(lambda: heard.reports["plug"][-1:] == [SwitchReport(on=False)])


async def announced_anew(client: Client, connection: Connection, entity: str) -> None:
    """What is announced anew counts there at once, as it does here."""
    said = {"schema": "json", "name": "json", "uniq_id": "ESPlightjson", "cmd_t": "json/set", "stat_t": "json/state"}
    more = {"brightness": True, "bri_scl": 100, "sup_clrm": ["brightness"], "dev": {"ids": "json", "name": "json"}}
    connection.publish([Message("homeassistant/light/json/json/config", json.dumps(said | more), retain=True)])
    await until(lambda: client.attribute(entity, "supported_color_modes") == ["brightness"])
