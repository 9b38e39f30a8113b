"""What a Zigbee2MQTT bridge says of a lamp rules what the lamp is told, gangs are gangs, and a refusal is said."""

import json
from typing import Any

import pytest

from orchestrator.conductor.preparation import prepare
from orchestrator.devices.messages import Message
from orchestrator.events.device import DeviceMissing, DeviceRefused, GivenBack, Overridden, SnapshotUnknown
from orchestrator.home.library import read
from orchestrator.scenes import library
from orchestrator.simulator.home import SimulatedHome
from orchestrator.units import Percent
from orchestrator.values import Attribute
from tests.conductor.wired import HEAD, Wired

HOME = """
devices:
  lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}
  other: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/bedroom/left}
  both: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/both, members: [lamp, other]}
rooms: {bedroom: {roles: {main: CAST}}}
"""
SCENE = """
scene: amber
format: 1
title: Amber
roles: {main: {kind: light, optional: true}, scent: {kind: switch, optional: true}}
looks: {amber: {main: {brightness: 20%, color: "#ff9a3c"}}}
steps: [{step: a, look: amber, switch: {scent: off}, fade: 2s, lasts: 5s}]
finish: {look: restore, fade: 4s}
"""


def feature(name: str, low: float | None = None, high: float | None = None) -> dict[str, Any]:
    return {"name": name} | ({} if low is None else {"value_min": low, "value_max": high})


STATE, BRIGHTNESS, XY = feature("state"), feature("brightness", 0, 254), feature("color_xy")
WHITE = feature("color_temp", 250, 454)


def device(name: str, *features: dict[str, Any], address: str = "0x1", endpoint: str | None = None) -> dict[str, Any]:
    light = {"type": "light", "features": features} | ({} if endpoint is None else {"endpoint": endpoint})
    return {"friendly_name": name, "ieee_address": address, "definition": {"exposes": [light]}}


def listed(*devices: dict[str, Any]) -> Message:
    return Message("zigbee2mqtt/bridge/devices", json.dumps(devices), retain=True)


def told(cast: str, *retained: Message) -> list[dict[str, Any]]:
    """What a lamp of 170 units is told of an evening in amber."""
    topic = {"lamp": "zigbee2mqtt/lamp", "other": "zigbee2mqtt/bedroom/left", "both": "zigbee2mqtt/both"}[cast]
    wired = Wired(HOME.replace("CAST", cast), retained=retained)
    wired.say(Message(topic, '{"state": "ON", "brightness": 170}'))
    wired.start(SCENE)
    wired.finish()
    return [json.loads(payload) for payload in wired.payloads(f"{topic}/set")]


def asked(keys: str, *retained: Message, cast: str = "lamp") -> set[str]:
    """What a lamp is asked that has said nothing of itself."""
    home = HOME.replace("topic: zigbee2mqtt/lamp}", f"topic: zigbee2mqtt/lamp{keys}}}").replace("CAST", cast)
    wired = Wired(home, retained=retained)
    wired.start(SCENE)
    topic = "zigbee2mqtt/both/get" if cast == "both" else "zigbee2mqtt/lamp/get"
    wired.until(2_000)
    return set().union(*(json.loads(payload) for payload in wired.payloads(topic)))


@pytest.mark.parametrize(
    ("features", "keys"),
    [
        ([STATE, BRIGHTNESS], {"state", "brightness"}),
        ([STATE], {"state"}),
        ([STATE, BRIGHTNESS, WHITE], {"state", "brightness", "color_temp"}),
        ([STATE, BRIGHTNESS, XY], {"state", "brightness", "color"}),
        ([STATE, BRIGHTNESS, WHITE, XY], {"state", "brightness", "color_temp"}),
        ([STATE, BRIGHTNESS | {"access": 3}, WHITE | {"access": 7}], {"state", "color_temp"}),
    ],
)
def test_a_lamp_is_asked_what_it_can_say(features: list[dict[str, Any]], keys: set[str]) -> None:
    assert asked("", listed(device("lamp", *features))) == keys


def test_a_group_is_asked_what_all_its_lamps_can_say() -> None:
    lamps = device("lamp", STATE, BRIGHTNESS, WHITE), device("bedroom/left", STATE, BRIGHTNESS, address="0x2")
    members = [{"ieee_address": address} for address in ("0x1", "0x2")]
    groups = json.dumps([{"friendly_name": "both", "members": members}])
    both = listed(*lamps), Message("zigbee2mqtt/bridge/groups", groups, retain=True)
    assert asked("", *both, cast="both") == {"state", "brightness"}


@pytest.mark.parametrize(
    ("keys", "colour"), [("", set()), (", colors: [temperature]", {"color_temp"}), (", colors: [rgb]", {"color"})]
)
def test_while_the_bridge_has_said_nothing_the_home_file_knows_what_may_be_asked(keys: str, colour: set[str]) -> None:
    """A question that a lamp cannot answer is an error in the bridge's log; any other is answered with its colour."""
    assert asked(keys) == {"state", "brightness", *colour}


def test_until_the_bridge_has_said_it_a_lamp_has_colours() -> None:
    assert "color" in told("lamp")[0]


def test_a_lamp_of_whites_is_told_the_nearest_white_that_it_has() -> None:
    first = told("lamp", listed(device("lamp", STATE, BRIGHTNESS, WHITE)))[0]
    assert "color" not in first
    assert 250 <= first["color_temp"] <= 454


def test_a_lamp_that_only_dims_is_told_no_colour() -> None:
    for each in told("lamp", listed(device("lamp", STATE, BRIGHTNESS))):
        assert not {"color", "color_temp"} & each.keys()


def test_a_lamp_that_only_switches_is_told_no_level_and_no_time() -> None:
    assert told("lamp", listed(device("lamp", STATE)))[:1] in ([], [{"state": "ON"}])


def test_a_group_has_what_all_its_members_have() -> None:
    groups = Message(
        "zigbee2mqtt/bridge/groups",
        json.dumps([{"friendly_name": "both", "members": [{"ieee_address": "0x1"}, {"ieee_address": "0x2"}]}]),
    )
    devices = listed(device("lamp", STATE, BRIGHTNESS, XY), device("bedroom/left", STATE, BRIGHTNESS, address="0x2"))
    for order in ([groups, devices], [devices, groups]):
        assert not {"color", "color_temp"} & told("both", *order)[0].keys()


BARE = HOME.replace(", members: [lamp, other]", "").replace("CAST", "both")


def members(*addresses: str) -> Message:
    listed = [{"ieee_address": address, "endpoint": 1} for address in addresses]
    return Message("zigbee2mqtt/bridge/groups", json.dumps([{"id": 7, "friendly_name": "both", "members": listed}]))


def evening_of_a_group(*groups: Message) -> tuple[Wired, list[tuple[str, int]]]:
    """Two lamps at 170 and 60 units; and what each topic is told last of a level."""
    lamps = listed(device("lamp", STATE, BRIGHTNESS), device("bedroom/left", STATE, BRIGHTNESS, address="0x2"))
    wired = Wired(BARE, retained=[lamps, *groups])
    for topic, level in (("lamp", 170), ("bedroom/left", 60), ("both", 170)):
        wired.say(Message(f"zigbee2mqtt/{topic}", json.dumps({"state": "ON", "brightness": level})))
    wired.start(SCENE)
    wired.finish()
    said = [(message.topic, json.loads(message.payload)) for _, message in wired.sent]
    levels = {topic: wish["brightness"] for topic, wish in said if topic.endswith("/set") and "brightness" in wish}
    return wired, sorted(levels.items())


def accounted(wired: Wired) -> set[str]:
    """The devices of which it is said what became of them."""
    return {name for each in wired.told(GivenBack) for name in (*each.given, *each.owed, *each.unanswered)}


def test_a_group_of_which_the_home_file_says_no_members_counts_those_that_its_bridge_knows() -> None:
    wired, told = evening_of_a_group(members("0x1", "0x2"))
    assert dict(told) | {"zigbee2mqtt/both/set": 0} == {
        "zigbee2mqtt/both/set": 0,
        "zigbee2mqtt/lamp/set": 170,
        "zigbee2mqtt/bedroom/left/set": 60,
    }
    assert accounted(wired) == {"lamp", "other"}


def test_a_session_that_was_made_ready_before_its_bridge_was_heard_counts_the_members_all_the_same() -> None:
    """`relax run --standalone` plans before it is at the broker."""
    wired = Wired(BARE)
    ready = prepare(library.read(SCENE, "scene.yaml"), wired.home, "bedroom", {}, name="s")
    lamps = listed(device("lamp", STATE, BRIGHTNESS), device("bedroom/left", STATE, BRIGHTNESS, address="0x2"))
    wired.say(lamps, members("0x1", "0x2"))
    for topic, level in (("lamp", 170), ("bedroom/left", 60), ("both", 170)):
        wired.say(Message(f"zigbee2mqtt/{topic}", json.dumps({"state": "ON", "brightness": level})))
    wired.conductor.start(ready, wired.now)
    wired.finish()
    assert accounted(wired) == {"lamp", "other"}


def test_of_which_lamps_a_group_is_counts_before_what_any_of_them_says() -> None:
    """A service that was started again takes its sessions up before it takes in how anything is."""
    wired = Wired(BARE)
    lamps = listed(device("lamp", STATE, BRIGHTNESS), device("bedroom/left", STATE, BRIGHTNESS, address="0x2"))
    lit = Message("zigbee2mqtt/lamp", json.dumps({"state": "ON", "brightness": 170}), retain=True)
    gone = Message("zigbee2mqtt/bridge/state", "offline", retain=True)
    wired.conductor.introduce([lit, gone, members("0x1", "0x2"), lamps], 0)
    assert wired.home.devices["both"].members == ("lamp", "other")
    assert wired.conductor.stage.value("lamp", Attribute.LEVEL, 0) is None
    assert not wired.conductor.stage.is_away("lamp")


@pytest.mark.parametrize("groups", [(), (members("0x1", "0x3"),), (members("0x1"),)])
def test_a_group_whose_lamps_are_not_all_in_the_home_is_one_device(groups: tuple[Message, ...]) -> None:
    wired, told = evening_of_a_group(*groups)
    assert told == [("zigbee2mqtt/both/set", 170)]
    assert accounted(wired) == {"both"}


def test_what_the_home_file_rules_out_stays_out() -> None:
    narrow = HOME.replace("zigbee2mqtt/lamp}", "zigbee2mqtt/lamp, colors: [temperature], warmest: 2700K}")
    wired = Wired(narrow.replace("CAST", "lamp"), retained=[listed(device("lamp", STATE, BRIGHTNESS, XY, WHITE))])
    light = wired.conductor.stage.staged("lamp").abilities.light
    assert light is not None
    assert (round(light.warmest), light.coolest) == (370, 250)
    state = {"state": "ON", "brightness": 170, "color_mode": "color_temp", "color_temp": 300}
    wired.say(Message("zigbee2mqtt/lamp", json.dumps(state)))
    wired.start(SCENE)
    assert "color" not in json.loads(wired.payloads("zigbee2mqtt/lamp/set")[0])


def log(text: str, level: str = "error") -> Message:
    return Message("zigbee2mqtt/bridge/logging", json.dumps({"level": level, "message": text}))


@pytest.mark.parametrize(
    "text",
    [
        "z2m: No converter available for 'color' on 'lamp': ({\"x\":0.4,\"y\":0.4})",
        "z2m: Publish 'set' 'brightness' to 'lamp' failed: 'Error: no answer'",
        "z2m: Entity 'lamp' is unknown",
    ],
)
def test_a_refusal_of_the_bridge_is_said_once_with_the_lamps_name(text: str) -> None:
    wired = Wired(HOME.replace("CAST", "lamp"))
    wired.start(SCENE)
    wired.until(2000)
    wired.say(log(text), log(text + " "))
    assert wired.told(DeviceRefused) == [DeviceRefused("lamp", text.removeprefix("z2m: "))]


@pytest.mark.parametrize(
    "message",
    [
        log("z2m: No converter available for 'color_temp' on 'lamp': (\"\")"),
        log("z2m: Publish 'get' 'color_temp' to 'lamp' failed: 'Error'"),
        log("z2m: No converter available for 'color' on 'lamp two': (3)"),
        log("z2m: Publish 'set' 'brightness' to 'lamp' failed: 'Error: no answer'", "info"),
        log("z2m: Entity 'lamp' is unknown")._replace(retain=True),
        Message("zigbee2mqtt/bridge/logging", "error"),
    ],
)
def test_what_is_no_refusal_of_ours_is_not_said(message: Message) -> None:
    wired = Wired(HOME.replace("CAST", "lamp"))
    wired.start(SCENE)
    wired.until(2000)
    wired.say(message)
    assert wired.told(DeviceRefused) == []


class Gangs:
    """A device of several gangs: each is told by its endpoint, and all stand in one state."""

    def __init__(self, **state: object) -> None:
        self.state: dict[str, object] = state

    def __call__(self, message: Message) -> list[Message]:
        _, name, endpoint, verb = message.topic.split("/")
        if name != "bathroom":
            return []
        if verb == "set":
            self.state |= {f"{key}_{endpoint}": value for key, value in json.loads(message.payload).items()}
        return [self.said]

    @property
    def said(self) -> Message:
        return Message("zigbee2mqtt/bathroom", json.dumps(self.state))


GANG = """
devices: {it: {kind: KIND, dialect: zigbee2mqtt, topic: zigbee2mqtt/bathroom/GANG}}
rooms: {bedroom: {roles: {ROLE: it}}}
"""


def ganged(kind: str, role: str, gang: str) -> str:
    return GANG.replace("KIND", kind).replace("ROLE", role).replace("GANG", gang)


@pytest.mark.parametrize(("left", "right"), [("ON", "OFF"), ("OFF", "ON")])
def test_a_gang_of_a_switch_is_read_set_and_given_back_by_its_endpoint(left: str, right: str) -> None:
    switch = Gangs(state_left=left, state_right=right)
    wired = Wired(ganged("switch", "scent", "left"), switch)
    wired.start(SCENE)
    wired.until(3000)
    assert switch.state == {"state_left": "OFF", "state_right": right}
    wired.finish()
    assert switch.state == {"state_left": left, "state_right": right}
    assert wired.told(SnapshotUnknown) == []
    assert [each.given for each in wired.told(GivenBack)] == [("it",)]


def test_a_gang_that_dims_is_given_back_its_level() -> None:
    dimmers = Gangs(state_l1="ON", brightness_l1=200, state_l2="ON", brightness_l2=90)
    exposes = device("bathroom", STATE, BRIGHTNESS, endpoint="l2")
    wired = Wired(ganged("light", "main", "l2"), dimmers, retained=[listed(exposes)])
    wired.start(SCENE)
    wired.until(4000)
    assert (dimmers.state["brightness_l1"], dimmers.state["brightness_l2"]) == (200, 51)
    wired.finish()
    assert dimmers.state["brightness_l2"] == 90
    assert not any(str(key).startswith("color") for key in dimmers.state)


def test_a_gang_is_away_with_its_device_and_a_lamp_with_a_slash_in_its_name_is_not_a_gang() -> None:
    away = Message("zigbee2mqtt/bathroom/availability", '{"state": "offline"}')
    gang = Wired(ganged("switch", "scent", "left"), retained=[away])
    gang.start(SCENE)
    assert gang.told(DeviceMissing) == [DeviceMissing("it")]
    lamp = Wired(ganged("light", "main", "left"), retained=[listed(device("bathroom/left", STATE, BRIGHTNESS)), away])
    lamp.say(Message("zigbee2mqtt/bathroom", '{"state_left": "OFF"}'))
    lamp.start(SCENE)
    lamp.until(1500)
    assert lamp.told(DeviceMissing) == []
    assert [each.role for each in lamp.told(SnapshotUnknown)] == ["main"]


def test_a_state_that_is_null_is_unknown_whatever_level_the_bridge_remembers() -> None:
    wired = Wired(HOME.replace("CAST", "lamp"))
    wired.say(Message("zigbee2mqtt/lamp", '{"state": null, "brightness": 254}'))
    wired.start(SCENE)
    wired.until(1500)
    assert [each.role for each in wired.told(SnapshotUnknown)] == ["main"]


DUAL = """
devices:
  up: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/sofa/l1}
  down: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/sofa/l2}
  lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}
rooms: {bedroom: {roles: {main: up, glow: lamp}}}
"""


def test_of_a_twin_of_two_lamps_one_plays_and_the_other_stays_as_it_was() -> None:
    """Both speak in one message: what it says of the other is no word of the one that plays."""
    twins = SimulatedHome(read(HEAD + DUAL, "house.yaml"))
    wired = Wired(DUAL, lambda message: twins.receive(message, wired.now) if message.topic in twins.topics else [])
    wired.say(
        *twins.connected(0), *twins.turn("up", 0, level=Percent(80.0)), *twins.turn("down", 0, level=Percent(20.0))
    )
    before = {lamp.name: round(lamp.level) for lamp in twins.lamps(0)}
    wired.start(SCENE)
    wired.until(4000)
    wired.say(*twins.turn("down", 4000, level=Percent(60.0)))
    seen = {lamp.name: round(lamp.level) for lamp in twins.lamps(10_000)}
    assert (seen["up"], seen["down"]) == (20, 60)
    while not wired.conductor.is_settled("bedroom") or wired.now < 90_000:
        wired.until(wired.now + 100)
        wired.say(*twins.advance(wired.now))
    after = {lamp.name: round(lamp.level) for lamp in twins.lamps(wired.now)}
    assert after == before | {"down": 60}
    assert not wired.told(Overridden)
    assert [each.given for each in wired.told(GivenBack)] == [("up",)]
