"""A mutant is the file with one mistake in it, whose lines are where they were."""

import ast
from pathlib import Path

import pytest

from tests.mutation.mutants import mutants

CODE = '''"""What it is for."""

FEW = 3


def late(
    moment: int | None,
) -> bool:
    """Whether it is."""
    assert moment is not None, "said"
    if ready and moment - FEW < 0:
        logger.info("late by %d", moment - FEW)
        told.append(moment)
    return any(one > 2 for one in told if heard(one))
'''


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("3", "4"),
        ("ready and moment - FEW < 0", "(ready or moment - FEW < 0)"),
        ("ready and moment - FEW < 0", "(not (ready and moment - FEW < 0))"),
        ("moment - FEW < 0", "(moment - FEW <= 0)"),
        ("moment - FEW", "(moment + FEW)"),
        ("told.append(moment)", "pass"),
        ("one > 2", "(one >= 2)"),
        ("heard(one)", "(not heard(one))"),
        ("return any(one > 2 for one in told if heard(one))", "return None"),
    ],
)
def test_a_mistake_is_made_in_its_place(was: str, now: str) -> None:
    (made,) = [mutant for mutant in mutants("late.py", CODE) if (mutant.was, mutant.now) == (was, now)]
    assert made.text.splitlines()[made.line - 1] == CODE.splitlines()[made.line - 1].replace(was, now)


def test_types_words_and_what_is_only_logged_are_left_alone() -> None:
    lines = {mutant.line for mutant in mutants("late.py", CODE)}
    assert lines == {3, 11, 13, 14}


@pytest.mark.parametrize("file", ["session/session.py", "journal/store.py", "conductor/conductor.py"])
def test_every_mutant_can_be_read_and_has_as_many_lines(file: str) -> None:
    text = Path("orchestrator", file).read_text(encoding="utf-8")
    made = mutants(file, text)
    assert len(made) > 100
    for mutant in made:
        assert mutant.text != text
        assert len(mutant.text.splitlines()) == len(text.splitlines())
        ast.parse(mutant.text)
