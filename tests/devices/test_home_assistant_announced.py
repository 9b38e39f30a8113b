"""Whatever somebody announces of a light of ours: nothing raises, and what it is told is a message that may be sent."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.devices.dialects.home_assistant import HomeAssistant, HomeAssistantSettings
from orchestrator.devices.dialects.home_assistant.topic_settings import TopicSettings
from orchestrator.devices.messages import LightReport, Message, SetLight, SetSwitch
from orchestrator.devices.settings import DeviceSettings
from orchestrator.units import Percent
from orchestrator.values import Channels, HueSaturation, Rgb, Temperature, Xy

TEMPLATES = [
    "{{ value_json.x }}",
    "{{ value }}",
    "{{ red }}",
    "{{ value | int / 2 }}",
    "{% for x in y %}",
    "{{",
    "{{ states('x') }}",
]
KEYS = [
    *(TopicSettings.model_fields.keys() - DeviceSettings.model_fields.keys()),
    *("state_topic", "availability", "availability_topic", "availability_template", "availability_mode", "brightness"),
    *(
        "brightness_scale",
        "supported_color_modes",
        "min_mireds",
        "max_mireds",
        "min_kelvin",
        "max_kelvin",
        "optimistic",
    ),
    *("color_temp_kelvin", "payload_on", "payload_off", "state_on", "value_template", "transition", "white_scale", "~"),
]
topics = st.sampled_from(["a", "a/b", "~/c", "d/~", "+", "a/#", "a/", "", "\0", "x" * 600])
values = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 70_000), st.floats(), topics, st.sampled_from(TEMPLATES),
    st.lists(st.sampled_from(["rgb", "color_temp", "white", "rgbw", "hs", "xy", "onoff", "nonsense"]), max_size=3),
    st.lists(st.fixed_dictionaries({"topic": topics}, optional={"value_template": st.sampled_from(TEMPLATES)})),
    st.dictionaries(st.sampled_from(KEYS), st.integers(), max_size=2),
)  # fmt: skip
entities = st.builds(
    lambda entity, schema: {**entity, **({} if schema is None else {"schema": schema}), "command_topic": "lamp/set"},
    st.dictionaries(st.sampled_from(KEYS), values, max_size=12),
    st.sampled_from([None, "json", "default", "basic", "template", 7]),
)
COLOURS = [
    None, Temperature(370.0), Rgb(255.0, 154.0, 60.0), Xy(0.4, 0.4), HueSaturation(30.0, 80.0),
    Channels((0.0, 0.0, 0.0, 99.0)), Channels((9.0, 0.0, 0.0, 1.0, 99.0)),
]  # fmt: skip
payloads = st.sampled_from(
    ["ON", "OFF", "1", "50", "255,0,0", "0,0,0,9", "0.4,0.4", "x", "", '{"x": 5}', '{"state":"ON"}', "NaN"]
)


def codec(kind: str) -> HomeAssistant:
    entry: dict[str, Any] = {
        "kind": kind,
        "dialect": "home_assistant",
        "command_topic": "lamp/set",
        "state_topic": "lamp",
    }
    return HomeAssistant("lamp", HomeAssistantSettings.model_validate(entry))


@given(
    entities=st.lists(entities, min_size=1, max_size=3), words=st.lists(payloads, max_size=4), number=st.integers(0, 6)
)
def test_a_light_takes_whatever_is_announced_of_it(
    entities: list[dict[str, Any]], words: list[str], number: int
) -> None:
    light = codec("light")
    for entity in entities:
        light.decode(Message("homeassistant/light/x/config", json.dumps(entity), retain=True))
        assert not any(sign in topic for topic in light.topics if "homeassistant" not in topic for sign in "+#\0")
        for word in words:
            for topic in light.topics:
                for report in light.decode(Message(topic, word)):
                    assert not isinstance(report, LightReport) or report.level is None or 0 <= report.level <= 100
        for level in (None, Percent(0.0), Percent(0.01), Percent(60.0)):
            sent = light.encode(SetLight(level, COLOURS[number], 700))
            assert all(each.topic and each.payload and not each.retain for each in sent)
            assert light.cost(SetLight(level, COLOURS[number], 700)) == len(sent)


@given(entity=entities)
def test_a_switch_takes_whatever_is_announced_of_it(entity: dict[str, Any]) -> None:
    switch = codec("switch")
    switch.decode(Message("homeassistant/switch/x/config", json.dumps(entity), retain=True))
    assert all(switch.encode(SetSwitch(on)) for on in (True, False))
