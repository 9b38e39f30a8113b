"""A language is what CONTRIBUTING.md lists, and no more: one file, and what recognisers understand if it shall."""

import json
from pathlib import Path

import pytest
import yaml

from tests.walkthrough.harness import Copy, Edit, fails, listed, new, passes

WORDS, *OPTIONAL = listed("language", language="sv")


def swedish(folder: Path) -> str:
    """English with another name and one Swedish sentence: nobody here reads more of it."""
    data = yaml.safe_load((folder / "orchestrator/languages/en.yaml").read_text(encoding="utf-8"))
    data |= {"language": "sv", "name": "Svenska", "read_by": "model", "restarted": "Jag var borta en stund."}
    del data["region"]
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("language"))


def edits(copy: Copy, text: str | None = None) -> dict[str, Edit]:
    return {WORDS: new(text or swedish(copy.folder))}


def test_one_file_adds_it(copy: Copy) -> None:
    copy.write(edits(copy))
    assert copy.changed() == {WORDS}
    assert not set(OPTIONAL) & copy.changed()
    passes(copy.relax("languages", "check"), copy.tests("tests/languages", named="ships_is_whole or reason_has_words"))
    known = json.loads(copy.relax("languages", "list", "--json").stdout)
    assert {"language": "sv", "name": "Svenska", "read_by": "model"} in known


def test_a_word_that_lacks_is_named_with_its_file(copy: Copy) -> None:
    copy.write(edits(copy, swedish(copy.folder).replace("restarted: Jag var borta en stund.\n", "")))
    done = copy.relax("languages", "check")
    fails(done, f"{WORDS}:1:1: `restarted` is missing")
