"""A schedule that cannot be played is a fault of the home file, at its place."""

import pytest

from orchestrator.conductor.preparation import programme_faults
from orchestrator.home.library import read
from orchestrator.scenes import library

HOME = """
home: house
format: 1
devices: {{lamp: {{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}}}}
rooms: {{den: {{roles: {{main: lamp}}}}}}
schedules: {{rest: {{room: den, at: "21:00", {rest}}}}}
"""


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ("scene: dancing", "no scene 'dancing'"),
        ("scene: [box-breathing, dancing]", "no scene 'dancing'"),
        ("scene: box-breathing, set: {rounds: many}", "rounds is a number, not 'many'"),
    ],
)
def test_a_schedule_that_cannot_be_played_is_said(rest: str, words: str) -> None:
    (fault,) = programme_faults(read(HOME.format(rest=rest), "house.yaml"), library.load)
    assert words in str(fault)
    assert str(fault).startswith("house.yaml:6:")


def test_one_that_can_is_none() -> None:
    assert programme_faults(read(HOME.format(rest="scene: box-breathing"), "house.yaml"), library.load) == []
