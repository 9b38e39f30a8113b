"""What a Zigbee2MQTT bridge says rules what its lamps are told: abilities, endpoints, groups, quirks, changes."""

import json
from typing import Any

import pytest

from orchestrator.devices.abilities import Budget, ColourMode, FadeBy, LightAbilities
from orchestrator.devices.dialects import DIALECTS
from orchestrator.devices.dialects.zigbee2mqtt import Zigbee2Mqtt
from orchestrator.devices.messages import (
    AvailabilityReport,
    ButtonReport,
    LightAbilitiesReport,
    LightReport,
    Message,
    PoweredReport,
    RefusalReport,
    Report,
    SetLight,
)
from orchestrator.units import OFF, Percent
from orchestrator.values import HueSaturation, Rgb, Temperature, Xy

DEVICES, GROUPS = "zigbee2mqtt/bridge/devices", "zigbee2mqtt/bridge/groups"
STATE, BRIGHTNESS, XY, HUE = ({"name": name} for name in ("state", "brightness", "color_xy", "color_hs"))
TRANSITION = {"name": "transition"}


def white(coolest: int, warmest: int) -> dict[str, Any]:
    return {"name": "color_temp", "value_min": coolest, "value_max": warmest}


def light(*features: dict[str, Any], endpoint: str | None = None) -> dict[str, Any]:
    named = {} if endpoint is None else {"endpoint": endpoint}
    return {"type": "light", "features": [STATE, BRIGHTNESS, *features], **named}


def device(name: str, *exposes: dict[str, Any], address: str = "0x1", **more: Any) -> dict[str, Any]:
    endpoints = more.pop("endpoints", {})
    definition = {"exposes": exposes, "options": [TRANSITION], **more}
    return {"friendly_name": name, "ieee_address": address, "definition": definition, "endpoints": endpoints}


def codec(name: str = "lamp", **keys: Any) -> Zigbee2Mqtt:
    family = DIALECTS["zigbee2mqtt"]
    entry = {"kind": "light", "dialect": "zigbee2mqtt", "topic": f"zigbee2mqtt/{name}", **keys}
    made = family.codec("it", family.settings.model_validate(entry))
    assert isinstance(made, Zigbee2Mqtt)
    return made


def hear(lamp: Zigbee2Mqtt, *devices: dict[str, Any]) -> tuple[Report, ...]:
    return lamp.decode(Message(DEVICES, json.dumps(devices), retain=True))


def told(*devices: dict[str, Any], name: str = "lamp", **keys: Any) -> LightAbilities:
    """What a lamp is taken for once the bridge has said this."""
    lamp = codec(name, **keys)
    hear(lamp, *devices)
    assert lamp.abilities.light is not None
    return lamp.abilities.light


def sent(lamp: Zigbee2Mqtt, change: SetLight) -> list[tuple[str, dict[str, Any]]]:
    return [(message.topic, json.loads(message.payload)) for message in lamp.encode(change)]


@pytest.mark.parametrize("definition", [{"vendor": "IKEA"}, {"options": [TRANSITION, {"name": "unfreeze_support"}]}])
def test_a_lamp_that_cannot_fade_level_and_colour_at_once_never_has_to(definition: dict[str, Any]) -> None:
    assert told(device("lamp", light(white(250, 454)), **definition)).one_attribute_per_fade
    assert not told(device("lamp", light(white(250, 454)))).one_attribute_per_fade


def test_the_home_file_may_know_it_better() -> None:
    ikea = device("lamp", light(white(250, 454)), vendor="IKEA")
    assert not told(ikea, one_attribute_per_fade=False).one_attribute_per_fade


def test_a_lamp_that_may_be_deaf_while_it_fades_is_there_before_it_is_told_the_next() -> None:
    lamp = codec()
    hear(lamp, device("lamp", light(white(250, 454)), vendor="IKEA"))
    ((_, fade),) = sent(lamp, SetLight(Percent(50), None, 10_000))
    ((_, jump),) = sent(lamp, SetLight(None, Temperature(400.0), 0))
    ((_, out),) = sent(lamp, SetLight(OFF, None, 5_000))
    assert (fade["transition"], jump["transition"], out["transition"]) == (9.7, 0, 4.7)


def test_a_lamp_without_a_transition_is_faded_step_by_step() -> None:
    assert told(device("lamp", light(), options=[])).fade is FadeBy.STEPPED
    assert told(device("lamp", light(), options=[]), fade="native").fade is FadeBy.NATIVE
    assert told(device("lamp", light())).fade is FadeBy.NATIVE


@pytest.mark.parametrize(
    ("says", "keys", "whites"),
    [
        ((153, 370), {}, (153, 370)),
        ((153, 500), {}, (153, 500)),
        ((150, 500), {}, (153, 454)),
        ((50, 1000), {}, (153, 454)),
        ((150, 500), {"warmest": "2000K"}, (153, 500)),
        ((153, 370), {"warmest": "2000K"}, (153, 370)),
        ((153, 500), {"warmest": "2500K"}, (153, 400)),
        ((250, 454), {"coolest": "6500K", "warmest": "5000K"}, (250, 454)),
    ],
)
def test_a_lamp_has_the_whites_that_its_bridge_knows_of(
    says: tuple[int, int], keys: dict[str, str], whites: tuple[int, int]
) -> None:
    """150 to 500 and 50 to 1000 stand where a converter knows nothing."""
    lamp = told(device("lamp", light(white(*says))), **keys)
    assert (round(lamp.coolest), round(lamp.warmest)) == whites


def test_a_lamp_of_hue_and_saturation_is_told_these() -> None:
    lamp = codec()
    hear(lamp, device("lamp", light(HUE)))
    ((_, colour),) = sent(lamp, SetLight(None, Rgb(255.0, 0.0, 0.0), 1_000))
    assert colour["color"] == {"hue": 0, "saturation": 100}
    hear(lamp, device("lamp", light(HUE, XY)))
    ((_, colour),) = sent(lamp, SetLight(None, Rgb(255.0, 0.0, 0.0), 1_000))
    assert set(colour["color"]) == {"x", "y"}


def test_a_colour_is_given_back_as_it_was_said() -> None:
    lamp = codec()
    hear(lamp, device("lamp", light(HUE, XY)))
    ((_, colour),) = sent(lamp, SetLight(None, HueSaturation(120.0, 80.0), 0))
    assert colour["color"] == {"hue": 120, "saturation": 80}


def test_a_gradient_is_no_colour_that_could_be_given_back() -> None:
    lamp = codec()
    state = {"state": "ON", "brightness": 127, "color_mode": "xy", "color": {"x": 0.3, "y": 0.3}}
    (plain,) = lamp.decode(Message("zigbee2mqtt/lamp", json.dumps(state)))
    assert plain == LightReport(Percent(50.0), Xy(0.3, 0.3))
    (report,) = lamp.decode(Message("zigbee2mqtt/lamp", json.dumps(state | {"gradient": ["#ff0000", "#00ff00"]})))
    assert report == LightReport(Percent(50.0))


TWO = device(
    "two", light(endpoint="l1"), light(endpoint="l2"), endpoints={"1": {"name": "l1"}, "2": {"name": "l2"}}, model="T"
)


def test_the_whole_of_two_lamps_is_the_first_of_them() -> None:
    """What is told the whole goes to the first, and is answered under that one's names."""
    lamp = codec("two")
    hear(lamp, TWO)
    assert [topic for topic, _ in sent(lamp, SetLight(Percent(50), None, 0))] == ["zigbee2mqtt/two/l1/set"]
    assert [message.topic for message in lamp.query()] == ["zigbee2mqtt/two/l1/get"]
    state = {"state_l1": "ON", "brightness_l1": 127, "state_l2": "OFF", "state": "OFF"}
    assert lamp.decode(Message("zigbee2mqtt/two", json.dumps(state))) == (LightReport(Percent(50.0)),)


def test_the_buttons_of_two_lamps_are_heard_at_the_whole() -> None:
    lamp = codec("two", kind=["light", "button"])
    hear(lamp, TWO)
    pressed = lamp.decode(Message("zigbee2mqtt/two", '{"action": "single", "state_l1": "OFF"}'))
    assert pressed == (LightReport(OFF), ButtonReport("single"))


@pytest.mark.parametrize("endpoint", ["light", "fan_light", "l2"])
def test_an_endpoint_is_what_the_bridge_calls_one(endpoint: str) -> None:
    lamp = codec(f"two/{endpoint}")
    hear(lamp, device("two", light(endpoint="l1"), light(endpoint=endpoint)))
    assert lamp.decode(Message("zigbee2mqtt/two/availability", '{"state": "offline"}')) == (AvailabilityReport(False),)
    state = {"state_l1": "OFF", f"state_{endpoint}": "ON", f"brightness_{endpoint}": 127}
    assert lamp.decode(Message("zigbee2mqtt/two", json.dumps(state))) == (LightReport(Percent(50.0)),)


def grouped(*members: tuple[str, int]) -> Message:
    listed = [{"ieee_address": address, "endpoint": number} for address, number in members]
    return Message(GROUPS, json.dumps([{"id": 7, "friendly_name": "all", "members": listed}]))


def group_of(devices: list[dict[str, Any]], *members: tuple[str, int]) -> Zigbee2Mqtt:
    group = codec("all")
    hear(group, *devices)
    group.decode(grouped(*members))
    return group


def test_a_member_of_a_group_is_the_endpoint_that_the_group_has() -> None:
    two = device(
        "two",
        light(XY, endpoint="rgb"),
        light(endpoint="white"),
        endpoints={"11": {"name": "rgb"}, "15": {"name": "white"}},
    )
    for number, has in ((11, ColourMode.RGB), (15, ColourMode.NONE)):
        group = group_of([two, device("one", light(XY), address="0x2")], ("0x1", number), ("0x2", 1)).abilities.light
        assert group is not None
        assert group.colours == has


def test_a_group_fades_as_all_its_lamps_can() -> None:
    ikea = device("ikea", light(white(250, 454)), vendor="IKEA", address="0x2")
    plug = device("plug", {"type": "switch", "features": [STATE]}, address="0x3")
    lamps = [device("lamp", light(white(153, 370), XY)), ikea, plug]
    group = group_of(lamps, ("0x1", 1), ("0x2", 1), ("0x3", 1)).abilities.light
    assert group is not None
    assert group.one_attribute_per_fade
    assert (group.colours, group.coolest, group.warmest) == (ColourMode.TEMPERATURE, 250, 370)


def test_a_group_is_told_no_more_than_the_air_takes_though_the_home_file_names_no_members() -> None:
    assert codec("all").abilities.budget is Budget.LAMP
    assert group_of([device("lamp", light())], ("0x1", 1)).abilities.budget is Budget.GROUP


def test_what_its_converter_turns_on_first_costs_a_command_more() -> None:
    lamp = codec()
    change = SetLight(Percent(50), None, 0)
    hear(lamp, device("lamp", light(), model="TS110E_1gang_1"))
    assert (lamp.cost(change), lamp.cost(SetLight(OFF, None, 0))) == (2, 1)
    hear(lamp, device("lamp", light()))
    assert lamp.cost(change) == 1


def test_a_lamp_that_is_called_otherwise_now_is_missing_and_its_new_name_is_said() -> None:
    lamp = codec()
    hear(lamp, device("lamp", light()))
    why, away = hear(lamp, device("bedside", light()))
    assert isinstance(why, RefusalReport)
    assert "'bedside'" in why.why
    assert away == AvailabilityReport(False)
    assert hear(lamp, device("bedside", light())) == (AvailabilityReport(False),), "said once"
    assert hear(lamp, device("lamp", light())) == (AvailabilityReport(True),)


def test_a_lamp_that_the_bridge_has_no_more_is_missing() -> None:
    lamp = codec()
    hear(lamp, device("lamp", light()))
    assert [type(each) for each in hear(lamp, device("other", light(), address="0x2"))] == [
        RefusalReport,
        AvailabilityReport,
    ]


def test_a_lamp_that_was_put_in_the_place_of_another_gets_what_the_room_wants() -> None:
    lamp = codec()
    hear(lamp, device("lamp", light(white(153, 500))))
    powered, abilities = hear(lamp, device("lamp", light(), address="0x2"))
    assert powered == PoweredReport()
    assert isinstance(abilities, LightAbilitiesReport)
    assert not abilities.light.colours


def test_a_new_definition_is_noticed_and_the_same_list_again_is_nothing_new() -> None:
    lamp = codec()
    first, second = device("lamp", light()), device("lamp", light(XY))
    assert [type(each) for each in hear(lamp, first)] == [LightAbilitiesReport]
    assert hear(lamp, first) == ()
    assert [type(each) for each in hear(lamp, second)] == [LightAbilitiesReport]


@pytest.mark.parametrize("payload", ["", "[]", "null", "{", '[{"type": "Coordinator"}]'])
def test_a_list_without_devices_says_nothing(payload: str) -> None:
    lamp = codec()
    hear(lamp, device("lamp", light()))
    assert lamp.decode(Message(DEVICES, payload)) == ()
    assert not lamp.abilities.light.colours if lamp.abilities.light else False


def test_a_lamp_that_its_bridge_does_not_know_how_to_tell_refuses() -> None:
    text = "z2m: Cannot publish to unsupported device 'lamp'"
    log = Message("zigbee2mqtt/bridge/logging", json.dumps({"level": "error", "message": text}))
    assert codec().decode(log) == (RefusalReport(text.removeprefix("z2m: ")),)
    assert codec("other").decode(log) == ()


def info(lamp: Zigbee2Mqtt, **config: Any) -> tuple[Report, ...]:
    return lamp.decode(Message("zigbee2mqtt/bridge/info", json.dumps({"version": "2.14.1", "config": config})))


@pytest.mark.parametrize(
    ("config", "cost"),
    [
        ({}, 2),
        ({"device_options": {"hue_native_control": True}}, 1),
        ({"devices": {"0x1": {"hue_native_control": True}}}, 1),
        ({"device_options": {"hue_native_control": True}, "devices": {"0x1": {"hue_native_control": False}}}, 2),
        ({"devices": {"0x2": {"hue_native_control": True}}}, 2),
    ],
)
def test_level_and_colour_of_a_hue_lamp_may_be_one_command(config: dict[str, Any], cost: int) -> None:
    lamp = codec()
    hear(lamp, device("lamp", light(XY)))
    info(lamp, **config)
    assert lamp.cost(SetLight(Percent(50), Temperature(300.0), 0)) == cost
    assert lamp.cost(SetLight(Percent(50), None, 0)) == 1
    assert lamp.cost(SetLight(OFF, Temperature(300.0), 0)) == 2


def test_nobody_waits_for_the_word_of_a_bridge_that_says_no_states() -> None:
    lamp = codec()
    hear(lamp, device("lamp", light()))
    assert lamp.abilities.light is not None
    assert lamp.abilities.light.reports
    (report,) = info(lamp, advanced={"output": "attribute"})
    assert isinstance(report, LightAbilitiesReport)
    assert not report.light.reports
    (report,) = info(lamp, advanced={"output": "attribute_and_json"})
    assert isinstance(report, LightAbilitiesReport)
    assert report.light.reports


@pytest.mark.parametrize("payload", ["", "[]", "{", '{"config": 3}', '{"config": {"devices": [], "advanced": null}}'])
def test_settings_that_mean_nothing_change_nothing(payload: str) -> None:
    lamp = codec()
    hear(lamp, device("lamp", light()))
    assert lamp.decode(Message("zigbee2mqtt/bridge/info", payload)) == ()


@pytest.mark.parametrize(("payload", "is_gone"), [("[]", True), ("", False), ("{", False), ("null", False)])
def test_a_group_is_gone_where_the_bridge_says_so(payload: str, is_gone: bool) -> None:
    group = group_of([device("lamp", light())], ("0x1", 1))
    reports = group.decode(Message(GROUPS, payload))
    assert (AvailabilityReport(False) in reports) == is_gone
