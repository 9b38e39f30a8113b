"""What CONTRIBUTING.md lists is there, and is all that there is."""

import re

import pytest

from tests.walkthrough.harness import ROOT, listed

TABLES = ("dialect", "command", "step key", "scene", "language")


@pytest.mark.parametrize("what", TABLES)
def test_every_file_that_is_listed_is_there_for_what_there_is(what: str) -> None:
    files = listed(what)
    assert files
    assert [file for file in files if not list(ROOT.glob(re.sub(r"<\w+>", "*", file)))] == []


def test_every_place_with_german_words_is_listed_for_a_language() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "orchestrator").rglob("*.py")
        if re.search(r"[\"']de[\"']: ", path.read_text(encoding="utf-8"))
    }
    assert found == {file for file in listed("language") if re.fullmatch(r"orchestrator/.*\.py", file)}


def test_every_dialect_that_ships_has_the_files_that_are_listed() -> None:
    from orchestrator.devices.dialects import DIALECTS

    for name in DIALECTS:
        files = listed("dialect", name=name)
        missing = [file for file in files if not list(ROOT.glob(file.replace("<version>", "*")))]
        assert [file for file in missing if not (ROOT / file.removesuffix(".py")).is_dir()] == []


def test_every_target_of_make_is_in_the_table() -> None:
    targets = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert targets is not None
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [name for name in targets[1].split() if name != "help" and f"| `make {name}` |" not in text] == []
