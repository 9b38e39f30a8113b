"""A lamp that is as bright as it was last when it is turned on is turned on at its least, and fades from there."""

import pytest

from orchestrator.devices.abilities import LightAbilities
from orchestrator.devices.messages import Change, LightReport, SetLight
from orchestrator.fade import Fade
from orchestrator.stage.staged_light import StagedLight
from orchestrator.stage.want import Want
from orchestrator.units import OFF, SECOND, Ms, Percent
from orchestrator.values import Attribute, Temperature

LEAST = 100.0 / 254.0


def told(level: Percent, wanted: float, lasts: Ms, *, starts_bright: bool = True) -> list[Change]:
    """What a lamp is told in the first moment of a fade."""
    lamp = StagedLight(LightAbilities(starts_bright=starts_bright))
    lamp.report(LightReport(level, Temperature(300.0), remembered=Percent(90)), 0, retained=False)
    here = lamp.value(Attribute.LEVEL, 0)
    assert isinstance(here, float)
    lamp.want(Attribute.LEVEL, Want(Fade(0, lasts, here, wanted)), 0)
    lamp.want(Attribute.COLOUR, Want(Fade.still(0, Temperature(400.0))), 0)
    told = []
    while (change := lamp.peek(0)) is not None:
        told.append(change)
        if lamp.sent(change, 0):
            break
    return told


def test_it_is_turned_on_at_its_least_and_fades_from_there() -> None:
    first, then = told(OFF, 50.0, 5 * SECOND)
    assert isinstance(first, SetLight)
    assert isinstance(then, SetLight)
    assert first.level == pytest.approx(LEAST)
    assert (first.colour, first.transition) == (None, 0)
    assert then.level == pytest.approx(50.0, abs=0.3)
    assert (then.colour, then.transition) == (Temperature(400.0), 5 * SECOND)


@pytest.mark.parametrize(("level", "wanted", "lasts"), [(OFF, 50.0, 0), (Percent(20), 50.0, 5 * SECOND)])
def test_one_that_is_on_or_is_to_be_there_at_once_is_told_once(level: Percent, wanted: float, lasts: Ms) -> None:
    assert len(told(level, wanted, lasts)) == 1


def test_other_lamps_are_told_once() -> None:
    assert len(told(OFF, 50.0, 5 * SECOND, starts_bright=False)) == 1


def test_one_that_is_to_stay_at_its_least_is_there_at_once() -> None:
    first, *_ = told(OFF, 0.4, 5 * SECOND)
    assert isinstance(first, SetLight)
    assert first.transition == 0
