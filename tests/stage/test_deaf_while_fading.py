"""A lamp that may hear nothing while it fades is told again what it may have missed, once its fade is over."""

import pytest

from orchestrator.devices.abilities import LightAbilities
from orchestrator.devices.messages import LightReport, SetLight
from orchestrator.fade import Fade
from orchestrator.stage.deafness import Deafness
from orchestrator.stage.staged_light import LET_KNOW, StagedLight
from orchestrator.stage.want import Want
from orchestrator.units import SECOND, Ms, Percent
from orchestrator.values import Attribute, Temperature

WARM, COOL = Temperature(400.0), Temperature(250.0)


class Heard:
    """A lamp, and what one that is really deaf has heard of what it was told: nothing while it fades."""

    def __init__(self, *, may_be_deaf: bool = True) -> None:
        self.lamp = StagedLight(LightAbilities(one_attribute_per_fade=True, may_be_deaf=may_be_deaf))
        self.lamp.report(LightReport(Percent(80), COOL), 0, retained=False)
        self.level: float | None = 80.0
        self.colour: object = COOL
        self.commands = 0
        self.lengths: list[Ms] = []
        """Of the fades that it was told."""
        self._deaf_until: Ms = 0

    def wish(self, level: float, lasts: Ms, colour: Temperature, now: Ms) -> None:
        here = self.lamp.value(Attribute.LEVEL, now)
        assert isinstance(here, float)
        self.lamp.want(Attribute.LEVEL, Want(Fade(now, now + lasts, here, level)), now)
        self.lamp.want(Attribute.COLOUR, Want(Fade.still(now, colour)), now)

    def live(self, now: Ms, until: Ms) -> None:
        moment: Ms | None = now
        while moment is not None and moment <= until:
            while (change := self.lamp.peek(moment)) is not None:
                assert isinstance(change, SetLight)
                self._take(change, moment)
                self.commands += 1
                assert self.commands < 100, "it is told without end"
                if self.lamp.sent(change, moment):
                    break
            moment = self.lamp.due_after(moment)

    def _take(self, change: SetLight, now: Ms) -> None:
        if change.level is not None:
            self.lengths.append(change.transition)
        if now < self._deaf_until:
            return
        self.colour = change.colour or self.colour
        if change.level is not None:
            self.level, self._deaf_until = change.level, now + change.transition


@pytest.mark.parametrize("lasts", [0, SECOND, 8 * SECOND, 45 * SECOND])
def test_a_look_that_comes_in_the_middle_of_a_fade_is_there_in_the_end(lasts: Ms) -> None:
    heard = Heard()
    heard.wish(20.0, 60 * SECOND, COOL, 0)
    heard.live(0, 23 * SECOND)
    heard.wish(50.0, lasts, WARM, 24 * SECOND)
    heard.live(24 * SECOND, 200 * SECOND)
    assert heard.level == pytest.approx(50.0, abs=0.5)
    assert heard.colour == WARM


def test_a_fade_that_it_missed_the_beginning_of_goes_on_from_where_it_is() -> None:
    """Whoever sits there is to see no leap, though it is far behind."""
    heard = Heard()
    heard.wish(20.0, 60 * SECOND, COOL, 0)
    heard.live(0, 23 * SECOND)
    heard.wish(0.0, 15 * SECOND, COOL, 24 * SECOND)
    heard.live(24 * SECOND, 100 * SECOND)
    assert heard.level == 0.0
    assert min(heard.lengths) >= LET_KNOW


def test_what_it_heard_at_rest_is_told_once() -> None:
    heard = Heard()
    heard.wish(50.0, 0, WARM, 0)
    heard.live(0, 60 * SECOND)
    assert heard.commands == 1


def test_other_lamps_are_told_once() -> None:
    heard = Heard(may_be_deaf=False)
    heard.wish(20.0, 8 * SECOND, COOL, 0)
    heard.live(0, 3 * SECOND)
    told = heard.commands
    heard.wish(50.0, 0, COOL, 4 * SECOND)
    heard.live(4 * SECOND, 60 * SECOND)
    assert heard.commands == told + 1


def test_one_that_was_away_meanwhile_has_missed_nothing() -> None:
    heard = Heard()
    heard.wish(20.0, 8 * SECOND, COOL, 0)
    heard.live(0, 3 * SECOND)
    heard.wish(50.0, 0, WARM, 4 * SECOND)
    heard.live(4 * SECOND, 5 * SECOND)
    heard.lamp.lost()
    assert heard.lamp.due_after(6 * SECOND) is None


def test_what_it_is_told_once_more_is_not_missed_any_longer() -> None:
    deafness = Deafness()
    deafness.told([Attribute.COLOUR], 4, fades_until=10)
    assert not deafness.missed(9, fades_until=4)
    assert deafness.ends(fades_until=4) == 10
    assert deafness.missed(10, fades_until=4) == {Attribute.COLOUR}
    deafness.told([Attribute.COLOUR], 10, fades_until=4)
    assert deafness.ends(fades_until=4) is None
