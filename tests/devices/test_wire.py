from hypothesis import given
from hypothesis import strategies as st

from orchestrator.devices.wire import share, units
from orchestrator.units import Percent


@given(st.floats(min_value=1e-9, max_value=100.0), st.integers(1, 65_535))
def test_what_is_on_is_at_least_one_unit(percent, scale):
    assert 1 <= units(Percent(percent), scale) <= scale


@given(st.integers(1, 65_535).flatmap(lambda scale: st.tuples(st.integers(0, scale), st.just(scale))))
def test_units_survive_percent(pair):
    amount, scale = pair
    assert units(share(amount, scale), scale) == amount
