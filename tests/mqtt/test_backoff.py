from hypothesis import given
from hypothesis import strategies as st

from orchestrator.mqtt.backoff import LONGEST, wait, wait_when_refused

chances = st.floats(0, 1, exclude_max=True)
attempts = st.integers(0, 10**9)


@given(attempts, chances)
def test_a_wait_is_never_nothing_and_never_longer_than_the_longest(attempt, chance):
    assert 0.1 < wait(attempt, chance) <= LONGEST


@given(st.integers(0, 200), chances)
def test_waits_grow(attempt, chance):
    assert wait(attempt, chance) <= wait(attempt + 1, chance)


@given(attempts, chances)
def test_jitter_takes_at_most_half(attempt, chance):
    assert wait(attempt, 0) / 2 <= wait(attempt, chance) <= wait(attempt, 0)


@given(chances)
def test_a_refusal_waits_as_long_as_the_hundredth_attempt(chance):
    assert wait_when_refused(chance) == wait(100, chance)


def test_a_broker_that_was_away_for_five_seconds_is_found_within_two():
    away, attempt = 0.0, 0
    while away < 5:
        away += wait(attempt, 0)
        attempt += 1
    assert away - 5 < 1.5
