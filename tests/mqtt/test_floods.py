"""A topic that floods is left alone, longer each time; nobody else is."""

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.mqtt.floods import A_FLOOD, FIRST_REST, LONGEST_REST, WINDOW, Floods


def rests(floods: Floods, topic: str, start: float, rate: float, seconds: float) -> list[float]:
    """The rests that so many messages a second bring about; none comes while it rests."""
    found = []
    for number in range(int(rate * seconds)):
        now = start + number / rate
        if not floods.is_resting(topic, now) and (rest := floods.count(topic, now)) is not None:
            found.append(rest)
    return found


@given(st.floats(1, 0.9 * A_FLOOD / WINDOW), st.floats(0, 1e6))
def test_a_busy_device_is_no_flood(rate, start):
    assert rests(Floods(), "lamp", start, rate, 3) == []


def test_a_flood_is_found_at_once_and_rests_grow():
    assert rests(Floods(), "lamp", 7e5, 5000, 0.1) == [FIRST_REST]
    found = rests(Floods(), "lamp", 7e5, 2000, 250)
    assert found[:4] == [5, 10, 20, 40]
    assert set(found[4:]) == {LONGEST_REST}


def test_after_a_long_peace_a_flood_is_a_new_one():
    floods = Floods()
    assert rests(floods, "lamp", 0, 5000, 14) == [5, 10]
    assert rests(floods, "lamp", 200, 5000, 1) == [5]


def test_many_topics_that_are_too_much_together_are_left_alone_one_by_one():
    floods, rested = Floods(), set[str]()
    for number in range(20_000):
        topic, now = f"lamp/{number % 20}", number / 18_000
        if not floods.is_resting(topic, now) and floods.count(topic, now):
            rested.add(topic)
    assert len(rested) > 15


def test_a_thousand_lamps_that_all_say_how_they_are_are_no_flood():
    floods = Floods()
    assert not [number for number in range(3000) if floods.count(f"lamp/{number % 1000}", 0.01)]


def test_a_flood_of_one_topic_is_none_of_another():
    floods = Floods()
    rests(floods, "lamp", 0, 5000, 1)
    assert floods.is_resting("lamp", 1)
    assert not floods.is_resting("strip", 1)
    assert floods.count("strip", 1) is None
