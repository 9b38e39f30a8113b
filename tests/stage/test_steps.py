"""Stepped fades: steps keep their time."""

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.devices.abilities import FadeBy, LightAbilities
from orchestrator.fade import Fade
from orchestrator.stage.staged_light import StagedLight
from orchestrator.stage.want import Want
from orchestrator.values import Attribute

STEP = 50


@given(st.integers(0, 10_000), st.lists(st.integers(0, 49), min_size=1, max_size=30))
def test_a_step_that_is_late_does_not_delay_those_after_it(start: int, delays: list[int]) -> None:
    lamp = StagedLight(LightAbilities(fade=FadeBy.STEPPED, segment=STEP))
    lamp.want(Attribute.LEVEL, Want(Fade(start, start + 60_000, 0.0, 100.0)), start)
    due = start
    for number, delay in enumerate(delays):
        assert due == start + number * STEP
        if (change := lamp.peek(due + delay)) is not None:
            lamp.sent(change, due + delay)
        after = lamp.due_after(due + delay)
        assert after is not None
        due = after


@given(st.integers(0, 2000))
def test_no_step_comes_after_the_end_of_its_fade(now: int) -> None:
    lamp = StagedLight(LightAbilities(fade=FadeBy.STEPPED, segment=STEP))
    lamp.want(Attribute.LEVEL, Want(Fade(0, 1010, 0.0, 100.0)), 0)
    due = lamp.due_after(now)
    assert due is None if now >= 1010 else due is not None and now < due <= 1010
