"""What passes a trial plans at every bound; what does not says where and with which parameters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.scenes.checks.trial import MOST_COMBINATIONS, trial, variations
from orchestrator.scenes.planning.planner import plan
from tests.conftest import FEW
from tests.scenes.sketches import sketch

PARAMETERS = """
parameters:
  foot: {choice: [left, right], default: left}
  bath: {flag: true}
  soak: {duration: 10min, min: 2min, max: 20min}
  rounds: {whole: 3, min: 1, max: 9}
"""


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ("steps: [{step: a, say: '{{ rond }}'}]", "22:24: `rond` is not known here; did you mean `rounds`?"),
        (
            "phrases: {side: {left: links}}\nsteps: [{step: a, say: '{{ side[foot] }}'}]",
            "23:24: this phrase has no words for 'right' (with foot=right)",
        ),
        (
            "phrases: {side: {left: links}}\nsteps: [{step: b}, {step: a, when: not bath, say: '{{ side[foot] }}'}]",
            "this phrase has no words for 'right' (with foot=right, bath=false)",
        ),
        ("steps: [{step: a, lasts: '{{ soak - \"5min\" }}'}]", "a length cannot be below zero: -3min (with soak=2min)"),
        ("steps: [{step: a, when: bath}]", "no step is left: each `when` says no (with bath=false)"),
        (
            "steps: [{step: a, count: {times: '{{ rounds - 1 }}', every: 5s, say: One}}]",
            "0 is out of range: 1 to 1000 (with rounds=1)",
        ),
        (
            "steps: [{step: a, count: {times: '{{ rounds / 2 }}', every: 5s, say: One}}]",
            "1.5 times? Only whole rounds can be counted",
        ),
        ("steps: [{step: a, lasts: '{{ rounds }}'}]", "{{ rounds }} is 3 here: '3' is no length"),
        ("pace: '{{ rounds - 1 }}'\nsteps: [{step: a}]", "0 is out of range: 0.1 to 10 (with rounds=1)"),
        ("length: '{{ soak }}'\nsteps: [{step: a, lasts: {share: 1, min: 3min}}]", "2min is 1min too short"),
        ("length: 10min\nsteps: [{step: a}]", "no step takes a share of this length"),
        ("steps: [{for: i, in: rounds, steps: [{step: a}]}]", "expected a list such as ['left', 'right'], not 3"),
        ("steps: [{for: i, in: range(400 * rounds), steps: [{step: a}]}]", "a range of 1200 is too long"),
        ("steps: [{step: a, count: {times: 3, every: 0s, say: One}}]", "a round of this count takes no time"),
    ],
)
def test_what_cannot_be_planned_says_why(steps: str, fault: str) -> None:
    faults = [str(one) for one in trial(sketch(PARAMETERS + steps))]
    assert len(faults) == 1
    assert fault in faults[0]
    assert faults[0].startswith("sketch.yaml:")


def test_a_sound_scene_has_no_fault() -> None:
    assert trial(sketch(PARAMETERS + "steps: [{step: a, when: bath}, {step: b, lasts: '{{ soak }}'}]")) == []


@pytest.mark.parametrize(
    ("example", "fault"),
    [
        ("{lasts: {min: 10min}}", "it lasts only 3min, not 10min at least"),
        ("{lasts: {max: 1min}}", "it lasts 3min, more than 1min"),
        ("{with: [b]}", "the step `b` is not there; these are: a:left, a:right, c"),
        ("{without: ['a:left']}", "the step `a:left` is there"),
        ("{ends: dark}", "it does not end in the dark: main, glow has light at the end"),
    ],
)
def test_an_example_that_is_not_so_is_a_fault(example: str, fault: str) -> None:
    steps = """
finish: {fade: 30s}
steps:
  - {for: side, in: "['left', 'right']", steps: [{step: a, look: warm, lasts: 15s}]}
  - {step: b, when: not bath}
  - {step: c, wait: {at_most: 10min, usually: 2min}}
"""
    (found,) = trial(sketch(PARAMETERS + steps + f"examples: [{example}]"))
    assert fault in found.message


def test_examples_that_hold_are_no_fault() -> None:
    body = "steps: [{step: a, look: warm, lasts: 30s}, {step: b, when: not bath}]\nfinish: {look: dark, fade: 10s}\n"
    body += "examples: [{lasts: {min: 40s, max: 40s}, without: [b], ends: dark}, {set: {bath: false}, with: [b]}]"
    assert trial(sketch(PARAMETERS + body)) == []


def test_every_choice_is_tried_with_every_bound() -> None:
    tried = variations(sketch(PARAMETERS + "steps: [{step: a}]").model)
    assert tried.are_all
    corners = {(one["foot"], one["bath"], one["soak"], one["rounds"]) for one in tried.sets}
    assert corners >= {
        (f, b, s, r) for f in ("left", "right") for b in (True, False) for s in ("2min", "20min") for r in (1, 9)
    }


def test_of_too_many_combinations_each_value_is_tried_and_it_is_said() -> None:
    flags = "".join(f"  f{index}: {{flag: true}}\n" for index in range(14))
    tried = variations(sketch(f"parameters:\n{flags}steps: [{{step: a}}]").model)
    assert not tried.are_all
    assert len(tried.sets) <= 2 * MOST_COMBINATIONS
    for index in range(14):
        assert {one[f"f{index}"] for one in tried.sets} == {True, False}


CONDITIONS = st.sampled_from(["bath", "not bath", "foot == 'left'", "soak > '5min'", "rounds is odd", "1 < 2"])
LENGTHS = st.sampled_from(
    ["30s", "'{{ soak }}'", "'{{ rounds * 10 }}s'", "'{{ soak - \"3min\" }}'", "'{{ 60 / (rounds - 5) }}s'"]
)


@FEW
@given(
    st.lists(st.tuples(CONDITIONS, LENGTHS), min_size=1, max_size=3),
    st.sampled_from(["left", "right"]),
    st.booleans(),
    st.sampled_from(["2min", "10min", "20min"]),
    st.sampled_from([1, 3, 9]),
)
def test_what_passes_a_trial_plans_at_every_bound(
    steps: list[tuple[str, str]], foot: str, bath: bool, soak: str, rounds: int
) -> None:
    body = "".join(
        f'  - {{step: s{index}, when: "{when}", lasts: {lasts}}}\n' for index, (when, lasts) in enumerate(steps)
    )
    scene = sketch(f"{PARAMETERS}steps:\n  - {{step: first}}\n{body}")
    if not trial(scene):
        assert plan(scene.model, {"foot": foot, "bath": bath, "soak": soak, "rounds": rounds}).chapters
