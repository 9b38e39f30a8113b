"""What docs/integrations/hermes says is what relax hears."""

import re
from pathlib import Path

import pytest

from orchestrator.integrations.intents import NAMES

FOLDER = Path(__file__).parents[2] / "docs" / "integrations" / "hermes"


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_sentences_have_an_intent_for_every_word(language):
    text = (FOLDER / f"sentences.{language}.ini").read_text(encoding="utf-8")
    # A line that begins with a bracket is the name of an intent: a sentence that does has a backslash before it.
    names = re.findall(r"^\[(.+?)\]$", text, re.MULTILINE)
    assert {NAMES[name] for name in names} == set(NAMES.values())
    assert [line for line in text.splitlines() if line.startswith("[") and line.strip("[]") not in names] == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_scenes_of_the_sentences_ship(language):
    text = (FOLDER / f"sentences.{language}.ini").read_text(encoding="utf-8")
    shipped = {path.stem for path in (FOLDER.parents[2] / "scenes").glob("*.yaml")}
    named = set(re.findall(r"\{scene:([\w-]+)\}", text))
    assert named
    assert named <= shipped


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_sentences_are_in_small_letters_as_a_recogniser_hears_them(language):
    text = (FOLDER / f"sentences.{language}.ini").read_text(encoding="utf-8")
    spoken = [line for line in text.splitlines() if line and line[0] not in "[#"]
    assert spoken
    assert [line for line in spoken if line != line.lower()] == []


def test_the_guide_names_every_intent():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"`{name}`" not in text] == []
