"""`relax languages`: which there are, who has read them, and what lacks in a file."""

import json

import pytest

from orchestrator.languages import library


def test_the_list_says_which_no_person_has_read(relax):
    listed = {each["language"]: each["read_by"] for each in json.loads(relax("languages", "list", "--json").out)}
    assert (listed["en"], listed["de"]) == ("person", "person")
    assert listed.keys() == library.known().keys()


def test_what_lacks_is_said_with_its_place_and_makes_exit_code_2(relax, tmp_path):
    file = tmp_path / "en.yaml"
    text = library.known()["en"].read_text(encoding="utf-8")
    file.write_text(text.replace("  lost: Broken off\n", ""), encoding="utf-8")
    done = relax("languages", "check", str(file))
    assert done.code == 2
    assert "en.yaml:43:3: `lost` is missing" in done.err


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_what_ships_is_fine(relax, arguments):
    assert relax("languages", "check", *arguments).code == 0
