"""A scene in one more language, at the command line."""

import json

import pytest

from tests.scenes.test_translations import DUTCH, SCENE


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "toy.yaml").write_text(SCENE, encoding="utf-8")
    (tmp_path / "toy.nl.yaml").write_text(DUTCH, encoding="utf-8")
    return tmp_path


def test_the_command_line_shows_plans_and_checks_it(relax, folder):
    file = str(folder / "toy.yaml")
    assert "Ga zitten." in relax("plan", file, "--language", "nl").out
    shown = json.loads(relax("scenes", "show", file, "--language", "nl", "--json").out)
    assert (shown["title"], shown["unread"]) == ("Speelgoed", ["nl"])
    assert "No person has read it yet in: nl." in relax("scenes", "show", file).out
    assert "en de nl" in relax("scenes", "check", file).out
    checked = relax("scenes", "check", str(folder / "toy.nl.yaml"), "--language", "nl")
    assert (checked.code, "toy" in checked.out) == (0, True)
    (folder / "toy.nl.yaml").write_text(DUTCH.replace("    title: Tikken\n", ""), encoding="utf-8")
    wrong = relax("scenes", "check", file)
    assert (wrong.code, "toy.nl.yaml:36:5: `title` is missing" in wrong.err) == (2, True)


def test_the_list_marks_what_no_person_has_read(relax, folder, monkeypatch):
    monkeypatch.setenv("RELAX_SCENES", str(folder))
    listed = relax("scenes", "list").out
    assert "en de nl*" in listed
    assert "* No person whose language it is has read it yet." in listed


def test_a_session_that_is_cut_off_goes_on_in_the_words_that_it_began_with(relax, folder):
    """From the journal: it has the translation with the scene, and its own words are in that language, too."""
    done = relax("simulate", str(folder / "toy.yaml"), "--language", "nl", "--json", "--do", "0:30=restart 20s")
    messages = [json.loads(line) for line in done.out.splitlines()]
    payloads = [each["payload"] for each in messages if isinstance(each.get("payload"), dict)]
    said = [(each["text"], each["language"]) for each in payloads if each.get("do") == "say"]
    away = said.index(("Ik was even weg. We gaan verder.", "nl"))
    assert ("Ga zitten.", "nl") in said[:away]
    assert ("Klaar.", "nl") in said[away:]
    assert {language for _, language in said} == {"nl"}
