"""A lamp that is out, and is to stay out, has nothing more to be told: its part is over, and its colour waits."""

import pytest

from orchestrator.devices.abilities import FadeBy, LightAbilities
from orchestrator.devices.messages import LightReport
from orchestrator.fade import Fade
from orchestrator.stage.staged_light import StagedLight
from orchestrator.stage.want import Want
from orchestrator.units import MINUTE, SECOND, Ms, Percent
from orchestrator.values import Attribute, Temperature

ABANDONED = Want(Fade(0, 4 * MINUTE, Temperature(250.0), Temperature(450.0)))
"""The colour's way to a look, when the session was stopped; the landing says nothing of colour."""


def lit(fade: FadeBy, *, willing: bool) -> StagedLight:
    lamp = StagedLight(LightAbilities(fade=fade, colour_while_off=willing))
    lamp.report(LightReport(Percent(70.0), Temperature(250.0)), 0, retained=False)
    lamp.want(Attribute.COLOUR, ABANDONED, 0)
    return lamp


def played(lamp: StagedLight, now: Ms) -> Ms:
    """Tell it all that it is to be told; gives when that was over."""
    while True:
        while (change := lamp.peek(now)) is not None:
            lamp.sent(change, now)
        due = lamp.due_after(now)
        if due is None:
            return now
        now = due


@pytest.mark.parametrize("willing", [True, False])
@pytest.mark.parametrize("fade", [FadeBy.NATIVE, FadeBy.STEPPED])
def test_its_part_is_over_when_it_is_out(fade: FadeBy, *, willing: bool) -> None:
    lamp = lit(fade, willing=willing)
    lamp.want(Attribute.LEVEL, Want(Fade(0, 15 * SECOND, 70.0, 0.0), landing=True), 0)
    assert played(lamp, 0) <= 16 * SECOND
    assert lamp.value(Attribute.LEVEL, 16 * SECOND) == 0.0


def test_one_that_is_to_come_up_again_is_told_then() -> None:
    """Low for a minute, and then as it was (rule 13)."""
    lamp = lit(FadeBy.NATIVE, willing=False)
    rest = Fade(MINUTE, 90 * SECOND, 0.0, 70.0)
    lamp.want(Attribute.LEVEL, Want(Fade(0, 15 * SECOND, 70.0, 0.0), landing=True, rest=rest), 0)
    played(lamp, 0)
    assert lamp.value(Attribute.LEVEL, 4 * MINUTE) == pytest.approx(70.0, abs=0.5)


def test_one_that_is_lit_goes_on_with_its_colour() -> None:
    lamp = lit(FadeBy.NATIVE, willing=False)
    lamp.want(Attribute.LEVEL, Want(Fade(0, 15 * SECOND, 70.0, 30.0), landing=True), 0)
    assert played(lamp, 0) >= 3 * MINUTE
    assert lamp.value(Attribute.COLOUR, 5 * MINUTE) == Temperature(450.0)
