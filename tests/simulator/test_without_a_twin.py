"""A home with a light that nobody can simulate: it is said, and the rest is played."""

import pytest

from orchestrator.devices.dialects import DIALECTS
from orchestrator.devices.messages import Message
from orchestrator.home import library
from orchestrator.home.library import read
from orchestrator.simulator.home import SimulatedHome
from orchestrator.simulator.twin import NO_TWIN, twin_of
from tests.simulator.twinless import FAMILY, HOME


@pytest.fixture
def toys(monkeypatch):
    monkeypatch.setattr(library, "DIALECTS", {**DIALECTS, "twinless": FAMILY})
    return read(HOME, "toys.yaml")


def test_a_light_whose_dialect_has_no_twin_is_left_out(toys):
    simulated = SimulatedHome(toys)
    assert [lamp.name for lamp in simulated.lamps(0)] == ["lamp"]
    assert simulated.unsimulated == ["strip"]
    assert simulated.receive(Message("toys/strip/be", "30"), 0) == []


def test_a_group_whose_member_has_no_twin_moves_the_others(monkeypatch):
    monkeypatch.setattr(library, "DIALECTS", {**DIALECTS, "twinless": FAMILY})
    both = "  both: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/both, members: [lamp, strip]}\nrooms:"
    home = read(HOME.replace("rooms:", both, 1), "toys.yaml")
    simulated = SimulatedHome(home)
    simulated.receive(Message("zigbee2mqtt/both/set", '{"state": "OFF"}'), 0)
    assert [(lamp.name, lamp.level) for lamp in simulated.lamps(0)] == [("lamp", 0.0)]


def test_every_dialect_that_ships_has_a_twin_or_is_known_to_have_none():
    assert [family.name for family in DIALECTS.values() if twin_of(family.name) == NO_TWIN] == []


def test_a_sensor_is_nothing_that_is_missed():
    home = read("home: h\nformat: 1\ndevices:\n  door: {kind: sensor, dialect: zigbee2mqtt, topic: z/door}\n"
                "rooms: {den: {roles: {}}}\n", "h.yaml")  # fmt: skip
    assert SimulatedHome(home).unsimulated == []
