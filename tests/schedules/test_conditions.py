"""Conditions: each is met or not by what was seen, and says so with the value that decided."""

# ruff: noqa: E501 - a table reads best with one case a line

from typing import Any

import pytest

from orchestrator.schedules.conditions import Facts, PlayedLess, RoomIdle, SignalIs, against, judged, verdicts
from orchestrator.signals import Seen, Signal
from orchestrator.units import MINUTE

HOME = Signal("home/presence", "home", lambda value: value == "home", 10 * MINUTE)
NOTHING = Facts("idle", 0, 0, {})


def facts(**known: Any) -> Facts:
    return NOTHING._replace(**known)


@pytest.mark.parametrize(
    ("condition", "known", "is_met", "sentence"),
    [
        (RoomIdle(), facts(), True, "The room is idle."),
        (RoomIdle(), facts(status="running"), False, "The room is not idle, but running."),
        (PlayedLess(1), facts(), True, "It has not been played today."),
        (PlayedLess(1), facts(played_today=1), False, "It was played once today."),
        (PlayedLess(3, True), facts(played_this_week=2), True, "It was played 2 times this week, and less than 3 is wanted."),
        (PlayedLess(3, True), facts(played_this_week=3), False, "It was played 3 times this week, and less than 3 is wanted."),
        (SignalIs(HOME), facts(), False, "home/presence has said nothing yet, and home is wanted."),
        (SignalIs(HOME), facts(seen={HOME: Seen("away", None, False)}), False, "home/presence says away, and home is wanted."),
        (SignalIs(HOME), facts(seen={HOME: Seen("home", 3 * MINUTE, False)}), False, "home/presence says home only for 3 min, and 10 min is wanted."),
        (SignalIs(HOME), facts(seen={HOME: Seen("home", 11 * MINUTE, True)}), True, "home/presence says home."),
    ],
)  # fmt: skip
def test_each_says_what_it_saw(condition, known, is_met, sentence):
    assert judged(condition, known) == (is_met, sentence)


def test_why_not_names_every_condition_with_its_value():
    given = verdicts((RoomIdle(), SignalIs(HOME), PlayedLess(1)), facts(seen={HOME: Seen("away", None, False)}))
    assert against(given) == (
        "home/presence says away, and home is wanted. "
        "The rest was as it should be: The room is idle. It has not been played today."
    )
    assert against(verdicts((RoomIdle(), PlayedLess(1)), facts())) == ""
    assert against(verdicts((), facts())) == ""
