"""A broker may hold anything, of anybody: nothing raises, and nothing grows without bounds."""

import json
import tracemalloc
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.devices.discovery.parsing import MOST, matches
from orchestrator.devices.discovery.survey import LONGEST, Survey
from orchestrator.devices.messages import Message
from tests.conftest import MANY
from tests.devices.discovery.homes import SOURCE, content, names, recorded

TOPICS = sorted({each["topic"] for name in names() for each in content(name).get("messages", [])})
FIXED = [*TOPICS, f"{SOURCE}/rpc", "attic/events/rpc", "attic/online", "sofa/state", "zigbee2mqtt/bridge/state"]
FIXED += ["hass/light/lamp/config", "wled/0455f0/status"]

anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def seen(*messages: Message) -> Survey:
    survey = Survey(SOURCE)
    for message in messages:
        survey.hear(message)
        survey.probes()
    assert all(device.address for device in survey.found())
    survey.left_out()
    for address in survey.look_ups():
        for message in messages:
            survey.looked_up(address, message.payload)
    assert all(survey.home_keys.values())
    assert survey.starting is not None
    return survey


@MANY
@given(st.lists(st.tuples(st.sampled_from(FIXED), st.text(max_size=40) | anything.map(json.dumps)), max_size=6))
def test_any_payload_on_any_known_topic_raises_nothing(said: list[tuple[str, str]]) -> None:
    seen(*(Message(topic, payload, retain=True) for topic, payload in said))


@MANY
@given(st.data())
def test_a_real_announcement_with_anything_in_one_place_raises_nothing(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([name for name in names() if "messages" in content(name)]))
    home = recorded(name)
    said = list(home.said)
    place = data.draw(st.integers(0, len(said) - 1))
    value = _parsed(said[place].payload)
    said[place] = said[place]._replace(payload=json.dumps(_with(value, data)))
    seen(*said)


def _parsed(payload: str) -> Any:
    try:
        return json.loads(payload)
    except ValueError:
        return payload


def _with(value: Any, data: st.DataObject) -> Any:
    """The value with something else at a place that is drawn."""
    if isinstance(value, dict) and value and data.draw(st.integers(0, 5)):
        key = data.draw(st.sampled_from(sorted(value)))
        return {**value, key: _with(value[key], data)}
    if isinstance(value, list) and value and data.draw(st.integers(0, 5)):
        place = data.draw(st.integers(0, len(value) - 1))
        return [*value[:place], _with(value[place], data), *value[place + 1 :]]
    return data.draw(anything)


def test_deep_and_long_payloads_raise_nothing() -> None:
    for payload in ("[" * 100_000, '{"a":' * 50_000, '{"rl":[' + "9" * 5000 + "]}", "\ud800", '"\\ud800"', "\0"):
        survey = seen(*(Message(topic, payload, retain=True) for topic in FIXED[::5]))
        assert all(device.title for device in survey.found())


def test_what_no_file_can_hold_comes_into_none() -> None:
    config = {"schema": "json", "cmd_t": "a/\ud800/set", "name": "L\ud800amp\n- x: y", "brightness": True}
    survey = seen(Message("homeassistant/light/a/config", json.dumps(config), retain=True))
    assert [device.title for device in survey.found()] == []
    config["cmd_t"] = "a/set"
    survey = seen(Message("homeassistant/light/a/config", json.dumps(config), retain=True))
    assert [device.title for device in survey.found()] == ["L amp - x: y"]


def test_topics_that_are_nothing_to_us_take_no_memory() -> None:
    survey = Survey(SOURCE)
    payload = json.dumps({"value": "x" * 500})
    tracemalloc.start()
    for number in range(5000):
        for form in ("plant/{}/state", "{}/online", "house/{}/online", "n{}/value", "homeassistant/sensor/s{}/config"):
            survey.hear(Message(form.format(number), payload, retain=True))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert survey.found() == ()
    assert peak < 1_000_000


def test_a_family_that_is_flooded_keeps_so_many_and_what_is_too_long_is_not_kept() -> None:
    survey = Survey(SOURCE)
    config = json.dumps({"schema": "json", "cmd_t": "a/set", "brightness": True})
    for number in range(MOST + 100):
        survey.hear(
            Message(f"homeassistant/light/l{number}/config", config.replace("a/set", f"a/{number}"), retain=True)
        )
    assert len(survey.found()) == MOST
    survey = Survey(SOURCE)
    survey.hear(Message("homeassistant/light/l/config", config + " " * LONGEST, retain=True))
    assert survey.found() == ()


def test_a_filter_takes_what_mqtt_says() -> None:
    assert matches("a/+/c", "a/b/c")
    assert matches("a/#", "a/b/c")
    assert not matches("a/+", "a/b/c")
    assert not matches("a/+/c", "a/b/d")


def test_whatever_a_home_says_is_on_a_topic_that_is_subscribed_to() -> None:
    """Else a recording would be found here and not at a broker."""
    filters = Survey(SOURCE).topics
    for name in names():
        home = recorded(name) if "status" not in content(name) else recorded(name, "SonoffDualR3")
        alone = home.surveyed().found()
        survey = Survey(SOURCE)
        home.said = [message for message in home.said if any(matches(each, message.topic) for each in filters)]
        assert home.surveyed(survey).found() == alone, name


def test_no_topic_of_relax_itself_is_a_lamp() -> None:
    config = {"schema": "json", "command_topic": "relax/rooms/bedroom/set", "name": "Lamp", "brightness": True}
    survey = seen(Message("homeassistant/light/a/config", json.dumps(config), retain=True))
    assert [device.title for device in survey.found()] == []
