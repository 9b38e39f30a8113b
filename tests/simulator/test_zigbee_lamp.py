"""What a `/set` does to a lamp behind Zigbee2MQTT: the table of its converters 26.112, line by line."""

import json

import pytest

from orchestrator.devices.abilities import Kind, LightAbilities
from orchestrator.devices.dialects.zigbee2mqtt import Zigbee2MqttSettings
from orchestrator.devices.messages import Message
from orchestrator.simulator.bulb import Order
from orchestrator.simulator.firmware.zigbee2mqtt import Zigbee2MqttFirmware
from tests.simulator.simulated import Talk, states

SET, STATE, LOG = "zigbee2mqtt/lamp/set", "zigbee2mqtt/lamp", "zigbee2mqtt/bridge/logging"


@pytest.fixture
def talk():
    """The lamp is at 178 of 254 (70 %), 4000 K."""
    return Talk()


@pytest.fixture
def dark(talk):
    talk.send(SET, {"state": "OFF"})
    return talk


def test_a_level_with_a_transition_is_reached_evenly_in_that_time(talk):
    talk.send(SET, {"brightness": 50, "transition": 30})
    talk.wait(15_000)
    assert talk.level("lamp") == 114
    talk.wait(15_000)
    assert talk.level("lamp") == 50


def test_the_state_is_the_target_at_once_and_is_not_retained(talk):
    (answer, _) = talk.send(SET, {"state": "ON", "brightness": 50, "color_temp": 400, "transition": 30})
    assert list(json.loads(answer.payload).items())[:4] == [
        ("state", "ON"),
        ("brightness", 50),
        ("color_mode", "color_temp"),
        ("color_temp", 400),
    ]
    assert not answer.retain
    assert talk.wait(60_000) == []


def test_off_with_a_transition_fades_and_remembers_the_level(talk):
    (off, *_) = states(talk.send(SET, {"state": "OFF", "transition": 30}), STATE)
    assert (off["state"], off["brightness"]) == ("OFF", 178)
    talk.wait(15_000)
    assert talk.level("lamp") == 89
    talk.wait(15_000)
    assert talk.level("lamp") == 0
    (on, *_) = states(talk.send(SET, {"state": "ON"}), STATE)
    assert (on["state"], on["brightness"]) == ("ON", 178)
    assert talk.level("lamp") == 178


def test_on_with_a_transition_goes_to_the_remembered_level(dark):
    dark.send(SET, {"state": "ON", "transition": 10})
    dark.wait(5_000)
    assert dark.level("lamp") == 89


def test_brightness_0_is_off_and_spoils_the_remembered_level(talk):
    (off, *_) = states(talk.send(SET, {"brightness": 0, "transition": 10}), STATE)
    assert (off["state"], off["brightness"]) == ("OFF", 0)
    talk.wait(10_000)
    talk.send(SET, {"state": "ON"})
    assert talk.level("lamp") == 0


def test_a_level_with_state_null_is_prepared_in_a_dark_lamp(dark):
    dark.send(SET, {"state": None, "brightness": 20, "transition": 5})
    dark.wait(5_000)
    assert dark.level("lamp") == 0
    dark.send(SET, {"state": "ON"})
    assert dark.level("lamp") == 20


def test_off_ignores_the_brightness_beside_it(talk):
    talk.send(SET, {"state": "OFF", "brightness": 20, "color_temp": 400, "transition": 5})
    talk.wait(5_000)
    assert talk.level("lamp") == 0


def test_a_white_that_the_lamp_lacks_is_clamped(talk):
    (state, *_) = states(talk.send(SET, {"color_temp": 600}), STATE)
    assert state["color_temp"] == 454


@pytest.mark.parametrize(("fades_both", "level_over"), [(True, None), (False, 0)])
def test_where_a_lamp_cannot_fade_both_its_level_jumps_beside_a_colour(fades_both, level_over):
    settings = Zigbee2MqttSettings(kind=Kind.LIGHT, dialect="zigbee2mqtt", topic="zigbee2mqtt/lamp")
    firmware = Zigbee2MqttFirmware(settings, LightAbilities(one_attribute_per_fade=not fades_both))
    order = firmware.order(Message(SET, '{"state": "ON", "brightness": 50, "color_temp": 400, "transition": 30}'))
    assert isinstance(order, Order)
    assert (order.over, order.level_over) == (30_000, level_over)


def test_a_bare_word_will_do(talk):
    talk.send(SET, "OFF")
    assert talk.level("lamp") == 0


def test_a_transition_in_quotes_works_and_tenths_are_cut(talk):
    talk.send(SET, {"brightness": 100, "transition": "3"})
    talk.wait(2_900)
    assert talk.level("lamp") > 100
    talk.wait(100)
    assert talk.level("lamp") == 100
    talk.send(SET, {"brightness": 50, "transition": 0.25})
    talk.wait(200)
    assert talk.level("lamp") == 50


@pytest.mark.parametrize(
    ("payload", "key"),
    [
        ({"brightness": 300}, "brightness"),
        ({"brightness": -1}, "brightness"),
        ({"brightness": "bright"}, "brightness"),
        ({"brightness": 50, "transition": "slow"}, "transition"),
        ({"brightness": 100, "transition": 7200}, "transition"),
        ({"brightness": 100, "transition": 6553.5}, "transition"),
    ],
)
def test_what_cannot_be_sent_does_nothing_and_is_logged(talk, payload, key):
    (log,) = states(talk.send(SET, payload), LOG)
    assert log["level"] == "error"
    assert log["message"].startswith(f"z2m: Publish 'set' '{key}' to 'lamp' failed:")
    talk.wait(60_000)
    assert talk.level("lamp") == 178


@pytest.mark.parametrize("payload", [{"transition": 5}, {}, {"effect": "blink"}, "", "[1]", '{"state"', {"state": 7}])
def test_what_asks_for_nothing_does_nothing(talk, payload):
    assert talk.send(SET, payload) == []
    assert talk.level("lamp") == 178


def test_the_longest_transition_works(talk):
    talk.send(SET, {"brightness": 254, "transition": 6553.4})
    talk.wait(6_553_400)
    assert talk.level("lamp") == 254


def test_a_new_command_starts_from_where_the_lamp_is(talk):
    talk.send(SET, {"brightness": 78, "transition": 10})
    talk.wait(5_000)
    talk.send(SET, {"brightness": 228, "transition": 10})
    assert talk.level("lamp") == 128
    talk.wait(5_000)
    assert talk.level("lamp") == 178


def test_a_fade_can_be_stopped_and_is_read_half_a_second_later(talk):
    talk.send(SET, {"brightness": 78, "transition": 10})
    talk.wait(5_000)
    assert talk.send(SET, {"brightness_move": "stop"}) == []
    (state,) = states(talk.wait(500), STATE)
    assert state["brightness"] == 128
    talk.wait(60_000)
    assert talk.level("lamp") == 128


def test_a_question_is_answered_with_the_truth_after_20_ms(talk):
    talk.send(SET, {"brightness": 78, "transition": 10})
    talk.wait(5_000)
    assert talk.send("zigbee2mqtt/lamp/get", {"state": "", "brightness": ""}) == []
    assert talk.wait(19) == []
    (state,) = states(talk.wait(1), STATE)
    assert state["brightness"] == 128


def test_colours_are_understood_in_every_notation(talk):
    for colour in (
        {"x": 0.64, "y": 0.33},
        {"r": 255, "g": 0, "b": 0},
        {"hex": "#FF0000"},
        {"hue": 0, "saturation": 100},
    ):
        talk.send(SET, {"color_temp": 370})
        (state, *_) = states(talk.send(SET, {"color": colour}), STATE)
        assert state["color_mode"] == ("hs" if "hue" in colour else "xy")
        assert (state["color"]["x"], state["color"]["y"]) == pytest.approx((0.64, 0.33), abs=2e-4)


def test_a_group_moves_its_members_and_all_of_them_say_so(talk):
    heard = talk.send("zigbee2mqtt/both/set", {"state": "ON", "brightness": 50, "transition": 10})
    assert [message.topic for message in heard] == ["zigbee2mqtt/both", "zigbee2mqtt/lamp", "zigbee2mqtt/other"]
    talk.wait(10_000)
    assert (talk.level("lamp"), talk.level("other")) == (50, 50)


def test_a_group_shows_what_happens_to_a_member_and_is_on_while_any_is(talk):
    (group,) = states(talk.send(SET, {"state": "OFF"}), "zigbee2mqtt/both")
    assert group["state"] == "ON"
    (group,) = states(talk.send("zigbee2mqtt/other/set", {"state": "OFF"}), "zigbee2mqtt/both")
    assert group["state"] == "OFF"
    (group,) = states(talk.send("zigbee2mqtt/other/set", {"brightness": 20}), "zigbee2mqtt/both")
    assert (group["state"], group["brightness"]) == ("ON", 20)
