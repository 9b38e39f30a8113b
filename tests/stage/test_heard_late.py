"""A lamp that hears late that it is to stand, for its bridge was busy, goes back as gently as it went too far."""

from orchestrator.devices.abilities import LightAbilities
from orchestrator.devices.messages import SetLight
from orchestrator.fade import Fade
from orchestrator.stage.staged_light import CATCH_UP, GONE_TOO_FAR, StagedLight
from orchestrator.stage.want import Want
from orchestrator.units import SECOND, Ms
from orchestrator.values import Attribute


def a_lamp_on_its_way() -> StagedLight:
    """From 40 to 60 in 8 s, told at once."""
    lamp = StagedLight(LightAbilities())
    lamp.want(Attribute.LEVEL, Want(Fade.still(0, 40.0)), 0)
    told(lamp, 0)
    lamp.want(Attribute.LEVEL, Want(Fade(0, 8 * SECOND, 40.0, 60.0)), 0)
    assert told(lamp, 0)
    return lamp


def told(lamp: StagedLight, now: Ms) -> list[SetLight]:
    said: list[SetLight] = []
    while (change := lamp.peek(now)) is not None:
        assert isinstance(change, SetLight)
        lamp.sent(change, now)
        said.append(change)
        assert len(said) < 4
    return said


def pause(lamp: StagedLight, now: Ms, *, landing: bool = False) -> None:
    here = lamp.value(Attribute.LEVEL, now)
    assert here is not None
    lamp.want(Attribute.LEVEL, Want(Fade.still(now, here), landing=landing), now)


def test_a_lamp_that_hears_at_once_stands_at_once() -> None:
    lamp = a_lamp_on_its_way()
    pause(lamp, 2 * SECOND)
    assert [change.transition for change in told(lamp, 2 * SECOND)] == [0]


def test_one_that_hears_late_goes_back_in_as_long_as_it_went_too_far() -> None:
    lamp = a_lamp_on_its_way()
    pause(lamp, 2 * SECOND)
    assert [(round(change.level or 0), change.transition) for change in told(lamp, 5 * SECOND)] == [(45, 3 * SECOND)]


def test_it_is_told_once() -> None:
    lamp = a_lamp_on_its_way()
    pause(lamp, 2 * SECOND)
    told(lamp, 5 * SECOND)
    assert not [change for now in range(5 * SECOND, 12 * SECOND, 500) for change in told(lamp, now)]


def test_it_does_not_take_longer_because_it_was_away_for_long() -> None:
    lamp = a_lamp_on_its_way()
    pause(lamp, 2 * SECOND)
    assert [change.transition for change in told(lamp, 90 * SECOND)] == [GONE_TOO_FAR]


def test_what_is_given_back_at_once_is_given_back_at_once() -> None:
    lamp = a_lamp_on_its_way()
    pause(lamp, 2 * SECOND, landing=True)
    assert [change.transition for change in told(lamp, 5 * SECOND)] in ([0], [CATCH_UP])
