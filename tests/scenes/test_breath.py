"""Which words ask to hold the breath, and which only speak of it."""

import pytest

from orchestrator.scenes.checks.breath import breath_remarks
from orchestrator.scenes.planning.planner import planned
from tests.scenes.sketches import sketch


def held(words: str, language: str) -> list[int]:
    scene = sketch(f'languages: [{language}]\nsteps:\n  - {{step: a, say: "{words}", lasts: 60s}}\n').model
    return [round(remark.figure / 1000) for remark in breath_remarks(scene, planned(scene, {}, language))]


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Hold your breath.", "en"),
        ("Breathe in. Now hold.", "en"),
        ("Breathe in, and then: hold.", "en"),
        ("Keep the air in. Do not breathe.", "en"),
        ("Keep the air inside.", "en"),
        ("Don't breathe yet.", "en"),
        ("Stop breathing.", "en"),
        ("Keep the lungs full.", "en"),
        ("Atme ein. Jetzt halten.", "de"),
        ("Halte nun die Luft an.", "de"),
        ("Und nun anhalten.", "de"),
        ("Behalte die Luft drin. Atme nicht.", "de"),
        ("Atme noch nicht aus.", "de"),
        ("Jetzt nicht atmen.", "de"),
        ("Bleib so, ohne zu atmen.", "de"),
    ],
)
def test_a_minute_after_words_that_ask_for_it_is_told(words: str, language: str) -> None:
    assert held(words, language) == [60]


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Let the breath come and go.", "en"),
        ("Do not breathe through the mouth.", "en"),
        ("Hold the wrist in the other hand. Let the breath flow.", "en"),
        ("Keep the elbow in. Breathe as you like.", "en"),
        ("Lass den Atem gehen, wie er will.", "de"),
        ("Lass alle Luft heraus.", "de"),
        ("Halte das Handgelenk. Lass den Atem kommen.", "de"),
        ("Atme nicht durch den Mund.", "de"),
    ],
)
def test_words_that_only_speak_of_breath_are_not(words: str, language: str) -> None:
    assert held(words, language) == []
