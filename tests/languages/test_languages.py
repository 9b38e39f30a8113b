"""The program's own words: a file a language, each whole, and none said under the name of another language."""

# ruff: noqa: E501 - a table reads best with one case a line
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestrator.conductor import notice
from orchestrator.documents import document
from orchestrator.documents.document import KeyPath
from orchestrator.errors import LanguageError, Reason
from orchestrator.home.casting import ready_in
from orchestrator.home.library import read as read_home
from orchestrator.integrations.home_assistant.words import name
from orchestrator.integrations.short_answers import Answer, begins, refused, said, understood
from orchestrator.languages import library
from orchestrator.languages.model import LanguageModel, sentences
from orchestrator.languages.plurals import category, plural_rule
from orchestrator.scenes.planning.pacing import spoken_ms
from orchestrator.units import MINUTE, SECOND
from tests.scenes.sketches import sketch

FILES = library.known()
TEXTS = {language: path.read_text(encoding="utf-8") for language, path in FILES.items()}
OPTIONAL = {("region",)}


def faults(text: str) -> list[str]:
    with pytest.raises(LanguageError) as error:
        library.read(text, "xx.yaml")
    return [str(fault) for fault in error.value.faults]


def keys(value: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    """The paths of all keys."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield (*path, key)
            yield from keys(below, (*path, key))


def without(text: str, path: KeyPath) -> str:
    data = document.read(text, "").data
    held = data
    for part in path[:-1]:
        held = held[part]
    del held[path[-1]]
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


@pytest.mark.parametrize("language", FILES)
def test_each_file_that_ships_is_whole(language: str) -> None:
    assert library.load(FILES[language]).language == language


@pytest.mark.parametrize("language", FILES)
def test_each_word_that_is_missing_is_said_at_its_place_and_nothing_else_is(language: str) -> None:
    """Whatever key is taken away: one fault, which names it, where it should stand."""
    every = keys(document.read(TEXTS[language], "").data)
    paths = [path for path in every if path not in OPTIONAL and path[0] != "choices"]
    assert len(paths) > 100
    for path in paths:
        text = without(TEXTS[language], path)
        (fault,) = faults(text)
        line, column = document.read(text, "").place(path)
        expected = path[-1] if path != ("lengths", "cases") else next(iter(library.load(FILES[language]).lengths.cases))
        assert fault.startswith(f"xx.yaml:{line}:{column}: `{expected}` is missing"), fault


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("  stop: We stop here.", "  stop: ''", "this text is empty"),
        ("  stop: We stop here.", "  stop: We stop here.\n  dance: We dance.", "`dance` is nothing that relax says here"),
        ("  waits: It waits", "  wait: It waits", "`wait` is no key of a state; did you mean `waits`?"),
        ("{{ title }} begins in {{ length }}.", "It begins in {{ length }}.", "`{{ title }}` has to be said here"),
        ("{{ title }} begins in {{ length }}.", "{{ titel }}, {{ length }}.", "there is no `titel` to say here; did you mean `title`?"),
        ("{{ length }} more.", "More.", "`{{ length }}` has to be said here"),
        ("{{ title }} begins.", "{{ title.__class__ }} begins.", "a place is a name in double braces"),
        ("{{ title }} begins.", "{% if 1 %}{{ title }}{% endif %}", "a place is a name in double braces"),
        ("{{ title }} begins.", "{{ title | upper }} begins.", "only a length has cases"),
        ('later: "In {{ length }}', 'later: "In {{ length | dative }}', "`dative` is missing, and `notices: later` has a length in it"),
        ("one: n = 1", "one: n == 1", "expected a plural rule as CLDR has them"),
        ("one: n = 1", "one: n = 1\n  few: n = 2", "`few` is missing; the plural rules have `one`, `few` and `other`"),
        ("{{ n }} hours", "hours", "this stands for several numbers: write {{ n }}"),
        ('other: "{{ n }} hours"', 'oter: "{{ n }} hours"', "`other` is missing"),
        ("read_by: person", "read_by: nobody", "expected `person` or `model`"),
        ("region: GB", "region: gb", "this cannot stand here"),
        ("letters_per_word: 4.6", "letters_per_word: 46", "46 is too large"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_place(old: str, new: str, expected: str) -> None:
    assert TEXTS["en"].count(old) == 1
    first = faults(TEXTS["en"].replace(old, new))[0]
    assert re.match(r"xx\.yaml:\d+:\d+: ", first)
    assert expected in first


def test_a_file_says_the_language_that_it_is_called_by(tmp_path: Path) -> None:
    file = tmp_path / "sv.yaml"
    file.write_text(TEXTS["en"], encoding="utf-8")
    with pytest.raises(LanguageError, match=r"sv\.yaml:2:11: the file is called sv\.yaml"):
        library.load(file)


# Plurals and lengths


@pytest.mark.parametrize(
    ("rule", "numbers"),
    [
        ("n = 1", {1}),
        ("i = 1 and v = 0", {1}),
        ("i = 0,1", {0, 1}),
        ("v = 0 and i % 10 = 2..4 and i % 100 != 12..14", {2, 3, 4, 22, 23, 24}),
        ("n % 10 = 1 and n % 100 != 11", {1, 21}),
        ("n = 0 or n = 2", {0, 2}),
        ("f = 1", set()),
    ],
)
def test_a_plural_rule_of_unicodes_means_what_it_means_there(rule: str, numbers: set[int]) -> None:
    assert {number for number in range(26) if plural_rule(rule)(number)} == numbers


@pytest.mark.parametrize("rule", ["", "n", "n = ", "n == 1", "x = 1", "n % 0 = 1", "n = 1 and", "__import__('os')"])
def test_what_is_no_plural_rule_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match="expected a plural rule"):
        plural_rule(rule)


def test_what_no_rule_fits_is_other() -> None:
    assert [category(n, {"one": "n = 1", "few": "n = 2..4"}) for n in (1, 3, 5)] == ["one", "few", "other"]


@pytest.mark.parametrize(
    ("language", "length", "words"),
    [
        ("en", 90 * MINUTE, "one hour and 30 minutes"),
        ("en", 0, "no seconds"),
        ("de", 61 * SECOND, "eine Minute und eine Sekunde"),
        ("de-AT", 2 * MINUTE, "zwei Minuten"),
        ("nl", 61 * SECOND, "één minuut en één seconde"),
        ("nl", 120 * MINUTE, "twee uur"),
        ("fr", 90 * MINUTE, "une heure et 30 minutes"),
        ("it", 61 * MINUTE, "un'ora e un minuto"),
        ("es", 61 * SECOND, "un minuto y un segundo"),
        ("pl", 1 * MINUTE, "jedna minuta"),
        ("pl", 142 * SECOND, "dwie minuty i 22 sekundy"),
        ("pl", 5 * MINUTE, "pięć minut"),
        ("pl", 12 * MINUTE, "dwanaście minut"),
        ("pl", 25 * MINUTE, "25 minut"),
        ("pl", 34 * MINUTE, "34 minuty"),
        ("xx", 90 * SECOND, "1 min 30 s"),
    ],
)
def test_a_length_is_said_as_people_say_it(language: str, length: int, words: str) -> None:
    assert library.spoken(length, language) == words


def test_a_length_is_bent_as_its_sentence_wants_it() -> None:
    soon = notice.begins("Das Fußbad", timedelta(minutes=1), "de", has_choice=False)
    assert soon == ("Das Fußbad beginnt in einer Minute.", "de")
    assert notice.put_off(timedelta(hours=1, minutes=30), "de").text == "Dann in einer Stunde und 30 Minuten."
    assert notice.put_off(timedelta(minutes=1), "pl").text == "W takim razie za minutę."
    assert notice.put_off(timedelta(minutes=3), "pl").text == "W takim razie za trzy minuty."


# What there is of it


def test_every_answer_and_every_reason_has_words() -> None:
    for language in FILES:
        assert all(said(answer, language) for answer in Answer)
        assert all(refused(reason, language) for reason in Reason)


@pytest.mark.parametrize("language", sorted(FILES.keys() - {"en"}))
def test_no_sentence_is_left_in_english(language: str) -> None:
    """But for words that are the same: `Start`, `Version`."""
    english = dict(sentences(library.load(FILES["en"])))
    own = dict(sentences(library.load(FILES[language])))
    same = [said for path, said in own.items() if said == english.get(path) and (" " in said or said.endswith("."))]
    assert same == []


def test_polish_takes_longer_than_english_to_say_as_many_words() -> None:
    assert spoken_ms("raz dwa trzy", "pl", 100, 0) > spoken_ms("raz dwa trzy", "en", 100, 0)


def test_a_sentence_is_filled_with_what_it_has_places_for_and_nothing_else() -> None:
    own = library.own_words("en")
    with pytest.raises(KeyError):
        own.fill(own.model.notices.begins, title="Bath")


# A language that has no words


def test_what_is_said_in_english_for_want_of_words_is_called_english() -> None:
    assert notice.skipped("pt") == ("Not this time, then.", "en")
    assert notice.skipped("de-AT") == ("Dann diesmal nicht.", "de-AT")
    assert (understood("pt"), understood("de_AT")) == ("en", "de_AT")


HOME = "home: h\nformat: 1\nrooms:\n  den:\n    roles: {}\n"


def test_a_scene_is_never_given_words_of_another_language() -> None:
    """It can be planned as long as it wants none."""
    body = "languages: [pt]\nsteps:\n  - {step: wait, say: SAY, wait: true}\n"
    assert [each.title for each in planned(body.replace("SAY", "Espera.")).chapters] == ["wait"]
    assert planned(body.replace("SAY", "Espera.")).finish.title == "Sketch"
    with pytest.raises(Exception, match="there are no words in `pt` for `ready`"):
        planned(body.replace("SAY", '"Espera, {{ ready }}."'))


def planned(body: str) -> Any:
    from orchestrator.scenes.planning.planner import plan

    return plan(sketch(body).model)


# A language from a file alone


@pytest.fixture
def klingon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LanguageModel:
    """German with each word in brackets, in a folder of a person's own."""

    def marked(value: Any, path: KeyPath = ()) -> Any:
        if isinstance(value, dict):
            return {key: marked(below, (*path, key)) for key, below in value.items()}
        spoken = isinstance(value, str) and path[0] not in ("language", "read_by", "plurals", "region")
        return f"<{value}>" if spoken and path[:2] != ("lengths", "joint") else value

    data = marked(document.read(TEXTS["de"], "").data) | {"language": "tlh", "read_by": "model"}
    data["speech"] = {"letters_per_word": 9.2, "words_per_minute": 80}
    (tmp_path / "tlh.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    monkeypatch.setenv(library.OWN_FOLDER, str(tmp_path))
    return library.load(tmp_path / "tlh.yaml")


@pytest.mark.parametrize("own", ["a", "z"])
def test_a_persons_own_file_stands_before_ours_wherever_it_lies(
    own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [tmp_path / "m", tmp_path / own]
    for folder in folders:
        folder.mkdir()
        (folder / "de.yaml").touch()
    monkeypatch.setattr(library, "folders", lambda: folders)
    assert library.known() == {"de": tmp_path / own / "de.yaml"}


def test_a_language_is_added_by_a_file_alone(klingon: LanguageModel) -> None:
    assert klingon.read_by == "model"
    assert "tlh" in library.known()
    assert library.spoken(2 * MINUTE, "tlh") == "<zwei Minuten>"
    assert notice.skipped("tlh") == ("<Dann diesmal nicht.>", "tlh")
    assert begins("Bad", "tlh") == "<Bad beginnt.>"
    assert refused(Reason.NOT_NOW, "tlh") == "<Jetzt nicht.>"
    assert name("stop", "tlh") == "<Beenden>"
    place = read_home(HOME.replace("roles: {}", "roles: {}\n    sites: bed"), "home.yaml")
    assert ready_in(place.model.rooms["den"], place, "tlh").free == "<sag: weiter>"
    assert planned("languages: [tlh]\nsteps: [{step: wait}]\n").finish.title == "<Ausklang>"
    assert spoken_ms("qaStaH nuq jay", "tlh", 100, 0) > spoken_ms("qaStaH nuq jay", "en", 100, 0)


def test_a_file_that_is_wrong_leaves_its_language_without_words(
    klingon: LanguageModel, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    del klingon
    (tmp_path / "sv.yaml").write_text("language: sv\n", encoding="utf-8")
    assert notice.skipped("sv").language == "en"
    assert "sv.yaml:1:1: `format` is missing" in caplog.text
