"""What counts as slower than an earlier commit."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from compare import Row


@pytest.mark.parametrize(
    ("before", "now", "again", "is_slower"),
    [
        ([10.0, 10.0, 10.0], [10.4, 10.4, 10.4], [10.0, 10.0, 10.0], False),
        ([10.0, 10.0, 10.0], [10.6, 10.6, 10.6], [10.0, 10.0, 10.0], True),
        ([10.0, 10.0, 10.0], [11.0, 11.0, 11.0], [12.0, 12.0, 12.0], False),  # it differs from itself by more
        ([10.0, 10.0, 10.0], [30.0, 10.0, 10.0], [10.0, 10.0, 10.0], False),  # one bad round
        ([0.1, 0.1, 0.1], [0.12, 0.12, 0.12], [0.1, 0.1, 0.1], False),  # too small to be anything
        ([10.0, 20.0, 10.0], [10.0, 20.0, 10.0], [10.0, 20.0, 10.0], False),  # a machine that is busy for a round
    ],
)
def test_a_row_is_slower_by_more_than_five_percent_and_more_than_the_earlier_one_differs_from_itself(
    before: list[float], now: list[float], again: list[float], is_slower: bool
) -> None:
    assert Row("a thing", "ms", before, now, again).is_slower is is_slower
