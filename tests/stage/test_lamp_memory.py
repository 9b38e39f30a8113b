"""What a lamp that was off goes back to from off, as far as anybody can know it."""

import pytest

from orchestrator.stage.lamp_memory import LampMemory
from orchestrator.units import Percent

STEP = 100 / 254


def landed(memory: LampMemory, *, may_be_told: bool = False) -> bool:
    """A scene's light, its landing to the least, and off."""
    for level in (30.0, 0.4, 0.0):
        memory.told(Percent(level), may_be_told_while_off=may_be_told, step=STEP)
    return memory.is_lost


def test_a_lamp_that_was_off_and_comes_on_dimmer_than_before_is_said_to():
    memory = LampMemory()
    memory.said(Percent(0.0), Percent(70.0))
    assert landed(memory)


def test_one_that_takes_its_level_while_it_is_off_has_it_again():
    memory = LampMemory()
    memory.said(Percent(0.0), Percent(70.0))
    assert not landed(memory, may_be_told=True)


def test_after_a_restart_nobody_knows_what_it_went_back_to_and_that_is_said():
    memory = LampMemory()
    memory.was_out()
    memory.said(Percent(30.0), None)
    assert landed(memory)


@pytest.mark.parametrize("remembered", [0.4, None])
def test_one_that_tells_what_it_goes_back_to_is_not_forgotten(remembered):
    memory = LampMemory()
    memory.said(Percent(0.4), None)
    memory.said(Percent(0.0), None if remembered is None else Percent(remembered))
    memory.was_out()
    assert not landed(memory)


def test_a_lamp_that_was_on_is_not_said_to_have_been_off():
    memory = LampMemory()
    memory.said(Percent(70.0), None)
    assert not landed(memory)
