"""What docs/integrations/hermes says is what relax hears."""

import re
from pathlib import Path

import pytest

from orchestrator.integrations.intents import NAMES
from orchestrator.languages.library import own_words

FOLDER = Path(__file__).parents[2] / "docs" / "integrations" / "hermes"
LANGUAGES = sorted(path.suffixes[0][1:] for path in FOLDER.glob("sentences.*.ini"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentences_have_an_intent_for_every_word(language):
    text = (FOLDER / f"sentences.{language}.ini").read_text(encoding="utf-8")
    # A line that begins with a bracket is the name of an intent: a sentence that does has a backslash before it.
    names = re.findall(r"^\[(.+?)\]$", text, re.MULTILINE)
    assert {NAMES[name] for name in names} == set(NAMES.values())
    assert [line for line in text.splitlines() if line.startswith("[") and line.strip("[]") not in names] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_scenes_of_the_sentences_ship(language):
    text = (FOLDER / f"sentences.{language}.ini").read_text(encoding="utf-8")
    shipped = {path.stem for path in (FOLDER.parents[2] / "scenes").glob("*.yaml")}
    named = set(re.findall(r"\{scene:([\w-]+)\}", text))
    assert named
    assert named <= shipped


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentences_are_in_small_letters_as_a_recogniser_hears_them(language):
    text = (FOLDER / f"sentences.{language}.ini").read_text(encoding="utf-8")
    spoken = [line for line in text.splitlines() if line and line[0] not in "[#"]
    assert spoken
    assert [line for line in spoken if line != line.lower()] == []


def test_the_guide_names_every_intent():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"`{name}`" not in text] == []


def alternatives(language, intent):
    """What can be said for an intent, without what may be left out."""
    text = (FOLDER / f"sentences.{language}.ini").read_text(encoding="utf-8")
    section = re.search(rf"^\[{intent}\]\n(.*?)(?=^\[|\Z)", text, re.MULTILINE | re.DOTALL)
    assert section is not None
    lines = (re.sub(r"\[[^\]]*\]", "", line) for line in section[1].splitlines() if line and line[0] != "#")
    return {" ".join(each.split()) for line in lines for each in line.strip("()").split("|")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_are_told_to_say_is_understood(language):
    own = own_words(language).model
    orders = {own.ready.voice: "RelaxNext", own.decline.voice: "RelaxStop", own.again.voice: "RelaxRepeat"}
    for order, intent in orders.items():
        assert order.rpartition(":")[2].strip() in alternatives(language, intent)
    choice = own.notices.choice.lower()
    for intent in ("RelaxSkip", "RelaxLater", "RelaxNow"):
        assert [each for each in alternatives(language, intent) if re.search(rf"\b{re.escape(each)}\b", choice)], intent
