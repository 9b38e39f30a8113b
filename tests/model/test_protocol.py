"""The protocol keeps its promises in every state that there is; and each promise is one that can be broken."""

import pytest

from tests.model.promises import ENDS, PROMISES, search
from tests.model.protocol import Rules, State

TALKS = State()
MUTE = State(is_mute=True, losses=0)
"""Nobody can know what becomes of a command to a lamp that says nothing: that it was sent is all that is promised."""


@pytest.mark.parametrize(("first", "states"), [(TALKS, 40_000), (MUTE, 1_500)], ids=["talks", "mute"])
def test_every_promise_holds_in_every_state(first: State, states: int) -> None:
    found = search(first, Rules())
    assert found.broken == {}
    assert len(found.came_from) > states, "it has searched what there is"


MISTAKES = {
    "writes_before_it_sends": "a debt is never lost",
    "closes_on_evidence": "a debt is closed by what is shown, or cannot be, or by a hand",
    "asks_after_the_end": "a debt is never lost",
    "tries_again": ENDS,
    "takes_up_debts": "a restart knows every debt of which something was sent",
    "keeps_hands": "a hand is never overridden",
    "knows_its_own_values": "a room that is not given back is said to be owed",
    "claims": "two drivers never send",
}


@pytest.mark.parametrize(("mistake", "promise"), MISTAKES.items())
def test_each_promise_is_broken_by_the_mistake_that_it_guards_against(mistake: str, promise: str) -> None:
    rules = Rules()._replace(**{mistake: False})
    assert promise in search(TALKS, rules, until=promise).broken


def test_there_is_a_mistake_for_every_rule_and_every_promise() -> None:
    assert list(MISTAKES) == list(Rules._fields)
    assert set(MISTAKES.values()) == {ENDS, *PROMISES}
