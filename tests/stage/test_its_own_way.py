"""A lamp that is away, or somebody's, while a look begins goes on its own way meanwhile, and comes back to that."""

from orchestrator.devices.abilities import LightAbilities
from orchestrator.devices.messages import LightReport
from orchestrator.fade import Fade
from orchestrator.stage.staged_light import StagedLight
from orchestrator.stage.want import Want
from orchestrator.units import SECOND, Percent
from orchestrator.values import Attribute

LEVEL = Attribute.LEVEL


def a_lamp_at(level: float) -> StagedLight:
    """It says so of itself."""
    lamp = StagedLight(LightAbilities())
    lamp.report(LightReport(Percent(level), None), 0, retained=False)
    return lamp


def look(lamp: StagedLight, second: int, origin: float, target: float, seconds: int) -> None:
    """A role's fade: `origin` is where the first of its lamps is."""
    lamp.want(LEVEL, Want(Fade(second * SECOND, (second + seconds) * SECOND, origin, target)), second * SECOND)


def wanted(lamp: StagedLight, second: int) -> float:
    value = lamp.wants[LEVEL].at(second * SECOND)
    assert isinstance(value, float)
    return value


def test_one_that_is_away_is_not_taken_to_be_where_another_of_its_role_is() -> None:
    lamp = a_lamp_at(0.0)
    look(lamp, 0, 80.0, 10.0, 100)
    lamp.lost()
    look(lamp, 50, 45.0, 10.0, 100)
    assert wanted(lamp, 50) == 5.0
    assert max(wanted(lamp, second) for second in range(50, 150)) <= 10.0


def test_one_that_is_handed_back_is_where_it_would_be_without_the_hand() -> None:
    lamp = a_lamp_at(40.0)
    look(lamp, 0, 40.0, 20.0, 100)
    while (change := lamp.peek(0)) is not None:
        lamp.sent(change, 0)
    lamp.report(LightReport(Percent(95.0), None), 20 * SECOND, retained=False)
    assert lamp.ownerships[LEVEL].is_hand
    look(lamp, 50, 30.0, 10.0, 100)
    assert wanted(lamp, 50) == 30.0
