"""What a home file may say of a device, and what it makes of the dialect's abilities."""

import pytest
from pydantic import ValidationError

from orchestrator.devices.abilities import ColourMode, DeviceCurve, FadeBy, Kind
from orchestrator.devices.dialects import DIALECTS
from orchestrator.units import SECOND

LAMP = {"kind": "light", "dialect": "zigbee2mqtt", "topic": "zigbee2mqtt/lamp"}
STRIP = {"kind": "light", "dialect": "home_assistant", "command_topic": "a/set", "state_topic": "a"}


def light(entry):
    family = DIALECTS[entry["dialect"]]
    return family.codec("device", family.settings.model_validate(entry)).abilities.light


def refusal(entry):
    with pytest.raises(ValidationError) as caught:
        DIALECTS[entry["dialect"]].settings.model_validate(entry)
    return "; ".join(f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in caught.value.errors())


def test_a_device_may_be_several_kinds():
    settings = DIALECTS["relax_speaker"].settings.model_validate(
        {"kind": ["player", "voice"], "dialect": "relax_speaker", "topic": "speakers/den"}
    )
    assert settings.kinds == (Kind.PLAYER, Kind.VOICE)


def test_a_home_says_who_fades_and_how_long_a_segment_is():
    assert light(LAMP).fade is FadeBy.NATIVE
    assert light(LAMP).segment == 10 * SECOND
    assert light(LAMP | {"segment": "4s"}).segment == 4 * SECOND
    stepped = light(LAMP | {"fade": "stepped"})
    assert (stepped.fade, stepped.segment) == (FadeBy.STEPPED, 250)
    assert light(LAMP | {"fade": "none"}).fade is FadeBy.NONE


def test_a_home_says_what_part_of_the_scale_is_used_and_what_it_means():
    abilities = light(LAMP | {"min": "5%", "max": "80%", "curve": "linear", "one_attribute_per_fade": True})
    assert (abilities.least, abilities.most) == (5, 80)
    assert abilities.curve is DeviceCurve.LINEAR
    assert abilities.one_attribute_per_fade


def test_a_lamp_without_transition_is_stepped_and_one_that_only_switches_jumps():
    assert light(STRIP | {"transition": False}).fade is FadeBy.STEPPED
    bulb = light(STRIP | {"supported_color_modes": ["onoff"]})
    assert (bulb.fade, bulb.dimmable, bulb.colours) == (FadeBy.NONE, False, ColourMode.NONE)


def test_colours_are_what_the_home_says():
    assert light(LAMP | {"colors": ["temperature"], "warmest": "2000K"}).colours is ColourMode.TEMPERATURE
    assert light(LAMP | {"warmest": "2000K"}).warmest == 500
    assert light(LAMP | {"colors": []}).colours is ColourMode.NONE
    assert light(STRIP | {"min_kelvin": 2500, "max_kelvin": 5000}).warmest == 400


def test_a_group_counts_as_a_broadcast_of_its_bridge():
    family = DIALECTS["zigbee2mqtt"]
    group = family.codec("group", family.settings.model_validate(LAMP | {"members": ["a", "b"]})).abilities
    assert (group.bridge, group.budget.value) == ("zigbee2mqtt", "group")


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (LAMP | {"kind": "player"}, "this dialect has no player; it has button, light, sensor, switch"),
        (LAMP | {"topic": "zigbee2mqtt/+"}, "a device has a topic without + and #"),
        (LAMP | {"topic": "zigbee2mqtt/lamp/"}, "leave the slash at its end away"),
        (LAMP | {"min": "60%", "max": "50%"}, "min (60%) has to be less than max (50%)"),
        (LAMP | {"segment": 10}, "expected a length such as 10s or 250ms"),
        (LAMP | {"segment": "3h"}, "expected a length such as 10s or 250ms"),
        (LAMP | {"segment": "1ms"}, "out of range: 20ms to 60min"),
        (LAMP | {"min": 5}, "expected a percentage such as 10%"),
        (LAMP | {"warmest": "6500K", "coolest": "2200K"}, "warmest has to be fewer kelvin than coolest"),
        (LAMP | {"warmest": 2200}, "expected a colour temperature such as 2200K"),
        (LAMP | {"brightnes": 1}, "Extra inputs are not permitted"),
        ({"kind": "light", "dialect": "home_assistant"}, "command_topic is missing"),
        ({"kind": "button", "dialect": "home_assistant"}, "state_topic is missing"),
        ({"kind": "light", "dialect": "template"}, "set is missing: which topic and payload reach the light?"),
        ({"kind": "button", "dialect": "template"}, "state is missing"),
        (
            {"kind": "light", "dialect": "template", "set": {"topic": "a", "payload": "{{ brigthness }}"}},
            "no such name here: brigthness",
        ),
        (
            {"kind": "light", "dialect": "template", "set": {"topic": "a", "payload": "{{ brightness"}},
            "not a Jinja template",
        ),
        (
            {"kind": "light", "dialect": "template", "set": {"topic": "a", "payload": "{{ brightness * 2 }}"}},
            "a template fails with do light, state ON, on True, kelvin 2703, mired 370",
        ),
        (
            {"kind": "switch", "dialect": "template", "set": {"topic": "a", "payload": "{{ ''.__class__.mro() }}"}},
            "a template fails",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(entry, words):
    assert words in refusal(entry)
