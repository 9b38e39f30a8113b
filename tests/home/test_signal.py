"""A signal is what a topic has to say: its test is judged by the payload alone, and nothing that comes in raises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from orchestrator.home.signal import SignalModel
from orchestrator.signals import Watch


def model(**keys: object) -> SignalModel:
    return SignalModel.model_validate({"topic": "home/x", **keys})


@pytest.mark.parametrize(
    ("keys", "payload", "holds"),
    [
        ({"equals": "home"}, "home", True),
        ({"equals": "home"}, " HOME ", True),
        ({"equals": "home"}, "away", False),
        ({"equals": True}, "true", True),
        ({"equals": 1}, "1", True),
        ({"above": 20}, "20.5", True),
        ({"above": 20}, "20", False),
        ({"above": 20}, "warm", False),
        ({"above": 20}, "nan", False),
        ({"above": 20, "below": 30}, "31", False),
        ({"template": "{{ value_json.state != 'playing' }}"}, '{"state": "paused"}', True),
        ({"template": "{{ value_json.state != 'playing' }}"}, '{"state": "playing"}', False),
        ({"template": "{{ value_json.state != 'playing' }}"}, "no JSON at all", False),
        ({"template": "{{ value_json.power }}", "above": 5}, '{"power": 7}', True),
        ({"template": "{{ value_json.power }}", "above": 5}, '{"power": 3}', False),
        ({"template": "{{ value_json.action }}", "equals": "vibration"}, '{"action": "vibration"}', True),
    ],
)
def test_the_payload_decides(keys: dict[str, object], payload: str, holds: bool) -> None:
    assert model(**keys).signal().holds(payload) is holds


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({}, "what has to be so"),
        ({"equals": "x", "above": 1}, "stands alone"),
        ({"above": 5, "below": 5}, "nothing is above 5 and below 5"),
        ({"template": "{{ vlaue }}"}, "no such name here: vlaue"),
        ({"template": "{{ value"}, "not a Jinja template"),
        ({"equals": [1]}, "expected what the topic says"),
        ({"topic": "home/+", "equals": "x"}, "filter for many topics"),
    ],
)
def test_a_wrong_signal_is_refused_with_a_sentence(keys: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        model(**keys)


@given(payload=st.text(max_size=50))
def test_no_payload_raises(payload: str) -> None:
    for keys in (
        {"equals": "x"},
        {"above": 1},
        {"template": "{{ value_json.a.b }}"},
        {"template": "{{ value | int }}"},
    ):
        assert model(**keys).signal().holds(payload) in (True, False)


def test_it_has_to_be_so_for_as_long_as_is_asked() -> None:
    watch = Watch(model(equals="home", **{"for": "10min"}).signal())
    assert watch.seen(0) == (None, None, False)
    watch.take("home", 1000)
    ripe = watch.due
    assert ripe == 601_000
    assert not watch.seen(600_999).is_on
    assert watch.seen(601_000) == ("home", 600_000, True)
    watch.take("home", 700_000)
    assert watch.seen(700_000).is_on
    watch.take("away", 700_001)
    assert watch.due is None
    assert watch.seen(800_000) == ("away", None, False)
    watch.take("home", 900_000)
    assert not watch.seen(900_000).is_on
