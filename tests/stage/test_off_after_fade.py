"""A lamp that may stand at its least once it has faded to off is switched off as well."""

import pytest

from orchestrator.devices.abilities import LightAbilities
from orchestrator.devices.messages import Change, LightReport, SetLight
from orchestrator.fade import Fade
from orchestrator.stage.staged_light import StagedLight
from orchestrator.stage.want import Want
from orchestrator.units import OFF, SECOND, Ms, Percent
from orchestrator.values import Attribute

PLAIN_OFF = SetLight(OFF, None)


def lamp(*, off_after_fade: bool = True, level_while_off: bool = False) -> StagedLight:
    """It is at 55 %."""
    abilities = LightAbilities(off_after_fade=off_after_fade, level_while_off=level_while_off)
    lit = StagedLight(abilities)
    lit.report(LightReport(Percent(55)), 0, retained=False)
    return lit


def goes(lit: StagedLight, level: float, lasts: Ms, now: Ms) -> None:
    here = lit.value(Attribute.LEVEL, now)
    assert isinstance(here, float)
    lit.want(Attribute.LEVEL, Want(Fade(now, now + lasts, here, level)), now)


def told(lit: StagedLight, now: Ms, until: Ms) -> list[tuple[Ms, Change]]:
    """Everything that it is told up to a moment."""
    told = []
    moment: Ms | None = now
    while moment is not None and moment <= until:
        while (change := lit.peek(moment)) is not None:
            told.append((moment, change))
            if lit.sent(change, moment):
                break
        moment = lit.due_after(moment)
    return told


@pytest.mark.parametrize("lasts", [1 * SECOND, 5 * SECOND, 25 * SECOND])
def test_a_fade_to_off_ends_with_a_plain_off(lasts: Ms) -> None:
    lit = lamp()
    goes(lit, 0.0, lasts, 0)
    *fade, last = told(lit, 0, 60 * SECOND)
    assert all(isinstance(change, SetLight) and change.transition for _, change in fade)
    assert last == (lasts, PLAIN_OFF)
    assert lit.value(Attribute.LEVEL, 60 * SECOND) == 0.0


def test_what_is_put_out_at_once_is_told_so_once() -> None:
    lit = lamp()
    goes(lit, 0.0, 0, 0)
    assert told(lit, 0, 60 * SECOND) == [(0, PLAIN_OFF)]


def test_other_lamps_are_told_once() -> None:
    lit = lamp(off_after_fade=False)
    goes(lit, 0.0, 5 * SECOND, 0)
    assert told(lit, 0, 60 * SECOND) == [(0, SetLight(OFF, None, 5 * SECOND))]


def test_who_lights_it_on_its_way_out_is_not_left_in_the_dark() -> None:
    lit = lamp()
    goes(lit, 0.0, 5 * SECOND, 0)
    told(lit, 0, 2 * SECOND)
    goes(lit, 40.0, SECOND, 3 * SECOND)
    assert PLAIN_OFF not in [change for _, change in told(lit, 3 * SECOND, 60 * SECOND)]


def test_a_person_who_turns_it_on_has_it() -> None:
    lit = lamp()
    goes(lit, 0.0, 5 * SECOND, 0)
    told(lit, 0, 2 * SECOND)
    lit.report(LightReport(Percent(90)), 3 * SECOND, retained=False)
    assert told(lit, 3 * SECOND, 60 * SECOND) == []


def test_what_was_away_meanwhile_is_told_the_way_on() -> None:
    lit = lamp()
    goes(lit, 0.0, 5 * SECOND, 0)
    told(lit, 0, 2 * SECOND)
    lit.lost()
    lit.returned(9 * SECOND, had_no_power=True)
    ((_, first), *_, last) = told(lit, 9 * SECOND, 60 * SECOND)
    assert isinstance(first, SetLight)
    assert first.level == OFF
    assert last[1] == PLAIN_OFF
