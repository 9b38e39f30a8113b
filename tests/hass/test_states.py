"""States that come in pieces are whole, and whatever comes harms nothing."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.devices.dialects.hass.entity_state import EntityState
from orchestrator.hass.call_queue import Call, CallQueue, merged
from orchestrator.hass.states import EntityStates
from tests.hass.server import _compressed, _difference

words = st.sampled_from(["on", "off", "unavailable", "playing"])
attributes = st.dictionaries(st.sampled_from("abcd"), st.none() | st.integers(0, 3) | st.lists(st.integers(0, 2)))
states = st.lists(st.tuples(words, attributes), min_size=1, max_size=8)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "c", "r", "s", "+", "-", "x"]), inner)
    ),
    max_leaves=12,
)


@given(states)
def test_what_changes_of_a_state_makes_the_next_one(said: list[tuple[str, dict[str, Any]]]) -> None:
    known = EntityStates()
    before = said[0]
    assert list(known.take({"a": {"x": _compressed(*before)}})) == [("x", EntityState(*before))]
    for after in said[1:]:
        ((entity, state),) = known.take(_difference("x", before, after))
        assert (entity, state) == ("x", EntityState(*after))
        before = after
    assert list(known.take({"r": ["x"]})) == [("x", None)]
    assert not known


@given(st.lists(anything, max_size=4))
def test_whatever_comes_is_no_error(events: list[Any]) -> None:
    known = EntityStates()
    for event in events:
        for entity, state in known.take(event):
            assert isinstance(entity, str)
            assert state is None or isinstance(state.word, str)


KEYS = ("color_temp_kelvin", "xy_color", "white")
lit = st.builds(
    lambda level, colour: Call(
        "light", "turn_on", {key: value for key, value in {"brightness": level, colour: 1}.items() if value and key}, {}
    ),
    st.none() | st.integers(1, 255),
    st.none() | st.sampled_from(KEYS),
)
dark = st.just(Call("light", "turn_off", {}, {}))


def shown(calls: list[Call]) -> tuple[bool, Any, Any]:
    """What a lamp shows after these: on, its level, its colour. Nothing turns one on without a level."""
    on: bool = True
    level: Any = None
    colour: str | None = None
    for call in calls:
        on = call.service == "turn_on"
        named = next((key for key in KEYS if key in call.data), None)
        colour = named if on and named is not None else colour
        level = call.data.get("brightness", call.data.get("white", level)) if on else None
    return on, level, colour


@given(st.lists(lit | dark, min_size=1, max_size=8))
def test_calls_that_wait_become_one_that_means_the_same(calls: list[Call]) -> None:
    queue = CallQueue()
    for call in calls:
        queue.put(call)
    told: list[Call] = []
    while (taken := queue.take()) is not None:
        told.append(taken)
        queue.over()
    assert shown(told) == shown(calls)
    assert all(sum(key in each.data for key in KEYS) <= 1 for each in told), "one colour a call"


def test_calls_of_other_kinds_are_told_one_by_one() -> None:
    play, stop = (Call("media_player", name, {}, {}) for name in ("play_media", "media_stop"))
    assert merged(play, stop) is None
