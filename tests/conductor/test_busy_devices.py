"""One session a device; a group counts its members."""

import pytest

from orchestrator.commands import Abort
from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.preparation import prepare
from orchestrator.conductor.rates import bridge_rates
from orchestrator.errors import Reason, Refused
from orchestrator.home import library as homes
from orchestrator.scenes import library as scenes
from orchestrator.units import MINUTE

HOME = homes.read(
    """
home: house
format: 1
devices:
  lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}
  other: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/other}
  group: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/group, members: [lamp, other]}
rooms:
  alone: {roles: {main: lamp}}
  beside: {roles: {main: other}}
  both: {roles: {main: group}}
""",
    "house.yaml",
)
SCENE = scenes.read(
    """
scene: short
format: 1
languages: [en]
title: Short
roles: {main: {kind: light}}
looks: {low: {main: {brightness: 20%}}}
steps:
  - {step: sit, look: low, lasts: 1min}
finish: {look: restore}
""",
    "short.yaml",
)


def start(conductor: Conductor, room: str, now: int) -> None:
    conductor.start(prepare(SCENE, HOME, room, {}, name=f"{room}-{now}"), now)


@pytest.mark.parametrize(("first", "second"), [("alone", "both"), ("both", "alone"), ("both", "beside")])
def test_a_group_and_its_member_are_not_played_by_two_rooms(first: str, second: str) -> None:
    conductor = Conductor(HOME, bridge_rates(HOME))
    start(conductor, first, 0)
    with pytest.raises(Refused) as refused:
        start(conductor, second, 0)
    assert refused.value.reason is Reason.DEVICE_BUSY


def test_two_members_of_a_group_are_played_by_two_rooms() -> None:
    conductor = Conductor(HOME, bridge_rates(HOME))
    start(conductor, "alone", 0)
    start(conductor, "beside", 0)
    assert conductor.runner("beside") is not None


def test_what_a_session_leaves_behind_is_free() -> None:
    conductor = Conductor(HOME, bridge_rates(HOME))
    start(conductor, "both", 0)
    conductor.command("both", Abort(), 1000)
    conductor.advance(MINUTE)
    start(conductor, "alone", MINUTE)
    start(conductor, "beside", MINUTE)
    with pytest.raises(Refused):
        start(conductor, "both", MINUTE)
