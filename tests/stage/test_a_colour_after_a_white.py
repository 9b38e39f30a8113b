"""A lamp goes from a white to a colour: what it says on the way is ours, and a colour that lies elsewhere is a hand."""

import pytest

from orchestrator.devices.abilities import ColourMode, LightAbilities
from orchestrator.devices.messages import LightReport, SetLight
from orchestrator.fade import Fade
from orchestrator.stage.ownership import Meaning
from orchestrator.stage.staged_light import StagedLight
from orchestrator.stage.want import Want
from orchestrator.units import SECOND, Ms, Percent
from orchestrator.values import Attribute, Colour, Rgb, Temperature, Xy

WHITE = Temperature(370.0)
AMBER = Rgb(255, 150, 60)


def told(lamp: StagedLight, now: Ms) -> None:
    while (change := lamp.peek(now)) is not None:
        assert isinstance(change, SetLight)
        lamp.sent(change, now)


def meaning(said: Colour, at: Ms) -> Meaning:
    """Of what a lamp says of its colour, that has been on its way from a white to amber since 0."""
    lamp = StagedLight(LightAbilities(colours=ColourMode.TEMPERATURE | ColourMode.RGB))
    lamp.report(LightReport(Percent(50.0), WHITE), 0, retained=False)
    lamp.want(Attribute.COLOUR, Want(Fade(0, 60 * SECOND, WHITE.rgb, AMBER)), 0)
    for moment in range(0, at + 1, 10 * SECOND):
        told(lamp, moment)
    return dict(lamp.report(LightReport(Percent(50.0), said), at, retained=False))[Attribute.COLOUR]


@pytest.mark.parametrize("at", [2 * SECOND, 12 * SECOND])
@pytest.mark.parametrize("said", [Xy(0.1608, 0.0879), Xy(0.2, 0.65), Xy(0.69, 0.3)], ids=["blue", "green", "red"])
def test_a_colour_that_lies_elsewhere_is_a_hand(said: Colour, at: Ms) -> None:
    assert meaning(said, at) is Meaning.HAND


@pytest.mark.parametrize("at", [2 * SECOND, 12 * SECOND])
@pytest.mark.parametrize(
    "said",
    [WHITE, Xy(0.4598, 0.4109), Xy(0.44, 0.40), Temperature(385.0), WHITE.rgb],
    ids=["as before", "as before, as a colour", "a lamp's own white", "a little on", "as a screen's"],
)
def test_what_it_was_and_what_is_near_to_it_is_ours(said: Colour, at: Ms) -> None:
    assert meaning(said, at) is Meaning.OURS
