"""A posture that tires is let go of before two minutes are over."""

import pytest

from orchestrator.errors import SceneError
from orchestrator.scenes.checks.lint import lint
from orchestrator.scenes.planning.planner import plan
from tests.scenes.sketches import planned, sketch


def warned(steps: str) -> list[tuple[int, str]]:
    return [
        (warning.line, warning.message)
        for warning in lint(sketch(f"steps:\n{steps}"))
        if warning.code == "long-posture"
    ]


def step(name: str, lasts: str, posture: str = "") -> str:
    return f"  - {{step: {name}, lasts: {lasts}{f', posture: {posture}' if posture else ''}}}\n"


def test_steps_with_one_posture_count_together() -> None:
    apart = step("a", "70s", "arms-raised") + step("let-go", "5s") + step("b", "70s", "arms-raised")
    assert warned(apart) == []
    (found,) = warned(step("a", "70s", "arms-raised") + step("b", "70s", "arms-raised"))
    assert found[0] == 17
    assert "arms-raised for 140 s on end, at 0:00; 120 s is the most" in found[1]


def test_a_moment_is_no_release() -> None:
    assert warned(step("a", "70s", "kneeling") + step("let-go", "3s") + step("b", "70s", "kneeling"))


def test_the_other_side_is_a_release_and_a_side_that_nobody_says_is_none() -> None:
    left, right = "{hold: arms-raised, side: left}", "{hold: arms-raised, side: right}"
    assert warned(step("a", "70s", left) + step("b", "70s", right)) == []
    assert warned(step("a", "70s", left) + step("b", "70s", "arms-raised"))
    assert warned(step("a", "70s", left) + step("b", "70s", "leg-crossed")) == []


def test_it_is_held_while_words_are_spoken_and_for_as_long_as_a_wait_usually_takes() -> None:
    body = "  - {step: a, say: Hold it up., lasts: 100s, posture: leg-lifted, wait: {at_most: 8min, usually: %s}}\n"
    assert warned(body % "10s") == []
    assert warned(body % "30s")


def test_the_side_is_that_of_the_turn() -> None:
    body = """
steps:
  - for: foot
    in: "['left', 'right']"
    steps:
      - {step: rub, lasts: 90s, posture: {hold: leg-crossed, side: "{{ foot }}"}}
"""
    assert [chapter.posture and chapter.posture.side for chapter in planned(body).chapters] == ["left", "right"]
    assert lint(sketch(body)) == []


def test_a_posture_of_some_is_held_by_them_alone() -> None:
    body = """
parameters: {giver: {choice: [self, partner], default: self}}
steps:
  - {step: rub, lasts: 70s, posture: {hold: leg-crossed, side: left, when: giver == 'self'}}
  - {step: go-on, when: giver == 'partner', lasts: 70s, posture: leg-crossed}
"""
    assert [chapter.posture is None for chapter in planned(body).chapters] == [False]
    assert [chapter.posture is None for chapter in planned(body, giver="partner").chapters] == [True, False]


def test_a_side_is_left_or_right() -> None:
    scene = sketch("steps: [{step: a, posture: {hold: twisted, side: up}}]")
    with pytest.raises(SceneError, match="a side is `left` or `right`, not up"):
        plan(scene.model)
