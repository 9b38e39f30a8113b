"""The running clock, by itself."""

import pytest

from orchestrator.session.running_clock import RunningClock


@pytest.mark.parametrize("rate", [0, -1000])
def test_time_that_stands_or_goes_back_is_no_rate(rate: int) -> None:
    with pytest.raises(ValueError, match="above zero"):
        RunningClock(0, rate)
