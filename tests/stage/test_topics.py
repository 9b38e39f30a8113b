"""Who is told of a message: whoever listens to its topic, by name or among others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.devices.dialect import SharedTopics
from orchestrator.devices.messages import Message
from orchestrator.home.library import read
from orchestrator.stage.stage import Stage
from orchestrator.stage.topics import Listeners, is_wildcard, matches

HOME = """
home: house
format: 1
devices:
  lamp: {kind: light, dialect: home_assistant, command_topic: node/set, state_topic: node/state}
rooms: {room: {roles: {main: lamp}}}
"""


@pytest.mark.parametrize(
    ("pattern", "topic", "takes"),
    [
        ("a/b", "a/b", True),
        ("a/+", "a/b", True),
        ("a/+", "a/b/c", False),
        ("a/+/c", "a/b/c", True),
        ("a/#", "a", True),
        ("a/#", "a/b/c", True),
        ("+", "a/b", False),
        ("a/b", "a", False),
    ],
)
def test_a_filter_takes_what_mqtt_says(pattern: str, topic: str, *, takes: bool) -> None:
    assert matches(pattern, topic) is takes
    listeners = Listeners([(pattern, "lamp"), (pattern, "other")])
    assert [*listeners.named(topic), *listeners.by_wildcard(topic)] == (["lamp", "other"] if takes else [])


LEVELS = st.sampled_from(["", "a", "b", "ab"])
PATTERNS = st.lists(LEVELS | st.sampled_from(["+", "#", "a+"]), min_size=1, max_size=5).map("/".join)


@given(patterns=st.lists(PATTERNS), topic=st.lists(LEVELS, min_size=1, max_size=5).map("/".join))
def test_whoever_listens_hears_and_nobody_else(patterns: list[str], topic: str) -> None:
    wildcards = [pattern for pattern in patterns if is_wildcard(pattern)]
    heard = Listeners([(pattern, pattern) for pattern in wildcards]).by_wildcard(topic)
    assert sorted(heard) == sorted(pattern for pattern in wildcards if matches(pattern, topic))


def test_what_is_said_of_another_device_is_no_answer_of_this_one() -> None:
    stage = Stage(read(HOME, "house.yaml").devices.values(), {})
    lamp = stage.staged("lamp")
    other = '{"schema": "json", "command_topic": "other/set", "supported_color_modes": ["brightness"]}'
    stage.receive(Message("homeassistant/light/other/config", other), 0)
    assert not lamp.has_answered
    stage.receive(Message("node/state", "what we do not understand"), 0)
    assert lamp.has_answered


def test_what_names_a_device_on_a_topic_of_many_is_heard_by_it_alone_and_then_whatever_comes_there() -> None:
    listeners: Listeners[str] = Listeners()
    for name in ("lamp", "strip"):
        listeners.add_named("all/+", SharedTopics(["all/+"], str.split, name), name)
    assert listeners.by_wildcard("all/1", "lamp other") == ["lamp"]
    assert listeners.by_wildcard("all/2", "other") == []
    assert listeners.by_wildcard("all/1", "strip") == ["strip", "lamp"], "it was named there before"
    assert listeners.by_wildcard("all/1", "") == ["strip"]
    assert listeners.by_wildcard("each/1", "lamp") == []
