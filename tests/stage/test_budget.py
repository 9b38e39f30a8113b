"""No window of a rate's length ever holds more than the rate allows."""

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.devices.abilities import Budget
from orchestrator.stage.budget import BridgeRates, Budgets, Meter, Rate


@given(
    st.integers(1, 8),
    st.integers(100, 9000),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 8)), min_size=1, max_size=60),
)
def test_a_meter_never_lets_more_than_its_rate_through_in_any_window(
    commands: int, per: int, wishes: list[tuple[int, int]]
) -> None:
    meter = Meter(Rate(commands, per))
    now, sent = 0, []
    for pause, cost in wishes:
        now += pause
        now = meter.free_at(now, cost)
        assert meter.free_at(now, cost) == now
        meter.count(now, cost)
        sent.extend([now] * min(cost, commands))
    for moment in sent:
        assert len([other for other in sent if moment <= other < moment + per]) <= commands


def test_a_command_waits_no_longer_than_it_has_to() -> None:
    meter = Meter(Rate(4, 1000))
    for moment in (0, 100, 200, 300):
        meter.count(moment, 1)
    assert meter.free_at(400, 1) == 1000
    assert meter.free_at(400, 2) == 1100
    assert meter.free_at(1050, 1) == 1050


def test_a_bridge_is_shared_and_each_lamp_has_its_own_pace() -> None:
    budgets = Budgets({"z": BridgeRates()})
    budgets.count("z", "one", Budget.LAMP, 0, 2)
    assert budgets.free_at("z", "one", Budget.LAMP, 0, 1) == 1000
    assert budgets.free_at("z", "two", Budget.LAMP, 0, 2) == 0
    budgets.count("z", "two", Budget.LAMP, 0, 2)
    assert budgets.free_at("z", "three", Budget.LAMP, 0, 1) == 1000


def test_group_broadcasts_have_a_budget_of_their_own() -> None:
    budgets = Budgets({})
    for second in range(4):
        budgets.count("z", "all", Budget.GROUP, second * 1000, 2)
    assert budgets.free_at("z", "all", Budget.GROUP, 4000, 2) == 9000


def test_a_device_without_a_bridge_is_not_counted() -> None:
    budgets = Budgets({})
    budgets.count(None, "wifi", Budget.LAMP, 0, 100)
    assert budgets.free_at(None, "wifi", Budget.LAMP, 0, 1) == 0


def test_what_a_group_is_told_counts_for_each_of_its_lamps() -> None:
    budgets = Budgets({})
    budgets.count("z", "both", Budget.GROUP, 0, 1, ("one", "two"))
    assert budgets.free_at("z", "one", Budget.LAMP, 0, 1) == 1000
    assert budgets.free_at("z", "three", Budget.LAMP, 0, 1) == 0
    assert budgets.free_at("z", "both", Budget.GROUP, 500, 1, ("two", "one")) == 1000
