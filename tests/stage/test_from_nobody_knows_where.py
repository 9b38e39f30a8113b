"""A lamp on its way from where nobody knows is not behind: it is not where it was sent before it can be there."""

from orchestrator.devices.abilities import LightAbilities
from orchestrator.devices.messages import SetLight
from orchestrator.fade import Fade
from orchestrator.stage.staged_light import StagedLight
from orchestrator.stage.want import Want
from orchestrator.units import SECOND, Ms
from orchestrator.values import Attribute


def test_it_is_not_caught_up_with() -> None:
    lamp = StagedLight(LightAbilities())
    lamp.want(Attribute.LEVEL, Want(Fade(0, 30 * SECOND, 100.0, 30.0)), 0)
    told: list[SetLight] = []
    now: Ms | None = 0
    while now is not None:
        told.extend(take(lamp, now))
        now = lamp.due_after(now)
    assert len(told) == 3
    levels = [change.level for change in told if change.level is not None]
    assert levels == sorted(levels, reverse=True), "brighter again on its way"
    assert min(change.transition for change in told) > SECOND


def take(lamp: StagedLight, now: Ms) -> list[SetLight]:
    change = lamp.peek(now)
    if change is None:
        return []
    lamp.sent(change, now)
    assert isinstance(change, SetLight)
    return [change]
