"""What people say, as somebody thought of it who had not seen the sentences, and what Assist takes it for.

Skipped where `hassil` and Home Assistant's own sentences are not installed; `make install` brings them.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestrator.integrations.spoken_scenes import spoken
from orchestrator.scenes.library import catalogue, load

pytest.importorskip("hassil")
pytest.importorskip("home_assistant_intents")

from tests.integrations.assist.recogniser import AREAS, heard, heard_in_session

PHRASES = Path(__file__).parent / "phrases"
LANGUAGES = ("en", "de")
ENOUGH = 95
CHOICES = {
    "without the bath": "bath=false",
    "no foot bath": "bath=false",
    "only the left foot": "feet=left",
    "just the right hand": "hands=right",
    "ohne Fußbad": "bath=false",
    "ohne Bad": "bath=false",
    "nur der linke Fuß": "feet=left",
    "nur die rechte Hand": "hands=right",
}


def phrases(language: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = yaml.safe_load((PHRASES / f"{language}.yaml").read_text(encoding="utf-8"))
    return found


def not_ours(language: str) -> list[str]:
    found: list[str] = yaml.safe_load((PHRASES / f"not_ours.{language}.yaml").read_text(encoding="utf-8"))
    return found


def scene_called(name: str, language: str) -> str:
    """The scene that a person means: by its title, or whatever else it is called."""
    (scene,) = (
        path
        for path, model in ((path, load(path).model) for path in catalogue())
        if " ".join(name.replace("-", " ").split()) in spoken(model, language)
    )
    return scene


def wrong(phrase: Mapping[str, str], language: str) -> str | None:
    """What it is not understood as; None where all that was meant is there."""
    found = heard(phrase["say"], language, in_session=True)
    if found is None or found.what != phrase["means"]:
        return "nothing" if found is None else f"{found.what} {dict(found.slots)}"
    wanted: dict[str, Any] = {}
    if found.what == "start":
        wanted = {
            "scene": scene_called(phrase["scene"], language) if "scene" in phrase else None,
            "area": phrase.get("room"),
            "minutes": float(phrase["length"].removesuffix("min")) if "length" in phrase else None,
            "choice": CHOICES[phrase["choice"]] if "choice" in phrase else None,
        }
    elif "room" in phrase:
        wanted = {"area": phrase["room"]}
    missed = {name: found.slots.get(name) for name, value in wanted.items() if found.slots.get(name) != value}
    return f"{found.what}, but {missed}" if missed else None


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_are_understood_as_they_mean_it(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In a session; what begins one is understood there as everywhere."""
    said = phrases(language)
    assert len(said) == 100
    missed = {phrase["say"]: why for phrase in said if (why := wrong(phrase, language)) is not None}
    with capsys.disabled():
        print(f"\n{language}: {len(said) - len(missed)} of {len(said)} understood; not: {', '.join(missed) or 'none'}")
    assert {why for why in missed.values() if why != "nothing"} == set(), "taken for something else"
    assert len(said) - len(missed) >= ENOUGH


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_short_word_means_one_thing(language: str) -> None:
    """Assist would do all that it may mean."""
    both = {
        phrase["say"]: words
        for phrase in phrases(language)
        if len(words := heard_in_session(phrase["say"], language)) > 1
    }
    assert both == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nothing_is_on_short_words_are_not_ours(language: str) -> None:
    """ "Stop" is the radio's, and "later" nobody's."""
    ours = {"start", "stop", "what_now", "how_long", "next", "back", "pause", "resume", "extend", "not_today"}
    taken = {}
    for phrase in phrases(language):
        found = heard(phrase["say"], language)
        if found is not None and found.is_ours:
            assert found.what == phrase["means"], phrase
            assert found.what in ours, phrase
            taken[phrase["say"]] = found.what
    short = {
        phrase["say"] for phrase in phrases(language) if len(phrase["say"].split()) == 1 and phrase["means"] != "start"
    }
    assert short.isdisjoint(taken)


@pytest.mark.parametrize("in_session", [True, False])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_for_us_is_not_taken(language: str, in_session: bool) -> None:
    said = not_ours(language)
    assert len(said) >= 50
    found = {text: heard(text, language, in_session=in_session) for text in said}
    assert {text: each for text, each in found.items() if each is not None and each.is_ours} == {}
    assert sum(each is not None for each in found.values()) >= 30, "Home Assistant's own sentences are loaded"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_scene_is_begun_by_each_of_its_names(language: str) -> None:
    for name in catalogue():
        names = spoken(load(name).model, language)
        assert names, f"{name} has no title in {language}"
        for said in names:
            begin = "start the" if language == "en" else "starte die"
            found = heard(f"{begin} {said} {'in the' if language == 'en' else 'im'} {AREAS[language][1]}", language)
            assert found is not None, said
            assert (found.what, found.slots["scene"]) == ("start", name), said


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_scenes_have_a_name_in_common(language: str) -> None:
    """Whichever came first would begin."""
    names = [said.lower() for name in catalogue() for said in spoken(load(name).model, language)]
    assert sorted(set(names)) == sorted(names)


def test_the_judge_can_fail() -> None:
    phrase = {"say": "foot massage please", "means": "start", "scene": "Hand massage"}
    assert wrong(phrase, "en") == "start, but {'scene': 'foot-massage'}"
    assert wrong({"say": "turn off the lights", "means": "stop"}, "en") is not None
    assert wrong({"say": "stop", "means": "pause"}, "en") == "stop {}"
