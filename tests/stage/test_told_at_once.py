"""A lamp that says that it has been told all has nothing more to be told at that moment."""

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.devices.abilities import FadeBy, LightAbilities
from orchestrator.devices.messages import LightReport
from orchestrator.fade import Fade
from orchestrator.stage.staged_light import StagedLight
from orchestrator.stage.want import Want
from orchestrator.units import SECOND, Ms, Percent
from orchestrator.values import Attribute, Temperature, Value

LEVELS = st.sampled_from([0.0, 0.3, 55.0])
COLOURS = st.sampled_from([Temperature(200.0), Temperature(400.0)])
LAMPS = st.builds(
    LightAbilities,
    fade=st.sampled_from(FadeBy),
    one_attribute_per_fade=st.booleans(),
    off_fade=st.booleans(),
    off_after_fade=st.booleans(),
    may_be_deaf=st.booleans(),
    starts_bright=st.booleans(),
    colour_with_off=st.booleans(),
    colour_while_off=st.booleans(),
    level_while_off=st.just(True),
)


@st.composite
def wants(draw: st.DrawFn, values: st.SearchStrategy[Value], now: Ms) -> Want:
    lasts = draw(st.sampled_from([0, 2 * SECOND, 30 * SECOND]))
    return Want(Fade(now, now + lasts, draw(values), draw(values)), landing=draw(st.booleans()))


def counted(lamp: StagedLight, now: Ms) -> int:
    """Tell it until it says that this was all, and nothing is left then; gives how many commands that took."""
    count = 0
    while (change := lamp.peek(now)) is not None:
        count += 1
        assert count < 10, "it is told without end"
        if lamp.sent(change, now):
            assert lamp.peek(now) is None
            break
    return count


def lamp_at(level: float, abilities: LightAbilities, remembered: float | None = None) -> StagedLight:
    lamp = StagedLight(abilities)
    kept = Percent(remembered) if remembered is not None else None
    lamp.report(LightReport(Percent(level), Temperature(300.0), remembered=kept), 0, retained=False)
    return lamp


def test_a_colour_that_jumps_first_is_followed_by_the_level() -> None:
    lamp = lamp_at(0.0, LightAbilities(one_attribute_per_fade=True))
    lamp.want(Attribute.LEVEL, Want(Fade(0, 5 * SECOND, 0.0, 55.0)), 0)
    lamp.want(Attribute.COLOUR, Want(Fade.still(0, Temperature(400.0))), 0)
    assert counted(lamp, 0) == 2


def test_a_lamp_that_steps_down_to_its_least_is_then_turned_off() -> None:
    lamp = lamp_at(55.0, LightAbilities(off_fade=False, fade=FadeBy.NONE))
    lamp.want(Attribute.LEVEL, Want(Fade(0, SECOND, 55.0, 0.0)), 0)
    assert counted(lamp, SECOND) == 2


def test_a_lamp_that_is_at_its_least_as_its_steps_end_is_told_its_colour_and_turned_off() -> None:
    lamp = lamp_at(3.0, LightAbilities(fade=FadeBy.STEPPED))
    lamp.want(Attribute.COLOUR, Want(Fade(0, SECOND, Temperature(300.0), Temperature(400.0)), landing=True), 0)
    lamp.want(Attribute.LEVEL, Want(Fade(0, SECOND, 3.0, 0.0), landing=True), 0)
    assert counted(lamp, SECOND) == 3
    assert lamp.value(Attribute.LEVEL, SECOND) == 0.0


def test_a_lamp_that_is_out_is_told_the_level_that_it_remembered() -> None:
    lamp = lamp_at(0.0, LightAbilities(level_while_off=True), remembered=70.0)
    lamp.want(Attribute.LEVEL, Want(Fade.still(0, 55.0)), 0)
    counted(lamp, 0)
    lamp.want(Attribute.LEVEL, Want(Fade.still(SECOND, 0.0), landing=True), SECOND)
    assert counted(lamp, SECOND) == 2


def test_a_lamp_that_is_back_is_told_the_way_on() -> None:
    lamp = lamp_at(0.3, LightAbilities())
    lamp.want(Attribute.LEVEL, Want(Fade(0, 30 * SECOND, 0.3, 55.0)), 0)
    counted(lamp, 0)
    lamp.returned(4 * SECOND, had_no_power=False)
    assert counted(lamp, 5 * SECOND) == 2


def test_a_lamp_that_is_out_and_comes_back_is_told_its_colour_once() -> None:
    lamp = lamp_at(0.0, LightAbilities(colour_while_off=True))
    lamp.want(Attribute.LEVEL, Want(Fade.still(0, 0.0), landing=True), 0)
    lamp.want(Attribute.COLOUR, Want(Fade.still(0, Temperature(200.0)), landing=True), 0)
    lamp.returned(0, had_no_power=False)
    assert counted(lamp, 0) == 2


def test_a_lamp_that_is_told_a_colour_as_it_goes_out_is_told_it_at_its_least() -> None:
    lamp = lamp_at(55.0, LightAbilities(fade=FadeBy.STEPPED, colour_while_off=True))
    lamp.want(Attribute.LEVEL, Want(Fade(0, 2 * SECOND, 0.0, 0.0), landing=True), 0)
    lamp.want(Attribute.COLOUR, Want(Fade.still(0, Temperature(200.0)), landing=True), 0)
    assert counted(lamp, 2 * SECOND) == 3


@given(LAMPS, LEVELS, st.data())
def test_a_lamp_that_has_been_told_all_is_told_nothing_more(
    abilities: LightAbilities, before: float, data: st.DataObject
) -> None:
    lamp, now = lamp_at(before, abilities, remembered=data.draw(st.sampled_from([None, 70.0]))), 0
    for _ in range(4):
        if now == 0 or data.draw(st.booleans()):
            lamp.want(Attribute.LEVEL, data.draw(wants(LEVELS, now)), now)
        if data.draw(st.booleans()):
            lamp.want(Attribute.COLOUR, data.draw(wants(COLOURS, now)), now)
        if data.draw(st.booleans()):
            lamp.returned(now, had_no_power=data.draw(st.booleans()))
        counted(lamp, now)
        now = lamp.due_after(now) or now + SECOND
