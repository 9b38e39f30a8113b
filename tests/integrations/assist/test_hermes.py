"""A satellite of Rhasspy understands what Assist does, as far as its grammar goes.

Its sentences are read back into the templates that they are made of, and judged by the same recogniser.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.hermes_sentences import INTENTS, RHASSPY

pytest.importorskip("hassil")
pytest.importorskip("home_assistant_intents")

from hassil import Intents, recognize_all

from tests.integrations.assist.recogniser import heard
from tests.integrations.assist.test_phrases import not_ours, phrases

FOLDER = Path(__file__).parents[3] / "docs/integrations/hermes"
BEYOND = ("louder", "quieter")
"""No intent of Hermes is for these."""
BEYOND_SLOTS = {"area", "minutes", "choice", "why", "done"}


@cache
def intents(language: str) -> Intents:
    text = (FOLDER / f"sentences.{language}.ini").read_text(encoding="utf-8")
    found: dict[str, Any] = {}
    for section in re.split(r"^\[(?=\w+\]$)", text, flags=re.MULTILINE)[1:]:
        name, *lines = [line.removeprefix("\\") for line in section.splitlines() if line and line[0] != "#"]
        lines = [re.sub(r"\(1\.\.\d+\)\{minutes\}", "{minutes}", line) for line in lines]
        lines = [re.sub(r"\)\{scene:[\w-]+\}", ")", line) for line in lines]
        rules = dict(line.split(" = ") for line in lines if " = " in line)
        sentences = [line for line in lines if " = " not in line]
        found[name.strip("]")] = {
            "data": [{"sentences": sentences, "expansion_rules": {rule: f"({body})" for rule, body in rules.items()}}]
        }
    lists = {"minutes": {"range": {"from": 1, "to": 90}}}
    return Intents.from_dict({"language": language, "intents": found, "lists": lists})


def understood(text: str, language: str) -> set[str]:
    """The intents that a sentence is taken for."""
    return {result.intent.name for result in recognize_all(text, intents(language), language=language)}


@pytest.mark.parametrize("language", RHASSPY)
def test_a_satellite_understands_what_assist_does(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    """But rooms, lengths, choices, reasons that somebody adds, and loudness."""
    said = phrases(language)
    same, differs = 0, {}
    for phrase in said:
        assist = heard(phrase["say"], language, in_session=True)
        there = understood(phrase["say"], language)
        if assist is not None and there == {INTENTS.get(assist.what)}:
            same += 1
        elif there or not (assist is None or assist.what in BEYOND or BEYOND_SLOTS & assist.slots.keys()):
            differs[phrase["say"]] = (assist, there)
    with capsys.disabled():
        print(f"\n{language}: {same} of {len(said)} understood by a satellite as by Assist")
    assert differs == {}
    assert same >= 75


@pytest.mark.parametrize("language", RHASSPY)
def test_a_satellite_takes_nothing_that_is_not_for_us(language: str) -> None:
    assert {text: there for text in not_ours(language) if (there := understood(text, language))} == {}


def test_every_language_of_a_satellite_is_one_of_assist() -> None:
    assert {path.stem for path in (FOLDER.parent / "home_assistant/session_words").glob("*.yaml")} == RHASSPY.keys()
    assert {
        yaml.safe_load(path.read_text())["language"]
        for path in FOLDER.parent.glob("home_assistant/sentences/*/relax.yaml")
    } == RHASSPY.keys()
