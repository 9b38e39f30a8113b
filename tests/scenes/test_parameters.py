"""What a person may choose, in whatever words they say it."""

import pytest

from orchestrator.errors import BadParameter
from orchestrator.scenes.format.parameters import resolve
from tests.scenes.sketches import sketch

MODEL = sketch("""
parameters:
  feet: {choice: [both, left, right], default: both}
  bath: {flag: true}
  soak: {duration: 10min, min: 2min, max: 20min}
  pace: {number: 1.0, min: 0.5, max: 2.0}
  rounds: {whole: 12, min: 4, max: 40}
steps: [{step: a}]
""").model
DEFAULTS = {"feet": "both", "bath": True, "soak": "10min", "pace": 1.0, "rounds": 12}


def test_defaults_fill_what_nobody_chose() -> None:
    assert resolve(MODEL, {}) == DEFAULTS


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("feet", "left", "left"),
        ("feet", " Left ", "left"),
        ("bath", "yes", True),
        ("bath", "ON", True),
        ("bath", "true", True),
        ("bath", "no", False),
        ("bath", False, False),
        ("soak", "5min", "5min"),
        ("soak", "2:30", "2min30s"),
        ("soak", "120s", "2min"),
        ("pace", "0.8", 0.8),
        ("pace", 2, 2.0),
        ("rounds", "20", 20),
        ("rounds", 20.0, 20),
    ],
)
def test_words_and_json_values_are_understood(name: str, given: object, value: object) -> None:
    assert resolve(MODEL, {name: given}) == {**DEFAULTS, name: value}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"fet": "left"}, "no parameter 'fet'. Did you mean 'feet'?"),
        ({"zzz": 1}, "There are: feet, bath, soak, pace, rounds."),
        ({"feet": "lfet"}, "feet cannot be 'lfet'. Did you mean 'left'? There are: both, left, right."),
        ({"feet": 1}, "feet cannot be 1."),
        ({"bath": "maybe"}, "bath is yes or no, not 'maybe'."),
        ({"bath": 1}, "bath is yes or no"),
        ({"soak": "1h"}, "soak cannot be 1h. It goes from 2min to 20min."),
        ({"soak": 600}, "Write the unit"),
        ({"soak": "long"}, "soak: 'long' is no length"),
        ({"soak": None}, "soak: expected a length"),
        ({"pace": "fast"}, "pace is a number, not 'fast'."),
        ({"pace": "nan"}, "pace is a number"),
        ({"pace": True}, "pace is a number"),
        ({"pace": "3"}, "pace cannot be 3. It goes from 0.5 to 2."),
        ({"rounds": "4.5"}, "rounds is a whole number, not 4.5."),
        ({"rounds": 41}, "It goes from 4 to 40."),
        ({"rounds": 10**400}, "rounds is a number"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_would(given: dict[str, object], message: str) -> None:
    with pytest.raises(BadParameter) as refused:
        resolve(MODEL, given)
    assert message in str(refused.value)


def test_what_was_resolved_can_be_resolved_again() -> None:
    once = resolve(MODEL, {"feet": "left", "soak": "150s", "pace": "1.5"})
    assert resolve(MODEL, once) == once
