"""What people copy into a home file from elsewhere: it is taken, or told in words that help."""

from pathlib import Path

import jsonschema
import pytest
import yaml

from orchestrator.devices.messages import AvailabilityReport, Message, SetLight, SetSwitch, SwitchReport
from orchestrator.errors import HomeError
from orchestrator.home import library
from orchestrator.home.library import Home
from orchestrator.home.schema import schema
from orchestrator.units import Percent
from orchestrator.values import Rgb

LAMP = "  lamp: {kind: light, dialect: zigbee2mqtt, topic: z/x}"


def home(devices: str, *, role: str = "lamp", broker: str = "{host: 127.0.0.1}") -> Home:
    room = f"rooms:\n  bedroom: {{roles: {{main: {role}}}}}\n"
    text = f"home: ours\nformat: 1\nbroker: {broker}\ndevices:\n{devices}\n{room}"
    found = library.read(text, "home.yaml")
    jsonschema.validate(yaml.safe_load(text), schema(), cls=jsonschema.Draft202012Validator)
    return found


def faults(devices: str, **more: str) -> list[str]:
    with pytest.raises(HomeError) as refusal:
        home(devices, **more)
    return [fault.message for fault in refusal.value.faults]


LIGHT = """\
  lamp:
    kind: light
    dialect: home_assistant
    schema: json
    name: Shelf
    unique_id: shelf_light
    command_topic: shelf/light/shelf/command
    state_topic: shelf/light/shelf/state
    brightness: true
    color_mode: true
    supported_color_modes: [rgb]
    effect: true
    qos: 0
    optimistic: false
    device: {identifiers: [shelf], name: Shelf}
"""
SWITCH = """\
  lamp:
    kind: switch
    dialect: home_assistant
    name: Burner
    command_topic: zigbee2mqtt/burner/set
    state_topic: zigbee2mqtt/burner
    value_template: "{{ value_json.state }}"
    payload_on: '{"state":"ON"}'
    payload_off: '{"state":"OFF"}'
    state_on: "ON"
    state_off: "OFF"
    retain: false
    availability:
      - {topic: zigbee2mqtt/bridge/state, value_template: "{{ value_json.state }}"}
      - {topic: zigbee2mqtt/burner/availability, value_template: "{{ value_json.state }}"}
    availability_mode: all
"""


def test_a_light_of_home_assistants_is_taken_with_all_that_means_nothing_here() -> None:
    dialect = home(LIGHT).devices["lamp"].dialect
    (message,) = dialect.encode(SetLight(Percent(50.0), None))
    assert (message.topic, '"brightness":128' in message.payload) == ("shelf/light/shelf/command", True)


def test_a_switch_of_home_assistants_is_taken_and_its_templates_are_read() -> None:
    dialect = home(SWITCH).devices["lamp"].dialect
    assert dialect.encode(SetSwitch(on=True)) == (Message("zigbee2mqtt/burner/set", '{"state":"ON"}'),)
    assert dialect.decode(Message("zigbee2mqtt/burner", '{"state":"OFF"}')) == (SwitchReport(False),)
    for payload in ("ON", "{}", '{"state": 7}', "["):
        assert dialect.decode(Message("zigbee2mqtt/burner", payload)) == ()
    offline = Message("zigbee2mqtt/burner/availability", '{"state":"offline"}')
    assert dialect.decode(offline) == (AvailabilityReport(False),)


DEFAULT = """\
  lamp:
    kind: light
    dialect: home_assistant
    name: Office
    state_topic: office/light/status
    command_topic: office/light/switch
    brightness_state_topic: office/brightness/status
    brightness_command_topic: office/brightness/set
    brightness_scale: 100
    rgb_state_topic: office/rgb/status
    rgb_command_topic: office/rgb/set
    rgb_command_template: "{{ red }};{{ green }};{{ blue }}"
    state_value_template: "{{ value_json.state }}"
    qos: 0
    retain: true
    effect_command_topic: office/effect
    optimistic: false
"""
"""As in the manual of Home Assistant, with no word of its schema."""


@pytest.mark.parametrize("schema", ["", "    schema: default\n", "    schema: basic\n"])
def test_a_light_of_several_topics_is_taken_and_never_retained(schema: str) -> None:
    device = home(DEFAULT + schema).devices["lamp"]
    told = device.dialect.encode(SetLight(Percent(50.0), Rgb(255.0, 0.0, 10.0)))
    assert [(message.topic, message.payload, message.retain) for message in told] == [
        ("office/rgb/set", "255;0;10", False),
        ("office/brightness/set", "50", False),
        ("office/light/switch", "ON", False),
    ]
    assert set(device.dialect.topics) >= {"office/light/status", "office/brightness/status", "office/rgb/status"}


def test_a_light_of_years_ago_says_by_flags_what_colours_it_has() -> None:
    old = LIGHT.replace("supported_color_modes: [rgb]", "color_temp: true\n    rgb: false")
    light = home(old).devices["lamp"].abilities.light
    assert light is not None
    assert light.colours.name == "TEMPERATURE"


def test_what_is_wrong_in_a_copied_entry_is_still_told() -> None:
    assert faults(LIGHT.replace("command_topic", "comand_topic"))[0].startswith("`comand_topic` is no key of")
    with pytest.raises(HomeError) as refusal:
        library.read(
            f"home: ours\nformat: 1\ndevices:\n{LIGHT.replace('json', 'template', 1)}\nrooms: {{}}\n", "home.yaml"
        )
    (fault, *_) = [fault.message for fault in refusal.value.faults]
    assert fault == "a light of the schema `template` is none that we speak; describe it by `dialect: template`"
    (unknown,) = faults(SWITCH.replace('value_json.state }}"\n    payload', "states('x') }}\"\n    payload"))
    assert unknown == "no such name here: states; there are value and value_json"


def test_a_slash_in_front_makes_another_topic_and_is_taken_as_it_is() -> None:
    dialect = home('  lamp: {kind: light, dialect: zigbee2mqtt, topic: "/home/lamp"}').devices["lamp"].dialect
    (message,) = dialect.encode(SetLight(Percent(50.0), None))
    assert message.topic == "/home/lamp/set"
    assert set(dialect.topics) >= {"/home/lamp", "/home/bridge/state"}


def test_an_entry_takes_in_the_keys_of_another() -> None:
    found = home("  lamp: &lamp {kind: light, dialect: zigbee2mqtt, topic: z/a}\n  b:\n    <<: *lamp\n    topic: z/b")
    assert [device.dialect.topics[0] for device in found.devices.values()] == ["z/a", "z/b"]


TEMPLATE = '  lamp: {{kind: light, dialect: template, set: {{topic: l/set, payload: "{}"}}, state: {{topic: l/state}}}}'


@pytest.mark.parametrize(
    ("source", "payload"),
    [
        ("{{ {'on': on} | to_json }}", '{"on":true}'),
        ("{{ {'on': on} | tojson }}", '{"on": true}'),
        ("{{ on | iif('1', '0') }}", "1"),
        ("{{ brightness | default(0, true) | multiply(2) | int }}", "100"),
        ("{{ ('[1, 2]' | from_json)[1] + 1 | add(1) | int }}", "4"),
    ],
)
def test_the_filters_of_home_assistant_that_people_use_are_known(source: str, payload: str) -> None:
    dialect = home(TEMPLATE.format(source)).devices["lamp"].dialect
    assert [message.payload for message in dialect.encode(SetLight(Percent(50.0), None))] == [payload]


def test_a_filter_that_is_not_known_is_told_with_the_one_that_is_meant() -> None:
    assert faults(TEMPLATE.format("{{ on | tojsn }}"))[0].endswith("No filter named 'tojsn'. Did you mean `tojson`?")
    assert "Home Assistant may have it" in faults(TEMPLATE.format("{{ on | slugify_all_of_it }}"))[0]


@pytest.mark.parametrize(
    ("name", "instead"),
    [("Küchenlampe", "kuechenlampe"), ("Lamp", "lamp"), ("Bedside lamp", "bedside-lamp"), ("café/2", "cafe-2")],
)
def test_a_name_that_cannot_be_is_told_without_a_regular_expression_and_with_one_that_can(
    name: str, instead: str
) -> None:
    (first, *_) = faults(f'  "{name}": {{kind: light, dialect: zigbee2mqtt, topic: z/x}}', role=f'"{name}"')
    wanted = "expected a name: small letters from a to z, digits, `-` and `_` (people see its `title`)"
    assert first == f"{wanted}; `{instead}` would do"


def test_no_sentence_shows_a_regular_expression() -> None:
    text = "home: Öurs\nformat: 1\nlanguage: Deutsch!\nhome_assistant: {prefix: a/+}\n"
    text += "rooms:\n  Süd: {roles: {Haupt Licht: x}}\n"
    with pytest.raises(HomeError) as refusal:
        library.read(text, "home.yaml")
    said = [fault.message for fault in refusal.value.faults]
    assert len(said) >= 5
    assert not [message for message in said if "^" in message or "[a-z" in message]


@pytest.mark.parametrize("hidden", ["\u200b", "\ufeff", "\u00a0", "\u202e"])
def test_what_nobody_sees_in_a_topic_is_warned_of_with_its_place(hidden: str) -> None:
    found = home(f"  lamp: {{kind: light, dialect: zigbee2mqtt, title: a\u200db, topic: {hidden}zigbee2mqtt/lamp}}")
    (remark,) = found.remarks
    assert (remark.line, remark.column) == (5, 64)
    assert remark.message == f"there is a character in this that nobody sees (U+{ord(hidden):04X}); is it meant?"


def test_what_nobody_sees_in_a_name_is_why_it_cannot_be_one() -> None:
    (first, *_) = faults("  la\u200bmp: {kind: light, dialect: zigbee2mqtt, topic: z/x}")
    assert first.endswith("there is a character in it that nobody sees (U+200B)")


def test_a_space_around_a_topic_is_warned_of() -> None:
    (remark,) = home('  lamp: {kind: light, dialect: zigbee2mqtt, topic: "z/x "}').remarks
    assert remark.message == "there is a space at the beginning or end of this; is it meant?"


@pytest.mark.parametrize(
    ("host", "name", "port"),
    [
        ("mqtt://me:secret@core-mosquitto:1884", "core-mosquitto", 1884),
        ("10.0.0.2:1884", "10.0.0.2", 1884),
        ("core-mosquitto:1884", "core-mosquitto", 1884),
        ("[::1]:1884", "::1", 1884),
    ],
)
def test_an_address_in_place_of_a_host_is_taken_apart(host: str, name: str, port: int) -> None:
    (broker,) = home(LAMP, broker=f'{{host: "{host}"}}').model.brokers
    assert (broker.host, broker.port) == (name, port)


@pytest.mark.parametrize("host", ["10.0.0.2", "core-mosquitto", "::1", "fe80::2", "mqtt.example.org"])
def test_a_host_is_a_host(host: str) -> None:
    (broker,) = home(LAMP, broker=f'{{host: "{host}"}}').model.brokers
    assert broker.host == host


def test_a_secret_of_home_assistants_is_told_how_it_is_written_here() -> None:
    text = "home: ours\nformat: 1\nbroker: {password: !secret mqtt}\nrooms: {den: {roles: {}}}\n"
    with pytest.raises(HomeError) as refusal:
        library.read(text, "home.yaml")
    assert '`!secret` is Home Assistant\'s; write "${NAME}" and set NAME in the environment' in str(refusal.value)


def test_home_check_prints_what_will_bite_and_is_content(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from orchestrator.cli.entry import main

    file = tmp_path / "home.yaml"
    lamp = "  lamp: {kind: light, dialect: zigbee2mqtt, topic: \u200bz/x}"
    file.write_text(f"home: ours\nformat: 1\ndevices:\n{lamp}\nrooms:\n  bedroom: {{roles: {{main: lamp}}}}\n")
    with pytest.raises(SystemExit) as left:
        main(["home", "check", str(file)])
    assert left.value.code == 0
    assert f"{file}:4:52: there is a character in this that nobody sees (U+200B); is it meant? [warning]" in (
        capsys.readouterr().out
    )
