"""A caution is for those whom it is for: shown, spoken and acted upon."""

import pytest

from orchestrator.scenes.planning.cautions import cautions_of, what_remains
from orchestrator.scenes.planning.planner import plan
from orchestrator.scenes.planning.scope import Ready
from tests.scenes.sketches import planned, said, sketch

FEET = """
parameters:
  feet: {choice: [both, left, right], default: both}
  bath: {flag: true}
  giver: {choice: [self, partner], default: self}
cautions:
  - Stop when it hurts.
  - {when: bath, text: Warm water.}
  - {when: bath and giver == 'partner', text: Ask about the water.}
  - {text: No foot with wounds., without: {feet: both, bath: true}}
  - {text: No clot., without: scene}
steps:
  - step: care
    say:
      - cautions
      - {when: decline, say: "Or {{ decline }}."}
      - {when: not decline, say: Nobody can say no.}
    wait: true
"""


def test_only_those_are_shown_that_apply_to_the_choices() -> None:
    always = ("Stop when it hurts.", "No foot with wounds.", "No clot.")
    assert planned(FEET, bath=False).cautions == always
    assert planned(FEET).cautions == (always[0], "Warm water.", *always[1:])
    assert "Ask about the water." in planned(FEET, giver="partner").cautions


def test_only_those_are_spoken_that_apply_to_the_choices() -> None:
    spoken = [text for _, text in said(planned(FEET, bath=False).chapters[0])]
    assert spoken == ["Stop when it hurts.", "No foot with wounds.", "No clot.", "Or say: stop."]


@pytest.mark.parametrize(
    "say", ["cautions", "[cautions]", "[{when: not bath, say: cautions}]", "[{pause: 1s}, {say: cautions}]"]
)
def test_wherever_they_are_asked_for_they_are_said(say: str) -> None:
    body = FEET[: FEET.index("    say:")] + f"    say: {say}\n"
    spoken = [text for _, text in said(planned(body, bath=False).chapters[0])]
    assert spoken == ["Stop when it hurts.", "No foot with wounds.", "No clot."]


def test_where_nobody_can_say_no_nothing_is_said_of_it() -> None:
    scene = sketch(FEET).model
    there = plan(scene, ready=Ready("blink", "blink", "nod twice"))
    assert said(there.chapters[0])[-1][1] == "Or nod twice."
    assert said(plan(scene, ready=Ready("blink", "blink")).chapters[0])[-1][1] == "Nobody can say no."


def test_a_door_is_told_the_choices_that_each_is_for() -> None:
    found = cautions_of(sketch(FEET).model)
    assert [each.settings for each in found] == [
        None,
        ({"bath": True},),
        ({"bath": True, "giver": "partner"},),
        None,
        None,
    ]
    assert [each.applies({"bath": True, "giver": "self", "feet": "both"}) for each in found] == [
        True,
        True,
        False,
        True,
        True,
    ]
    assert [each.ends for each in found] == [False, False, False, False, True]


def test_who_has_what_a_caution_warns_of_is_left_the_other_choices() -> None:
    scene = sketch(FEET).model
    wounds = cautions_of(scene)[3]
    assert what_remains(scene, wounds.without) == {"feet": ("left", "right"), "bath": (False,)}


def test_a_caution_in_two_languages_is_said_in_the_one_that_is_asked_for() -> None:
    body = """
languages: [en, de]
parameters: {oil: {flag: true}}
cautions:
  - {when: oil, text: {en: Nuts., de: Nüsse.}}
  - {en: Pain., de: Schmerz.}
steps: [{step: care, say: cautions}]
"""
    scene = sketch(body).model
    assert plan(scene, language="de").cautions == ("Nüsse.", "Schmerz.")
    assert plan(scene, {"oil": False}, "de").cautions == ("Schmerz.",)
