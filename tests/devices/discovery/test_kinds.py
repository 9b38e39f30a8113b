"""Every kind that announcements come in, also those of which no recording is kept."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from orchestrator.devices.abilities import Kind
from orchestrator.devices.dialects import DIALECTS
from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.devices.discovery.survey import Survey
from orchestrator.devices.messages import Message, SetLight
from orchestrator.units import Percent
from tests.devices.discovery.homes import SOURCE


def surveyed(*said: tuple[str, Any]) -> Survey:
    survey = Survey(SOURCE)
    for topic, payload in said:
        survey.hear(Message(topic, payload if isinstance(payload, str) else json.dumps(payload), retain=True))
    return survey


def only(survey: Survey) -> FoundDevice:
    (device,) = survey.found()
    return device


def without(entry: dict[str, Any] | Any, *keys: str) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in keys}


# Zigbee2MQTT

DIM = {"name": "brightness", "value_min": 0, "value_max": 254, "access": 7}
XY, HS = {"name": "color_xy", "property": "color"}, {"name": "color_hs", "property": "color"}


def white(low: float, high: float) -> dict[str, Any]:
    return {"name": "color_temp", "value_min": low, "value_max": high}


def light(*features: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {"type": "light", "features": [{"name": "state", "property": "state"}, *features], **keys}


def bridge(*exposes: dict[str, Any], info: Any = None, **keys: Any) -> Survey:
    own = keys.pop("definition", {})
    definition = {"vendor": "Maker", "model": "M1", "exposes": list(exposes), **own} if own is not None else None
    entry = {"friendly_name": "lamp", "ieee_address": "0x01", "type": "Router", "supported": True, **keys}
    entry["definition"] = definition
    said: list[tuple[str, Any]] = [("zigbee2mqtt/bridge/devices", [entry])]
    said += [("zigbee2mqtt/bridge/info", {"version": "2.14.1", "config": info})] if info is not None else []
    return surveyed(*said)


@pytest.mark.parametrize(
    ("features", "entry"),
    [
        ([DIM], {"colors": []}),
        ([DIM, white(250, 454)], {"colors": ["temperature"], "coolest": "4000K", "warmest": "2203K"}),
        ([DIM, white(153, 370), XY], {"colors": ["temperature", "rgb"], "coolest": "6536K", "warmest": "2703K"}),
        ([DIM, white(153, 500), XY, HS], {"colors": ["temperature", "rgb"], "coolest": "6536K", "warmest": "2000K"}),
        ([DIM, XY], {"colors": ["rgb"]}),
        ([DIM, HS], {"colors": ["rgb"]}),
        ([DIM, HS, white(153, 500)], {"colors": ["temperature", "rgb"], "coolest": "6536K", "warmest": "2000K"}),
        ([DIM, white(150, 500)], {"colors": ["temperature"]}),
        ([DIM, white(50, 1000)], {"colors": ["temperature"]}),
        ([], {"colors": [], "fade": "none"}),
    ],
)
def test_features_of_a_light(features: list[dict[str, Any]], entry: dict[str, Any]) -> None:
    device = only(bridge(light(*features)))
    assert without(device.entry, "kind", "dialect", "topic") == entry
    placeholder = "temperature" in entry["colors"] and "coolest" not in entry
    assert list(device.unknown) == (["coolest, warmest"] if placeholder else [])
    assert device.proposed == (() if entry.get("fade") == "none" else (Kind.LIGHT,))


@pytest.mark.parametrize(
    ("definition", "keys"),
    [
        ({"vendor": "IKEA", "options": [{"name": "transition"}]}, {"one_attribute_per_fade": True}),
        ({"options": [{"name": "transition"}, {"name": "unfreeze_support"}]}, {"one_attribute_per_fade": True}),
        ({"options": [{"name": "state_action"}]}, {"fade": "stepped"}),
        ({"options": []}, {"fade": "stepped"}),
        ({}, {}),
    ],
)
def test_what_its_maker_says_and_its_exposes_do_not(definition: dict[str, Any], keys: dict[str, Any]) -> None:
    device = only(bridge(light(DIM), definition=definition))
    assert without(device.entry, "kind", "dialect", "topic", "colors") == keys


@pytest.mark.parametrize(
    ("definition", "info", "words"),
    [
        ({"source": "generated"}, {}, "guessed by the bridge"),
        ({"model": "TS0505B_1"}, {}, "turned on before"),
        ({"model": "GL-C-007P"}, {}, "1985 s"),
        ({}, {"devices": {"0x01": {"optimistic": False}}}, "optimistic"),
        ({}, {"device_options": {"optimistic": False}}, "optimistic"),
        ({}, {"devices": {"0x01": {"hue_native_control": True}}}, "one message"),
        ({}, {"device_options": {"throttle": 2}}, "throttle"),
    ],
)
def test_remarks_of_a_lamp(definition: dict[str, Any], info: dict[str, Any], words: str) -> None:
    definition = {**definition, "options": [{"name": "transition"}]}
    device = only(bridge(light(DIM), definition=definition, info=info))
    assert [words in remark for remark in device.remarks] == [True]


def test_a_lamps_own_option_counts_before_that_of_all() -> None:
    info = {"devices": {"0x01": {"optimistic": True}}, "device_options": {"optimistic": False}}
    assert only(bridge(light(DIM), info=info)).remarks == ()


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({"disabled": True}, "disabled"),
        ({"interview_completed": False}, "not interviewed"),
        ({"interviewing": True}, "not interviewed"),
        ({"interview_state": "FAILED"}, "not interviewed"),
        ({"definition": None}, "not interviewed"),
        ({"friendly_name": "lamp #1"}, "give it another one at the bridge"),
        ({"friendly_name": "lamp/"}, "give it another one at the bridge"),
        ({"friendly_name": 7}, "give it another one at the bridge"),
    ],
)
def test_what_is_not_taken_is_said_with_its_reason(entry: dict[str, Any], why: str) -> None:
    survey = bridge(light(DIM), **entry)
    assert survey.found() == ()
    assert [why in each.why for each in survey.left_out()] == [True]


@pytest.mark.parametrize("kind", ["climate", "cover", "lock", "fan"])
def test_what_heats_moves_or_locks_never_comes_in(kind: str) -> None:
    switch = {"type": "switch", "features": [{"name": "state", "property": "state"}]}
    assert bridge({"type": kind, "features": []}, switch).found() == ()


@pytest.mark.parametrize(
    ("name", "area"),
    [("bedroom/ceiling", "bedroom"), ("lights/ceiling", None), ("Lights/den/left", "den"), ("lamp", None)],
)
def test_a_name_in_levels_says_where_a_lamp_is(name: str, area: str | None) -> None:
    assert only(bridge(light(DIM), friendly_name=name)).area == area


def test_a_lamp_that_is_not_supported_and_guessed_is_kept_and_marked() -> None:
    device = only(bridge(light(DIM), supported=False, definition={"source": "generated"}))
    assert any("guessed" in remark for remark in device.remarks)
    assert bridge(supported=False, definition={"source": "generated"}).found() == ()


def test_a_lamp_and_a_switch_in_one_are_a_lamp_and_a_switch_that_plays_nothing() -> None:
    relay = {"type": "switch", "endpoint": "relay", "features": [{"name": "state", "property": "state_relay"}]}
    lamp, switch = bridge(light(DIM, endpoint="light"), relay).found()
    assert (lamp.entry["topic"], lamp.proposed) == ("zigbee2mqtt/lamp/light", (Kind.LIGHT,))
    assert (switch.entry["topic"], switch.proposed) == ("zigbee2mqtt/lamp/relay", ())


def test_of_a_fan_with_a_lamp_only_the_lamp_comes_in() -> None:
    switch = {"type": "switch", "features": [{"name": "state", "property": "state_l2"}], "endpoint": "l2"}
    lamp = only(bridge({"type": "fan", "features": []}, light(DIM, endpoint="l1"), switch))
    assert lamp.entry["topic"] == "zigbee2mqtt/lamp/l1"


def test_the_base_topic_of_several_lamps_is_no_lamp() -> None:
    found = bridge(light(DIM), light(DIM, endpoint="l1"), light(DIM, endpoint="l2")).found()
    assert [device.entry["topic"] for device in found] == ["zigbee2mqtt/lamp/l1", "zigbee2mqtt/lamp/l2"]


def test_colour_and_white_of_one_device_are_two_lamps() -> None:
    found = bridge(light(DIM, XY, endpoint="rgb"), light(DIM, endpoint="white")).found()
    assert [device.title for device in found] == ["lamp colour", "lamp white"]
    assert [device.entry["colors"] for device in found] == [["rgb"], []]


def test_a_bridge_that_says_single_attributes_is_of_no_use_and_it_says_so() -> None:
    survey = bridge(light(DIM), info={"advanced": {"output": "attribute"}})
    assert survey.found() == ()
    assert [each.title for each in survey.left_out()] == ["zigbee2mqtt"]


def group(*members: dict[str, Any], **keys: Any) -> Survey:
    lamps = [
        {
            "friendly_name": f"lamp {number}",
            "ieee_address": f"0x{number}",
            "type": "Router",
            "definition": {"exposes": [each] if isinstance(each, dict) else each},
            "endpoints": {"1": {"name": "l1"}, "2": {"name": "l2"}},
        }
        for number, each in enumerate(members)
    ]
    listed = [{"ieee_address": f"0x{number}", "endpoint": 1} for number in range(len(members))]
    told = [{"friendly_name": "all", "id": 3, "members": listed, **keys}]
    return surveyed(("zigbee2mqtt/bridge/devices", lamps), ("zigbee2mqtt/bridge/groups", told))


def test_a_group_has_what_all_of_its_lamps_have() -> None:
    *_, all_ = group(light(DIM, white(153, 454), XY), light(DIM, white(200, 370))).found()
    assert all_.entry["colors"] == ["temperature"]
    assert (all_.entry["coolest"], all_.entry["warmest"]) == ("5000K", "2703K")
    assert all_.members == ("zigbee2mqtt:zigbee2mqtt/lamp 0", "zigbee2mqtt:zigbee2mqtt/lamp 1")


def test_what_only_some_lamps_of_a_group_are_is_not_said_of_all() -> None:
    *_, all_ = group(light(DIM), light()).found()
    assert "fade" not in all_.entry
    assert any("one by one" in remark for remark in all_.remarks)
    *_, all_ = group(light(), light()).found()
    assert all_.entry["fade"] == "none"


def test_a_groups_member_may_be_one_lamp_of_a_device() -> None:
    survey = surveyed(
        (
            "zigbee2mqtt/bridge/devices",
            [
                {
                    "friendly_name": "two",
                    "ieee_address": "0x0",
                    "type": "Router",
                    "endpoints": {"1": {"name": "l1"}, "2": {"name": "l2"}},
                    "definition": {"exposes": [light(DIM, endpoint="l1"), light(DIM, endpoint="l2")]},
                }
            ],
        ),
        (
            "zigbee2mqtt/bridge/groups",
            [{"friendly_name": "both", "id": 1, "members": [{"ieee_address": "0x0", "endpoint": n} for n in (1, 2)]}],
        ),
    )
    assert survey.found()[-1].members == ("zigbee2mqtt:zigbee2mqtt/two/l1", "zigbee2mqtt:zigbee2mqtt/two/l2")


@pytest.mark.parametrize("keys", [{"members": []}, {"id": 901}])
def test_a_group_of_nothing_is_none(keys: dict[str, Any]) -> None:
    assert len(group(light(DIM), light(DIM), **keys).found()) == 2


def test_a_bridge_that_has_just_been_started_is_waited_for() -> None:
    assert list(surveyed(("zigbee2mqtt/bridge/state", {"state": "online"})).starting) == ["zigbee2mqtt"]
    assert list(surveyed(("zigbee2mqtt/bridge/state", "online")).starting) == ["zigbee2mqtt"]
    assert list(bridge(light(DIM)).starting) == []


# Home Assistant's discovery


def announced(platform: str = "light", /, **keys: Any) -> Survey:
    config = {"schema": "json", "cmd_t": "a/b/set", "stat_t": "a/b", "name": "Lamp", **keys}
    return surveyed((f"homeassistant/{platform}/b/config", {key: value for key, value in config.items() if value}))


@pytest.mark.parametrize(
    ("keys", "modes"),
    [
        ({"sup_clrm": ["rgbw"]}, ["rgbw"]),
        ({"sup_clrm": ["brightness", "onoff", "color_temp"]}, ["color_temp"]),
        ({"sup_clrm": ["brightness"]}, ["brightness"]),
        ({"brightness": True}, ["brightness"]),
        ({"brightness": "true"}, ["brightness"]),
        ({"color_temp": True, "rgb": True, "brightness": True}, ["color_temp", "rgb"]),
        ({"hs": True}, ["hs"]),
        ({"xy": True}, ["xy"]),
        ({}, ["onoff"]),
    ],
)
def test_the_best_of_the_colour_modes_is_taken(keys: dict[str, Any], modes: list[str]) -> None:
    assert only(announced(**keys)).entry["supported_color_modes"] == modes


def test_a_base_may_stand_at_either_end_and_in_the_availability() -> None:
    keys: dict[str, Any] = {
        "~": "house/lamp",
        "stat_t": "~/state",
        "cmd_t": "~/set",
        "avty": [{"t": "~/there", "pl_avail": "yes"}],
    }
    entry = only(announced(sup_clrm=["brightness"], **keys)).entry
    assert (entry["command_topic"], entry["state_topic"]) == ("house/lamp/set", "house/lamp/state")
    assert (entry["availability_topic"], entry["payload_available"]) == ("house/lamp/there", "yes")
    assert only(announced(**{"~": "x/y", "cmd_t": "set/~"})).entry["command_topic"] == "set/x/y"


def test_the_availability_that_is_nearest_to_the_device_is_taken() -> None:
    ways = [{"topic": "a/b/availability", "value_template": "{{ value_json.state }}"}, {"topic": "bridge/state"}]
    entry = only(announced(availability=ways)).entry
    assert entry["availability_topic"] == "a/b/availability"
    assert entry["availability_template"] == "{{ value_json.state }}"


def test_templates_of_others_are_taken_over_where_they_only_look_up_and_choose() -> None:
    choice = "{% if value_json.x %}online{% endif %}"
    entry = only(announced(availability=[{"topic": "a/b/there", "value_template": choice}])).entry
    assert entry["availability_template"] == choice


def test_other_templates_of_others_are_not_taken_over() -> None:
    ways = [{"topic": "a/b/there", "value_template": "{% for x in value_json %}online{% endfor %}"}]
    device = only(announced(availability=ways))
    assert "availability_topic" not in device.entry
    assert "availability_topic" in device.unknown
    survey = announced(schema="template", cmd_on_tpl="{{ on }}")
    assert survey.found() == ()
    assert [each.title for each in survey.left_out()] == ["Lamp"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"schema": "template", "cmd_on_tpl": "{{ on }}"}, "templates of its own"),
        ({"cmd_t": "lamps/+/set"}, "'lamps/+/set', which is no topic"),
        ({"cmd_t": None}, "where it is told things"),
    ],
)
def test_why_an_announced_lamp_is_not_taken_is_what_is_wrong_with_it(said: dict[str, Any], why: str) -> None:
    survey = announced(**said)
    assert survey.found() == ()
    assert [why in each.why for each in survey.left_out()] == [True]


def test_a_lamp_that_no_file_can_have_is_left_out_with_the_reason() -> None:
    survey = announced(cmd_t="lamps/\ud800/set", name="Lamp")
    assert (survey.found(), [each.title for each in survey.left_out()]) == ((), ["Lamp"])


def test_a_lamp_that_says_nothing_does_not_report() -> None:
    assert only(announced(stat_t=None)).entry["reports"] is False


@pytest.mark.parametrize("name", ["Status LED", "Power indicator", "Display backlight", "LED matrix", "Screen"])
def test_what_is_no_lamp_of_a_room_is_found_and_proposed_for_nothing(name: str) -> None:
    assert only(announced(name=name, sup_clrm=["brightness"])).proposed == ()


@pytest.mark.parametrize("platform", ["button", "number", "select", "update", "sensor", "text", "lock", "cover", "fan"])
def test_other_platforms_are_no_candidates(platform: str) -> None:
    survey = announced(platform)
    assert (survey.found(), survey.left_out()) == ((), ())


def test_settings_of_a_device_are_no_candidates() -> None:
    assert announced("switch", ent_cat="config").found() == ()


@pytest.mark.parametrize(
    ("keys", "dialect", "entry"),
    [
        ({"cmd_t": "shellies/x/light/0/set"}, "shelly1", {"topic": "shellies/x", "component": "light:0"}),
        ({"cmd_t": "shellies/x/color/0/command"}, "shelly1", {"topic": "shellies/x", "component": "color:0"}),
        (
            {"cmd_t": "attic/rpc", "cmd_on_tpl": '{"id":1,"method":"Light.Set","params":{"id":2,"on":true}}'},
            "shelly2",
            {"topic": "attic", "component": "light:2"},
        ),
        ({"cmd_t": "cmnd/sofa/POWER"}, "tasmota", {"topic": "sofa"}),
        ({"cmd_t": "sofa/cmnd/POWER1"}, "tasmota", {"topic": "sofa", "full_topic": "%topic%/%prefix%/"}),
    ],
)
def test_what_has_a_dialect_of_its_own_is_found_in_that(keys: dict[str, Any], dialect: str, entry: Any) -> None:
    device = only(announced(schema=None, **keys))
    assert device.entry["dialect"] == dialect
    assert {key: device.entry.get(key) for key in entry} == entry


def test_esphome_is_said_to_fade_in_whole_seconds() -> None:
    keys: dict[str, Any] = {"cmd_t": "node/light/sofa/command", "dev": {"mf": "Espressif"}, "sup_clrm": ["brightness"]}
    assert any("whole seconds" in remark for remark in only(announced(**keys)).remarks)


@pytest.mark.parametrize(
    ("state", "modes"),
    [
        ({"color_mode": "rgb", "brightness": 3, "color": {"r": 1, "g": 2, "b": 3}}, ["rgb"]),
        ({"color_mode": "color_temp", "brightness": 3, "color_temp": 300, "color": {}}, ["color_temp"]),
        ({"color_mode": "rgbww", "brightness": 3, "color": {"r": 1, "g": 2, "b": 3, "c": 4, "w": 5}}, ["rgbww"]),
        ({"color_mode": "brightness", "brightness": 3, "color": {}}, ["brightness"]),
        ({"color_mode": "onoff", "color": {}}, ["onoff"]),
    ],
)
def test_esphome_without_discovery_is_found_by_its_states(state: dict[str, Any], modes: list[str]) -> None:
    said = ("node/light/sofa/state", {"state": "ON", **state})
    device = only(surveyed(("node/status", "online"), said))
    assert device.entry["supported_color_modes"] == modes
    assert device.entry["command_topic"] == "node/light/sofa/command"
    assert surveyed(said).found() == (), "a node says whether it is there"
    config = {"schema": "json", "cmd_t": "node/light/sofa/command", "sup_clrm": ["rgbw", "color_temp"]}
    both = surveyed(("node/status", "online"), said, ("homeassistant/light/node/sofa/config", config))
    assert only(both).entry["supported_color_modes"] == ["rgbw", "color_temp"]


@pytest.mark.parametrize(
    ("order", "payloads"),
    [
        ("last", ["a/level", "a/set"]),
        ("first", ["a/set", "a/level"]),
        ("brightness", ["a/level", "a/set"]),
        (None, ["a/level", "a/set"]),
    ],
)
def test_a_lamp_of_the_default_schema_is_told_in_its_order(order: str | None, payloads: list[str]) -> None:
    found = only(announced(schema=None, cmd_t="a/set", bri_cmd_t="a/level", on_cmd_type=order))
    family = DIALECTS[found.entry["dialect"]]
    codec = family.codec("lamp", family.settings.model_validate(found.entry))
    told = [message.topic for message in codec.encode(SetLight(Percent(50.0), None))]
    assert told == (payloads[:1] if order == "brightness" else payloads)
    assert [message.topic for message in codec.encode(SetLight(Percent(0.0), None))] == ["a/set"]


def test_an_event_is_a_button_with_its_signals() -> None:
    device = only(announced("event", cmd_t=None, schema=None, evt_typ=["single", "double"]))
    assert (device.entry["kind"], device.signals) == ("button", ("single", "double"))


# Tasmota

ROOM = {"ip": "192.0.2.9", "dn": "Sofa", "fn": ["Sofa", "Shelf"], "mac": "02A4E0757979", "md": "X", "t": "sofa"}


def tasmota(**keys: Any) -> Survey:
    return surveyed(("tasmota/discovery/02A4E0757979/config", {**ROOM, **keys}))


def told(devices: Iterable[FoundDevice]) -> list[dict[str, Any]]:
    return [without(device.entry, "dialect", "topic") for device in devices]


@pytest.mark.parametrize(
    ("subtype", "colours"), [(1, []), (2, ["temperature"]), (3, ["rgb"]), (4, ["rgb"]), (5, ["temperature", "rgb"])]
)
def test_the_subtype_of_a_light_says_its_colours(subtype: int, colours: list[str]) -> None:
    device = only(tasmota(rl=[2, 0], lt_st=subtype))
    assert device.entry["colors"] == colours
    assert any("white channel" in remark for remark in device.remarks) == (subtype == 4)


def test_a_short_range_of_whites_is_set_in_the_device() -> None:
    device = only(tasmota(rl=[2], lt_st=2, so={"82": 1}))
    assert (device.entry["coolest"], device.entry["warmest"]) == ("5000K", "2632K")


def test_several_relays_are_several_switches() -> None:
    assert told(tasmota(rl=[1, 1, 0]).found()) == [{"kind": "switch", "output": 1}, {"kind": "switch", "output": 2}]


def test_independent_channels_are_lamps_of_their_own() -> None:
    assert told(tasmota(rl=[2, 2], lt_st=2, so={"68": 1}).found()) == [
        {"kind": "light", "output": 1, "dimmer": "Channel1", "colors": []},
        {"kind": "light", "output": 2, "dimmer": "Channel2", "colors": []},
    ]


def test_colour_and_white_that_are_not_linked_are_two_lamps() -> None:
    found = tasmota(rl=[2, 2], lt_st=4, lk=0).found()
    assert [device.entry["colors"] for device in found] == [["rgb"], []]
    assert len({device.keys for device in found}) == 2


@pytest.mark.parametrize("keys", [{"ty": 1}, {"md": "WS2812 strip"}])
def test_what_cannot_fade_once_is_stepped(keys: dict[str, Any]) -> None:
    assert only(tasmota(rl=[2], lt_st=1, **keys)).entry["fade"] == "stepped"


def test_shutters_and_sleepers_are_left_out() -> None:
    for keys in ({"rl": [3, 3]}, {"rl": [1], "bat": 1}, {"rl": [1], "dslp": 1}):
        survey = tasmota(**keys)
        assert survey.found() == ()
        assert len(survey.left_out()) == 1


def test_a_full_topic_with_its_host_name_is_written_out() -> None:
    device = only(tasmota(rl=[1], ft="home/%hostname%/%topic%/%prefix%/", hn="sofa-1234", tp=["c", "s", "t"]))
    assert device.entry["full_topic"] == "home/sofa-1234/%topic%/%prefix%/"
    assert device.entry["prefixes"] == ["c", "s", "t"]


def test_a_device_that_does_not_answer_is_asked_once_and_said() -> None:
    survey = surveyed(("tele/sofa/LWT", "Online"))
    asked = [message for _ in range(3) for message in survey.probes() if message.topic == "cmnd/sofa/Status"]
    assert [message.payload for message in asked] == ["0"]
    assert ["SetOption19" in each.why for each in survey.left_out()] == [True]


def test_a_device_that_announces_itself_is_not_asked() -> None:
    config = ("tasmota/discovery/02A4E0757979/config", {**ROOM, "rl": [1]})
    survey = surveyed(("tele/sofa/LWT", "Online"), config)
    assert not [message for message in survey.probes() if message.topic.startswith("cmnd/")]


def test_a_relay_that_its_owner_shows_as_a_light_is_asked_about() -> None:
    assert "SetOption30" in only(tasmota(rl=[1], so={"30": 1})).unknown["kind"]


# Shelly


def shelly1(model: str, info: dict[str, Any] | None = None, **keys: Any) -> Survey:
    said: list[tuple[str, Any]] = [("shellies/announce", {"id": "x", "model": model, "mac": "02A4E0EC9BA4", **keys})]
    return surveyed(*said, *([("shellies/x/info", info)] if info else []))


@pytest.mark.parametrize(
    ("model", "keys", "components"),
    [
        ("SHDM-1", {}, ["light:0"]),
        ("SHVIN-1", {}, ["light:0"]),
        ("SHCB-1", {"mode": "color"}, ["color:0"]),
        ("SHCB-1", {"mode": "white"}, ["white:0"]),
        ("SHBLB-1", {"mode": "color"}, ["color:0"]),
        ("SHRGBW2", {"mode": "white"}, ["white:0", "white:1", "white:2", "white:3"]),
        ("SHSW-25", {"mode": "relay"}, ["relay:0", "relay:1"]),
        ("SHSW-25", {"mode": "roller"}, []),
        ("SHPLG-S", {}, ["relay:0"]),
        ("SHHT-1", {}, []),
    ],
)
def test_models_of_the_first_generation(model: str, keys: dict[str, Any], components: list[str]) -> None:
    survey = shelly1(model, **keys)
    assert [device.entry["component"] for device in survey.found()] == components
    assert bool(survey.left_out()) == (not components)


def test_rollers_are_not_switched() -> None:
    assert shelly1("SHSW-25", info={"rollers": [{"state": "stop"}]}).found() == ()


def components(*listed: dict[str, Any], prefix: str = "shellyx-02a4e0ff3831") -> Survey:
    """A device of a later generation that answers in one page."""
    survey = surveyed((f"{prefix}/online", "true"))
    for question in survey.probes():
        asked = json.loads(question.payload) if question.topic.endswith("/rpc") else {}
        if asked.get("method") == "Shelly.GetComponents":
            result = {"components": list(listed), "offset": 0, "total": len(listed)}
            answer = {"id": asked["id"], "src": "shellyx-02a4e0ff3831", "result": result}
            survey.hear(Message(f"{SOURCE}/rpc", json.dumps(answer)))
    return survey


@pytest.mark.parametrize(
    ("component", "colours"),
    [
        ("light:0", []),
        ("cct:0", ["temperature"]),
        ("rgb:0", ["rgb"]),
        ("rgbw:0", ["rgb"]),
        ("rgbcct:0", ["temperature", "rgb"]),
    ],
)
def test_components_that_are_lamps(component: str, colours: list[str]) -> None:
    device = only(components({"key": component, "config": {"name": "Sofa", "ct_range": [2700, 6500]}}))
    assert (device.title, device.entry["component"], device.entry["colors"]) == ("Sofa", component, colours)
    assert ("warmest" in device.entry) == ("temperature" in colours)


@pytest.mark.parametrize("component", ["cover:0", "cury:0", "service:0", "bthomedevice:200", "boolean:200", "input:1"])
def test_components_that_are_never_ours(component: str) -> None:
    assert components({"key": component, "config": {"type": "switch"}}).found() == ()


def test_a_night_mode_and_a_mapped_range_are_remarked() -> None:
    config = {"night_mode": {"enable": True}, "range_map": [10, 90]}
    assert len(only(components({"key": "light:0", "config": config})).remarks) == 2


def test_a_device_that_takes_no_commands_is_left_out() -> None:
    survey = components({"key": "light:0"}, {"key": "mqtt", "config": {"enable_rpc": False}})
    assert survey.found() == ()
    assert "RPC" in survey.left_out()[0].why


def test_a_device_that_only_answers_is_remarked() -> None:
    mqtt = {"enable_rpc": True, "rpc_ntf": False, "status_ntf": False}
    survey = components({"key": "light:0"}, {"key": "mqtt", "config": mqtt})
    assert any("only when it is asked" in remark for remark in only(survey).remarks)


def test_a_device_that_does_not_answer_is_said() -> None:
    survey = surveyed(("shellyx-02a4e0ff3831/online", "true"))
    survey.probes()
    assert ["did not answer" in each.why for each in survey.left_out()] == [True]


@pytest.mark.parametrize("prefix", ["printer", "shellies/shellyx-02a4e0ff3831", "nas/shelly", "shellyx-02a4"])
def test_nobody_is_asked_who_does_not_look_like_one(prefix: str) -> None:
    survey = surveyed((f"{prefix}/online", "true"))
    assert not any(question.topic.endswith("/rpc") for question in survey.probes())


def test_a_renamed_device_is_asked_once_it_was_heard_to_speak() -> None:
    said = {"src": "shellyx-02a4e0ff3831", "dst": "attic/events", "method": "NotifyStatus", "params": {}}
    survey = surveyed(("attic/online", "true"), ("attic/events/rpc", said))
    assert {question.topic for question in survey.probes()} >= {"attic/rpc"}


# WLED, Homie, players


def test_a_strip_of_which_no_colour_was_heard_has_perhaps_a_white() -> None:
    assert "white" in only(surveyed(("wled/a1b2c3/status", "online"))).unknown["colors"]
    assert only(surveyed(("wled/a1b2c3/status", "online"), ("wled/a1b2c3/c", "#00FFA000"))).unknown == {}


def homie5(properties: dict[str, Any], domain: str = "homie", **node: Any) -> Survey:
    description = {"name": "Box", "nodes": {"n": {"properties": properties, **node}}}
    return surveyed((f"{domain}/5/box/$description", description))


SETTABLE = {"datatype": "boolean", "settable": True}


@pytest.mark.parametrize(
    ("properties", "node", "is_lamp"),
    [
        ({"light": SETTABLE}, {}, True),
        ({"power": SETTABLE}, {"type": "Lamp"}, True),
        ({"power": SETTABLE}, {"name": "Ceiling light"}, True),
        ({"colour": {"datatype": "color", "settable": True}}, {}, True),
        ({"level": {"datatype": "integer", "unit": "%", "settable": True}}, {"name": "dimmer"}, True),
        ({"level": {"datatype": "integer", "unit": "%", "settable": True}}, {"name": "valve"}, False),
        ({"reboot": SETTABLE}, {}, False),
        ({"pump": SETTABLE}, {}, False),
        ({"circuit": SETTABLE}, {}, False),
        ({"light": {"datatype": "boolean", "settable": False}}, {}, False),
    ],
)
def test_what_calls_itself_a_light_is_one(properties: Any, node: dict[str, Any], is_lamp: bool) -> None:
    assert bool(homie5(properties, **node).found()) == is_lamp


def test_another_domain_is_found_and_named() -> None:
    device = only(homie5({"light": SETTABLE}, domain="ebus"))
    assert device.entry["topic"] == "ebus/5/box/n"
    assert any("ebus" in remark for remark in device.remarks)


def test_whites_in_reciprocal_megakelvin() -> None:
    white_ = {"datatype": "integer", "unit": "MK⁻¹", "format": "153:500:1", "settable": True}
    device = only(homie5({"light": SETTABLE, "ct": white_}))
    assert (device.entry["coolest"], device.entry["warmest"]) == ("6536K", "2000K")


def test_players_of_both_forms_of_discovery_and_in_a_group() -> None:
    uuid = "RINCON_02A4E096841B01400"
    state = {"uuid": uuid, "name": "Living Room", "coordinatorUuid": "RINCON_X"}
    config = {"name": "Living Room", "device": {"model": "Sonos One"}}
    device = only(surveyed((f"sonos/{uuid}", state), (f"homeassistant/music_player/{uuid}/sonos/config", config)))
    assert device.entry["name"] == "living-room"
    assert device.model == "Sonos One"
    assert any("group" in remark for remark in device.remarks)
    assert only(surveyed((f"sonos2mqtt/discovery/music/{uuid}", config))).entry["base"] == "music"


@pytest.mark.parametrize(
    ("topic", "plugin"),
    [("mopidy/stat/plstate", "mopiqtt"), ("mopidy/stat/vol", "mopiqtt"), ("mopidy/i/sta", "mqtt-ng")],
)
def test_the_plug_in_of_mopidy_is_known_by_its_states(topic: str, plugin: str) -> None:
    device = only(surveyed((topic, "stopped")))
    assert (device.entry["plugin"], device.proposed) == (plugin, (Kind.PLAYER,))


@pytest.mark.parametrize("topic", ["hermes/intent/RelaxNext", "hermes/hotword/porcupine/detected", "hermes/tts/say"])
def test_a_site_is_overheard(topic: str) -> None:
    assert only(surveyed((topic, {"siteId": "bedroom"}))).entry == {
        "kind": "voice",
        "dialect": "hermes",
        "site": "bedroom",
    }


def test_our_own_speakers_say_what_they_can() -> None:
    state = {"playing": "", "volume": 0.3, "abilities": ["say", "done", "hush", "pause", "loop"]}
    device = only(surveyed(("speakers/bedroom/state", state)))
    assert device.entry == {"kind": ["player", "voice"], "dialect": "relax_speaker", "topic": "speakers/bedroom"}
    assert only(surveyed(("phone/state", {"volume": 1, "abilities": ["say"]}))).entry["kind"] == "voice"


@pytest.mark.parametrize("model", ["SHCB-1", "SHBLB-1"])
def test_a_bulb_that_does_not_say_its_mode_has_whites_and_colours(model: str) -> None:
    assert without(only(shelly1(model)).entry, "kind", "dialect", "topic") == {
        "component": "color:0",
        "colors": ["temperature", "rgb"],
        "coolest": "6500K",
        "warmest": "3000K",
    }
    assert only(shelly1("SHRGBW2")).entry["colors"] == ["rgb"]


def test_a_mopidy_that_says_how_loud_it_is_has_a_mixer() -> None:
    assert only(surveyed(("mopidy/stat/plstate", "stopped"), ("mopidy/stat/vol", "40"))).entry["mixer"] is True
    for said in (("mopidy/stat/vol", "None"), ("mopidy/stat/plstate", "stopped")):
        device = only(surveyed(said))
        assert "mixer" not in device.entry
        assert "mixer" in device.unknown
    ng = only(surveyed(("mopidy/i/vol", "40")))
    assert ("mixer" in ng.entry, "mixer" in ng.unknown) == (False, False)


LAMP = {"schema": "json", "cmd_t": "~/set", "stat_t": "~", "~": "den/lamp", "sup_clrm": ["color_temp"], "name": "Lamp"}


def test_discovery_below_another_prefix_is_found_and_the_prefix_told() -> None:
    survey = surveyed(("hass/light/lamp/config", LAMP), ("hass/device/plug/config", {"cmps": {}, "dev": {}}))
    assert only(survey).entry["command_topic"] == "den/lamp/set"
    assert survey.home_keys == {"home_assistant": {"prefix": "hass"}}


def test_the_usual_prefix_goes_before_another() -> None:
    survey = surveyed(
        ("homeassistant/light/a/config", LAMP), ("old/light/a/config", LAMP), ("old/light/b/config", LAMP)
    )
    assert (len(survey.found()), survey.home_keys) == (1, {})


def test_what_only_has_the_form_of_an_announcement_is_none() -> None:
    said = {"site/light/lamp/config": {"brightness": 30}, "site/switch/x/config": "on", "a b/light/x/config": LAMP}
    survey = surveyed(*said.items(), ("site/light/y/config", "{" * 150_000))
    assert (survey.found(), survey.left_out(), survey.home_keys) == ((), (), {})


def wled(name: str, said: Any, status: str = "online") -> Survey:
    survey = surveyed((f"wled/{name}/status", status))
    for address in survey.look_ups():
        survey.looked_up(address, said if isinstance(said, str) else json.dumps(said))
    assert survey.look_ups() == [], "each is read once"
    return survey


@pytest.mark.parametrize(
    ("channels", "colours"),
    [(1, ["rgb"]), (2, []), (3, ["rgb"]), (4, ["temperature"]), (6, ["temperature"]), (7, ["temperature", "rgb"])],
)
def test_what_a_strip_has_it_says_on_its_page(channels: int, colours: list[str]) -> None:
    info = {"mac": "ddeeff0455f0", "name": "Shelf", "ver": "16.0.0", "brand": "WLED", "leds": {"lc": channels}}
    device = only(wled("0455f0", info))
    assert (device.entry["colors"], device.unknown) == (colours, {})
    assert (device.title, device.model) == ("Shelf", "WLED 16.0.0")
    assert any("white channel" in remark for remark in device.remarks) is (channels & 3 == 3)


@pytest.mark.parametrize(
    "said", ["", "<html>", "[]", {"leds": {"lc": 7}}, {"mac": "ddeeff123456", "leds": {"lc": 7}}, {"mac": "0455f0"}]
)
def test_a_page_that_says_nothing_of_it_is_nothing(said: Any) -> None:
    device = only(wled("0455f0", said))
    assert (device.entry["colors"], list(device.unknown), device.title) == (["rgb"], ["colors"], "WLED 0455f0")


def test_only_a_strip_that_is_there_and_has_its_own_name_is_looked_up() -> None:
    there = {"0455f0": "offline", "shelf": "online", "aabbcc": "online"}
    survey = surveyed(*((f"wled/{name}/status", said) for name, said in there.items()))
    assert survey.look_ups() == ["http://wled-aabbcc.local/json/info"]
