"""Cautions at the door of a terminal: whole once, one line from then on, and answers that change what is chosen."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from orchestrator.cli.caution_door import CautionDoor
from orchestrator.cli.scenes.catalogue_entry import entry
from orchestrator.cli.seen_cautions import FILE, SeenCautions
from orchestrator.integrations.catalogue import catalogue
from orchestrator.integrations.outgoing import Scenes
from tests.scenes.sketches import sketch

FEET = """
parameters:
  feet: {choice: [both, left, right], default: both, title: "Which feet?"}
  bath: {flag: true, title: "A bath?"}
  soak: {duration: 10min, min: 2min, max: 20min}
cautions:
  - Stop when it hurts.
  - {when: bath, text: Warm water.}
  - {text: No foot with wounds., without: {feet: both, bath: true}}
  - {text: No clot., without: scene}
steps: [{step: rest}]
"""


def door(given: Mapping[str, object] | None = None, body: str = FEET, home: str = "home") -> CautionDoor:
    (scene,) = catalogue([sketch(body).model]).scenes
    return CautionDoor.of(scene, "en", given or {}, home)


def asked(of: CautionDoor, *answers: str) -> tuple[dict[str, object] | None, list[str]]:
    left: list[str] = list(answers)
    said: list[str] = []

    def ask(question: str) -> str:
        said.append(question)
        return left.pop(0)

    changed = of.asked(ask, said.append)
    assert left == []
    return changed, said


def test_a_list_is_shown_whole_once_and_then_in_one_line(tmp_path: Path) -> None:
    seen = SeenCautions(tmp_path / "state")
    whole = ("Mind: Stop when it hurts.", "Mind: Warm water.", "Mind: No foot with wounds.", "Mind: No clot.")
    assert door().lines(seen) == (whole, True)
    (line,), is_whole = door().lines(SeenCautions(tmp_path / "state"))
    assert not is_whole
    assert "--cautions shows all 4 again" in line
    assert door().lines(seen, again=True) == (whole, True)


def test_a_single_one_is_known_as_well(tmp_path: Path) -> None:
    one = door(body="cautions: [Stop when it hurts.]\nsteps: [{step: rest}]")
    assert [one.lines(SeenCautions(tmp_path)).is_whole for _ in range(3)] == [True, False, False]


def test_a_scene_without_any_says_nothing(tmp_path: Path) -> None:
    assert door(body="steps: [{step: rest}]").lines(SeenCautions(tmp_path)) == ((), True)


def test_one_that_is_new_brings_the_list_back(tmp_path: Path) -> None:
    seen = SeenCautions(tmp_path)
    assert len(door({"bath": "no"}).lines(seen).lines) == 3
    assert len(door({"bath": False}).lines(seen).lines) == 1
    assert len(door().lines(seen).lines) == 4, "the water is new"
    assert len(door({"bath": "no"}, FEET.replace("Stop when", "Stop as soon as")).lines(seen).lines) == 3
    assert len(door({"bath": "no"}, home="other").lines(seen).lines) == 3


@pytest.mark.parametrize("content", ["", "[]", "{", '{"home/sketch": 5}', "\udcff"])
def test_what_cannot_be_read_counts_as_never_shown(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_bytes(content.encode("utf-8", "surrogateescape"))
    assert len(door().lines(SeenCautions(tmp_path)).lines) == 4
    assert len(door().lines(SeenCautions(tmp_path)).lines) == 1


def test_where_nothing_can_be_kept_the_list_is_shown_each_time(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")
    assert [len(door().lines(SeenCautions(tmp_path / "state")).lines) for _ in range(2)] == [4, 4]


def test_who_has_nothing_of_it_begins() -> None:
    changed, said = asked(door(), "")
    assert changed == {}
    assert said[:4] == [" 1  Stop when it hurts.", " 2  Warm water.", " 3  No foot with wounds.", " 4  No clot."]


def test_who_says_that_one_applies_is_offered_what_remains() -> None:
    changed, said = asked(door(), "3", "left", "")
    assert changed == {"feet": "left", "bath": False}
    assert "Which feet? left, right (Enter leaves): " in said
    assert "A bath? no." in said, "of one that remains nobody is asked"


def test_what_was_chosen_and_remains_is_not_asked_for() -> None:
    assert asked(door({"feet": "right", "bath": "no"}), "2", "")[0] == {}


def test_an_answer_that_is_none_of_them_is_asked_for_again_and_none_at_all_leaves() -> None:
    changed, said = asked(door(), "9", "3", "both", "right", "")
    assert changed == {"feet": "right", "bath": False}
    assert "There is no 9; a number from 1 to 4." in said
    assert asked(door(), "3", "")[0] is None


def test_for_whom_it_is_not_nothing_begins() -> None:
    changed, said = asked(door(), "4")
    assert changed is None
    assert said[-1] == "Then Sketch is not for you. Nothing has begun."


def test_what_an_older_relax_says_of_cautions_is_understood() -> None:
    old = {
        "scene": "s",
        "title": {"en": "S"},
        "summary": {"en": ""},
        "languages": ["en"],
        "cautions": [{"en": "Mind the step."}],
        "parameters": {},
        "roles": {},
    }
    (scene,) = Scenes.model_validate({"scenes": [old]}).scenes
    assert CautionDoor.of(scene, "en", {}, "home").texts == ["Mind the step."]


def test_a_card_can_tell_from_the_catalogue_which_apply() -> None:
    payload = Scenes.model_validate_json(catalogue([sketch(FEET).model]).payload())
    (scene,) = payload.scenes
    assert [caution.settings for caution in scene.cautions] == [None, [{"bath": True}], None, None]
    assert scene.cautions[2].without == {"feet": ["both"], "bath": [True]}
    assert scene.cautions[3].ends


def test_a_scene_is_shown_with_all_its_cautions_and_for_whom_each_is() -> None:
    assert entry(sketch(FEET)).cautions == [
        "Stop when it hurts.",
        "Warm water. (bath=yes)",
        "No foot with wounds.",
        "No clot.",
    ]


def test_what_is_chosen_is_understood_as_people_write_it_and_refused_by_others() -> None:
    assert len(door({"bath": "No"}).texts) == 3
    assert len(door({"bath": "maybe"}).texts) == 4
    assert door({"feet": " LEFT"}).chosen["feet"] == "left"
