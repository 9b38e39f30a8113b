"""Who is told of a message: whoever listens to its topic, by name or among others."""

import pytest

from orchestrator.devices.messages import Message
from orchestrator.home.library import read
from orchestrator.stage.stage import Stage
from orchestrator.stage.topics import Listeners, matches

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


def test_what_is_said_of_another_device_is_no_answer_of_this_one() -> None:
    stage = Stage(read(HOME, "house.yaml").devices.values(), {})
    lamp = stage.staged("lamp")
    other = '{"schema": "json", "command_topic": "other/set", "supported_color_modes": ["brightness"]}'
    stage.receive(Message("homeassistant/light/other/config", other), 0)
    assert not lamp.has_answered
    stage.receive(Message("node/state", "what we do not understand"), 0)
    assert lamp.has_answered
