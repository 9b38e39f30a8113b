"""What the twins say of themselves is what real ones say: `relax home init` finds them by it, as what they are."""

from typing import Any, NamedTuple

import pytest
import yaml

from orchestrator.devices.abilities import Abilities, LightAbilities
from orchestrator.devices.discovery.survey import Survey
from orchestrator.devices.messages import LightAbilitiesReport, Message
from orchestrator.home.library import Home, read
from orchestrator.home.proposal import ProposedDevice, proposed_devices
from orchestrator.simulator.advertisers.zigbee2mqtt import LARGEST
from orchestrator.simulator.faults import parse
from orchestrator.simulator.home import SimulatedHome

HOMES = {
    "zigbee2mqtt": """
  plain: {topic: zigbee2mqtt/plain, colors: []}
  white: {topic: zigbee2mqtt/bedroom/white, colors: [temperature], coolest: 6500K, warmest: 2700K}
  both: {topic: zigbee2mqtt/both, colors: [temperature, rgb]}
  mixed: {topic: zigbee2mqtt/mixed, colors: [rgb]}
  slow: {topic: zigbee2mqtt/slow, colors: [temperature], fade: stepped}
  split: {topic: zigbee2mqtt/split, colors: [temperature, rgb], one_attribute_per_fade: true}
  upstairs: {topic: home/upstairs/lamp, base: home/upstairs, colors: []}
  plug: {kind: switch, topic: zigbee2mqtt/plug}
  remote: {kind: button, topic: zigbee2mqtt/remote}
  first: {topic: zigbee2mqtt/two/l1, colors: []}
  second: {topic: zigbee2mqtt/two/l2, colors: [temperature], coolest: 6500K, warmest: 2700K}
  relay: {kind: switch, topic: zigbee2mqtt/gangs/ep1}
  other: {kind: switch, topic: zigbee2mqtt/gangs/ep2}
  pair: {topic: zigbee2mqtt/pair, colors: [], members: [first, second]}
  all: {topic: zigbee2mqtt/all, colors: [temperature], coolest: 6500K, warmest: 2700K, members: [white, both]}
  any: {topic: zigbee2mqtt/any, members: [plain, both]}
""",
    "home_assistant": """
  plain: {command_topic: a/light/plain/command, state_topic: a/light/plain/state, supported_color_modes: [brightness]}
  switched: {command_topic: a/light/sw/command, state_topic: a/light/sw/state, supported_color_modes: [onoff]}
  white: {command_topic: b/light/white/command, state_topic: b/light/white/state, availability_topic: b/status,
    supported_color_modes: [color_temp], min_mireds: 200, max_mireds: 370}
  kelvin: {command_topic: c/set, state_topic: c, supported_color_modes: [color_temp], color_temp_kelvin: true,
    min_kelvin: 2200, max_kelvin: 6500}
  coarse: {command_topic: d/set, state_topic: d, supported_color_modes: [brightness], brightness_scale: 100}
  five: {command_topic: e/set, state_topic: e, supported_color_modes: [rgbww]}
  jumps: {command_topic: f/set, state_topic: f, supported_color_modes: [hs], transition: false}
  words: {command_topic: g/set, state_topic: g, availability_topic: g/there, payload_available: here,
    payload_not_available: gone, supported_color_modes: [xy]}
  plug: {kind: switch, command_topic: h/set, state_topic: h, payload_on: "1", payload_off: "0"}
  remote: {kind: button, state_topic: i}
  undimmed: {command_topic: j/set, state_topic: j, supported_color_modes: [rgb], brightness: false}
  topics: {command_topic: k/set, state_topic: k, brightness_command_topic: k/level/set, brightness_state_topic: k/level,
    brightness_scale: 100, color_temp_command_topic: k/white/set, color_temp_state_topic: k/white, max_mireds: 370}
  mixing: {command_topic: l/set, state_topic: l, rgbw_command_topic: l/rgbw/set, rgbw_state_topic: l/rgbw,
    payload_on: "1", payload_off: "0"}
""",
    "tasmota": """
  plain: {topic: plain, colors: []}
  white: {topic: white, colors: [temperature]}
  mixed: {topic: mixed, colors: [rgb]}
  both: {topic: both, colors: [temperature, rgb]}
  plug: {kind: switch, topic: plug}
  left: {topic: two, output: 1, dimmer: Channel1, colors: []}
  right: {topic: two, output: 2, dimmer: Channel2, colors: []}
  colour: {topic: apart, output: 1, dimmer: Dimmer1, colors: [rgb]}
  shine: {topic: apart, output: 2, dimmer: Dimmer2, colors: [temperature]}
  over: {topic: kitchen, output: 1, colors: [temperature]}
  hood: {kind: switch, topic: kitchen, output: 2}
  fan: {kind: switch, topic: kitchen, output: 3}
""",
    "wled": """
  strip: {topic: wled/strip, colors: [rgb]}
""",
    "shelly1": """
  dimmer: {topic: shellies/dimmer, colors: []}
  duo: {topic: shellies/duo, colors: [temperature]}
  strip: {topic: shellies/strip, component: "color:0", colors: [rgb]}
  first: {topic: shellies/four, component: "white:0", colors: []}
  fourth: {topic: shellies/four, component: "white:3", colors: []}
  plug: {kind: switch, topic: shellies/plug}
  left: {kind: switch, topic: shellies/two, component: "relay:0"}
  right: {kind: switch, topic: shellies/two, component: "relay:1"}
""",
    "shelly2": """
  dimmer: {topic: shellydimmerg3-aabbccddee01, component: "light:0", colors: []}
  bulb: {topic: shellyduobulbg3-aabbccddee02, component: "cct:0", colors: [temperature], coolest: 6000K, warmest: 2500K}
  strip: {topic: shellyplusrgbwpm-aabbccddee03, component: "rgb:0", colors: [rgb]}
  upper: {topic: shellyprodm2pm-aabbccddee04, component: "light:0", colors: []}
  lower: {topic: shellyprodm2pm-aabbccddee04, component: "light:1", colors: []}
  plug: {kind: switch, topic: shellyplus1pm-aabbccddee05}
  wall: {kind: button, topic: shellyplusi4-aabbccddee06, component: "input:2"}
""",
    "relax_speaker": """
  speaker: {kind: [player, voice], topic: speakers/den}
""",
    "hermes": """
  satellite: {kind: voice, site: default}
""",
}
LAMP = ("fade", "one_attribute_per_fade", "dimmable", "colours", "warmest", "coolest", "steps", "reports", "off_fade")


class Found(NamedTuple):
    home: Home
    simulated: SimulatedHome
    devices: dict[tuple[Any, ...], ProposedDevice]
    """By address: whatever of an entry says where it is told and heard."""


def home_of(dialect: str) -> Home:
    devices = yaml.safe_load(HOMES[dialect])
    for entry in devices.values():
        entry |= {"dialect": dialect, "kind": entry.get("kind", "light")}
    return read(
        yaml.safe_dump({"home": "told", "format": 1, "devices": devices, "rooms": {"room": {"roles": {}}}}),
        f"{dialect}.yaml",
    )


def address(entry: dict[str, Any]) -> tuple[Any, ...]:
    usual = {"light": "light:0", "switch": "relay:0" if entry["dialect"] == "shelly1" else "switch:0"}
    component = None
    if entry["dialect"].startswith("shelly"):
        component = entry.get("component", usual.get(str(entry["kind"])))
    where = (entry.get(key) for key in ("topic", "command_topic", "state_topic", "site", "output"))
    return (str(entry["kind"]), *where, component)


def surveyed(home: Home, *faults: str) -> tuple[Survey, SimulatedHome]:
    """Somebody comes to the broker, where the devices have been for long."""
    simulated = SimulatedHome(home, parse(faults))
    survey = Survey("relax-probe/test")
    for message in simulated.connected(0):
        if message.retain:
            survey.hear(message)
    now = 0
    while questions := survey.probes():
        now += 1000
        for question in questions:
            for answer in [*simulated.receive(question, now), *simulated.advance(now + 500)]:
                survey.hear(answer)
    return survey, simulated


def found(dialect: str) -> Found:
    home = home_of(dialect)
    survey, simulated = surveyed(home)
    devices = {address(dict(each.entry)): each for each in proposed_devices(survey.found())}
    return Found(home, simulated, devices)


@pytest.mark.parametrize("dialect", HOMES)
def test_each_is_found_as_what_it_is(dialect):
    there = found(dialect)
    wanted = {address(there.home.model.devices[name]): name for name in there.home.devices}
    # A strip controller that is set to whites has four of them.
    extra = {each for each in there.devices if dialect == "shelly1" and each[1] == "shellies/four"} - wanted.keys()
    assert there.devices.keys() - extra == wanted.keys()
    assert not any(each.refused for each in there.devices.values())
    entries = {each.name: dict(each.entry) for each in there.devices.values()}
    text = yaml.safe_dump({"home": "found", "format": 1, "devices": entries, "rooms": {"room": {"roles": {}}}})
    again = read(text, "found.yaml")
    for where, name in wanted.items():
        ours, theirs = again.devices[there.devices[where].name], there.home.devices[name]
        if name != "any":
            assert _shown(ours.abilities) == _shown(theirs.abilities), name
        assert len(ours.members) == len(theirs.members)


def _shown(abilities: Abilities) -> dict[str, Any]:
    light = abilities.light
    shown = {} if light is None else {key: getattr(light, key) for key in LAMP}
    for key in ("warmest", "coolest"):
        if key in shown:
            shown[key] = round(shown[key])
    return {
        "light": shown,
        "player": abilities.player,
        "switch": abilities.switch,
        "voice": abilities.voice is not None,
    }


@pytest.mark.parametrize("dialect", HOMES)
def test_who_plays_with_them_believes_no_less_of_a_lamp_than_the_home_file_says(dialect):
    """But of a group: that has what all of its members have."""
    home = home_of(dialect)
    before: dict[str, LightAbilities] = {}
    for name, device in home.devices.items():
        if device.abilities.light is not None and not device.members:
            before[name] = device.abilities.light
    said = SimulatedHome(home).connected(0)
    for name, light in before.items():
        reports = [report for message in said for report in home.devices[name].dialect.decode(message)]
        for report in reports:
            if isinstance(report, LightAbilitiesReport):
                assert {key: getattr(report.light, key) for key in LAMP} == {
                    **{key: getattr(light, key) for key in LAMP},
                    "warmest": pytest.approx(light.warmest, abs=0.51),
                    "coolest": pytest.approx(light.coolest, abs=0.51),
                }


def test_a_group_is_told_what_all_its_members_have():
    home = home_of("zigbee2mqtt")
    reports = [
        report for message in SimulatedHome(home).connected(0) for report in home.devices["any"].dialect.decode(message)
    ]
    (*_, told) = [report.light for report in reports if isinstance(report, LightAbilitiesReport)]
    assert not told.colours, "one of them has but one white"
    assert told.dimmable


def test_a_shelly_that_is_away_answers_nothing():
    home = home_of("shelly2")
    survey, _ = surveyed(home, *(f"{name}=offline" for name in home.devices))
    assert survey.found() == ()
    survey, _ = surveyed(home, "upper=offline")
    assert len(survey.found()) == len(home.devices), "the other half of the device answers"


def test_components_of_a_shelly_come_in_pages():
    devices = {
        f"lamp{number}": {
            "kind": "light",
            "dialect": "shelly2",
            "topic": "shelly-aabbccddeeff",
            "component": f"light:{number}",
        }
        for number in range(12)
    }
    home = read(
        yaml.safe_dump({"home": "many", "format": 1, "devices": devices, "rooms": {"room": {"roles": {}}}}), "many.yaml"
    )
    survey, simulated = surveyed(home)
    assert len(survey.found()) == 12
    asked = Message(
        "shelly-aabbccddeeff/rpc", '{"id":1,"src":"me","method":"Shelly.GetComponents","params":{"offset":11}}'
    )
    assert simulated.receive(asked, 9000) == []
    (answer,) = simulated.advance(9500)
    assert '"offset":11' in answer.payload
    assert '"config"' not in answer.payload, "it was not asked for"


def test_what_is_said_of_devices_stays_when_they_go_and_the_bridge_says_that_it_is_gone():
    simulated = SimulatedHome(home_of("zigbee2mqtt"))
    gone = {message.topic: message.payload for message in simulated.gone()}
    assert gone["zigbee2mqtt/bridge/state"] == '{"state":"offline"}'
    assert "zigbee2mqtt/bridge/devices" not in gone


def test_a_list_that_no_broker_would_take_is_not_sent():
    many = {
        f"lamp{number}": {"kind": "light", "dialect": "zigbee2mqtt", "topic": f"zigbee2mqtt/lamp{number}"}
        for number in range(1500)
    }
    home = read(
        yaml.safe_dump({"home": "many", "format": 1, "devices": many, "rooms": {"room": {"roles": {}}}}), "many"
    )
    said = {message.topic: message.payload for message in SimulatedHome(home).connected(0)}
    assert "zigbee2mqtt/bridge/state" in said
    assert max(map(len, said.values())) <= LARGEST
