"""What a blind reader is given: how to read, every word where it is heard, in each form, and the figures."""

from typing import NamedTuple

import pytest

from orchestrator.scenes import library
from orchestrator.scenes.planning.planner import plan
from tests.readers import brief, forms, heard, show
from tests.scenes.sketches import planned, sketch

BODY = """
parameters:
  giver: {choice: [self, partner], default: self}
  feet: {choice: [both, left], default: both}
cautions: [Stop when it hurts.]
steps:
  - {step: sit, title: Sit, say: Sit down., lasts: 20s, posture: leg-crossed}
  - {step: rub, title: Rub, count: {times: 2, every: 6s, say: "{{ n }}"}, hands: oily}
  - step: wash
    title: Wash
    say: "When it is done, {{ ready }}."
    wait: {at_most: 4min, usually: 1min, remind: {at: 30s, say: No hurry.}, before_end: {at: -10s, say: I go on.}}
examples: [{set: {feet: left}}, {set: {giver: partner}}]
"""


class Line(NamedTuple):
    time: str
    words: str


def lines(text: list[str]) -> list[Line]:
    return [Line(line[:6].strip(), line[8:]) for line in text]


def test_the_words_stand_where_they_are_heard_and_what_is_not_written_is_silence() -> None:
    found = [line.words for line in lines(list(heard(planned(BODY))))]
    assert found[:2] == ["— Sit (leg-crossed)", "Sit down."]
    assert found[2:4] == ["… 20 s of silence", "— Rub (hands oily; a count)"]
    assert found.index("1") < found.index("2")
    assert "No hurry." in found
    assert "I go on." not in found, "as a rule the person is done by then"


def test_each_form_is_read_once() -> None:
    scene = sketch(BODY).model
    assert forms(scene) == [
        {"giver": "self", "feet": "both"},
        {"giver": "partner", "feet": "both"},
        {"giver": "self", "feet": "left"},
    ]


@pytest.mark.parametrize("language", ["en", "de"])
def test_of_a_scene_that_ships_nothing_is_left_out(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    scene = library.load("box-breathing")
    show(scene, language)
    told = capsys.readouterr().out
    assert brief() in told
    assert told.count("\n## ") == len(forms(scene.model))
    timeline = plan(scene.model, {}, language)
    assert all(f"shown before: {caution}\n" in told for caution in timeline.cautions)


def test_the_brief_says_who_reads_what_is_judged_and_what_would_stop_somebody() -> None:
    text = brief()
    for word in ("body worker", "tired person", "scientist", "native reader", "machine voice", "1 to 10", "stop"):
        assert word in text
