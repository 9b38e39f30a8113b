"""A step key is what CONTRIBUTING.md lists, and no more: `bells: 3` rings three times as the step begins."""

import json

import pytest

from tests.walkthrough.harness import Copy, Edit, after, fails, listed, passes, said

FILES = listed("step key")
MODEL, PLANNING, GUIDE = FILES

EDITS: dict[str, Edit] = {
    MODEL: after(
        "    count: CountModel | None = None\n", "    bells: Annotated[Whole, Field(ge=1, le=12)] | None = None\n"
    ),
    PLANNING: after(
        "        self.sound(step, 0, Anchor.START, end, path)\n",
        "        self.cues += (Cue(2000 * place, Anchor.START, Chime()) for place in range(step.bells or 0))\n",
    ),
    GUIDE: after(
        "### Waits\n",
        "\n`bells: 3` rings so many times as the step begins, 2 s apart; by default not at all.\n",
    ),
}
SCENE = """
scene: tower
format: 1
title: Under the tower
roles: {main: {kind: light}}
steps:
  - {step: listen, title: Listen, bells: 3, lasts: 20s}
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    made = Copy(tmp_path_factory.mktemp("step_key"))
    (made.folder.parent / "tower.yaml").write_text(SCENE)
    return made


def bells(copy: Copy) -> list[str]:
    """When it rings, as a plan has it."""
    planned = copy.relax("plan", "../tower.yaml", "--json")
    passes(planned)
    (chapter,) = (each for each in json.loads(planned.stdout)["chapters"] if each["id"] == "listen")
    return [cue["at"] for cue in chapter["cues"] if "chime" in json.dumps(cue).casefold()]


def test_the_list_is_the_one_that_is_tried() -> None:
    assert list(EDITS) == FILES


def test_it_is_checked_planned_and_documented_with_these_files_alone(copy: Copy) -> None:
    copy.write(EDITS)
    assert copy.changed() == set(FILES)
    passes(copy.relax("scenes", "check", "../tower.yaml"))
    assert len(bells(copy)) == 3
    assert '"bells"' in copy.relax("scenes", "schema").stdout
    passes(copy.tests("tests/scenes/test_scene_guide.py", named="StepModel or accepted"), *copy.checked(*FILES))
    assert copy.changed() == set(FILES)


def test_without_the_model_a_scene_may_not_say_it(copy: Copy) -> None:
    copy.write(EDITS, without=MODEL)
    fails(copy.types(PLANNING), "bells")


def test_without_planning_nothing_comes_of_it(copy: Copy) -> None:
    copy.write(EDITS, without=PLANNING)
    passes(copy.relax("scenes", "check", "../tower.yaml"))
    assert bells(copy) == []


def test_without_the_guide_a_check_fails(copy: Copy) -> None:
    copy.write(EDITS, without=GUIDE)
    fails(copy.tests("tests/scenes/test_scene_guide.py", named="StepModel"), "bells")


def test_before_it_is_there_a_scene_that_says_it_is_refused(copy: Copy) -> None:
    copy.write({})
    copy.write(dict.fromkeys(FILES, lambda text: text))
    refused = copy.relax("scenes", "check", "../tower.yaml")
    assert refused.returncode == 2, said(refused)
    assert "bells" in refused.stdout + refused.stderr
