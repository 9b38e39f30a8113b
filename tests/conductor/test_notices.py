"""What a room is told aloud while nothing is on in it."""

import json

from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.notice import skipped
from orchestrator.conductor.rates import bridge_rates
from tests.conductor.evening import HOME, Evening
from tests.conductor.test_interruptions import timeline


def test_each_notice_is_words_of_its_own_and_a_voice_says_it_again() -> None:
    """A speaker that has said an id takes the same for a message that came twice."""
    conductor = Conductor(HOME, bridge_rates(HOME))
    assert conductor.notify("room", skipped("en"), 0)
    assert conductor.notify("room", skipped("en"), 60_000)
    told = [json.loads(message.payload) for message in conductor.take()[0]]
    assert [each["do"] for each in told] == ["say", "say"]
    assert len({each["id"] for each in told}) == 2


def test_nobody_is_told_anything_where_a_session_is_on_or_nothing_speaks() -> None:
    one = Evening(timeline())
    assert not one.conductor.notify("room", skipped("en"), one.now)
    assert not one.conductor.notify("hall", skipped("en"), one.now)
