"""A scene in one more language, from a file alone: whole or not at all, found beside the scene, kept with a session."""

# ruff: noqa: E501 - a table reads best with one case a line

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestrator.daemon.scene_repository import read_scenes
from orchestrator.documents import document
from orchestrator.documents.document import KeyPath
from orchestrator.errors import BadParameter
from orchestrator.scenes import library
from orchestrator.scenes.checks.lint import lint
from orchestrator.scenes.checks.trial import trial
from orchestrator.scenes.library import Scene
from orchestrator.scenes.planning.planner import plan
from orchestrator.scenes.planning.timeline import Say

SCENE = """scene: toy
format: 1
languages: [en, de]
title: {en: Toy, de: Spielzeug}
summary: {en: A toy., de: Ein Spielzeug.}
cautions:
  - {en: Mind the edge., de: Vorsicht Kante.}
  - {when: side == 'left', text: {en: Left is hot., de: Links ist heiß.}}
parameters:
  side: {choice: [left, right], default: left, title: {en: Which side?, de: Welche Seite?}}
  slow: {flag: false}
roles:
  main: {kind: light, title: {en: The lamp, de: Die Lampe}}
  voice: {kind: voice, optional: true}
phrases:
  where: {left: {en: left, de: linken}, right: {en: right, de: rechten}}
steps:
  - step: sit
    title: {en: Sit, de: Sitzen}
    say:
      - {en: Sit down., de: Setz dich.}
      - {when: slow, say: {en: Slowly., de: Langsam.}}
    lasts: 10s
    cues:
      - {at: 1s, chime: soft}
      - {at: 5s, say: {en: Half way., de: Halbzeit.}}
    wait:
      at_most: 2min
      remind: {at: 60s, say: {en: Still there?, de: Noch da?}}
      before_end: {at: -8s, say: {en: Soon., de: Gleich.}}
  - part: work
    title: {en: Work, de: Arbeit}
    steps:
      - for: each
        in: "[side]"
        steps:
          - step: stroke
            title: {en: "Stroke the {{ where[each] }} one", de: "Streich den {{ where[each] }}"}
            say: cautions
            count:
              times: 3
              parts:
                - {lasts: 4s, say: {en: Up, de: Hoch}, first: {en: Up now, de: Jetzt hoch}, last: {en: Last up, de: Zuletzt hoch}}
                - {lasts: 4s, say: "{{ n }}"}
      - step: tap
        title: {en: Tap, de: Tippen}
        count: {times: 2, every: 5s, say: {en: Tap, de: Tipp}}
      - step: rest
        lasts: 5s
finish: {say: {en: Done., de: Fertig.}}
stopped: {say: {en: Stopped., de: Beendet.}}
"""

DUTCH = """scene: toy
format: 1
language: nl
read_by: model
title: Speelgoed
summary: Een stuk speelgoed.
cautions:
  - Pas op de rand.
  - Links is heet.
parameters:
  side: Welke kant?
roles:
  main: De lamp
phrases:
  where: {left: linker, right: rechter}
steps:
  sit:
    title: Zitten
    say:
      - Ga zitten.
      - pause: 3s
      - {when: not slow, say: Adem rustig.}
      - {when: slow, say: Neem de tijd.}
    cues:
      - Op de helft.
    wait:
      remind: Ben je er nog?
      before_end: [Bijna., {pause: 1s}, Zo meteen.]
  stroke:
    title: "Strijk de {{ where[each] }}"
    count:
      parts:
        - {say: Omhoog, first: Nu omhoog, last: Nog eens omhoog}
        - {}
  tap:
    title: Tikken
    count: {say: Tik}
parts:
  work: {title: Werk}
finish: {say: Klaar.}
stopped: {say: Gestopt.}
"""


def toy(dutch: str = DUTCH) -> Scene:
    return library.with_translation(library.read(SCENE, "toy.yaml"), dutch, "toy.nl.yaml")


def faults(dutch: str) -> list[str]:
    scene = toy(dutch)
    assert scene.model.languages == ["en", "de"]
    return [str(fault) for fault in scene.faults]


def words(scene: Scene, language: str, **given: object) -> list[str]:
    line = plan(scene.model, given, language)
    cues = [
        cue for each in (*line.chapters, line.finish) for cue in (*each.cues, *(each.wait.cues if each.wait else ()))
    ]
    return [cue.what.text for cue in cues if isinstance(cue.what, Say)]


def test_a_scene_speaks_the_language_of_a_file() -> None:
    scene = toy()
    assert scene.faults == ()
    assert scene.model.languages == ["en", "de", "nl"]
    line = plan(scene.model, {}, "nl")
    assert (line.title, line.language, line.cautions) == ("Speelgoed", "nl", ("Pas op de rand.", "Links is heet."))
    assert [each.title for each in line.chapters] == ["Zitten", "Strijk de linker", "Tikken", "rest"]
    assert [each.part for each in line.chapters] == [each.part for each in plan(scene.model, {}, "en").chapters]
    assert words(scene, "nl", side="right") == [
        "Ga zitten.", "Adem rustig.", "Op de helft.", "Ben je er nog?", "Bijna.", "Zo meteen.", "Pas op de rand.",
        "Nu omhoog", "1", "Omhoog", "2", "Nog eens omhoog", "3", "Tik", "Tik", "Klaar.",
    ]  # fmt: skip


def test_what_a_step_says_is_replaced_whole_with_its_pauses_and_conditions() -> None:
    assert words(toy(), "nl", slow=True)[:2] == ["Ga zitten.", "Neem de tijd."]
    first, second = plan(toy().model, {}, "nl").chapters[0].cues[:2]
    assert isinstance(first.what, Say)
    assert second.at - first.at - first.what.lasts == 3000


def test_its_own_languages_stay_as_they_are() -> None:
    alone = library.read(SCENE, "toy.yaml")
    for language in ("en", "de"):
        assert plan(toy().model, {}, language) == plan(alone.model, {}, language)


def test_what_is_shown_without_being_planned_has_all_languages() -> None:
    model = toy().model
    assert model.title == {"en": "Toy", "de": "Spielzeug", "nl": "Speelgoed"}
    assert model.parameters["side"].title == {"en": "Which side?", "de": "Welche Seite?", "nl": "Welke kant?"}
    assert model.parameters["slow"].title is None


def test_a_scene_of_one_language_speaks_another() -> None:
    own = "scene: one\nformat: 1\ntitle: One\nroles: {main: {kind: light}}\nsteps: [{step: a, title: A, say: Hello.}]\n"
    other = "scene: one\nformat: 1\nlanguage: fr\nread_by: person\ntitle: Un\nsteps: {a: {title: A, say: Bonjour.}}\n"
    scene = library.with_translation(library.read(own, "one.yaml"), other, "one.fr.yaml")
    assert (words(scene, "en"), words(scene, "fr")) == (["Hello."], ["Bonjour."])
    assert (scene.model.title, scene.unread) == ({"en": "One", "fr": "Un"}, [])


# What lacks


def keys(value: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        if isinstance(key, str):
            yield (*path, key)
        yield from keys(below, (*path, key))


def without(path: KeyPath) -> str:
    data = document.read(DUTCH, "").data
    held = data
    for part in path[:-1]:
        held = held[part]
    del held[path[-1]]
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


OWN = [path for path in keys(document.read(DUTCH, "").data) if not {"when", "pause"} & set(path)]


@pytest.mark.parametrize("path", [path for path in OWN if path[:3] != ("steps", "sit", "say")], ids=str)
def test_each_word_that_is_missing_is_said_at_its_place_and_nothing_else_is(path: KeyPath) -> None:
    text = without(path)
    line, column = document.read(text, "").place(path)
    assert faults(text) == [f"toy.nl.yaml:{line}:{column}: `{path[-1]}` is missing"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("  - Links is heet.\n", "", "8:3: expected 2, as many cautions as the scene has here, and not 1"),
        ("      - Op de helft.", "      - Op de helft.\n      - Nog iets.", "25:7: expected 1, as many cues with words as the scene has here, and not 2"),
        ("        - {}\n", "", "33:9: expected 2, as many parts as the scene has here, and not 1"),
        ("  tap:", "  tab:", "35:3: the scene has no step `tab`; did you mean `tap`?"),
        ("  side: Welke", "  slow: Welke", "11:3: the scene has no parameter with a title `slow`"),
        ("title: Tikken", "title: Tikken\n    wait: {remind: Hé}", "37:12: the scene has no `remind` here"),
        ("scene: toy", "scene: joy", "1:8: this is no translation of `toy`"),
        ("language: nl", "language: de", "3:11: the scene has words in `de` of its own"),
        ("title: Speelgoed", "title: {nl: Speelgoed}", "5:8: expected a text; a translation is in one language"),
        ("      - Ga zitten.", "      - {nl: Ga zitten.}", "20:9: expected a text; a translation is in one language"),
        ("say: Adem rustig.", "say: {nl: Adem rustig.}", "22:31: expected a text; a translation is in one language"),
        ("title: Zitten", "title: Zitten\n    look: warm", "19:5: `look` is no key of a translated step"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_place(old: str, new: str, expected: str) -> None:
    assert DUTCH.count(old) == 1
    assert any(fault.startswith(f"toy.nl.yaml:{expected}") for fault in faults(DUTCH.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("Ga zitten.", "Ga {{ zitten }}.", "20:9"),
        ("not slow", "not slwo", "22:16"),
        ("Op de helft.", "{{ helft }}", "25:9"),
        ("Ben je er nog?", "{{ nog }}", "27:15"),
        ("Strijk de {{ where[each] }}", "Strijk de {{ waar }}", "30:12"),
        ("Nog eens omhoog", "{{ eens }}", "33:49"),
        ("Klaar.", "{{ klaar }}", "40:15"),
        ("Pas op de rand.", "{{ rand }}", "8:5"),
        ("work: {title: Werk}", "work: {title: '{{ werk }}'}", "39:17"),
    ],
)
def test_a_template_that_names_nothing_is_found_in_the_translation(old: str, new: str, place: str) -> None:
    assert DUTCH.count(old) == 1
    (fault, *others) = trial(toy(DUTCH.replace(old, new if old == "not slow" or "{" in old else f'"{new}"')))
    assert (str(fault).split(": ")[0], others) == (f"toy.nl.yaml:{place}", [])


def test_what_a_linter_hears_in_a_translation_is_said_there() -> None:
    found = lint(toy(DUTCH.replace("Ga zitten.", "Ga 2 minuten zitten.")))
    assert [(each.source, each.line) for each in found if each.code == "stumbling"] == [("toy.nl.yaml", 20)]
    unsaid = lint(toy(DUTCH.replace("when: not slow", "when: slow and not slow")))
    assert [(each.source, each.line) for each in unsaid if each.code == "unsaid"] == [("toy.nl.yaml", 22)]


# Where it is found, and what keeps it


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "toy.yaml").write_text(SCENE, encoding="utf-8")
    (tmp_path / "toy.nl.yaml").write_text(DUTCH, encoding="utf-8")
    return tmp_path


def test_a_translation_is_found_beside_its_scene_and_is_no_scene_itself(folder: Path) -> None:
    assert "toy.nl" not in library.catalogue([folder])
    assert library.load("toy", [folder]).model.languages == ["en", "de", "nl"]
    assert library.load(folder / "toy.yaml").model.languages == ["en", "de", "nl"]


def test_a_persons_own_translation_stands_before_ours_and_is_for_scenes_that_ship(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "toy.nl.yaml").write_text(DUTCH.replace("Speelgoed", "Popje"), encoding="utf-8")
    (own / "toy.fr.yaml").write_text(DUTCH.replace("language: nl", "language: fr"), encoding="utf-8")
    scene = library.load("toy", [folder, own])
    assert plan(scene.model, {}, "nl").title == "Popje"
    assert scene.model.languages == ["en", "de", "fr", "nl"]
    assert library.load("toy", [own, folder]).model.languages == ["en", "de", "nl"]


def test_no_more_translations_are_read_than_are_needed(folder: Path) -> None:
    (folder / "toy.fr.yaml").write_text(DUTCH.replace("language: nl", "language: fr"), encoding="utf-8")
    spoken = {
        language: library.load("toy", [folder], language).model.languages
        for language in ("nl", "nl-BE", "de", "de-AT", "pt")
    }
    own = ["en", "de"]
    assert spoken == {"nl": [*own, "nl"], "nl-BE": [*own, "nl"], "de": own, "de-AT": own, "pt": [*own, "fr", "nl"]}


def test_a_translation_that_is_wrong_takes_only_its_language_away(folder: Path) -> None:
    (folder / "toy.nl.yaml").write_text(DUTCH.replace("  tap:\n", "  tab:\n"), encoding="utf-8")
    scene = library.load("toy", [folder])
    assert scene.model.languages == ["en", "de"]
    assert len(scene.faults) == 2
    with pytest.raises(BadParameter):
        plan(scene.model, {}, "nl")


def test_a_service_reads_a_translation_that_is_new_or_has_changed(folder: Path) -> None:
    file = folder / "toy.nl.yaml"
    file.unlink()
    first, _ = read_scenes([folder])
    file.write_text(DUTCH.replace("title: Speelgoed\n", ""), encoding="utf-8")
    assert not first.is_current([folder])
    second, errors = read_scenes([folder], first)
    assert [str(error) for error in errors] == [f"{file}:1:1: `title` is missing"]
    assert second.scene("toy").model.languages == ["en", "de"]
    file.write_text(DUTCH, encoding="utf-8")
    third, errors = read_scenes([folder], second)
    assert (third.scene("toy").model.languages, errors) == (["en", "de", "nl"], [])
    assert third.is_current([folder])
    assert third.scene("Speelgoed").model.scene == "toy"


def test_the_text_of_a_session_has_its_translation_and_no_other() -> None:
    french = DUTCH.replace("language: nl", "language: fr")
    scene = library.with_translation(toy(), french, "toy.fr.yaml")
    kept = library.read(scene.text_in("nl"), "toy.yaml")
    assert kept.model.languages == ["en", "de", "nl"]
    assert plan(kept.model, {}, "nl") == plan(scene.model, {}, "nl")
    assert library.read(scene.text, "toy.yaml").model == scene.model
    assert scene.text_in("en") == library.read(SCENE, "toy.yaml").text == SCENE
