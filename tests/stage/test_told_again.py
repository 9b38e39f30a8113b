"""What is sent again, since it may be lost, is no flash: the lamp goes there as slowly as it is far away."""

from itertools import pairwise

import pytest

from orchestrator.devices.abilities import FadeBy, LightAbilities
from orchestrator.devices.messages import LightReport, SetLight
from orchestrator.fade import Fade
from orchestrator.stage.staged_light import CATCH_UP, StagedLight
from orchestrator.stage.want import Want
from orchestrator.stage.way_back import GLIDE
from orchestrator.units import SECOND, Percent
from orchestrator.values import Attribute


def landed(fade: FadeBy = FadeBy.NATIVE) -> StagedLight:
    """A lamp that was told to be at 90, and has not heard it: it says that it is where it was."""
    lamp = StagedLight(LightAbilities(fade=fade, segment=500))
    lamp.report(LightReport(Percent(30.0)), 0, retained=False)
    lamp.want(Attribute.LEVEL, Want(Fade.still(0, 90.0), landing=True), 0)
    while (change := lamp.peek(0)) is not None:
        lamp.sent(change, 0)
    lamp.report(LightReport(Percent(30.0)), 4 * SECOND, retained=False)
    return lamp


def test_a_lamp_that_is_far_from_where_it_belongs_glides_there():
    lamp = landed()
    lamp.again(Attribute.LEVEL, 10 * SECOND)
    change = lamp.peek(10 * SECOND)
    assert isinstance(change, SetLight)
    assert change.level == pytest.approx(90.0, abs=1.0)
    assert 3 * SECOND <= change.transition <= GLIDE


def test_a_lamp_that_is_near_is_there_at_once_and_one_of_which_nothing_is_known_takes_its_time():
    near, mute = landed(), landed()
    near.report(LightReport(Percent(88.0)), 9 * SECOND, retained=False)
    near.again(Attribute.LEVEL, 10 * SECOND)
    mute.lost()
    mute.again(Attribute.LEVEL, 10 * SECOND)
    assert [change.transition for lamp in (near, mute) if isinstance(change := lamp.peek(10 * SECOND), SetLight)] == [
        CATCH_UP,
        GLIDE,
    ]


def test_a_lamp_that_fades_in_steps_sets_out_from_where_it_says_it_is():
    lamp = landed(FadeBy.STEPPED)
    now, levels = 10 * SECOND, [30.0]
    lamp.again(Attribute.LEVEL, now)
    while now <= 10 * SECOND + 2 * GLIDE:
        while isinstance(change := lamp.peek(now), SetLight) and change.level is not None:
            levels.append(change.level)
            lamp.sent(change, now)
        due = lamp.due_after(now)
        if due is None:
            break
        now = due
    assert levels[-1] == pytest.approx(90.0, abs=1.0)
    assert max(later - earlier for earlier, later in pairwise(levels)) <= 5.0
