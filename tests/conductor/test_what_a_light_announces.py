"""What a light announces to Home Assistant rules what it is told, whatever the home file says or leaves out."""

import json
from typing import Any

import pytest

from orchestrator.cli.event_text import event_sentence
from orchestrator.devices.messages import Message
from orchestrator.events.device import DeviceRefused
from tests.conductor.test_what_the_bridge_says import SCENE
from tests.conductor.wired import Wired

HOME = """
devices:
  lamp: {kind: light, dialect: home_assistant, command_topic: node/lamp/set KEYS}
rooms: {bedroom: {roles: {main: lamp}}}
"""
ENTITY = {"~": "node", "cmd_t": "~/lamp/set", "stat_t": "~/lamp", "schema": "json", "min_mirs": 250, "max_mirs": 400}
STATE = Message("node/lamp", '{"state": "ON", "brightness": 170}')
TOPIC = "homeassistant/light/x/config"


def announced(payload: dict[str, Any], topic: str = TOPIC) -> Message:
    return Message(topic, json.dumps(payload), retain=True)


def evening(*retained: Message, keys: str = ", state_topic: node/lamp", state: Message = STATE) -> Wired:
    """One that begins with what the broker has kept, and with what the lamp says of itself."""
    wired = Wired(HOME.replace("KEYS", keys), retained=retained)
    wired.say(state)
    wired.start(SCENE)
    return wired


def told(keys: str, topic: str, payload: dict[str, Any]) -> dict[str, Any]:
    """The first that a light is told which has announced itself."""
    wired = evening(announced(payload, topic), keys=f", state_topic: node/lamp{keys}")
    first: dict[str, Any] = json.loads(wired.payloads("node/lamp/set")[0])
    return first


@pytest.mark.parametrize(
    ("topic", "wrapped"), [("homeassistant/light/x/config", False), ("homeassistant/device/x/config", True)]
)
def test_a_light_is_told_what_it_has_announced(topic: str, *, wrapped: bool) -> None:
    for modes, keys in ((["color_temp"], {"color_temp"}), (["brightness"], set()), (["xy"], {"color"})):
        entity = ENTITY | {"sup_clrm": modes, "brightness": True}
        parts = {"lamp": {**entity, "p": "light"}, "other": {"p": "sensor"}}
        first = told(", segment: 5s, min: 4%", topic, {"~": "node", "cmps": parts} if wrapped else entity)
        assert {"color", "color_temp"} & first.keys() == keys
        assert first.get("color_temp", 300) <= 400
        assert "r" not in first.get("color", {})


def test_what_it_announces_goes_before_the_home_file_and_nonsense_is_passed_over() -> None:
    written = ", supported_color_modes: [rgb], min_mireds: 153"
    first = told(written, TOPIC, ENTITY | {"sup_clrm": ["color_temp"]})
    assert (first.get("color"), first["color_temp"] >= 250) == (None, True)
    for nonsense in (
        {"sup_clrm": ["ultraviolet"]},
        {"sup_clrm": 3},
        {"cmd_t": "other/set", "sup_clrm": ["brightness"]},
        {"schema": "template", "sup_clrm": ["brightness"]},
    ):
        assert "r" in told("", TOPIC, ENTITY | nonsense)["color"]


def test_what_it_announces_of_its_scale_counts_for_what_it_has_said_before() -> None:
    """What the broker has kept comes in any order."""
    entity = announced(ENTITY | {"bri_scl": 100, "brightness": True, "sup_clrm": ["brightness"]})
    state = Message("node/lamp", '{"state": "ON", "brightness": 80}', retain=True)
    for retained in ((entity, state), (state, entity)):
        wired = Wired(HOME.replace("KEYS", ", state_topic: node/lamp"), retained=retained)
        wired.start(SCENE)
        wired.finish()
        assert json.loads(wired.payloads("node/lamp/set")[-1])["brightness"] == 80


def test_where_it_speaks_is_learnt_and_listened_to() -> None:
    wired = Wired(HOME.replace("KEYS", ""), retained=[announced(ENTITY | {"sup_clrm": ["color_temp"]})])
    assert wired.conductor.new_topics() == ["node/lamp"]
    assert wired.conductor.new_topics() == []
    wired.say(STATE)
    wired.start(SCENE)
    wired.finish()
    assert json.loads(wired.payloads("node/lamp/set")[-1])["brightness"] == 170


def test_an_announcement_that_changes_changes_what_the_light_is_told() -> None:
    wired = evening(announced(ENTITY | {"sup_clrm": ["color_temp", "rgb"], "brightness": True}))
    assert "color" in json.loads(wired.payloads("node/lamp/set")[0])
    wired.say(announced(ENTITY | {"sup_clrm": ["brightness"], "brightness": True}))
    before = len(wired.payloads("node/lamp/set"))
    wired.finish()
    after = [json.loads(payload) for payload in wired.payloads("node/lamp/set")[before:]]
    assert after
    assert not any({"color", "color_temp"} & payload.keys() for payload in after)


DEFAULT = {
    "~": "node/lamp",
    "cmd_t": "~/set",
    "stat_t": "~/on",
    "bri_cmd_t": "~/level/set",
    "bri_stat_t": "~/level",
    "bri_scl": 100,
    "rgb_cmd_t": "~/rgb/set",
    "rgb_cmd_tpl": "{{ '#%02x%02x%02x' | format(red, green, blue) }}",
    "rgb_stat_t": "~/rgb",
    "pl_on": "1",
    "pl_off": "0",
    "avty": [{"t": "~/there"}, {"t": "bridge/there"}],
    "avty_mode": "all",
    "ret": True,
    "fx_cmd_t": "~/effect/set",
}
SAID = [
    Message("node/lamp/on", "1", retain=True),
    Message("node/lamp/level", "66", retain=True),
    Message("node/lamp/rgb", "0,0,255", retain=True),
]


def test_a_lamp_of_the_default_schema_plays_by_what_it_announces_alone() -> None:
    wired = Wired(HOME.replace("KEYS", ""), retained=[announced(DEFAULT), *SAID])
    topics = {"node/lamp/on", "node/lamp/level", "node/lamp/rgb", "node/lamp/there", "bridge/there"}
    assert set(wired.conductor.new_topics()) == topics
    wired.start(SCENE)
    wired.finish()
    assert "#ff9a3c" in wired.payloads("node/lamp/rgb/set")
    assert wired.payloads("node/lamp/rgb/set")[-1] == "#0000ff"
    assert wired.payloads("node/lamp/level/set")[-1] == "66"
    assert set(wired.payloads("node/lamp/set")) == {"1"}
    assert wired.payloads("node/lamp/effect/set") == []
    assert not any(message.retain for _, message in wired.sent)


@pytest.mark.parametrize("payload", ["", json.dumps(ENTITY | {"cmd_t": "elsewhere/set"})])
def test_one_that_is_announced_no_longer_is_said_and_goes_on(payload: str) -> None:
    wired = evening(announced(ENTITY | {"sup_clrm": ["color_temp"], "brightness": True}))
    wired.say(Message(TOPIC, payload, retain=False), Message("homeassistant/light/other/config", "", retain=False))
    (refused,) = wired.told(DeviceRefused)
    assert (refused.device, TOPIC in refused.why) == ("lamp", True)
    assert "cannot be told: it is announced no longer" in event_sentence(refused, wired.home)
    wired.finish()
    assert json.loads(wired.payloads("node/lamp/set")[-1])["brightness"] == 170


def test_a_topic_that_is_announced_no_longer_is_told_nothing() -> None:
    wired = Wired(HOME.replace("KEYS", ""), retained=[announced(DEFAULT), *SAID])
    wired.say(announced({key: value for key, value in DEFAULT.items() if not key.startswith("rgb")}))
    wired.start(SCENE)
    wired.finish()
    assert wired.payloads("node/lamp/level/set")
    assert wired.payloads("node/lamp/rgb/set") == []


@pytest.mark.parametrize(
    "template",
    [
        "{% for x in range(99999) %}{{ red }}{% endfor %}",
        "{{ 'a' * 9999999 }}",
        "{{ red ** 99 }}",
        "{{ ''.__class__ }}{{ range(9) }}",
        "{{ '%99999d' | format(red) }}",
        "{% macro x() %}{% endmacro %}{{ red }}",
        "{{ states('sensor.x') }}",
        "{{ red }" * 90,
    ],
)
def test_a_template_of_somebody_unknown_that_does_more_than_reckon_is_not_run(template: str) -> None:
    wired = Wired(HOME.replace("KEYS", ""), retained=[announced(DEFAULT | {"rgb_cmd_tpl": template}), *SAID])
    wired.start(SCENE)
    wired.finish()
    assert wired.payloads("node/lamp/level/set")
    assert wired.payloads("node/lamp/rgb/set") == []


@pytest.mark.parametrize(
    ("template", "payload"),
    [
        ("{{ red }},{{ green }},{{ blue }}", "255,154,60"),
        ("{{ {'r': red, 'g': green, 'b': blue} | to_json }}", '{"r":255,"g":154,"b":60}'),
        ("{{ value.split(',') | join(';') }}", "255;154;60"),
        ("{% if red > 0 %}{{ (red / 2.55) | round | int }}{% else %}0{% endif %}", "100"),
        ('{"rgb": [{{ red }}, {{ green }}, {{ blue }}]}', '{"rgb": [255, 154, 60]}'),
        ("{{ '#%02X%02X%02X' % (red, green, blue) }}", "#FF9A3C"),
    ],
)
def test_templates_as_devices_announce_them_are_run(template: str, payload: str) -> None:
    wired = Wired(HOME.replace("KEYS", ""), retained=[announced(DEFAULT | {"rgb_cmd_tpl": template}), *SAID])
    wired.start(SCENE)
    wired.finish()
    assert payload in wired.payloads("node/lamp/rgb/set")


def test_topics_that_it_announces_are_taken_within_reason() -> None:
    """Anybody may announce anything."""
    wired = Wired(HOME.replace("KEYS", ""))
    for number in range(500):
        wired.say(announced(ENTITY | {"stat_t": f"other/{number}"}))
    assert len(wired.conductor.new_topics()) < 100
    wired.say(announced(ENTITY | {"stat_t": "every/+/thing/#"}))
    assert not any("#" in topic for topic in wired.conductor.new_topics())


def test_a_lamp_of_esphome_is_known_by_its_announcement_where_its_topics_are_its_owners() -> None:
    device = {"ids": "x", "mf": "Espressif", "sw": "2026.8.0 (config hash 0x0dd1e1e6)"}
    scene = SCENE.replace("fade: 2s", "fade: 2600ms")
    for about, whole in ((device, True), ({**device, "sw": "1.0"}, False)):
        entity = announced(ENTITY | {"sup_clrm": ["brightness"], "brightness": True, "dev": about})
        wired = Wired(HOME.replace("KEYS", ", state_topic: node/lamp"), retained=[entity])
        wired.say(STATE)
        wired.start(scene)
        assert (json.loads(wired.payloads("node/lamp/set")[0])["transition"] == 3) is whole
